import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { buildFrame, ethernet, ipv4, ipv6, message, type Part, tcp, udp } from '../../dissectors/build.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const body = (...parts: readonly Part[]) => [...buildFrame(...parts)];
const from4 = (type: number, code: number, rest: readonly number[], payload: readonly number[] = []) =>
  dissect(buildFrame(ethernet(), ipv4(), message(4, type, code, rest), payload));
const from6 = (type: number, code: number, rest: readonly number[], payload: readonly number[] = []) =>
  dissect(buildFrame(ethernet(), ipv6(), message(6, type, code, rest), payload));

describe('icmp', () => {
  const request = hex(
    'ff ff ff ff ff ff  02 00 00 00 00 01  0800',
    '4500 001f 0001 0000 40 01 0000 0a000001 0a000002',
    '08 00 1234  0102 0003',
    'aa bb cc',
  );

  it('reads an echo request', () => {
    const frame = dissect(request);
    expect(fieldsOf(frame, 'icmp')).toEqual([
      ['icmp.type', '8'],
      ['icmp.code', '0'],
      ['icmp.checksum', '0x1234'],
      ['icmp.ident', '258'],
      ['icmp.ident_le', '513'],
      ['icmp.seq', '3'],
      ['icmp.seq_le', '768'],
    ]);
    expect(frame.facts).toMatchObject({ exchange: { type: 8, code: 0, mate: 0 }, payloadLength: 3 });
  });

  it('is cut short at every byte; type and code need two bytes', () => {
    expectCutShort(request, 42);
    const cut = (bytes: number) => dissect(request.subarray(0, 34 + bytes), { wire: request.length }).facts;
    expect(cut(1).exchange).toBeUndefined();
    expect(cut(2)).toMatchObject({ exchange: { type: 8, code: 0, mate: 0 }, payloadLength: 3 });
  });

  it('pairs requests with replies and nothing else', () => {
    const mates: Record<number, number> = { 0: 8, 8: 0, 9: 10, 10: 9, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17 };
    for (let type = 0; type < 256; type += 1) {
      expect(from4(type, 0, [0, 0, 0, 0]).facts.exchange?.mate).toBe(mates[type] ?? -1);
    }
  });

  it('reads time stamps, address masks, redirects, router advertisements', () => {
    const stamps = from4(14, 0, [0, 1, 0, 2], [0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7]);
    expect(stamps.values).toMatchObject({
      'icmp.originate_timestamp': ['5'],
      'icmp.receive_timestamp': ['6'],
      'icmp.transmit_timestamp': ['7'],
    });
    expect(from4(18, 0, [0, 1, 0, 2], [255, 255, 0, 0]).values['icmp.address_mask']).toEqual(['255.255.0.0']);
    const quoted = body(ipv4({ source: '10.0.0.2', destination: '192.0.2.9' }), udp());
    expect(from4(5, 1, [10, 0, 0, 254], quoted).values['icmp.redir_gw']).toEqual(['10.0.0.254']);
    const routers = from4(9, 0, [2, 2, 7, 8], [10, 0, 0, 1, 0x80, 0, 0, 0, 10, 0, 0, 3, 0, 0, 0, 1]);
    expect(routers.values).toMatchObject({
      'icmp.num_addrs': ['2'],
      'icmp.addr_entry_size': ['2'],
      'icmp.lifetime': ['1800'],
      'icmp.router_address': ['10.0.0.1', '10.0.0.3'],
      'icmp.pref_level': ['-2147483648', '1'],
    });
  });

  it('shows the packet quoted in an error, which says nothing to the meter', () => {
    const quoted = body(
      ipv4({ source: '10.0.0.2', destination: '192.0.2.9', length: 1500 }),
      tcp({ source: 1, destination: 2 }),
    );
    const frame = from4(3, 4, [0, 0, 0x05, 0xdc], quoted.slice(0, 28));
    expect(frame.names).toEqual(['eth', 'ip', 'icmp', 'ip', 'tcp']);
    expect(frame.layers.map(({ quoted: inError }) => inError ?? false)).toEqual([false, false, false, true, true]);
    expect(frame.values).toMatchObject({
      'icmp.mtu': ['1500'],
      'ip.dst': ['10.0.0.2', '192.0.2.9'],
      'tcp.srcport': ['1'],
      'tcp.dstport': ['2'],
    });
    expect(frame.facts).toMatchObject({
      source: '10.0.0.1',
      destination: '10.0.0.2',
      protocol: 1,
      exchange: { type: 3, code: 4, mate: -1 },
      payloadLength: 28,
    });
    expect(frame.facts.ports).toBeUndefined();
    expect(frame.facts.stream).toBeUndefined();
    expect(frame.anomalies).toEqual([]);
  });

  it('ends the quoted packet where RFC 4884 extensions begin', () => {
    const quoted = body(ipv4({ length: 0 }), udp(), new Uint8Array(100));
    const extensions = [0x20, 0, 0, 0, 0, 8, 1, 1, 0, 0, 0x11, 0x40];
    const frame = from4(11, 0, [0, 128 / 4, 0, 0], [...quoted, ...extensions]);
    expect(frame.values['icmp.length']).toEqual(['32']);
    expect(frame.layers.at(-1)).toMatchObject({ name: 'udp', offset: 14 + 20 + 8 + 20 });
    expect(frame.values['udp.payload']).toEqual(['00'.repeat(100)]);
  });

  it('quotes errors only', () => {
    const packet = body(ipv4(), udp());
    for (const type of [0, 8, 9, 13, 30, 42])
      expect(from4(type, 0, [0, 0, 0, 0], packet).names).toEqual(['eth', 'ip', 'icmp']);
    for (const type of [3, 4, 5, 11, 12]) expect(from4(type, 0, [0, 0, 0, 0], packet).names.at(-1)).toBe('udp');
  });
});

describe('icmpv6', () => {
  const target = [...hex('fd000000000000000000000000000009')];

  it('reads an echo request', () => {
    const frame = from6(128, 0, [0x12, 0x34, 0, 7], [1, 2]);
    expect(fieldsOf(frame, 'icmpv6').filter(([name]) => name !== 'icmpv6.checksum')).toEqual([
      ['icmpv6.type', '128'],
      ['icmpv6.code', '0'],
      ['icmpv6.echo.identifier', '0x1234'],
      ['icmpv6.echo.sequence_number', '7'],
    ]);
    expect(frame.facts).toMatchObject({ exchange: { type: 128, code: 0, mate: 129 }, payloadLength: 2 });
  });

  it('pairs requests with replies and nothing else', () => {
    const mates: Record<number, number> = {};
    for (const [one, other] of [
      [128, 129],
      [130, 131],
      [133, 134],
      [135, 136],
      [139, 140],
      [144, 145],
    ] as const) {
      mates[one] = other;
      mates[other] = one;
    }
    for (let type = 0; type < 256; type += 1) {
      expect(from6(type, 0, [0, 0, 0, 0]).facts.exchange?.mate).toBe(mates[type] ?? -1);
    }
  });

  it('reads neighbor discovery with its options', () => {
    const source = [1, 1, 2, 0, 0, 0, 0, 9];
    const solicitation = buildFrame(ethernet(), ipv6(), message(6, 135), [...target, ...source]);
    expect(dissect(solicitation).values).toMatchObject({
      'icmpv6.nd.ns.target_address': ['fd00::9'],
      'icmpv6.opt.type': ['1'],
      'icmpv6.opt.length': ['1'],
      'icmpv6.opt.linkaddr': ['02:00:00:00:00:09'],
      'icmpv6.opt.src_linkaddr': ['02:00:00:00:00:09'],
    });
    expectCutShort(solicitation, 62);
    const advertised = from6(136, 0, [0x60, 0, 0, 0], [...target, 2, 1, 2, 0, 0, 0, 0, 9]);
    expect(advertised.values).toMatchObject({
      'icmpv6.nd.na.flag': ['0x60000000'],
      'icmpv6.nd.na.flag.r': ['0'],
      'icmpv6.nd.na.flag.s': ['1'],
      'icmpv6.nd.na.flag.o': ['1'],
      'icmpv6.nd.na.target_address': ['fd00::9'],
      'icmpv6.opt.target_linkaddr': ['02:00:00:00:00:09'],
    });
  });

  it('reads a router advertisement', () => {
    const prefix = [3, 4, 64, 0xc0, 0, 0, 0x0e, 0x10, 0, 0, 0x07, 0x08, 0, 0, 0, 0, ...target];
    const mtu = [5, 1, 0, 0, 0, 0, 0x05, 0xdc];
    const dns = [25, 5, 0, 0, 0, 0, 0, 60, ...target, ...target];
    const frame = from6(134, 0, [64, 0x80, 0x07, 0x08], [0, 0, 0, 1, 0, 0, 0, 2, ...prefix, ...mtu, ...dns]);
    expect(frame.values).toMatchObject({
      'icmpv6.nd.ra.cur_hop_limit': ['64'],
      'icmpv6.nd.ra.flag': ['0x80'],
      'icmpv6.nd.ra.flag.m': ['1'],
      'icmpv6.nd.ra.flag.o': ['0'],
      'icmpv6.nd.ra.router_lifetime': ['1800'],
      'icmpv6.nd.ra.reachable_time': ['1'],
      'icmpv6.nd.ra.retrans_timer': ['2'],
      'icmpv6.opt.type': ['3', '5', '25'],
      'icmpv6.opt.prefix.length': ['64'],
      'icmpv6.opt.prefix.flag': ['0xc0'],
      'icmpv6.opt.prefix.valid_lifetime': ['3600'],
      'icmpv6.opt.prefix.preferred_lifetime': ['1800'],
      'icmpv6.opt.prefix': ['fd00::9'],
      'icmpv6.opt.mtu': ['1500'],
      'icmpv6.opt.rdnss.lifetime': ['60'],
      'icmpv6.opt.rdnss': ['fd00::9', 'fd00::9'],
    });
  });

  it('ends the options at one without length', () => {
    const frame = from6(135, 0, [0, 0, 0, 0], [...target, 1, 0, 2, 0, 0, 0, 0, 9]);
    expect(frame.values['icmpv6.opt.type']).toBeUndefined();
    expect(frame.names.at(-1)).toBe('icmpv6');
  });

  it('reads listener queries and reports', () => {
    const query = from6(130, 0, [0x27, 0x10, 0, 0], target);
    expect(query.values).toMatchObject({
      'icmpv6.mld.maximum_response_delay': ['10000'],
      'icmpv6.mld.multicast_address': ['fd00::9'],
    });
    const record = (count: number) => [
      4,
      0,
      0,
      count,
      ...target,
      ...Array.from({ length: count }, () => target).flat(),
    ];
    const report = from6(143, 0, [0, 0, 0, 2], [...record(2), ...record(0)]);
    expect(report.values).toMatchObject({
      'icmpv6.mldr.nb_mcast_records': ['2'],
      'icmpv6.mldr.mar.record_type': ['4', '4'],
      'icmpv6.mldr.mar.nb_sources': ['2', '0'],
      'icmpv6.mldr.mar.multicast_address': ['fd00::9', 'fd00::9'],
      'icmpv6.mldr.mar.source_address': ['fd00::9', 'fd00::9'],
    });
  });

  it('shows the packet quoted in an error, which says nothing to the meter', () => {
    const quoted = body(ipv6({ source: 'fd00::2', destination: 'fd00::99' }), udp({ source: 1, destination: 2 }));
    for (const type of [1, 2, 3, 4]) {
      const frame = from6(type, 0, [0, 0, 5, 0], quoted);
      expect(frame.names).toEqual(['eth', 'ipv6', 'icmpv6', 'ipv6', 'udp']);
      expect(frame.facts).toMatchObject({
        destination: 'fd00::2',
        exchange: { type, code: 0, mate: -1 },
        payloadLength: 48,
      });
      expect(frame.facts.ports).toBeUndefined();
    }
    expect(from6(2, 0, [0, 0, 5, 0], quoted).values['icmpv6.mtu']).toEqual(['1280']);
    expect(from6(4, 0, [0, 0, 0, 6], quoted).values['icmpv6.pointer']).toEqual(['6']);
    expect(faults(from6(1, 0, [0, 0, 0, 0], quoted.slice(0, 44)))).toEqual([]);
  });
});
