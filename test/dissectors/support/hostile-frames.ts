import { hex } from '../../../core/testing/hex.ts';
import { buildFrame, ethernet, extension, ipv4, ipv6, tag, tcp } from '../../../dissectors/build.ts';

/** A frame that implementations are known to get wrong, and what is right about it. */
export interface HostileFrame {
  readonly title: string;
  readonly bytes: Uint8Array;
  /** Bytes on the wire, where the capture cut the frame. */
  readonly wire?: number;
  readonly layers: readonly string[];
  /** Layer and code of what must be signalled. */
  readonly faults: readonly string[];
  readonly ports?: readonly [number, number];
  readonly payloadLength?: number;
  /** Protocol names that tshark 4.0 must show, where they differ from ours or it has no dissector of its own in use. */
  readonly tshark: string;
}

const udpTo53 = (length: number) => [0xc0, 0, 0, 53, length >> 8, length & 255, 0, 0];
const padding = [1, 4, 0, 0, 0, 0];
const whole = buildFrame(ethernet(), ipv4(), tcp(), [1, 2, 3, 4]);
const synOptions = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7];
const snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
const packet = [...buildFrame(ipv4(), tcp())];

/** The anomaly matrix: all but those of DNS. */
export const hostileFrames: readonly HostileFrame[] = [
  {
    title: 'a capture cut in the TCP header',
    bytes: whole.subarray(0, 14 + 20 + 10),
    wire: whole.length,
    layers: ['eth', 'ip', 'tcp'],
    faults: ['tcp truncated'],
    ports: [49152, 80],
    tshark: 'eth:ethertype:ip:tcp',
  },
  {
    title: 'a TCP data offset of 3',
    bytes: buildFrame(ethernet(), ipv4(), tcp({ headerLength: 12 })),
    layers: ['eth', 'ip', 'tcp'],
    faults: ['tcp malformed'],
    ports: [49152, 80],
    tshark: 'eth:ethertype:ip:tcp',
  },
  {
    title: 'an IPv4 header length of 4 words',
    bytes: buildFrame(ethernet(), ipv4({ headerLength: 16 }), tcp()),
    layers: ['eth', 'ip'],
    faults: ['ip malformed'],
    tshark: 'eth:ethertype:ip',
  },
  {
    title: 'a total length of 0 (segmentation offload)',
    bytes: buildFrame(ethernet(), ipv4({ length: 0 }), tcp(), new Uint8Array(100).fill(1)),
    layers: ['eth', 'ip', 'tcp'],
    faults: [],
    ports: [49152, 80],
    payloadLength: 100,
    tshark: 'eth:ethertype:ip:tcp',
  },
  {
    title: 'a total length of 2000 in a shorter frame',
    bytes: buildFrame(ethernet(), ipv4({ length: 2000 }), tcp(), [1, 2]),
    layers: ['eth', 'ip', 'tcp'],
    faults: ['ip length.exceeds'],
    ports: [49152, 80],
    payloadLength: 2,
    tshark: 'eth:ethertype:ip:tcp',
  },
  {
    title: 'a UDP length of 4',
    bytes: buildFrame(ethernet(), ipv4({ protocol: 17 }), [...udpTo53(4), 1, 2, 3, 4]),
    layers: ['eth', 'ip', 'udp'],
    faults: ['udp malformed'],
    ports: [49152, 53],
    payloadLength: 0,
    tshark: 'eth:ethertype:ip:udp',
  },
  {
    title: 'a UDP length of 0 under IPv4',
    bytes: buildFrame(ethernet(), ipv4({ protocol: 17 }), [...udpTo53(0), 1, 2, 3, 4]),
    layers: ['eth', 'ip', 'udp'],
    faults: ['udp malformed'],
    ports: [49152, 53],
    payloadLength: 0,
    tshark: 'eth:ethertype:ip:udp',
  },
  {
    title: 'two tags, 88a8 and 8100',
    bytes: buildFrame(ethernet(), tag({ tag: 0x88a8, id: 7 }), tag({ id: 8 }), ipv4(), tcp()),
    layers: ['eth', 'ieee8021ad', 'vlan', 'ip', 'tcp'],
    faults: [],
    ports: [49152, 80],
    payloadLength: 0,
    tshark: 'eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:tcp',
  },
  {
    title: 'a frame padded to 60 bytes',
    bytes: buildFrame(ethernet({ padded: true }), ipv4(), tcp(), [1, 2]),
    layers: ['eth', 'ip', 'tcp'],
    faults: [],
    ports: [49152, 80],
    payloadLength: 2,
    tshark: 'eth:ethertype:ip:tcp',
  },
  {
    title: 'a first fragment',
    bytes: buildFrame(ethernet(), ipv4({ flags: 1 }), tcp(), new Uint8Array(100)),
    layers: ['eth', 'ip', 'tcp'],
    faults: [],
    ports: [49152, 80],
    payloadLength: 100,
    tshark: 'eth:ethertype:ip:tcp',
  },
  {
    title: 'a later fragment',
    bytes: buildFrame(ethernet(), ipv4({ fragmentOffset: 15 }), tcp(), new Uint8Array(20)),
    layers: ['eth', 'ip'],
    faults: [],
    payloadLength: 40,
    tshark: 'eth:ethertype:ip',
  },
  {
    title: 'hop-by-hop and destination options before TCP',
    bytes: buildFrame(ethernet(), ipv6(), extension(0, padding), extension(60, padding), tcp(), [1]),
    layers: ['eth', 'ipv6', 'ipv6.hopopts', 'ipv6.dstopts', 'tcp'],
    faults: [],
    ports: [49152, 80],
    payloadLength: 1,
    tshark: 'eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:tcp',
  },
  {
    title: 'bytes behind no next header',
    bytes: buildFrame(ethernet(), ipv6({ next: 59 }), [1, 2, 3, 4]),
    layers: ['eth', 'ipv6'],
    faults: [],
    payloadLength: 4,
    tshark: 'eth:ethertype:ipv6',
  },
  {
    title: 'IEEE 802.3 with LLC: spanning tree',
    bytes: hex(
      '0180c2000000 020000000001 0026 424203',
      '00 00 00 00 00',
      '8000020000000001 00000000 8000020000000001 8001 0000 1400 0200 0f00',
      '00 00 00 00 00 00 00 00',
    ),
    layers: ['eth', 'llc', 'stp'],
    faults: [],
    tshark: 'eth:llc:stp',
  },
  {
    title: 'IEEE 802.3 with SNAP: IPv4',
    bytes: buildFrame(ethernet({ length: snap.length + packet.length, padded: true }), [...snap, ...packet]),
    layers: ['eth', 'llc', 'ip', 'tcp'],
    faults: [],
    ports: [49152, 80],
    payloadLength: 0,
    tshark: 'eth:llc:ip:tcp',
  },
  {
    title: 'the options of a SYN',
    bytes: buildFrame(ethernet(), ipv4(), tcp({ flags: 2, options: synOptions })),
    layers: ['eth', 'ip', 'tcp'],
    faults: [],
    ports: [49152, 80],
    payloadLength: 0,
    tshark: 'eth:ethertype:ip:tcp',
  },
  {
    title: 'a TCP option of length 0',
    bytes: buildFrame(ethernet(), ipv4(), tcp({ options: [2, 0, 5, 0xb4] })),
    layers: ['eth', 'ip', 'tcp'],
    faults: ['tcp malformed'],
    ports: [49152, 80],
    payloadLength: 0,
    tshark: 'eth:ethertype:ip:tcp',
  },
];
