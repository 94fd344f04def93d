import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { buildFrame, ethernet, ipv4, ipv6, udp } from '../../dissectors/build.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const datagram = hex(
  'ff ff ff ff ff ff  02 00 00 00 00 01  0800',
  '4500 001f 0001 0000 40 11 0000 0a000001 0a000002',
  '0035 d903 000b abcd',
  '61 62 63',
);

describe('udp', () => {
  it('reads a header and its payload', () => {
    const frame = dissect(datagram);
    expect(fieldsOf(frame, 'udp')).toEqual([
      ['udp.srcport', '53'],
      ['udp.dstport', '55555'],
      ['udp.length', '11'],
      ['udp.checksum', '0xabcd'],
      ['udp.payload', '616263'],
    ]);
    expect(frame.facts).toMatchObject({ protocol: 17, ports: [53, 55555], payloadLength: 3 });
    expect(frame.layers[2]).toMatchObject({ offset: 34, length: 8 });
  });

  it('is cut short at every byte', () => {
    expectCutShort(datagram, 42);
  });

  it('has ports as soon as their four bytes are captured; its header has one length', () => {
    const cut = (udpBytes: number) => dissect(datagram.subarray(0, 34 + udpBytes), { wire: datagram.length }).facts;
    expect(cut(3).ports).toBeUndefined();
    expect(cut(3).payloadLength).toBe(3);
    expect(cut(4)).toMatchObject({ ports: [53, 55555], payloadLength: 3 });
    expect(cut(6)).toMatchObject({ ports: [53, 55555], payloadLength: 3 });
  });

  it('ends by its own length when that is less than the packet', () => {
    const frame = dissect(buildFrame(ethernet(), ipv4(), udp({ length: 10 }), [1, 2, 3, 4]));
    expect(frame.values['udp.payload']).toEqual(['0102']);
    expect(frame.facts).toMatchObject({ payloadLength: 2, transportLength: 12 });
    expect(frame.anomalies).toEqual([]);
  });

  it('says that its length reaches past the packet', () => {
    const frame = dissect(buildFrame(ethernet({ padded: true }), ipv4(), udp({ length: 100 }), [1, 2, 3, 4]));
    expect(frame.anomalies).toMatchObject([
      { code: 'length.exceeds', layer: 'udp', offset: 38, needed: 100, available: 12 },
    ]);
    expect(frame.facts.payloadLength).toBe(4);
  });

  it('has no payload with a length below the header', () => {
    for (const length of [0, 1, 7]) {
      const frame = dissect(buildFrame(ethernet(), ipv4(), udp({ length }), [1, 2, 3, 4]));
      expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'udp', needed: 8, available: length }]);
      expect(frame.facts).toMatchObject({ ports: [49152, 53], payloadLength: 0 });
    }
    expect(faults(dissect(buildFrame(ethernet(), ipv6(), udp({ length: 0 }), [1])))).toEqual(['udp malformed']);
  });

  it('has more than 65,535 bytes as an IPv6 jumbogram without a length', () => {
    const frame = dissect(buildFrame(ethernet(), ipv6({ length: 0 }), udp({ length: 0 }), new Uint8Array(70_000)));
    expect(frame.facts.payloadLength).toBe(70_000);
    expect(frame.anomalies).toEqual([]);
  });
});
