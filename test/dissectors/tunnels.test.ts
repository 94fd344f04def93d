import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing.ts';
import { buildFrame, ethernet, ipv4, ipv6, udp } from '../../dissectors/build.ts';
import { dissectors } from '../../dissectors/index.ts';
import { inIp, toUdp } from './support/application-frames.ts';
import { join } from './support/join.ts';
import { dissect, faults } from './support/registry.ts';
import { expectRefused } from './support/values.ts';

const dump = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const packet = dump(
  buildFrame(ipv4({ source: '192.0.2.1', destination: '192.0.2.2' }), udp({ destination: 9 }), [1, 2]),
);
const packet6 = dump(
  buildFrame(ipv6({ source: '2001:db8::1', destination: '2001:db8::2' }), udp({ destination: 9 }), [1, 2]),
);
const frame = dump(
  buildFrame(ethernet(), ipv4({ source: '192.0.2.1', destination: '192.0.2.2' }), udp({ destination: 9 }), [1, 2]),
);
const inner = ['ip', 'udp'];
const bridged = ['eth', 'ip', 'udp'];

/** By tunnel: a frame, and the layers from the tunnel's own on. */
const TUNNELS: readonly (readonly [title: string, bytes: Uint8Array, layers: readonly string[]])[] = [
  ['GRE', inIp(47, '0000 0800', packet), ['gre', ...inner]],
  ['GRE with all flags', inIp(47, 'b000 0800 0000 0000 00000007 00000009', packet), ['gre', ...inner]],
  ['GRE with routes', inIp(47, '4000 0800 0000 0000 0800 00 04 0a000001 00000000', packet), ['gre', ...inner]],
  ['GRE with Ethernet', inIp(47, '0000 6558', frame), ['gre', ...bridged]],
  ['GRE of PPTP', inIp(47, '3081 880b 0022 0007 00000001 00000002 ff03 0021', packet), ['gre', 'ppp', ...inner]],
  ['GRE in UDP', toUdp(4754, '2000 0800 00000007', packet), ['gre', ...inner]],
  ['ERSPAN I', inIp(47, '0000 88be', frame), ['gre', 'erspan', ...bridged]],
  ['ERSPAN II', inIp(47, '1000 88be 00000001 1007 4001 00000123', frame), ['gre', 'erspan', ...bridged]],
  ['ERSPAN III', inIp(47, '1000 22eb 00000001 2007 6801 00000055 0011 8008', frame), ['gre', 'erspan', ...bridged]],
  [
    'ERSPAN III with a sub-header',
    inIp(47, '1000 22eb 00000001 2007 6801 00000055 0011 8009 14120123 00000002', frame),
    ['gre', 'erspan', ...bridged],
  ],
  ['VXLAN', toUdp(4789, '0800 0000 000007 00', frame), ['vxlan', ...bridged]],
  ['VXLAN-GPE', toUdp(4790, '0c00 0001 000007 00', packet), ['vxlan-gpe', ...inner]],
  ['NSH', toUdp(4790, '0c00 0004 000007 00 0fc2 0201 000005 00', packet), ['vxlan-gpe', 'nsh', ...inner]],
  ['GENEVE', toUdp(6081, '0240 0800 000007 00 0102 80 01 01020304', packet), ['geneve', ...inner]],
  ['GENEVE with Ethernet', toUdp(6081, '0000 6558 000007 00', frame), ['geneve', ...bridged]],
  ['GTP-U', toUdp(2152, '30 ff 001e 00000007', packet), ['gtp', ...inner]],
  [
    'GTP-U with extension headers',
    toUdp(2152, '36 ff 002a 00000007 0005 00 c0 01 0102 85 01 0005 00', packet),
    ['gtp', ...inner],
  ],
  ['Teredo', toUdp(3544, '0001 00 00 0102030405060708 00 0000 f3f7 f5fffffe', packet6), ['teredo', 'ipv6', 'udp']],
  ['L2TP', toUdp(1701, '4a02 0032 0007 0008 0001 0002 0002 0000 ff03 0021', packet), ['l2tp', 'ppp', ...inner]],
  ['L2TPv3 in UDP', toUdp(1701, '0003 0000 00000005', frame), ['l2tp', ...bridged]],
  ['L2TPv3 in IP', inIp(115, '00000005 40000001', frame), ['l2tp', ...bridged]],
  ['EtherIP', inIp(97, '3000', frame), ['etherip', ...bridged]],
  ['MPLS in IP', inIp(137, '00010140', packet), ['mpls', ...inner]],
  ['CAPWAP', toUdp(5247, '00 1002 00 0000 0000', frame), ['capwap.data', ...bridged]],
  ['TZSP', toUdp(37008, '01 00 0001 0a 01 d0 01', frame), ['tzsp', ...bridged]],
  ['6in4', inIp(41, packet6), ['ipv6', 'udp']],
  ['4in4', inIp(4, packet), inner],
];

describe('tunnels', () => {
  for (const [title, bytes, layers] of TUNNELS) {
    it(`${title}: the flow is that of the packet inside`, () => {
      const { names, anomalies, facts } = dissect(bytes);
      expect(names.slice(names.length - layers.length)).toEqual(layers);
      expect(anomalies).toEqual([]);
      const [source, destination] = layers.includes('ipv6')
        ? ['2001:db8::1', '2001:db8::2']
        : ['192.0.2.1', '192.0.2.2'];
      expect(facts).toMatchObject({ source, destination, protocol: 17, ports: [49152, 9], payloadLength: 2 });
    });

    it(`${title}: cut short at any byte is truncated and no worse`, () => {
      for (let length = 14; length < bytes.length; length += 1) {
        const { anomalies, facts } = dissect(bytes.subarray(0, length), { wire: bytes.length });
        expect(new Set(anomalies.map(({ code }) => code)), `cut at ${length}`).toSatisfy(
          (codes: Set<string>) => codes.size === 0 || (codes.size === 1 && codes.has('truncated')),
        );
        if (length >= bytes.length - 2) expect(facts.ports, `cut at ${length}`).toEqual([49152, 9]);
      }
    });
  }

  it('always run, whatever is asked for', () => {
    const names = new Set(TUNNELS.flatMap(([, , layers]) => layers));
    const levels = dissectors.filter(({ name }) => names.has(name)).map(({ name, level }) => [name, level]);
    expect(levels.filter(([, level]) => level === 'application')).toEqual([]);
  });

  for (const [name, port] of [
    ['gre', 4754],
    ['vxlan', 4789],
    ['vxlan', 8472],
    ['vxlan-gpe', 4790],
    ['geneve', 6081],
    ['gtp', 2152],
    ['gtp', 2123],
    ['teredo', 3544],
    ['l2tp', 1701],
    ['capwap', 5246],
    ['capwap.data', 5247],
    ['tzsp', 37008],
    ['openvpn', 1194],
    ['wg', 51820],
  ] as const) {
    it(`port ${port} alone makes no ${name}`, () => expectRefused(name, port, toUdp));
  }
});

describe('gre', () => {
  it('checks its checksum over header and payload', () => {
    // 8000 0800, and the one's complement of the sum of all words: of an empty payload only of the header's.
    expect(dissect(inIp(47, '8000 0800 77ff 0000')).values['gre.checksum.status']).toEqual(['1']);
    expect(dissect(inIp(47, '8000 0800 77fe 0000')).values['gre.checksum.status']).toEqual(['0']);
  });

  it('says that routes reach out of the packet', () => {
    expect(faults(dissect(inIp(47, '4000 0800 0000 0000 0800 00 ff 0a000001')))).toEqual(['gre malformed']);
  });

  it('takes a protocol of 0 for a keepalive', () => {
    const keepalive = dissect(inIp(47, '0000 0000'));
    expect(keepalive.names).toEqual(['eth', 'ip', 'gre']);
    expect(keepalive.anomalies).toEqual([]);
  });
});

describe('geneve', () => {
  it('says that options reach out of the datagram, and shows those that do not', () => {
    expect(faults(dissect(toUdp(6081, '0400 0800 000007 00 0102 80 01 01020304')))).toEqual(['geneve malformed']);
    const list = dissect(toUdp(6081, '0300 0800 000007 00 0102 80 00 0102 80 02 01020304', packet));
    expect(list.values['geneve.option.type']).toEqual(['0x80']);
  });
});

describe('gtp', () => {
  it('says that extension headers break off', () => {
    expect(faults(dissect(toUdp(2152, '34 ff 0008 00000007 0000 00 85 00 000000')))).toEqual(['gtp malformed']);
  });

  it('does not end in a chain of headers that goes on for ever', () => {
    const chain = dissect(toUdp(2152, '34 ff 0400 00000007 0000 00 c0', '01 0102 c0'.repeat(255)));
    expect(chain.values['gtp.ext_hdr.length']!.length).toBe(255);
    expect(chain.anomalies.map(({ code }) => code)).toEqual(['malformed']);
  });
});

describe('nsh', () => {
  it('says that its length is none', () => {
    const over = (length: string) => dissect(toUdp(4790, `0c00 0004 000007 00 0f${length} 0101 000005 00`, packet));
    expect(faults(over('c2'))).toEqual(['nsh malformed']);
    expect(faults(over('ff'))).toEqual(['nsh malformed']);
  });
});

describe('nested tunnels', () => {
  it('end at 32 layers', () => {
    const nested = dissect(
      join(
        ...new Array(40).fill(0).flatMap(() => [hex('020000000002 020000000001 8847'), [0, 1, 1, 0, 0, 0, 0, 0]]),
        hex('00'),
      ),
    );
    expect(nested.names.length).toBe(32);
    expect(nested.anomalies.map(({ code }) => code)).toEqual(['depth']);
  });
});

describe('a tunnel in the first fragment of a packet', () => {
  it('carries less than its lengths say, which is no fault', () => {
    const whole = buildFrame(ipv4({ length: 200 }), udp({ destination: 9, length: 180 }), new Uint8Array(20));
    const carried = join(hex('c000 0868 0100 0000', '30 ff 00c8 00000007'), whole);
    const first = dissect(buildFrame(ethernet(), ipv4({ protocol: 17, flags: 1 }), carried));
    expect(first.names).toEqual(['eth', 'ip', 'udp', 'gtp', 'ip', 'udp']);
    expect(first.anomalies).toEqual([]);
  });
});
