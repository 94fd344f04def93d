import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildFrame,
  dissectFrame,
  ethernet,
  extension,
  hex,
  ipv4,
  ipv6,
  type Part,
  pcapOf,
  standardRegistry,
  tag,
  tcp,
  udp,
} from 'packetloom/testing';
import { describe, expect, it } from 'vitest';
import { noTshark, tsharkRows } from './conformance/tshark.ts';

/** Code, layer, place, and bytes needed and available, where lengths are concerned. */
type Fault = readonly [code: string, layer: string, offset: number, needed?: number, available?: number];

/** A frame that implementations are known to get wrong, and what is right about it. */
interface Case {
  readonly title: string;
  readonly bytes: Uint8Array;
  /** Bytes that were captured, where not all. */
  readonly snapLength?: number;
  readonly layers: string;
  readonly faults: readonly Fault[];
  /** What must come of it, by field. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** `frame.protocols` of tshark 4.0, where it names other layers. */
  readonly tshark?: string;
}

const ETHERNET = 14;
const IPV4 = ETHERNET + 20;
const UDP = IPV4 + 8;
const carrying = (...parts: readonly Part[]): Uint8Array => buildFrame(ethernet(), ipv4(), ...parts);
const bare = (protocol: number, dump: string): Uint8Array => buildFrame(ethernet(), ipv4({ protocol }), hex(dump));
const padding = [1, 4, 0, 0, 0, 0];
const packet = buildFrame(ipv4(), tcp());
const names = (...labels: readonly string[]) =>
  `${labels.map((label) => label.length.toString(16).padStart(2, '0') + Buffer.from(label).toString('hex')).join('')}`;
/** A query with one question, whose bytes are given. */
const query = (question: string) => hex(`1234 0100 0001 0000 0000 0000 ${question}`);

const cases: readonly Case[] = [
  {
    title: '1: a capture cut in the TCP header',
    bytes: carrying(tcp(), [1, 2, 3, 4]),
    snapLength: IPV4 + 10,
    layers: 'eth:ethertype:ip:tcp',
    faults: [['truncated', 'tcp', IPV4, 20, 10]],
    values: { 'tcp.srcport': ['49152'], 'tcp.dstport': ['80'], 'tcp.ack_raw': [], 'tcp.payload': [] },
  },
  {
    title: '2: a TCP data offset of 3',
    bytes: carrying(tcp({ headerLength: 12 })),
    layers: 'eth:ethertype:ip:tcp',
    faults: [['malformed', 'tcp', IPV4 + 12, 20, 12]],
    values: { 'tcp.srcport': ['49152'], 'tcp.dstport': ['80'], 'tcp.hdr_len': ['12'] },
  },
  {
    title: '3: an IPv4 header length of 4 words',
    bytes: buildFrame(ethernet(), ipv4({ headerLength: 16 }), tcp()),
    layers: 'eth:ethertype:ip',
    faults: [['malformed', 'ip', ETHERNET, 20, 16]],
    values: { 'ip.version': ['4'], 'tcp.srcport': [] },
  },
  {
    title: '4: a total length of 0 (segmentation offload)',
    bytes: buildFrame(ethernet(), ipv4({ length: 0 }), tcp(), new Uint8Array(100).fill(1)),
    layers: 'eth:ethertype:ip:tcp',
    faults: [],
    values: { 'ip.len': ['140'], 'tcp.len': ['100'] },
  },
  {
    title: '5: a total length of 2000 in a shorter frame',
    bytes: buildFrame(ethernet(), ipv4({ length: 2000 }), tcp(), [1, 2]),
    layers: 'eth:ethertype:ip:tcp',
    faults: [['length.exceeds', 'ip', ETHERNET + 2, 2000, 42]],
    values: { 'ip.len': ['2000'], 'tcp.payload': ['0102'] },
  },
  {
    title: '6: a UDP length of 4',
    bytes: bare(17, 'c000 0035 0004 0000 01020304'),
    layers: 'eth:ethertype:ip:udp',
    faults: [['malformed', 'udp', IPV4 + 4, 8, 4]],
    values: { 'udp.srcport': ['49152'], 'udp.length': ['4'], 'dns.id': [] },
  },
  {
    title: '7: a UDP length of 0 under IPv4',
    bytes: bare(17, 'c000 0035 0000 0000 01020304'),
    layers: 'eth:ethertype:ip:udp',
    faults: [['malformed', 'udp', IPV4 + 4, 8, 0]],
    values: { 'udp.srcport': ['49152'], 'udp.length': ['0'], 'dns.id': [] },
  },
  {
    title: '8: a DNS name whose pointer leads back to itself',
    bytes: carrying(udp(), query('c00c 0001 0001')),
    layers: 'eth:ethertype:ip:udp:dns',
    faults: [['malformed', 'dns', UDP + 12]],
    values: { 'dns.id': ['0x1234'], 'dns.qry.name': ['<Name contains a pointer that loops>'], 'dns.qry.type': ['1'] },
  },
  {
    title: '9: a DNS message cut short in its name',
    bytes: carrying(udp(), query(`${names('www', 'example')} 03 63`)),
    layers: 'eth:ethertype:ip:udp:dns',
    faults: [['malformed', 'dns', UDP + 12, 15, 14]],
    values: { 'dns.id': ['0x1234'], 'dns.count.queries': ['1'], 'dns.qry.type': [] },
  },
  {
    title: '10: two tags, 88a8 and 8100',
    bytes: buildFrame(ethernet(), tag({ tag: 0x88a8, id: 7 }), tag({ id: 8 }), ipv4(), tcp()),
    layers: 'eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:tcp',
    faults: [],
    values: { 'ieee8021ad.id': ['7'], 'vlan.id': ['8'], 'tcp.dstport': ['80'] },
  },
  {
    title: '11: a frame padded to 60 bytes',
    bytes: buildFrame(ethernet({ padded: true }), ipv4(), tcp(), [1, 2]),
    layers: 'eth:ethertype:ip:tcp',
    faults: [],
    values: { 'tcp.len': ['2'], 'tcp.payload': ['0102'], 'eth.padding': ['00000000'] },
  },
  {
    title: '12: a first fragment',
    bytes: buildFrame(ethernet(), ipv4({ flags: 1 }), tcp(), new Uint8Array(100)),
    layers: 'eth:ethertype:ip:tcp',
    faults: [],
    values: { 'ip.flags.mf': ['1'], 'ip.frag_offset': ['0'], 'tcp.dstport': ['80'], 'tcp.len': [] },
  },
  {
    title: '13: a later fragment',
    bytes: buildFrame(ethernet(), ipv4({ fragmentOffset: 15 }), tcp(), new Uint8Array(20)),
    layers: 'eth:ethertype:ip',
    faults: [],
    values: { 'ip.frag_offset': ['15'], 'tcp.dstport': [] },
  },
  {
    title: '14: hop-by-hop and destination options before TCP',
    bytes: buildFrame(ethernet(), ipv6(), extension(0, padding), extension(60, padding), tcp(), [1]),
    layers: 'eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:tcp',
    faults: [],
    values: { 'ipv6.nxt': ['0'], 'ipv6.hopopts.nxt': ['60'], 'ipv6.dstopts.nxt': ['6'], 'tcp.payload': ['01'] },
  },
  {
    title: '15: bytes behind no next header',
    bytes: buildFrame(ethernet(), ipv6({ next: 59 }), [1, 2, 3, 4]),
    layers: 'eth:ethertype:ipv6',
    faults: [],
    values: { 'ipv6.nxt': ['59'], 'ipv6.plen': ['4'] },
  },
  {
    title: '16: IEEE 802.3 with LLC, spanning tree',
    bytes: hex(
      '0180c2000000 020000000001 0026',
      '42 42 03',
      '0000 00 00 00 8000020000000001 00000000 8000020000000001 8001 0000 1400 0200 0f00',
      '00 00 00 00 00 00 00 00',
    ),
    layers: 'eth:llc:stp',
    faults: [],
    values: { 'eth.len': ['38'], 'llc.dsap': ['0x42'], 'stp.root.hw': ['02:00:00:00:00:01'], 'eth.type': [] },
  },
  {
    title: '17: IEEE 802.3 with SNAP, IPv4',
    bytes: buildFrame(ethernet({ length: 8 + packet.length, padded: true }), [...hex('aaaa03 000000 0800'), ...packet]),
    layers: 'eth:llc:ip:tcp',
    faults: [],
    values: { 'llc.oui': ['0'], 'llc.type': ['0x0800'], 'tcp.dstport': ['80'], 'tcp.len': ['0'] },
  },
  {
    title: '18: the options of a SYN',
    bytes: carrying(tcp({ flags: 2, options: [...hex('0204 05b4 0402 080a 00000001 00000000 01 0303 07')] })),
    layers: 'eth:ethertype:ip:tcp',
    faults: [],
    values: {
      'tcp.option_kind': ['2', '4', '8', '1', '3'],
      'tcp.options.mss_val': ['1460'],
      'tcp.options.timestamp.tsval': ['1'],
      'tcp.options.wscale.shift': ['7'],
    },
  },
  {
    title: '19: a TCP option of length 0',
    bytes: carrying(tcp({ options: [...hex('0200 05b4')] })),
    layers: 'eth:ethertype:ip:tcp',
    faults: [['malformed', 'tcp', IPV4 + 20, 2, 0]],
    values: { 'tcp.dstport': ['80'], 'tcp.hdr_len': ['24'], 'tcp.options.mss_val': [] },
  },
];

const registry = standardRegistry();

function dissect({ bytes, snapLength }: Case) {
  return dissectFrame(registry, bytes.subarray(0, snapLength ?? bytes.length), { wire: bytes.length });
}

describe('the anomaly matrix', () => {
  for (const one of cases) {
    it(one.title, () => {
      const { names: layers, values, anomalies } = dissect(one);
      expect(layers).toEqual(one.layers.split(':').filter((name) => name !== 'ethertype'));
      expect(
        anomalies.map(({ code, layer, offset, needed, available }) =>
          [code, layer, offset, needed, available].filter((part) => part !== undefined),
        ),
      ).toEqual(one.faults);
      for (const [name, expected] of Object.entries(one.values)) expect(values[name] ?? [], name).toEqual(expected);
    });
  }

  it('has the layers and values that tshark finds', async ({ skip }) => {
    if (noTshark !== undefined) {
      console.warn(`skipped: ${noTshark}`);
      skip(noTshark);
    }
    const folder = mkdtempSync(join(tmpdir(), 'anomaly-matrix-'));
    try {
      for (const [i, one] of cases.entries()) {
        const path = join(folder, `${i}.pcap`);
        writeFileSync(path, pcapOf([one.bytes], one.snapLength === undefined ? {} : { snapLength: one.snapLength }));
        const fields = Object.keys(one.values);
        for await (const { cells } of tsharkRows(path, ['frame.protocols', ...fields])) {
          const [protocols, ...values] = cells;
          // What is left of a payload, and that tshark calls a frame malformed, stands behind the layers.
          expect(protocols!.replace(/:data$/, ''), one.title).toBe(one.tshark ?? one.layers);
          fields.forEach((field, k) => {
            expect(values[k] === '' ? [] : values[k]!.split('\x1f'), `${one.title}: ${field}`).toEqual(
              one.values[field],
            );
          });
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
