import { describe, expect, it } from 'vitest';
import { Bytes, block, counting, description, enhanced, option, section } from './support/bytes.ts';
import { readAll } from './support/read-frames.ts';

const frame = counting(61);
const hex = frame.toString('hex');
const SECOND = 1_700_000_000_000_000n;
const start = Buffer.concat([section(), description()]);

function u64(value: bigint, little = true): Buffer {
  return new Bytes(little).u64(value).done();
}

describe('pcapng: sections and interfaces', () => {
  for (const little of [true, false]) {
    it(`enhanced packets, ${little ? 'little' : 'big'}-endian`, async () => {
      const bytes = Buffer.concat([
        section({ little }),
        description({ little, linkType: 113, snapLength: 96, options: [option(2, Buffer.from('eth0'), little)] }),
        enhanced(SECOND + 123_456n, frame, { little, wire: 70 }),
      ]);
      const { frames, interfaces, statistics } = await readAll(bytes);
      expect(frames).toEqual([
        {
          ...{ seconds: 1_700_000_000, nanoseconds: 123_456_000, captured: 61, wire: 70, linkType: 113 },
          ...{ checkLength: 0, interfaceId: 0, fileOffset: 28 + 32, anomaly: '', dropped: 0, bytes: hex, comments: [] },
        },
      ]);
      expect(interfaces).toEqual([{ name: 'eth0', description: undefined, linkType: 113, snapLength: 96, number: 0 }]);
      expect(statistics).toMatchObject([{ format: 'pcapng', frames: 1, blocksSkipped: 0, damaged: undefined }]);
    });
  }

  it('sections in different byte orders, each with interfaces numbered from 0', async () => {
    const { frames, interfaces } = await readAll(
      Buffer.concat([
        section(),
        description({ linkType: 1, snapLength: 100 }),
        description({ linkType: 101, snapLength: 200 }),
        enhanced(1_000_000n, frame, { id: 1 }),
        enhanced(2_000_000n, frame, { id: 0 }),
        section({ little: false }),
        description({ little: false, linkType: 276 }),
        enhanced(3_000_000n, frame, { little: false, id: 0 }),
        section(),
        description({ linkType: 113 }),
        enhanced(4_000_000n, frame, { id: 0 }),
      ]),
    );
    expect(frames.map(({ seconds, linkType, interfaceId, bytes }) => [seconds, linkType, interfaceId, bytes])).toEqual([
      [1, 101, 1, hex],
      [2, 1, 0, hex],
      [3, 276, 2, hex],
      [4, 113, 3, hex],
    ]);
    expect(interfaces.map(({ linkType, snapLength }) => [linkType, snapLength])).toEqual([
      [1, 100],
      [101, 200],
      [276, 262_144],
      [113, 262_144],
    ]);
  });

  it('minor version 2 is version 1.0', async () => {
    const { frames, statistics } = await readAll(
      Buffer.concat([section({ minor: 2 }), description(), enhanced(SECOND, frame)]),
    );
    expect(frames).toHaveLength(1);
    expect(statistics[0]!.damaged).toBeUndefined();
  });

  it('a section of an unknown version is passed over, the next one is read', async () => {
    const { frames, statistics } = await readAll(
      Buffer.concat([
        start,
        enhanced(1_000_000n, frame),
        section({ major: 2 }),
        description(),
        enhanced(2_000_000n, frame),
        start,
        enhanced(3_000_000n, frame),
      ]),
    );
    expect(frames.map(({ seconds }) => seconds)).toEqual([1, 3]);
    expect(statistics[0]!.damaged).toEqual({ offset: 48 + 96, reason: 'pcapng version 2.0 is not known' });
  });
});

describe('pcapng: times', () => {
  // resolution byte, stamp, offset in seconds, expected seconds and nanoseconds; by hand
  it.each([
    ['seconds', 0, 1_700_000_000n, 0n, 1_700_000_000, 0],
    ['10^-3', 3, 1_700_000_000_123n, 0n, 1_700_000_000, 123_000_000],
    ['10^-9', 9, 1_700_000_000_123_456_789n, 0n, 1_700_000_000, 123_456_789],
    ['10^-9 in 2107', 9, 4_323_283_200_999_999_999n, 0n, 4_323_283_200, 999_999_999],
    ['10^-10, rounded down', 10, 17_000_000_001_234_567_899n, 0n, 1_700_000_000, 123_456_789],
    ['10^-19', 19, 18_446_744_073_709_551_615n, 0n, 1, 844_674_407],
    ['2^-20', 0x94, (1_700_000_000n << 20n) + 262_144n, 0n, 1_700_000_000, 250_000_000],
    ['2^-20, rounded down', 0x94, (5n << 20n) + 1n, 0n, 5, 953],
    ['2^-32', 0xa0, (1_700_000_000n << 32n) + 0xffffffffn, 0n, 1_700_000_000, 999_999_999],
    ['2^-33', 0xa1, (1n << 33n) + 3n, 0n, 1, 0],
    ['2^-63', 0xbf, (1n << 63n) + (1n << 62n), 0n, 1, 500_000_000],
    ['2^-127', 0xff, 18_446_744_073_709_551_615n, 0n, 0, 0],
    ['offset', 6, 250_000n, 1_700_000_000n, 1_700_000_000, 250_000_000],
    ['negative offset', 6, SECOND + 250_000n, -1_699_999_999n, 1, 250_000_000],
    ['largest stamp', 6, 18_446_744_073_709_551_615n, 0n, 18_446_744_073_709, 551_615_000],
  ] as const)('%s', async (_name, resolution, stamp, offset, seconds, nanoseconds) => {
    for (const little of [true, false]) {
      const options = [option(9, Buffer.from([resolution]), little), option(14, u64(offset, little), little)];
      const { frames } = await readAll(
        Buffer.concat([section({ little }), description({ little, options }), enhanced(stamp, frame, { little })]),
      );
      expect(frames).toMatchObject([{ seconds, nanoseconds, anomaly: '' }]);
    }
  });
});

describe('pcapng: kinds of packet block', () => {
  it('a simple packet has no time and belongs to interface 0', async () => {
    const simple = (wire: number, bytes: Uint8Array) => block(3, new Bytes().u32(wire).raw(bytes).done());
    const { frames, statistics } = await readAll(
      Buffer.concat([
        section(),
        description({ linkType: 113, snapLength: 40 }),
        description({ linkType: 1 }),
        simple(100, frame.subarray(0, 40)),
        simple(33, frame.subarray(0, 33)),
      ]),
    );
    expect(frames).toMatchObject([
      { nanoseconds: -1, captured: 40, wire: 100, linkType: 113, interfaceId: 0, bytes: hex.slice(0, 80), anomaly: '' },
      { nanoseconds: -1, captured: 33, wire: 33, linkType: 113, interfaceId: 0, bytes: hex.slice(0, 66), anomaly: '' },
    ]);
    expect(statistics[0]!.damaged).toBeUndefined();
  });

  it('a simple packet of a snap length of 0 has the bytes of its block', async () => {
    const simple = block(3, new Bytes().u32(100).raw(frame.subarray(0, 40)).done());
    const { frames } = await readAll(Buffer.concat([start, simple]));
    expect(frames).toMatchObject([{ captured: 40, wire: 100 }]);
  });

  it('an obsolete packet block, with its count of drops', async () => {
    const packet = (drops: number) =>
      block(2, new Bytes().u16(0, drops).u32(0, 7_000_001, 61, 61).raw(frame).raw(Buffer.alloc(3)).done());
    const { frames } = await readAll(Buffer.concat([start, packet(5), packet(0xffff)]));
    expect(frames).toMatchObject([
      { seconds: 7, nanoseconds: 1000, captured: 61, dropped: 5, bytes: hex },
      { seconds: 7, nanoseconds: 1000, captured: 61, dropped: 0, bytes: hex },
    ]);
  });
});

describe('pcapng: options', () => {
  it('frame check sequence, of the interface and of a frame', async () => {
    const flags = (length: number) => option(2, new Bytes().u32(length << 5).done());
    const { frames } = await readAll(
      Buffer.concat([
        section(),
        description({ options: [option(13, Buffer.from([4]))] }),
        description({ options: [option(13, Buffer.from([32]))] }),
        description(),
        enhanced(1n, frame),
        enhanced(2n, frame, { id: 1 }),
        enhanced(3n, frame, { options: [flags(2)] }),
        enhanced(4n, frame, { id: 2, options: [flags(4)] }),
        enhanced(5n, frame, { id: 2, options: [flags(0)] }),
        enhanced(6n, frame, { id: 2 }),
      ]),
    );
    expect(frames.map(({ checkLength, captured, wire }) => [checkLength, captured, wire])).toEqual([
      [4, 57, 61],
      // 32 bits, as the specification words it
      [4, 57, 61],
      [2, 59, 61],
      [4, 57, 61],
      [0, 61, 61],
      [0, 61, 61],
    ]);
  });

  it('drops before a frame, and comments', async () => {
    const { frames } = await readAll(
      Buffer.concat([
        start,
        enhanced(1n, frame, { options: [option(4, u64(4_294_967_298n))] }),
        enhanced(2n, frame, { options: [option(1, Buffer.from('première')), option(1, Buffer.from('second'))] }),
        enhanced(3n, frame, { options: [option(1, Buffer.from([0x61, 0xff]))], end: false }),
        enhanced(4n, frame),
      ]),
    );
    expect(frames.map(({ dropped }) => dropped)).toEqual([4_294_967_298, 0, 0, 0]);
    expect(frames.map(({ comments }) => comments)).toEqual([[], ['première', 'second'], ['a\ufffd'], []]);
  });

  it('no end mark, values of no length, unknown codes', async () => {
    const { frames, interfaces, statistics } = await readAll(
      Buffer.concat([
        section({ options: option(4, Buffer.from('app')) }),
        description({
          options: [option(999, counting(7)), option(9, Buffer.from([9])), option(3, Buffer.alloc(0))],
          end: false,
        }),
        description({ options: [option(2, Buffer.alloc(0)), option(9, Buffer.alloc(0))] }),
        enhanced(1_000_000_001n, frame, {
          options: [option(1, Buffer.alloc(0)), option(0x8001, counting(3))],
          end: false,
        }),
        enhanced(1_000_000n, frame, { id: 1 }),
      ]),
    );
    expect(frames).toMatchObject([
      { seconds: 1, nanoseconds: 1, comments: [''] },
      { seconds: 1, nanoseconds: 0 },
    ]);
    expect(interfaces.map(({ name }) => name)).toEqual([undefined, '']);
    expect(statistics[0]!.damaged).toBeUndefined();
  });

  it('losses from the last statistics of each interface', async () => {
    const statistic = (id: number, options: readonly Uint8Array[]) =>
      block(5, Buffer.concat([new Bytes().u32(id, 0, 0).done(), ...options]));
    const { statistics } = await readAll(
      Buffer.concat([
        start,
        description(),
        enhanced(1n, frame),
        statistic(0, [option(4, u64(10n)), option(5, u64(3n)), option(7, u64(4n))]),
        statistic(1, [option(5, u64(30n))]),
        statistic(0, [option(4, u64(20n)), option(5, u64(5n)), option(7, u64(6n)), Buffer.alloc(4)]),
      ]),
    );
    expect(statistics[0]).toMatchObject({
      blocksSkipped: 0,
      damaged: undefined,
      drops: { interface: 35, kernel: 6, application: null },
    });
  });
});

describe('pcapng: blocks that are no frames', () => {
  it('names are understood; what is unknown is passed over and counted', async () => {
    const { frames, statistics } = await readAll(
      Buffer.concat([
        start,
        block(4, Buffer.alloc(4)),
        block(0xbad, counting(40)),
        block(0x40000bad, counting(40)),
        block(9, counting(100)),
        block(10, counting(20)),
        block(0x80000001, counting(3_000_000)),
        enhanced(SECOND, frame),
        block(0x7777, Buffer.alloc(0)),
      ]),
    );
    expect(frames).toMatchObject([{ bytes: hex }]);
    expect(statistics[0]).toMatchObject({ frames: 1, blocksSkipped: 6, damaged: undefined });
  });

  it('one that is not all there is damage', async () => {
    const bytes = Buffer.concat([start, enhanced(SECOND, frame), block(0x7777, counting(4000))]);
    const { frames, statistics } = await readAll(bytes.subarray(0, bytes.length - 1000));
    expect(frames).toHaveLength(1);
    expect(statistics[0]!.damaged).toEqual({ offset: 48 + 96, reason: 'block cut short: 1000 bytes are missing' });
  });
});

describe('pcapng: damage', () => {
  const at = start.length + enhanced(1_000_000n, frame).length;

  async function around(bad: Uint8Array) {
    const { frames, statistics, bufferSize } = await readAll(
      Buffer.concat([start, enhanced(1_000_000n, frame), bad, enhanced(3_000_000n, frame)]),
      { bytes: 512 },
    );
    return { seconds: frames.map(({ seconds }) => seconds), damaged: statistics[0]!.damaged, frames, bufferSize };
  }

  it('two lengths that differ: the frame has an anomaly, the next one is found by the first', async () => {
    const { seconds, damaged, frames } = await around(enhanced(2_000_000n, frame, { trailer: 100 }));
    expect(seconds).toEqual([1, 2, 3]);
    expect(frames.map(({ anomaly }) => anomaly)).toEqual(['', 'block.trailer', '']);
    expect(damaged).toBeUndefined();
  });

  it('two lengths of another block that differ are noted', async () => {
    const { seconds, damaged } = await around(block(1, new Bytes().u16(1, 0).u32(0).done(), { trailer: 24 }));
    expect(seconds).toEqual([1, 3]);
    expect(damaged).toEqual({ offset: at, reason: 'the two lengths of the block differ: 20 and 24' });
  });

  it('an option that reaches past its block loses that block only', async () => {
    const bad = enhanced(2_000_000n, frame, { options: [new Bytes().u16(1, 500).u32(0).done()], end: false });
    const { seconds, damaged } = await around(bad);
    expect(seconds).toEqual([1, 3]);
    expect(damaged).toEqual({ offset: at, reason: 'an option reaches past the end of its block' });
  });

  it('an interface whose option reaches past its block keeps its number', async () => {
    const { frames, statistics } = await readAll(
      Buffer.concat([
        section(),
        description({
          linkType: 113,
          options: [option(9, Buffer.from([9])), new Bytes().u16(2, 500).done()],
          end: false,
        }),
        description({ linkType: 1 }),
        enhanced(1_000_000_007n, frame, { id: 0 }),
        enhanced(1_000_000n, frame, { id: 1 }),
      ]),
    );
    expect(frames).toMatchObject([
      { linkType: 113, seconds: 1, nanoseconds: 7 },
      { linkType: 1, seconds: 1, nanoseconds: 0 },
    ]);
    expect(statistics[0]!.damaged).toEqual({ offset: 28, reason: 'an option reaches past the end of its block' });
  });

  it('a packet of an interface that is not described is dropped', async () => {
    const { seconds, damaged } = await around(enhanced(2_000_000n, frame, { id: 1 }));
    expect(seconds).toEqual([1, 3]);
    expect(damaged).toEqual({ offset: at, reason: 'packet of interface 1, and 1 are described' });
  });

  it('packets without any interface', async () => {
    const { frames, statistics } = await readAll(
      Buffer.concat([
        section(),
        enhanced(1n, frame),
        block(3, new Bytes().u32(4, 0).done()),
        start,
        enhanced(2n, frame),
      ]),
    );
    expect(frames).toHaveLength(1);
    expect(statistics[0]!.damaged).toEqual({
      offset: 28,
      reason: 'packet of interface 0, and 0 are described (and 1 more)',
    });
  });

  it('more bytes than the block holds: the block is lost', async () => {
    const { seconds, damaged } = await around(enhanced(2_000_000n, frame, { captured: 65, wire: 65 }));
    expect(seconds).toEqual([1, 3]);
    expect(damaged).toEqual({ offset: at, reason: 'packet states 65 bytes captured, more than 64' });
  });

  it('more bytes than the block holds, in a block whose lengths differ: nothing behind it can be trusted', async () => {
    const { seconds, damaged } = await around(enhanced(2_000_000n, frame, { captured: 0x7fffffff, trailer: 100 }));
    expect(seconds).toEqual([1]);
    expect(damaged).toEqual({ offset: at, reason: 'packet states 2147483647 bytes captured, more than 64' });
  });

  it.each([
    ['shorter than a block', new Bytes().u32(6, 8).raw(Buffer.alloc(100)).done(), 'block length 8 cannot be'],
    ['no multiple of 4', new Bytes().u32(6, 97).raw(Buffer.alloc(100)).done(), 'block length 97 cannot be'],
    [
      'no byte order',
      new Bytes().u32(0x0a0d0d0a, 28, 1).raw(Buffer.alloc(100)).done(),
      'section has no byte order (0x1)',
    ],
    [
      'a short section',
      block(0x0a0d0d0a, new Bytes().u32(0x1a2b3c4d).done()),
      'section block of 16 bytes is too short',
    ],
  ])('a length or section that cannot be ends the file: %s', async (_name, bad, reason) => {
    const { seconds, damaged } = await around(bad);
    expect(seconds).toEqual([1]);
    expect(damaged).toEqual({ offset: at, reason });
  });

  it.each([
    ['packet', block(6, counting(8)), 'packet block of 20 bytes is too short'],
    ['interface', block(1, counting(4)), 'interface block of 16 bytes is too short'],
    [
      'statistics',
      block(5, counting(8)),
      'interface statistics are too short or of an interface that is not described',
    ],
  ])('a block too short for its kind is lost: %s', async (_name, bad, reason) => {
    const { seconds, damaged } = await around(bad);
    expect(seconds).toEqual([1, 3]);
    expect(damaged).toEqual({ offset: at, reason });
  });

  it('a length of 4 GiB takes no memory', async () => {
    for (const type of [1, 6, 0x7777]) {
      const { seconds, damaged, bufferSize } = await around(new Bytes().u32(type, 0xfffffff0).done());
      expect(seconds).toEqual([1]);
      expect(damaged!.offset).toBe(at);
      expect(bufferSize).toBeLessThanOrEqual(1024);
    }
  });

  it('lengths and times as in pcap: snapped, empty, below the captured length', async () => {
    const { frames } = await readAll(
      Buffer.concat([
        section(),
        description({ snapLength: 40 }),
        enhanced(1n, frame),
        enhanced(2n, Buffer.alloc(0), { wire: 61 }),
        enhanced(3n, frame.subarray(0, 30), { wire: 20 }),
      ]),
    );
    expect(frames).toMatchObject([
      { captured: 61, anomaly: 'record.snapped', bytes: hex },
      { captured: 0, wire: 61, anomaly: 'record.empty' },
      { captured: 30, wire: 30, anomaly: 'record.length' },
    ]);
  });

  it('cut short anywhere: what is whole is there, and where it ends is said', async () => {
    const one = enhanced(1_000_000n, frame).length;
    const whole = Buffer.concat([start, enhanced(1_000_000n, frame), enhanced(2_000_000n, frame)]);
    const bounds = [0, 28, 48, 48 + one, 48 + 2 * one];
    for (let length = 4; length < whole.length; length += 1) {
      const { frames, statistics } = await readAll(whole.subarray(0, length));
      const offset = bounds.filter((bound) => bound <= length).at(-1)!;
      expect(frames, `${length} bytes`).toHaveLength(Math.max(0, bounds.indexOf(offset) - 2));
      const damaged =
        offset === length ? undefined : { offset, reason: `block cut short after ${length - offset} bytes` };
      expect(statistics[0]!.damaged, `${length} bytes`).toEqual(damaged);
    }
  });
});
