import { hex } from '../../../core/testing.ts';
import { buildFrame, ethernet, ipv4, ipv6, tcp } from '../../../dissectors/build.ts';

const withOptions = (flags: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv4(), tcp({ flags, options: [...hex(...dumps)] }));
const under6 = (next: number, ...dumps: readonly string[]): Uint8Array =>
  buildFrame(ethernet(), ipv6({ next }), hex(...dumps));

const address = '20010db8 00000000 00000000 00000001';
const key = '01020304 05060708';

export const multipathOpens = withOptions(0x10, `1e18 01 a1 ${key} 11121314 15161718 0010 1234`); // MP_CAPABLE
export const multipathJoins = withOptions(0x02, '1e0c 11 05 0a0b0c0d 01020304'); // MP_JOIN
export const multipathAnswers = withOptions(0x12, `1e10 10 05 ${key} 01020304`);
export const multipathData = withOptions(0x10, `1e1a 20 0f ${key} 11121314 15161718 00000001 0010`); // DSS
export const multipathAdds = withOptions(0x10, `1e1e 30 07 ${address} 1f90 ${key}`); // ADD_ADDR
export const multipathRest = withOptions(0x10, '1e05 40 07 08', '1e04 51 07', `1e0c 60 00 ${key}`, '1e04 81 02');
export const oldOptions = withOptions(
  0x10,
  '0606 01020304',
  '0b06 00000007',
  'ac0b 000001 000002 000003',
  '6305 010203',
);

export const routerAdvertisement = under6(
  58,
  '86 00 0000 40 c8 0708 00000001 00000002',
  `0304 40 c0 00000e10 00000708 00000000 ${address}`, // prefix
  '0501 0000 000005dc', // MTU
  '0701 0000 000003e8', // interval
  '0801 0000 0005 0708', // home agent
  '1802 40 08 00000e10 20010db8 00000001', // route
  `1903 0000 00000e10 ${address}`, // recursive DNS server
  '1f03 0000 00000e10 03666f6f 03636f6d 00 0161 00 00000000', // search list
);
export const neighborSolicitation = under6(
  58,
  `87 00 0000 00000000 ${address}`,
  '0101 020000000001', // source
  '0e01 010203040506', // nonce
  '2102 00 000000 0005 01020304 05060708', // registration
);
export const listenerQuery = under6(58, `82 00 0000 2710 0000 ${'00'.repeat(16)} 0a 7d 0001 ${address}`);
export const listenerReport = under6(
  58,
  '8f 00 0000 0000 0001',
  `04 01 0001 ff020000 00000000 00000000 00000005 ${address} 01020304`,
);

export const compressedRoute = under6(43, '3b 02 03 02 99 20 0000', 'aabbccddeeff11 aabbccddeeff22 0000');
export const homeTest = under6(135, `3b 02 03 00 1234 0001 ${key} 11121314 15161718`);
export const bindingUpdate = under6(
  135,
  '3b 04 05 00 1234 0005 c000 0064',
  `0310 ${address}`, // alternate care-of address
  '0404 0001 0002', // nonce indices
  '0000 0000',
);
export const bindingAcknowledgement = under6(135, '3b 01 06 00 1234 01 80 0005 0064', '0202 0064');
