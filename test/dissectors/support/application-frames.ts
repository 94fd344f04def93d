import { hex } from '../../../core/testing.ts';
import { buildFrame, ethernet, ipv4, tcp, udp } from '../../../dissectors/build.ts';

/** A segment to (or with `from` from) a port of a server, that carries these bytes. */
export const toTcp = (destination: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4(), tcp({ destination, flags: 0x18 }), hex(...dumps));
export const fromTcp = (source: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(
    ethernet(),
    ipv4({ source: '10.0.0.2', destination: '10.0.0.1' }),
    tcp({ source, destination: 49152, flags: 0x18 }),
    hex(...dumps),
  );
export const toUdp = (destination: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4(), udp({ destination }), hex(...dumps));
export const inIp = (protocol: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4({ protocol }), hex(...dumps));

/** Text with its line breaks, as a hex dump. */
export const lines = (...texts: readonly string[]): string =>
  Array.from(new TextEncoder().encode(`${texts.join('\r\n')}\r\n`), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
/** A length in so many bytes, and what it counts. */
const sized = (bytes: number, ...dumps: readonly string[]): string =>
  `${hex(...dumps)
    .length.toString(16)
    .padStart(2 * bytes, '0')} ${dumps.join(' ')}`;
const letters = (text: string): string => lines(text).slice(0, -4);
const random = '01020304 05060708 090a0b0c 0d0e0f10 11121314 15161718 191a1b1c 1d1e1f20';

export const clientHello = toTcp(
  443,
  '16 0301', // record: handshake
  sized(
    2,
    '01', // ClientHello
    sized(
      3,
      '0303',
      random,
      sized(1, 'aabbccdd'), // session
      sized(2, '0a0a 1301 c02b 002f'), // cipher suites, GREASE first
      sized(1, '00'), // compression
      sized(
        2,
        '1a1a 0000', // GREASE
        `0000 ${sized(2, sized(2, '00', sized(2, letters('example.org'))))}`, // server name
        '0005 0005 01 0000 0000', // status request
        `000a ${sized(2, sized(2, '2a2a 001d 0017'))}`, // groups
        '000b 0002 01 00', // point formats
        `000d ${sized(2, sized(2, '0403 0804'))}`, // signature algorithms
        `0010 ${sized(2, sized(2, sized(1, letters('h2')), sized(1, letters('http/1.1'))))}`, // application protocols
        `002b ${sized(2, sized(1, '0304 0303'))}`, // versions
        '002d 0002 01 01', // key exchange modes
        `0033 ${sized(2, sized(2, '001d', sized(2, '0a0b0c0d')))}`, // key shares
        'ff01 0001 00', // renegotiation
        '001c 0002 4001', // record size limit
        '0015 0003 000000', // padding
      ),
    ),
  ),
);

export const serverFlight = fromTcp(
  443,
  `16 0303 ${sized(2, '02', sized(3, '0303', random, '00  c02b  00', sized(2, `0010 ${sized(2, sized(2, sized(1, '6832')))}`)))}`,
  '16 0303', // ServerKeyExchange and ServerHelloDone
  sized(2, '0c', sized(3, '03 001d', sized(1, '01020304'), '0403', sized(2, '0a0b0c0d0e0f10')), '0e 000000'),
  '14 0303 0001 01', // change of the cipher specification
  '16 0303 0010 00000000 00000000 b1b2b3b4 b5b6b7b8', // encrypted
  '15 0303 0002 02 28', // alert
  '17 0303 0004 deadbeef', // application data
);

export const serverCertificate = fromTcp(443, `16 0303 ${sized(2, '0b', sized(3, sized(3, sized(3, '30820102'))))}`);

export const dtlsHello = toUdp(
  4740,
  '16 feff 0000 000000000001', // record
  sized(
    2,
    '01 00003f 0001 000000', // ClientHello, whole
    sized(
      3,
      'fefd',
      random,
      '00', // session
      sized(1, 'c0c1'), // cookie
      sized(2, 'c02b 00ff'), // cipher suites
      sized(1, '00'), // compression
      sized(2, `000e ${sized(2, sized(2, '0007 0001'), '00')}`, '0017 0000'), // secure RTP
    ),
  ),
);

const chunk = (type: string, flags: string, body: string): string => {
  const size = hex(body).length;
  return `${type} ${flags} ${(size + 4).toString(16).padStart(4, '0')} ${body} ${'00'.repeat((4 - (size % 4)) % 4)}`;
};
const association = '9c40 0b59  01020304  00000000';

export const sctpInit = inIp(
  132,
  association,
  chunk(
    '01',
    '00',
    `00000001 0000ffff 0001 0002 00000005 ${chunk('00', '05', '0a000001')} ${chunk('80', '08', 'c18082')} ${chunk('00', '0b', '61626300')}`,
  ),
);
export const sctpMixed = inIp(
  132,
  association,
  chunk('03', '00', '00000001 0000ffff 0002 0001 0002 0003 0005 0006 00000009'), // SACK
  chunk('00', '03', '00000005 0001 0002 00000033 616263'), // DATA
  chunk('06', '01', '000c 0007 627965 00'), // ABORT with a cause
);

export const dccpRequest = inIp(33, '9c40 1389 07 12 abcd 01 00 0000 00000002', '2a2a2a2a', '2005 0102 03 00 0000'); // Request
export const dccpShort = inIp(33, '9c40 1389 05 00 abcd 06 000102', '00 000007', '2604 c001'); // Ack with short numbers
export const udpliteFrame = inIp(136, '9c40 270f 0008 1234', '68656c6c6f');

export const modbusRead = toTcp(502, '0007 0000 0006 01', '03 006b 0003');
export const modbusAnswer = fromTcp(502, '0007 0000 0009 01', '03 06 022b 0000 0064');
export const modbusTwo = toTcp(
  502,
  '0007 0000 000b 01',
  '10 0001 0002 04 000a 0102',
  '0008 0000 0006 01',
  '05 00ac ff00',
);
export const modbusException = fromTcp(502, '0007 0000 0003 01', '83 02');

const marker = 'ffffffff ffffffff ffffffff ffffffff';
export const bgpOpen = toTcp(
  179,
  `${marker} 003b 01`,
  '04 5ba0 00b4 01020304 1e', // version, AS 23456, hold time, identifier
  '0206 0104 0002 00 01', // multiprotocol: IPv6 unicast
  '0206 4104 0001fde8', // four-byte AS number
  '0208 4006 8078 0001 01 80', // graceful restart
  '0202 4600', // enhanced route refresh
);
export const bgpUpdate = toTcp(
  179,
  `${marker} 004c 02`,
  '0004 18 0a0102', // withdrawn
  '002b',
  '40 01 01 00', // ORIGIN
  '50 02 000a 0202 0001fde9 0000fde8', // AS_PATH of four-byte numbers
  '40 03 04 0a000001', // NEXT_HOP
  '80 04 04 00000064', // MULTI_EXIT_DISC
  'c0 08 08 fde80001 ffffff01', // COMMUNITIES
  '18 0a0203', // reachable
  '08 0b',
  `${marker} 0013 04`, // KEEPALIVE
);

export const mqttConnect = toTcp(
  1883,
  '10 1d',
  `0004 ${letters('MQTT')} 04 c6 003c`,
  `0001 ${letters('c')}`,
  `0001 ${letters('w')} 0001 ${letters('m')}`, // will
  `0001 ${letters('u')} 0004 ${letters('pass')}`,
);
export const mqttFlow = toTcp(
  1883,
  `82 08 0001 0003 ${letters('a/b')} 01`, // SUBSCRIBE
  `32 0a 0003 ${letters('a/b')} 0002 ${letters('hey')}`, // PUBLISH
  'c0 00', // PINGREQ
);
export const mqttAnswers = fromTcp(1883, '20 02 01 00', '90 03 0001 01', '40 02 0002'); // CONNACK, SUBACK, PUBACK

const list = (text: string) => `${text.length.toString(16).padStart(8, '0')} ${letters(text)}`;
export const sshBanner = toTcp(22, lines('SSH-2.0-Test_1.0 comment'));
export const sshKeys = toTcp(
  22,
  sized(
    4,
    '05 14', // padding, KEXINIT
    'a0a1a2a3 a4a5a6a7 a8a9aaab acadaeaf', // cookie
    list('kex1,kex2'),
    list('ssh-rsa'),
    `${list('aes1')} ${list('aes2')}`,
    `${list('mac1')} ${list('mac2')}`,
    `${list('none')} ${list('zlib')}`,
    `${list('')} ${list('')}`,
    '00 00000000', // no guess follows
    '0000000000',
  ),
);

const smb2Header = (command: string, flags: string, rest: string) =>
  `fe534d42 4000 0100 00000000 ${command} 0100 ${flags} 00000000 0500000000000000 ${rest} 6900000000000010 ${'00'.repeat(16)}`;
export const smb2Negotiate = toTcp(
  445,
  '00 000068',
  smb2Header('0000', '00000000', 'fffe0000 00000000'),
  '2400 0200 01 00 0000 77000000', // two dialects
  '01020304 0506 0708 090a 0b0c0d0e0f10', // GUID
  '00000000 0000 0000',
  '0202 1003',
);
export const smb2Answer = fromTcp(
  445,
  '00 000049',
  smb2Header('0100', '03000000', '2a00000000000000'), // asynchronous
  '0900 0100 4800 0000 00',
);
export const smb2Encrypted = toTcp(
  445,
  '00 000038',
  `fd534d42 ${'a1'.repeat(16)} ${'b2'.repeat(16)} 04000000 0000 0100 6900000000000010`,
  'deadbeef',
);

export const sipInvite = toUdp(
  5060,
  lines(
    'INVITE sip:bob@example.org:5070;user=phone SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK74;rport=5061;received=192.0.2.9',
    'f: "Alice" <sip:alice@[2001:db8::1]:5062>;tag=88',
    'To: <sip:bob@example.org>;tag=99',
    'i: call-1',
    'Contact: <sip:alice@192.0.2.1>;expires=60',
    'CSeq: 4 INVITE',
    'Authorization: Digest username="alice", realm="a, b", nonce="n1", uri="sip:x", response="r1", qop=auth',
    'Max-Forwards: 70',
    'Subject: one',
    '  two',
    'Content-Length: 0',
    '',
  ),
);
export const sipStatus = fromTcp(
  5060,
  lines('SIP/2.0 486 Busy Here', 'Via: SIP/2.0/TCP h', 'CSeq: 4 INVITE', 'l: 0', ''),
);

export const httpRequests = toTcp(
  80,
  lines(
    'POST /a/b?x=1&&y=%20 HTTP/1.1',
    'Host: example.org',
    'User-Agent: test',
    'Cookie: a=1; b=2',
    'Content-Length: 3',
    '',
  ),
  letters('abc'),
  lines('GET / HTTP/1.0', 'X-Other: 7', ''),
);
export const httpResponses = fromTcp(
  80,
  lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Content-Type: text/plain', '', '3', 'abc', '0', ''),
  lines('HTTP/1.1 404 Not Found', 'Set-Cookie: s=1', 'Content-Length: 0', ''),
);
