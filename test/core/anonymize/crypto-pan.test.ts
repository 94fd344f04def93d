import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CryptoPan } from '../../../core/anonymize/crypto-pan.ts';
import { formatAddress, parseAddress } from '../../../core/expression/address.ts';

/** Key and pairs of the sample trace in the distribution of Crypto-PAn 1.0 (Xu, Fan, Ammar, Moon). */
const KEY = Uint8Array.of(
  ...[21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16],
  ...[216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2],
);
const PAIRS = `
128.11.68.132 135.242.180.132
129.118.74.4 134.136.186.123
130.132.252.244 133.68.164.234
141.223.7.43 141.167.8.160
141.233.145.108 141.129.237.235
152.163.225.39 151.140.114.167
156.29.3.236 147.225.12.42
165.247.96.84 162.9.99.234
166.107.77.190 160.132.178.185
192.102.249.13 252.138.62.131
192.215.32.125 252.43.47.189
192.233.80.103 252.25.108.8
192.41.57.43 252.222.221.184
193.150.244.223 253.169.52.216
195.205.63.100 255.186.223.5
198.200.171.101 249.199.68.213
198.26.132.101 249.36.123.202
198.36.213.5 249.7.21.132
198.51.77.238 249.18.186.254
199.217.79.101 248.38.184.213
202.49.198.20 245.206.7.234
203.12.160.252 244.248.163.4
204.184.162.189 243.192.77.90
204.202.136.230 243.178.4.198
204.29.20.4 243.33.20.123
205.178.38.67 242.108.198.51
205.188.147.153 242.96.16.101
207.105.49.5 241.118.205.138
208.147.89.59 227.237.98.191
209.12.231.7 226.243.167.8
212.120.124.31 228.135.163.231
216.148.237.145 235.84.194.111
24.0.250.221 100.15.198.226
38.15.67.68 64.3.66.187
4.3.88.225 124.60.155.63
63.14.55.111 95.9.215.7
64.14.118.196 0.255.183.58
10.185.25.118 117.161.29.118`;

const pairsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(' '));

const mapped = (pan: CryptoPan, address: string): string => formatAddress(pan.text(parseAddress(address)!.value));

/** Bits that two addresses have in common from the front. */
function commonBits(a: Uint8Array, b: Uint8Array): number {
  for (let bit = 0; bit < 8 * a.length; bit += 1) {
    if (((a[bit >> 3]! ^ b[bit >> 3]!) >> (7 - (bit & 7))) & 1) return bit;
  }
  return 8 * a.length;
}

describe('Crypto-PAn', () => {
  it.each(pairsOf(PAIRS))('maps %s to %s, as the reference program does', (from, to) => {
    const pan = new CryptoPan(KEY);
    expect(mapped(pan, from!)).toBe(to);
    const word = from!.split('.').reduce((all, part) => all * 256 + Number(part), 0);
    const expected = to!.split('.').reduce((all, part) => all * 256 + Number(part), 0);
    expect(pan.ipv4(word)).toBe(expected);
    expect(pan.ipv4(word | 0)).toBe(expected);
  });

  // From the tests of Yawning Angel's Go program (the same key) and from the Python package yacryptopan 1.0.2 (bytes 0 to 31).
  it.each([
    [KEY, '::1', '78ff:f001:9fc0:20df:8380:b1f1:704:ed'],
    [KEY, '::2', '78ff:f001:9fc0:20df:8380:b1f1:704:ef'],
    [KEY, '::ffff', '78ff:f001:9fc0:20df:8380:b1f1:704:f838'],
    [KEY, '2001:db8::1', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e'],
    [KEY, '2001:db8::2', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c'],
    [Uint8Array.from({ length: 32 }, (_, i) => i), '2001:db8::1', 'dd92:2c44:3fc0:ff1e:7ff9:c7f0:8180:7e00'],
    [Uint8Array.from({ length: 32 }, (_, i) => i), '192.0.2.1', '2.90.93.17'],
  ])('maps IPv6 as other programs do', (key, from, to) => {
    expect(mapped(new CryptoPan(key), from)).toBe(to);
  });

  it('keeps the length of the common prefix of any two addresses, and nothing else', () => {
    const pan = new CryptoPan(KEY);
    for (const length of [4, 6, 16]) {
      const address = fc.uint8Array({ minLength: length, maxLength: length });
      fc.assert(
        fc.property(address, address, fc.integer({ min: 0, max: 8 * length - 1 }), (a, other, shared) => {
          const b = Uint8Array.from(other, (byte, i) => {
            const kept = Math.min(8, Math.max(0, shared - 8 * i));
            const mask = (0xff00 >> kept) & 0xff;
            return (a[i]! & mask) | (byte & ~mask & 0xff);
          });
          const [x, y] = [Uint8Array.from(a), Uint8Array.from(b)];
          pan.bytes(x);
          pan.bytes(y);
          expect(commonBits(x, y)).toBe(commonBits(a, b));
        }),
      );
    }
  });
});
