import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv6Text } from '../../../core/frame/text.ts';
import { ADDRESS_BYTES, writeHash, writeIpv4, writeIpv6 } from '../../../core/output/write-address.ts';

function textOf(write: (bytes: Uint8Array) => number): string {
  const bytes = new Uint8Array(64).fill(55);
  const end = write(bytes);
  expect(end - 3).toBeLessThanOrEqual(ADDRESS_BYTES);
  return Buffer.from(bytes.subarray(3, end)).toString('latin1');
}

const ipv4 = (word: number) => textOf((bytes) => writeIpv4(bytes, 3, word));

function ipv6(groups: readonly number[]): string {
  // One word of something else in front: the address need not begin at 0.
  const words = Uint32Array.from([0xdeadbeef, 0, 0, 0, 0]);
  groups.forEach((group, index) => {
    words[1 + (index >> 1)]! |= index % 2 === 0 ? group << 16 : group;
  });
  return textOf((bytes) => writeIpv6(bytes, 3, words, 1));
}

test('IPv4 addresses are dotted', () => {
  expect([0, 0xffffffff, 0x7f000001, 0x0a64c809].map(ipv4)).toEqual([
    '0.0.0.0',
    '255.255.255.255',
    '127.0.0.1',
    '10.100.200.9',
  ]);
  for (let byte = 0; byte < 256; byte += 1) expect(ipv4((byte << 24) | byte)).toBe(`${byte}.0.0.${byte}`);
});

describe('IPv6 addresses follow RFC 5952', () => {
  test.each([
    ['section 4.1, no leading zeros', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], '2001:db8::1'],
    ['section 4.2.1, as short as possible', [0x2001, 0xdb8, 0, 0, 0, 0, 2, 1], '2001:db8::2:1'],
    ['section 4.2.2, one zero group stays', [0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], '2001:db8:0:1:1:1:1:1'],
    ['section 4.2.3, the longest run', [0x2001, 0, 0, 1, 0, 0, 0, 1], '2001:0:0:1::1'],
    ['section 4.2.3, the first of equal runs', [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], '2001:db8::1:0:0:1'],
    ['section 4.3, lower case', [0xabcd, 0xef01, 1, 1, 1, 1, 1, 0xfedc], 'abcd:ef01:1:1:1:1:1:fedc'],
    ['section 5, IPv4-mapped', [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201], '::ffff:192.0.2.1'],
    ['IPv4-compatible, as inet_ntop', [0, 0, 0, 0, 0, 0, 0xc000, 0x201], '::192.0.2.1'],
    ['neither mapped nor compatible', [0, 0, 0, 0, 0, 1, 0xc000, 0x201], '::1:c000:201'],
    ['unspecified', [0, 0, 0, 0, 0, 0, 0, 0], '::'],
    ['loopback', [0, 0, 0, 0, 0, 0, 0, 1], '::1'],
    ['zeros at the end', [0xfe80, 0, 0, 0, 0, 0, 0, 0], 'fe80::'],
    ['all groups full', Array(8).fill(0xffff), 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('%s', (_, groups, text) => {
    expect(ipv6(groups)).toBe(text);
  });

  test('as the serialiser of the URL standard does, which knows no dotted quads', () => {
    const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        fc.pre(groups.slice(0, 5).some((one) => one !== 0));
        const { hostname } = new URL(`http://[${groups.map((one) => one.toString(16)).join(':')}]/`);
        expect(`[${ipv6(groups)}]`).toBe(hostname);
      }),
      { numRuns: 5000 },
    );
  });
});

test('rows and field texts agree', () => {
  const group = fc.oneof(fc.constantFrom(0, 0, 0xffff), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = Uint8Array.from(groups.flatMap((one) => [one >> 8, one & 0xff]));
      expect(ipv6(groups)).toBe(ipv6Text(bytes, 0));
    }),
    { numRuns: 5000 },
  );
});

test('hashes have 16 hex digits', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (hash) => {
      const words = Uint32Array.from([7, Number(hash >> 32n), Number(hash & 0xffffffffn)]);
      expect(textOf((bytes) => writeHash(bytes, 3, words, 1))).toBe(hash.toString(16).padStart(16, '0'));
    }),
  );
});
