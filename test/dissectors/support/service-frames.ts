import { hex } from '../../../core/testing.ts';
import { buildFrame, ethernet, ipv4, ipv6, tcp, udp } from '../../../dissectors/build.ts';

/** A datagram to a port of a service. */
export const datagram = (port: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4(), udp({ source: 40_001, destination: port }), hex(...dumps));
/** The same between two ports. */
export const between = (source: number, destination: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4(), udp({ source, destination }), hex(...dumps));
export const datagram6 = (port: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv6(), udp({ source: 546, destination: port }), hex(...dumps));
/** A segment to a port. */
export const segment = (port: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4(), tcp({ source: 40_001, destination: port }), hex(...dumps));
/** A packet of an IP protocol. */
export const packet = (protocol: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4({ protocol }), hex(...dumps));
export const packet6 = (next: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv6({ next }), hex(...dumps));
export const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

/** An answer with a compressed name, an address and EDNS with a cookie and a client subnet. */
export const dnsAnswer = [
  '1234 8180 0001 0002 0000 0001',
  '03 777777 07 6578616d706c65 03 6f7267 00 0001 0001 # www.example.org A IN',
  'c00c 0005 0001 0000003c 0006 03 776562 c010 # CNAME web.example.org',
  'c02d 0001 0001 0000003c 0004 c0000201 # A 192.0.2.1',
  '00 0029 04d0 00 00 8000 0017 # OPT, 1232 bytes, DNSSEC accepted',
  '000a 0008 0102030405060708',
  '0008 0007 0001 18 00 c00002',
];
export const dnsFrame = datagram(53, ...dnsAnswer);

export const mdnsFrame = between(
  5353,
  5353,
  '0000 8400 0000 0002 0000 0000',
  '05 5f68747470 04 5f746370 05 6c6f63616c 00 000c 0001 00001194 0006 03 77656c c00c # _http._tcp.local PTR',
  'c028 0021 8001 00000078 000f 0000 0000 0050 04 686f7374 c017 0000 # SRV, flush',
);

export const llmnrFrame = datagram(5355, '4321 0000 0001 0000 0000 0000', '04 686f7374 00 001c 0001');

export const nbnsFrame = between(
  137,
  137,
  '8001 2910 0001 0000 0000 0001',
  '20 464845504643454c4548464345504646 4641434143414341434143414341424c 00 0020 0001 # WORKGROUP<1b>',
  'c00c 0020 0001 000493e0 0006 e000 0a00020f',
);

export const dhcpFrame = between(
  68,
  67,
  '01 01 06 00 3903f326 0000 8000 # discover, broadcast',
  '00000000 00000000 00000000 00000000 000b82 01fc42 00000000000000000000',
  '00'.repeat(192),
  '63825363',
  '35 01 01 # message type',
  '3d 07 01 000b8201fc42 # client id',
  '32 04 00000000 # requested address',
  '37 04 01 03 06 2a # parameter list',
  `0c 04 ${ascii('host')}`,
  'ff 00 00 00',
);

export const dhcpv6Frame = datagram6(
  547,
  '01 a630b6 # solicit',
  '0008 0002 05dc # 15 s',
  '0001 000e 0001 0001 1771b601 082e5f763297',
  '0003 0028 16685d43 00000000 00000000 0005 0018 fd000000000000000000000000000009 00000e10 00001c20',
  '0006 0004 0017 0018',
);

/** RFC 5905's packet, as an answer of a server of stratum 2. */
export const ntpFrame = between(
  123,
  123,
  '24 02 06 ec 00000450 000003ab 83bc03df',
  'd94f5213 3165b24d d9442ed5 3033e8d6 d94f5244 2d2700e6 d94f5244 2d2f0bc0',
);

export const snmpFrame = datagram(
  161,
  `30 2a 02 01 01 04 06 ${ascii('public')} # version 2c`,
  'a2 1d 02 04 12345678 02 01 00 02 01 00 # response',
  '30 0f 30 0d 06 08 2b06010201010300 43 01 2a # sysUpTime.0 = 42',
);

export const ssdpFrame = datagram(
  1900,
  ascii('M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n'),
);

export const tftpFrame = datagram(
  69,
  '0001',
  `${ascii('rfc1350.txt')} 00 ${ascii('octet')} 00 ${ascii('tsize')} 00 30 00`,
);

export const syslogFrame = datagram(514, ascii("<34>Oct 11 22:14:15 mymachine su: 'su root' failed"));

export const radiusFrame = datagram(
  1812,
  '01 00 0038 0f403f9473978057bd83d5cb98f4227a # RFC 2865, 7.1',
  '01 06 6e656d6f',
  '02 12 0dbe708d93d413ce3196e43f782a0aee',
  '04 06 c0a80110',
  '05 06 00000003',
);

/** RFC 5769, 2.2: an answer with a hidden address. */
export const stunFrame = between(
  3478,
  40_001,
  '0101 003c 2112a442 b7e7a701bc34d686fa87dfae',
  '8022 000b 7465737420766563746f72 20',
  '0020 0008 00 01 a147 e112a643',
  '0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7',
  '8028 0004 c07d4c96',
);

export const rtpFrame = between(30_000, 40_392, '80 88 0b4c 000000a0 44a1b2c3', 'd5'.repeat(160));

export const rtcpFrame = between(
  30_001,
  40_393,
  '81 c8 000c aabbccdd e0000000 80000000 000000a0 0000000a 00000640 # sender report',
  '11111111 20 fffffe 00010002 00000007 12345678 00010000',
  '81 ca 0003 aabbccdd 01 04 6e616d65 0000 # description',
);

export const cflowFrame = datagram(
  4739,
  '000a 0034 6553f100 00000051 00000006 # IPFIX',
  '0002 0014 0100 0003 0008 0004 000c 0004 0001 0004 # a template',
  '0100 0010 0a000001 0a000002 00000063',
);

export const igmpFrame = packet(
  2,
  '22 00 0000 0000 0002 # version 3 report',
  '01 00 0001 e0000005 0a000007',
  '04 00 0000 e00000fb',
);

export const pimFrame = packet(
  103,
  '20 00 0000 # hello',
  '0001 0002 0069',
  '0002 0004 81f4 09c4',
  '0013 0004 00000001',
  '0014 0004 abcdef01',
);

export const ospfFrame = packet(
  89,
  '02 01 0030 01010101 00000000 0000 0000 0000000000000000 # hello',
  'ffffff00 000a 12 01 00000028 0a000001 0a000002 03030303',
);

export const vrrpFrame = packet(112, '21 01 64 01 00 01 0000 0a000007 0000000000000000');

export const eigrpFrame = packet(
  88,
  '02 05 0000 00000000 00000000 00000000 0000 0064',
  '0001 000c 01 00 01 00 00 00 000f',
  '0004 0008 0c 04 01 02',
);
