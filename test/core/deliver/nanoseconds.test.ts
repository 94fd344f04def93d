import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nanosecondWords } from '../../../core/deliver/nanoseconds.ts';

const words = new Int32Array(2);

function nanoseconds(seconds: number, fraction: number): bigint {
  nanosecondWords(seconds, fraction, words);
  return BigInt.asIntN(64, (BigInt(words[0]!) << 32n) | BigInt(words[1]! >>> 0));
}

test('are exact for every time that 64 bits hold', () => {
  const second = fc.oneof(
    fc.integer({ min: -9_223_372_036, max: 9_223_372_035 }),
    fc.constantFrom(-1, 0, 1, 4_294_967_295, 4_294_967_296, -65_536, 65_535),
  );
  fc.assert(
    fc.property(second, fc.integer({ min: 0, max: 999_999_999 }), (seconds, fraction) => {
      expect(nanoseconds(seconds, fraction)).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(fraction));
    }),
    { numRuns: 5000 },
  );
});

test('are the first or the last where 64 bits do not', () => {
  expect(nanoseconds(1e13, 5)).toBe(2n ** 63n - 1n);
  expect(nanoseconds(9_223_372_036, 0)).toBe(2n ** 63n - 1n);
  expect(nanoseconds(-1e13, 5)).toBe(-(2n ** 63n));
});
