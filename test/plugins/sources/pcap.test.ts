import { describe, expect, it } from 'vitest';
import { Bytes, counting, pcapHeader, pcapRecord } from './support/bytes.ts';
import { readAll } from './support/read-frames.ts';

const frame = counting(60);
const hex = frame.toString('hex');

describe('pcap: magics and byte orders', () => {
  for (const little of [true, false]) {
    const order = little ? 'little-endian' : 'big-endian';

    it(`microseconds, ${order}`, async () => {
      const { frames, statistics, interfaces } = await readAll(
        Buffer.concat([
          pcapHeader({ little, snapLength: 1000, linkType: 113 }),
          pcapRecord(1_700_000_000, 123_456, frame, { little, wire: 70 }),
          pcapRecord(1_700_000_001, 0, frame.subarray(0, 20), { little }),
        ]),
      );
      expect(frames).toEqual([
        {
          ...{
            seconds: 1_700_000_000,
            nanoseconds: 123_456_000,
            captured: 60,
            wire: 70,
            linkType: 113,
            checkLength: 0,
          },
          ...{ interfaceId: 0, fileOffset: 24, anomaly: '', dropped: 0, bytes: hex, comments: [] },
        },
        {
          ...{ seconds: 1_700_000_001, nanoseconds: 0, captured: 20, wire: 20, linkType: 113, checkLength: 0 },
          ...{ interfaceId: 0, fileOffset: 100, anomaly: '', dropped: 0, bytes: hex.slice(0, 40), comments: [] },
        },
      ]);
      expect(interfaces).toEqual([{ name: undefined, linkType: 113, snapLength: 1000 }]);
      expect(statistics).toMatchObject([
        { format: 'pcap', frames: 2, blocksSkipped: 0, bytesRead: 136, bytesTotal: 136, damaged: undefined },
      ]);
      expect(statistics[0]!.drops).toEqual({ kernel: null, interface: null, application: null });
    });

    it(`nanoseconds, ${order}`, async () => {
      const { frames } = await readAll(
        Buffer.concat([
          pcapHeader({ little, magic: 0xa1b23c4d }),
          pcapRecord(1_700_000_000, 999_999_999, frame, { little }),
        ]),
      );
      expect(frames).toMatchObject([{ seconds: 1_700_000_000, nanoseconds: 999_999_999, bytes: hex }]);
    });

    it(`modified, with 24 bytes before each frame, ${order}`, async () => {
      const extra = new Bytes(little).u32(3).u16(0x0800).u8(4, 0).done();
      const { frames } = await readAll(
        Buffer.concat([
          pcapHeader({ little, magic: 0xa1b2cd34 }),
          pcapRecord(5, 6, frame, { little, extra }),
          pcapRecord(7, 8, frame, { little, extra }),
        ]),
      );
      expect(frames).toMatchObject([
        { seconds: 5, nanoseconds: 6000, bytes: hex, fileOffset: 24 },
        { seconds: 7, nanoseconds: 8000, bytes: hex, fileOffset: 24 + 24 + 60 },
      ]);
    });

    for (const [magic, kind, nanoseconds] of [
      [0x1c0001ac, 'hardware', 7],
      [0x1c0001ab, 'software', 7000],
    ] as const) {
      it(`lcap (${kind}), with the size of all records behind the header, ${order}`, async () => {
        const { frames } = await readAll(
          Buffer.concat([
            pcapHeader({ little, magic }),
            new Bytes(little).u32(76).done(),
            pcapRecord(5, 7, frame, { little }),
          ]),
        );
        expect(frames).toMatchObject([{ seconds: 5, nanoseconds, bytes: hex, fileOffset: 28 }]);
      });
    }
  }
});

describe('pcap: versions', () => {
  // Captured and wire length of this record stand in the places of each other.
  const exchanged = pcapRecord(1, 2, frame, { captured: 90, wire: 60 });
  const plain = pcapRecord(1, 2, frame, { captured: 60, wire: 90 });

  it('2.2 has the two lengths the other way round', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader({ version: [2, 2] }), exchanged, exchanged]));
    expect(frames).toMatchObject([
      { captured: 60, wire: 90, bytes: hex },
      { captured: 60, wire: 90, bytes: hex },
    ]);
  });

  it('543.0 as well', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader({ version: [543, 0] }), exchanged]));
    expect(frames).toMatchObject([{ captured: 60, wire: 90 }]);
  });

  it('2.3 has them either way', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader({ version: [2, 3] }), exchanged, plain]));
    expect(frames).toMatchObject([
      { captured: 60, wire: 90 },
      { captured: 60, wire: 90 },
    ]);
  });

  it('others are not read', async () => {
    const { frames, statistics } = await readAll(Buffer.concat([pcapHeader({ version: [2, 5] }), plain]));
    expect(frames).toEqual([]);
    expect(statistics[0]!.damaged).toEqual({ offset: 4, reason: 'pcap version 2.5 is not known' });
  });
});

describe('pcap: lengths', () => {
  it('a stated frame check sequence is no part of the captured frame', async () => {
    const { frames } = await readAll(
      Buffer.concat([
        pcapHeader({ linkType: 0x24000001 }),
        pcapRecord(1, 0, frame, { wire: 60 }),
        pcapRecord(1, 0, frame, { wire: 62 }),
        pcapRecord(1, 0, frame, { wire: 64 }),
        pcapRecord(1, 0, frame.subarray(0, 3), { wire: 3 }),
      ]),
    );
    expect(frames).toMatchObject([
      { linkType: 1, checkLength: 4, captured: 56, wire: 60, bytes: hex.slice(0, 112) },
      // Two of its four bytes, and none, were captured.
      { linkType: 1, checkLength: 4, captured: 58, wire: 62 },
      { linkType: 1, checkLength: 4, captured: 60, wire: 64 },
      { linkType: 1, checkLength: 4, captured: 0, wire: 3 },
    ]);
  });

  it('a length of it without its flag says nothing', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader({ linkType: 0x20000001 }), pcapRecord(1, 0, frame)]));
    expect(frames).toMatchObject([{ linkType: 1, checkLength: 0, captured: 60 }]);
  });

  it('reserved bits of the link type are refused', async () => {
    const { statistics } = await readAll(
      Buffer.concat([pcapHeader({ linkType: 0x00200001 }), pcapRecord(1, 0, frame)]),
    );
    expect(statistics[0]).toMatchObject({
      frames: 0,
      damaged: { offset: 20, reason: 'link type 0x200001 has reserved bits set' },
    });
  });

  it('more captured than the snap length: all bytes, and an anomaly', async () => {
    const { frames } = await readAll(
      Buffer.concat([pcapHeader({ snapLength: 40 }), pcapRecord(1, 0, frame), pcapRecord(1, 0, frame.subarray(0, 40))]),
    );
    expect(frames).toMatchObject([
      { captured: 60, anomaly: 'record.snapped', bytes: hex },
      { captured: 40, anomaly: '' },
    ]);
  });

  it.each([0, 0x80000000, 0xffffffff])('a snap length of %i says nothing', async (snapLength) => {
    const { frames, interfaces } = await readAll(Buffer.concat([pcapHeader({ snapLength }), pcapRecord(1, 0, frame)]));
    expect(frames).toMatchObject([{ captured: 60, anomaly: '' }]);
    expect(interfaces[0]!.snapLength).toBe(262_144);
  });

  it('a wire length below the captured length is raised', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader(), pcapRecord(1, 0, frame, { wire: 14 })]));
    expect(frames).toMatchObject([{ captured: 60, wire: 60, anomaly: 'record.length' }]);
  });

  it('no byte captured', async () => {
    const { frames } = await readAll(
      Buffer.concat([pcapHeader(), pcapRecord(1, 0, Buffer.alloc(0), { wire: 60 }), pcapRecord(2, 0, frame)]),
    );
    expect(frames).toMatchObject([
      { captured: 0, wire: 60, anomaly: 'record.empty' },
      { captured: 60, seconds: 2, anomaly: '' },
    ]);
  });

  it('a wire length of 32 bits', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader(), pcapRecord(1, 0, frame, { wire: 0xffffffff })]));
    expect(frames).toMatchObject([{ captured: 60, wire: 4_294_967_295, anomaly: '' }]);
  });

  it('a record larger than the buffer makes the buffer larger', async () => {
    const large = counting(200_000);
    const { frames } = await readAll(
      Buffer.concat([pcapHeader({ snapLength: 262_144 }), pcapRecord(1, 0, large), pcapRecord(2, 0, frame)]),
      { bytes: 1000 },
    );
    expect(frames.map(({ captured }) => captured)).toEqual([200_000, 60]);
    expect(frames[0]!.bytes).toBe(large.toString('hex'));
    expect(frames[1]!.bytes).toBe(hex);
  });
});

describe('pcap: times', () => {
  it('a fraction of a second and more is carried over', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader(), pcapRecord(1_700_000_000, 1_500_000, frame)]));
    expect(frames).toMatchObject([{ seconds: 1_700_000_001, nanoseconds: 500_000_000, anomaly: 'time.fraction' }]);
    const nano = await readAll(
      Buffer.concat([pcapHeader({ magic: 0xa1b23c4d }), pcapRecord(1_700_000_000, 0xffffffff, frame)]),
    );
    expect(nano.frames).toMatchObject([{ seconds: 1_700_000_004, nanoseconds: 294_967_295, anomaly: 'time.fraction' }]);
  });

  it('seconds are unsigned', async () => {
    const { frames } = await readAll(Buffer.concat([pcapHeader(), pcapRecord(0xfffffff0, 0, frame)]));
    expect(frames).toMatchObject([{ seconds: 4_294_967_280, nanoseconds: 0, anomaly: '' }]);
  });
});

describe('pcap: damage', () => {
  const whole = Buffer.concat([pcapHeader(), pcapRecord(1, 0, frame), pcapRecord(2, 0, frame)]);

  it('cut short anywhere: what is whole is there, and where it ends is said', async () => {
    for (let length = 4; length < whole.length; length += 1) {
      const { frames, statistics } = await readAll(whole.subarray(0, length));
      const expected = length < 24 ? 0 : Math.floor((length - 24) / 76);
      const left = length - 24 - expected * 76;
      expect(frames, `${length} bytes`).toHaveLength(expected);
      const reason =
        length < 24
          ? `file header cut short: ${length} of 24 bytes`
          : left < 16
            ? `record header cut short: ${left} of 16 bytes`
            : `record cut short: ${left - 16} of 60 bytes`;
      const damaged = left === 0 ? undefined : { offset: length < 24 ? 0 : 24 + expected * 76, reason };
      expect(statistics[0]!.damaged, `${length} bytes`).toEqual(damaged);
    }
  });

  it.each([300_000, 0x7fffffff, 0xffffffff])(
    'a captured length of %i ends the file and takes no memory',
    async (captured) => {
      const { frames, statistics, bufferSize } = await readAll(
        Buffer.concat([whole, pcapRecord(3, 0, frame, { captured, wire: captured }), pcapRecord(4, 0, frame)]),
        { bytes: 1024 },
      );
      expect(frames.map(({ seconds }) => seconds)).toEqual([1, 2]);
      expect(statistics[0]!.damaged).toEqual({
        offset: 176,
        reason: `record states ${captured} bytes captured, more than 262144`,
      });
      expect(bufferSize).toBeLessThanOrEqual(4096);
    },
  );

  it('link types with longer frames are let have them', async () => {
    const bytes = Buffer.alloc(300_000);
    const usb = await readAll(Buffer.concat([pcapHeader({ linkType: 249 }), pcapRecord(3, 0, bytes)]));
    expect(usb.frames).toMatchObject([{ captured: 300_000 }]);
    // D-Bus allows 128 MiB: memory still follows the bytes that are there, not the claim.
    const claim = pcapRecord(3, 0, bytes, { captured: 100_000_000, wire: 100_000_000 });
    const dbus = await readAll(Buffer.concat([pcapHeader({ linkType: 231 }), claim]), { bytes: 1024 });
    expect(dbus.statistics[0]!.damaged).toEqual({ offset: 24, reason: 'record cut short: 300000 of 100000000 bytes' });
    expect(dbus.bufferSize).toBeLessThan(1_000_000);
  });
});
