import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { buildFrame, ethernet, extension, ipv6, tcp, udp } from '../../dissectors/build.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const ethernetHeader = 'ff ff ff ff ff ff  02 00 00 00 00 01  86dd';
const addresses = '20010db8000000000000000000000001 fe800000000000000200fffe00000002';
const udpHeader = '0035 d903 0008 0000';
/** Hop-by-hop with PadN of four bytes. */
const padding = [1, 4, 0, 0, 0, 0];

describe('ipv6', () => {
  const plain = hex(ethernetHeader, '6 b9 12345 0008 11 40', addresses, udpHeader);

  it('reads a header', () => {
    const frame = dissect(plain);
    expect(frame.names).toEqual(['eth', 'ipv6', 'udp']);
    expect(fieldsOf(frame, 'ipv6')).toEqual([
      ['ipv6.version', '6'],
      ['ipv6.tclass', '0x000000b9'],
      ['ipv6.tclass.dscp', '46'],
      ['ipv6.tclass.ecn', '1'],
      ['ipv6.flow', '0x012345'],
      ['ipv6.plen', '8'],
      ['ipv6.nxt', '17'],
      ['ipv6.hlim', '64'],
      ['ipv6.src', '2001:db8::1'],
      ['ipv6.dst', 'fe80::200:fffe:0:2'],
    ]);
    expect(frame.facts).toMatchObject({
      source: '2001:db8::1',
      destination: 'fe80::200:fffe:0:2',
      protocol: 17,
      networkLength: 48,
      transportLength: 8,
      payloadLength: 0,
      ports: [53, 55555],
    });
    const places = Object.fromEntries(
      frame.layers[1]!.fields.map(({ name, offset, length, mask }) => [name, [offset, length, mask]]),
    );
    expect(places).toMatchObject({
      'ipv6.version': [14, 1, 0xf0],
      'ipv6.tclass': [14, 2, 0x0ff0],
      'ipv6.tclass.dscp': [14, 2, 0x0fc0],
      'ipv6.tclass.ecn': [15, 1, 0x30],
      'ipv6.flow': [15, 3, 0x0fffff],
    });
  });

  it('is cut short at every byte', () => {
    expectCutShort(plain, 62);
    const chain = hex(
      ethernetHeader,
      '60000000 0038 00 40',
      addresses,
      '2b 00 0502 0000 0100', // hop-by-hop: router alert, PadN
      '2c 02 04 01 00 00 0000 20010db8000000000000000000000003', // one segment
      '3c 00 0000 00000007', // atomic fragment
      '11 00 0104 00000000', // destination options
      udpHeader,
    );
    expect(dissect(chain).names).toEqual([
      'eth',
      'ipv6',
      'ipv6.hopopts',
      'ipv6.routing',
      'ipv6.fraghdr',
      'ipv6.dstopts',
      'udp',
    ]);
    expectCutShort(chain, chain.length);
  });

  it('stops at another version', () => {
    const frame = dissect(hex(ethernetHeader, '45000000 0008 11 40', addresses, udpHeader));
    expect(frame.names).toEqual(['eth', 'ipv6']);
    expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'ipv6', needed: 6, available: 4 }]);
    expect(frame.values['ipv6.src']).toBeUndefined();
  });

  it('takes what the frame holds for a payload length of 0', () => {
    const frame = dissect(buildFrame(ethernet(), ipv6({ length: 0 }), tcp(), new Uint8Array(500)));
    expect(frame.facts).toMatchObject({ networkLength: 560, payloadLength: 500 });
    expect(frame.anomalies).toEqual([]);
  });

  it('takes the length of a jumbogram from its option', () => {
    const jumbo = extension(0, [0xc2, 4, 0x00, 0x01, 0x11, 0x70]); // 70,000
    const frame = dissect(
      buildFrame(ethernet(), ipv6({ length: 0 }), jumbo, udp({ length: 0 }), new Uint8Array(70_000 - 16)),
    );
    expect(frame.values['ipv6.opt.jumbo']).toEqual(['70000']);
    expect(frame.facts).toMatchObject({ networkLength: 70_040, payloadLength: 69_984 });
    expect(frame.anomalies).toEqual([]);
    const padded = buildFrame(
      ethernet({ trailer: [1, 2, 3] }),
      ipv6({ length: 0 }),
      extension(0, [0xc2, 4, 0, 0, 0, 16]),
      udp(),
    );
    expect(dissect(padded).facts).toMatchObject({ networkLength: 56, payloadLength: 0 });
  });
});

describe('ipv6 extension headers', () => {
  it('passes hop-by-hop and destination options', () => {
    const frame = dissect(buildFrame(ethernet(), ipv6(), extension(0, padding), extension(60, padding), tcp(), [1]));
    expect(frame.names).toEqual(['eth', 'ipv6', 'ipv6.hopopts', 'ipv6.dstopts', 'tcp']);
    expect(frame.values).toMatchObject({
      'ipv6.nxt': ['0'],
      'ipv6.hopopts.nxt': ['60'],
      'ipv6.hopopts.len': ['0'],
      'ipv6.dstopts.nxt': ['6'],
      'ipv6.opt.type': ['0x01', '0x01'],
      'ipv6.opt.length': ['4', '4'],
      'ipv6.opt.padn': ['00000000', '00000000'],
    });
    expect(frame.facts).toMatchObject({ protocol: 6, networkLength: 77, transportLength: 21, payloadLength: 1 });
  });

  it('reads the parts of an option type, and Pad1', () => {
    const frame = dissect(buildFrame(ethernet(), ipv6(), extension(0, [0, 0, 5, 2, 0, 0]), tcp()));
    expect(frame.values).toMatchObject({ 'ipv6.opt.type': ['0x00', '0x00', '0x05'], 'ipv6.opt.router_alert': ['0'] });
    const home = [0xc9, 16, 0xfd, ...new Array<number>(14).fill(0), 9, 1, 2, 0, 0];
    const mobile = dissect(buildFrame(ethernet(), ipv6(), extension(60, home), tcp()));
    expect(mobile.values).toMatchObject({
      'ipv6.opt.type.action': ['3', '0'],
      'ipv6.opt.type.change': ['0', '0'],
      'ipv6.opt.type.rest': ['0x09', '0x01'],
      'ipv6.opt.mipv6.home_address': ['fd00::9'],
    });
  });

  it('says that hop-by-hop options do not stand first', () => {
    const late = dissect(buildFrame(ethernet(), ipv6(), extension(60, padding), extension(0, padding), tcp()));
    expect(faults(late)).toEqual(['ipv6.hopopts malformed']);
    const frame = dissect(buildFrame(ethernet(), ipv6(), extension(0, padding), extension(0, padding), tcp()));
    expect(faults(frame)).toEqual(['ipv6.hopopts malformed']);
    expect(frame.names.at(-1)).toBe('tcp');
  });

  it('says that a header reaches out of the packet', () => {
    const frame = dissect(hex(ethernetHeader, '60000000 0008 00 40', addresses, '06 04 0104 00000000'));
    expect(frame.names).toEqual(['eth', 'ipv6', 'ipv6.hopopts']);
    expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'ipv6.hopopts', needed: 40, available: 8 }]);
  });

  it('reads routing headers of types 0, 2 and 4', () => {
    const one = [...hex('fd000000000000000000000000000009')];
    const two = [...hex('fd00000000000000000000000000000a')];
    const source = dissect(buildFrame(ethernet(), ipv6(), extension(43, [0, 2, 0, 0, 0, 0, ...one, ...two]), tcp()));
    expect(source.values).toMatchObject({
      'ipv6.routing.len': ['4'],
      'ipv6.routing.type': ['0'],
      'ipv6.routing.segleft': ['2'],
      'ipv6.routing.src.addr': ['fd00::9', 'fd00::a'],
    });
    const mobile = dissect(buildFrame(ethernet(), ipv6(), extension(43, [2, 1, 0, 0, 0, 0, ...one]), tcp()));
    expect(mobile.values['ipv6.routing.mipv6.home_address']).toEqual(['fd00::9']);
    const option = [5, 6, 0, 0, 0, 0, 0, 0];
    const segments = dissect(
      buildFrame(ethernet(), ipv6(), extension(43, [4, 1, 1, 0, 0, 7, ...one, ...two, ...option]), tcp()),
    );
    expect(segments.values).toMatchObject({
      'ipv6.routing.srh.last_entry': ['1'],
      'ipv6.routing.srh.flags': ['0x00'],
      'ipv6.routing.srh.tag': ['0007'],
      'ipv6.routing.srh.addr': ['fd00::9', 'fd00::a'],
    });
    for (const frame of [source, mobile, segments]) expect(frame.names.at(-1)).toBe('tcp');
  });

  it('reads fragments: first, later, atomic', () => {
    const fragment = (offsetAndFlags: number, payload: readonly number[]) =>
      dissect(
        buildFrame(ethernet(), ipv6({ next: 44 }), [
          17,
          0,
          offsetAndFlags >> 8,
          offsetAndFlags & 255,
          1,
          2,
          3,
          4,
          ...payload,
        ]),
      );
    const header = [...hex(udpHeader)];
    const first = fragment(1, header);
    expect(first.names).toEqual(['eth', 'ipv6', 'ipv6.fraghdr', 'udp']);
    expect(fieldsOf(first, 'ipv6.fraghdr')).toEqual([
      ['ipv6.fraghdr.nxt', '17'],
      ['ipv6.fraghdr.reserved_octet', '0x00'],
      ['ipv6.fraghdr.offset', '0'],
      ['ipv6.fraghdr.reserved_bits', '0'],
      ['ipv6.fraghdr.more', '1'],
      ['ipv6.fraghdr.ident', '0x01020304'],
    ]);
    expect(first.facts).toMatchObject({ fragment: 'first', protocol: 17, ports: [53, 55555] });
    const later = fragment(1480, [1, 2, 3]);
    expect(later.names).toEqual(['eth', 'ipv6', 'ipv6.fraghdr']);
    expect(later.values['ipv6.fraghdr.offset']).toEqual(['185']);
    expect(later.facts).toMatchObject({ fragment: 'later', protocol: 17, transportLength: 3, payloadLength: 3 });
    const atomic = fragment(0, header);
    expect(atomic.names.at(-1)).toBe('udp');
    expect(atomic.facts.fragment).toBeUndefined();
  });

  it('passes an authentication header, whose length counts otherwise', () => {
    const bytes = hex(
      ethernetHeader,
      '60000000 0020 33 40',
      addresses,
      '11 04 0000 00000100 00000007 aabbccdd eeff0011 22334455',
      udpHeader,
    );
    const frame = dissect(bytes);
    expect(frame.names).toEqual(['eth', 'ipv6', 'ah', 'udp']);
    expect(fieldsOf(frame, 'ah')).toEqual([
      ['ah.next_header', '17'],
      ['ah.length', '4'],
      ['ah.reserved', '0000'],
      ['ah.spi', '0x00000100'],
      ['ah.sequence', '7'],
      ['ah.icv', 'aabbccddeeff001122334455'],
    ]);
    expect(frame.facts).toMatchObject({ protocol: 17, transportLength: 8, ports: [53, 55555] });
    expectCutShort(bytes, bytes.length);
  });

  it('stops at an encrypted payload', () => {
    const bytes = hex(ethernetHeader, '60000000 000c 32 40', addresses, '00000200 00000008 deadbeef');
    const frame = dissect(bytes);
    expect(frame.names).toEqual(['eth', 'ipv6', 'esp']);
    expect(fieldsOf(frame, 'esp')).toEqual([
      ['esp.spi', '0x00000200'],
      ['esp.sequence', '8'],
    ]);
    expect(frame.facts).toMatchObject({ protocol: 50, payloadLength: 12 });
    expectCutShort(bytes, 62);
  });

  it('reads a binding update of Mobile IPv6 as the payload', () => {
    const bytes = hex(ethernetHeader, '60000000 0010 87 40', addresses, '3b 01 05 00 1234 0074 c000 0e10 01 02 0000');
    const frame = dissect(bytes);
    expect(fieldsOf(frame, 'mipv6')).toEqual([
      ['mip6.proto', '59'],
      ['mip6.hlen', '1'],
      ['mip6.mhtype', '5'],
      ['mip6.reserved', '0x00'],
      ['mip6.csum', '0x1234'],
      ['mip6.bu.seqnr', '116'],
      ['mip6.bu.a_flag', '1'],
      ['mip6.bu.h_flag', '1'],
      ['mip6.bu.l_flag', '0'],
      ['mip6.bu.k_flag', '0'],
      ['mip6.bu.m_flag', '0'],
      ['mip6.nemo.bu.r_flag', '0'],
      ['mip6.bu.p_flag', '0'],
      ['mip6.bu.f_flag', '0'],
      ['mip6.bu.t_flag', '0'],
      ['mip6.bu.b_flag', '0'],
      ['mip6.bu.lifetime', '3600'],
      ['mip6.mobility_opt', '1'],
      ['mip6.mobility_opt.len', '2'],
    ]);
    expect(frame.facts).toMatchObject({ protocol: 135, payloadLength: 16 });
    expectCutShort(bytes, 62);
  });

  it('reads HIP and Shim6', () => {
    const tags = `${'01'.repeat(16)} ${'02'.repeat(16)}`;
    const hip = dissect(hex(ethernetHeader, '60000000 0028 8b 40', addresses, '3b 04 01 21 1234 0001', tags));
    expect(fieldsOf(hip, 'hip')).toEqual([
      ['hip.proto', '59'],
      ['hip.hdr_len', '4'],
      ['hip.packet_type', '1'],
      ['hip.version', '2'],
      ['hip.checksum', '0x1234'],
      ['hip.controls', '0x0001'],
      ['hip.hit_sndr', '01'.repeat(16)],
      ['hip.hit_rcvr', '02'.repeat(16)],
    ]);
    expect(hip.facts.protocol).toBe(139);
    const shim = dissect(hex(ethernetHeader, '60000000 0010 8c 40', addresses, '11 00 80 00 00000001', udpHeader));
    expect(shim.names).toEqual(['eth', 'ipv6', 'shim6', 'udp']);
    expect(shim.values).toMatchObject({ 'shim6.nxt': ['17'], 'shim6.len': ['0'], 'shim6.p': ['1'] });
    const control = dissect(hex(ethernetHeader, '60000000 0008 8c 40', addresses, '3b 00 01 00 1234 0000'));
    expect(control.values).toMatchObject({ 'shim6.p': ['0'], 'shim6.type': ['1'] });
  });

  it('leaves what follows no next header', () => {
    const frame = dissect(hex(ethernetHeader, '60000000 0004 3b 40', addresses, '0035 d903'));
    expect(frame.names).toEqual(['eth', 'ipv6']);
    expect(frame.facts).toMatchObject({ protocol: 59, payloadLength: 4 });
    expect(frame.facts.ports).toBeUndefined();
  });

  it('has none of them under IPv4', () => {
    for (const protocol of ['00', '2b', '2c', '3c']) {
      const frame = dissect(
        hex(
          'ffffffffffff 020000000001 0800',
          `45000024000100004 0${protocol} 0000 0a000001 0a000002`,
          '06 00 0104 00000000',
          udpHeader,
        ),
      );
      expect(frame.names).toEqual(['eth', 'ip']);
      expect(frame.facts.protocol).toBe(Number.parseInt(protocol, 16));
    }
  });
});
