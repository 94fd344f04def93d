import { hex, type Sample } from '../../../core/testing.ts';
import { buildFrame, ethernet, extension, ipv4, ipv6, message, tag, tcp, udp } from '../../../dissectors/build.ts';

const stamped = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2, 2, 4, 5, 0xb4];
const route = [131, 11, 8, 192, 0, 2, 1, 192, 0, 2, 2, 1, 68, 12, 13, 1, 192, 0, 2, 1, 0, 0, 0, 9];
const options = [5, 2, 0, 0, 1, 2, 0, 0, 0xc2, 4, 0, 0, 0, 1];
const segments = [4, 0, 0, 0, 0, 0, 0xfd, ...new Array<number>(14).fill(0), 9];
const target = [0xfd, ...new Array<number>(14).fill(0), 9];
const under4 = (protocol: number, ...bytes: string[]) => buildFrame(ethernet(), ipv4({ protocol }), hex(...bytes));
const under6 = (next: number, ...bytes: string[]) => buildFrame(ethernet(), ipv6({ next }), hex(...bytes));

/** By name of the dissector: a frame that holds it, for the contract suite. */
export const samples: Readonly<Record<string, Sample>> = {
  eth: { bytes: buildFrame(ethernet({ padded: true, trailer: [1, 2, 3, 4] }), ipv4(), udp(), [1, 2]) },
  null: { bytes: hex('02 00 00 00', '45'), linkType: 0 },
  raw: { bytes: buildFrame(ipv4(), udp(), [1]), linkType: 101 },
  sll: { bytes: hex('0004 0001 0006 02000000000a 0000 0004', '42 42 03'), linkType: 113 },
  sll2: { bytes: hex('0004 0000 00000014 0001 03 06 02000000000a 0000', '42 42 03'), linkType: 276 },
  ieee8021ad: { bytes: buildFrame(ethernet(), tag({ tag: 0x88a8 }), tag(), ipv4(), udp()) },
  vlan: { bytes: buildFrame(ethernet(), tag(), tag({ type: 3 }), [0x42, 0x42, 3, 0, 0]) },
  llc: { bytes: buildFrame(ethernet({ length: 10 }), hex('aa aa 03 00000c 2000 0102')) },
  arp: {
    bytes: buildFrame(
      ethernet({ type: 0x0806, padded: true }),
      hex('0001 0800 06 04 0001', '020000000001 0a000001 000000000000 0a000002'),
    ),
  },
  ip: { bytes: buildFrame(ethernet(), ipv4({ options: route }), udp(), [1, 2]) },
  ipv6: { bytes: buildFrame(ethernet(), ipv6(), udp(), [1, 2]) },
  'ipv6.hopopts': { bytes: buildFrame(ethernet(), ipv6({ length: 0 }), extension(0, options), udp(), [1]) },
  'ipv6.routing': { bytes: buildFrame(ethernet(), ipv6(), extension(43, segments), udp(), [1]) },
  'ipv6.fraghdr': { bytes: under6(44, '11 00 0001 01020304', 'c000 0035 0009 0000 01') },
  'ipv6.dstopts': { bytes: buildFrame(ethernet(), ipv6(), extension(60, options), udp(), [1]) },
  ah: { bytes: under4(51, '11 04 0000 00000100 00000007 aabbccdd eeff0011 22334455', 'c000 0035 0009 0000 01') },
  mipv6: { bytes: under6(135, '3b 01 05 00 1234 0074 c000 0e10 01 02 0000') },
  hip: { bytes: under6(139, '3b 04 01 21 1234 0001', '01'.repeat(32)) },
  shim6: { bytes: under6(140, '11 00 80 00 00000001', 'c000 0035 0009 0000 01') },
  tcp: { bytes: buildFrame(ethernet(), ipv4(), tcp({ options: stamped }), [1, 2, 3]) },
  udp: { bytes: buildFrame(ethernet(), ipv4(), udp(), [1, 2, 3]) },
  icmp: { bytes: buildFrame(ethernet(), ipv4(), message(4, 3, 4, [0, 0, 5, 0]), buildFrame(ipv4(), udp())) },
  icmpv6: {
    bytes: buildFrame(ethernet(), ipv6(), message(6, 134), [
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      2,
      3,
      4,
      64,
      0xc0,
      0,
      0,
      0,
      9,
      0,
      0,
      0,
      9,
      0,
      0,
      0,
      0,
      ...target,
      25,
      3,
      0,
      0,
      0,
      0,
      0,
      9,
      ...target,
    ]),
  },
  esp: { bytes: under4(50, '00000200 00000008 deadbeef') },
};
