import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setInteger } from '../../../core/output/int64.ts';

const words = new Int32Array(4);
const view = new BigInt64Array(words.buffer);

test('whole numbers are the integers that BigInt makes of them', () => {
  const whole = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.double({ min: -(2 ** 63), max: 2 ** 63 - 1024, noNaN: true }).map(Math.trunc),
    fc.constantFrom(0, -0, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32), 2 ** 53, -(2 ** 63), 2 ** 63 - 1024),
  );
  fc.assert(
    fc.property(whole, (value) => {
      expect(setInteger(words, 2, value)).toBe(true);
      expect(view[1]).toBe(BigInt(value));
    }),
  );
});

test('what does not fit becomes the nearest that does', () => {
  expect(setInteger(words, 0, 2 ** 63)).toBe(false);
  expect(view[0]).toBe(2n ** 63n - 1024n);
  expect(setInteger(words, 0, -1e300)).toBe(false);
  expect(view[0]).toBe(-(2n ** 63n));
});
