import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../dissectors/build.ts';
import { expectCutShort } from './support/cut-short.ts';
import { join } from './support/join.ts';
import { dissect, faults } from './support/registry.ts';

const packet = buildFrame(ipv4(), udp({ destination: 9 }), [1, 2]); // 30 bytes
const session = (length: number, ...parts: readonly (Uint8Array | readonly number[])[]) =>
  buildFrame(ethernet({ type: 0x8864 }), join([0x11, 0, 0, 0x11, length >> 8, length & 255], ...parts));

describe('PPP', () => {
  it('has protocol numbers of one byte or two, with or without framing', () => {
    for (const start of [[0x21], [0, 0x21], [0xff, 3, 0x21], [0xff, 3, 0, 0x21]]) {
      const frame = dissect(join(start, packet), { linkType: 9 });
      expect(frame.names).toEqual(['ppp', 'ip', 'udp']);
      expect(frame.values['ppp.protocol']).toEqual(['0x0021']);
      expect(frame.layers[0]!.length).toBe(start.length);
    }
  });

  it('is cut short at every byte', () => {
    expectCutShort(join([0xff, 3, 0, 0x21], packet), 32, 9);
  });

  it('may be framed as Cisco does', () => {
    const frame = dissect(join([0x0f, 0, 8, 0], packet), { linkType: 50 });
    expect(frame.names).toEqual(['ppp', 'chdlc', 'ip', 'udp']);
  });

  it('is limited by the length of a PPPoE session', () => {
    const frame = dissect(session(32, [0, 0x21], packet, [0, 0, 0]));
    expect(frame.names).toEqual(['eth', 'pppoes', 'ppp', 'ip', 'udp']);
    expect(frame.layers[2]!.offset).toBe(20);
    expect(faults(frame)).toEqual([]);
    expect(frame.facts).toMatchObject({ source: '10.0.0.1', payloadLength: 2 });
    expect(faults(dissect(session(99, [0, 0x21], packet)))).toEqual(['pppoes length.exceeds']);
  });

  it('quotes the packet that a protocol reject returns, which makes no flow', () => {
    const frame = dissect(session(38, [0xc0, 0x21, 8, 1, 0, 36, 0, 0x21], packet));
    expect(frame.names).toEqual(['eth', 'pppoes', 'ppp', 'lcp', 'ip', 'udp']);
    expect(frame.layers.map(({ quoted }) => quoted === true)).toEqual([false, false, false, false, true, true]);
    expect(frame.facts).toEqual({});
  });

  it('says that a control packet is shorter than its header', () => {
    expect(faults(dissect(session(6, [0xc0, 0x21, 1, 1, 0, 3])))).toEqual(['lcp malformed']);
    expect(faults(dissect(session(6, [0x80, 0x21, 1, 1, 0, 3])))).toEqual(['ipcp malformed']);
  });

  it('ends a list of options that does not move on', () => {
    const frame = dissect(session(14, hex('c021 01 01 000c 0104 05dc 0500 0000')));
    expect(frame.values['lcp.opt.type']).toEqual(['1']);
  });
});

describe('PPPoE discovery', () => {
  const discovery = (...dumps: readonly string[]) => buildFrame(ethernet({ type: 0x8863 }), hex(...dumps));

  // RFC 2516, appendix B: an initiation with an empty service name, and an offer with the name of a concentrator.
  it('reads the examples of the RFC', () => {
    const initiation = dissect(discovery('11 09 0000 0004', '0101 0000', '00'.repeat(36)));
    expect(initiation.values).toMatchObject({ 'pppoe.code': ['0x09'], 'pppoe.session_id': ['0x0000'] });
    expect(initiation.values['pppoed.tags.service_name']).toBeUndefined();
    const offer = dissect(
      discovery('11 07 0000 0020', '0101 0000', '0102 0018', '476f 20 5265644261636b 20 2d 20 65736873686573686f6f66'),
    );
    expect(offer.values['pppoed.tags.ac_name']).toEqual(['Go RedBack - eshsheshoof']);
  });

  it('ends at a tag that reaches out of the payload', () => {
    const frame = dissect(discovery('11 09 0000 0008', '0103 0008 01020304', '05060708'));
    expect(frame.values['pppoed.tags.host_uniq']).toBeUndefined();
  });
});
