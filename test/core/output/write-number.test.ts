import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDecimals, formatNumber, formatNumberFull } from '../../../core/output/format-number.ts';
import { writeUnsigned } from '../../../core/output/write-digits.ts';
import { NUMBER_BYTES, writeNumber } from '../../../core/output/write-number.ts';
import { DECIMALS_BYTES, TIME_BYTES, writeDecimals, writeTime } from '../../../core/output/write-seconds.ts';

// Filled with a digit, so that a byte that was not written shows.
const bytes = new Uint8Array(512).fill(55);

function textOf(bound: number, write: (at: number) => number): string {
  bytes.fill(55);
  const end = write(5);
  expect(end - 5).toBeLessThanOrEqual(bound);
  expect(bytes.subarray(0, 5).every((byte) => byte === 55)).toBe(true);
  expect(bytes.subarray(5 + bound).every((byte) => byte === 55)).toBe(true);
  return Buffer.from(bytes.subarray(5, end)).toString('latin1');
}

const written = (value: number) => textOf(NUMBER_BYTES, (at) => writeNumber(bytes, at, value));

/** The rule, from the standard's functions alone. */
const ruled = (value: number) =>
  Number.isFinite(value) ? String(Number.isInteger(value) ? value : Number(value.toPrecision(12))) : '';

/** The next float64 after a number, away from zero. */
function next(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0);
}

const neighbours = (value: number) => [value, next(value), -value, 2 * value - next(value)];

/** Numbers of every magnitude, with as many digits as there are magnitudes. */
const spread = fc
  .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -320, max: 308 }), fc.boolean())
  .map(([digits, exponent, negative]) => Number(`${negative ? '-' : ''}${digits}e${exponent}`));

/** Magnitudes at which bytes are written directly. */
const near = fc
  .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -8, max: 18 }))
  .map(([digits, exponent]) => digits * 10 ** exponent);

/** Exact halves of a unit in the 12th digit, and what lies next to them. */
const ties = fc
  .tuple(
    fc.integer({ min: 100_000_000_000, max: 999_999_999_999 }),
    fc.integer({ min: 0, max: 17 }),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([digits, exponent, which]) => neighbours((digits + 0.5) / 10 ** exponent)[which]!);

/** Few decimals, as sums and means of lengths have. */
const short = fc
  .tuple(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: 1, max: 12 }))
  .map(([digits, decimals]) => Number(`${digits}e-${decimals}`));

const fractions = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 5000 }))
  .map(([numerator, denominator]) => numerator / denominator);

const any = fc.oneof(
  spread,
  near,
  ties,
  short,
  fractions,
  fc.double(),
  fc.maxSafeInteger(),
  fc.integer(),
  fc.float(),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(Number),
);

describe('writeNumber', () => {
  test('writes what the rule says, for any number', () => {
    fc.assert(
      fc.property(any, (value) => {
        expect(written(value)).toBe(ruled(value));
        expect(formatNumber(value)).toBe(ruled(value));
      }),
      { numRuns: 50_000 },
    );
  });

  test('writes what the rule says around every power of two and ten', () => {
    const powers = [
      ...Array.from({ length: 2000 }, (_, index) => 2 ** (index - 1000)),
      ...Array.from({ length: 600 }, (_, index) => Number(`1e${index - 300}`)),
      ...Array.from({ length: 30 }, (_, index) => Number(`999999999999.5e${index - 20}`)),
    ];
    for (const value of powers.flatMap(neighbours)) expect(written(value)).toBe(ruled(value));
  });

  test('writes every number of up to four digits, and every carry', () => {
    for (let value = -10_000; value <= 10_000; value += 1) expect(written(value)).toBe(String(value));
    for (let power = 10; power < 2 ** 53; power *= 10) {
      for (const value of [power - 1, power, power + 1, -power]) expect(written(value)).toBe(String(value));
    }
  });

  test('writes nothing for NaN and the infinities, and zero without a sign', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(written)).toEqual(['', '', '']);
    expect(written(-0)).toBe('0');
  });

  test('takes another text for numbers that are not whole', () => {
    const full = (value: number) => textOf(NUMBER_BYTES, (at) => writeNumber(bytes, at, value, formatNumberFull));
    fc.assert(
      fc.property(any, (value) => {
        expect(full(value)).toBe(Number.isFinite(value) ? String(value) : '');
      }),
    );
  });
});

test('writeUnsigned writes every whole number a float64 holds', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      expect(textOf(16, (at) => writeUnsigned(bytes, at, value))).toBe(BigInt(value).toString());
    }),
    { numRuns: 10_000 },
  );
});

describe('writeTime', () => {
  const time = (seconds: number, nanoseconds: number) =>
    textOf(TIME_BYTES, (at) => writeTime(bytes, at, seconds, nanoseconds));

  test.each([
    [1622110650, 591424000, '1622110650.591424000'],
    [4323283200, 0, '4323283200.000000000'],
    [0, 1, '0.000000001'],
    [-1, 999999999, '-0.000000001'],
    [-1, 0, '-1.000000000'],
    [-2, 500000000, '-1.500000000'],
  ])('%d s and %d ns', (seconds, nanoseconds, text) => {
    expect(time(seconds, nanoseconds)).toBe(text);
  });

  test('is seconds * 10^9 + nanoseconds, whatever the sign', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 999_999_999 }), (seconds, nanoseconds) => {
        const text = time(seconds, nanoseconds);
        expect(text).toMatch(/^-?\d+\.\d{9}$/);
        expect(BigInt(text.replace('.', ''))).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
      }),
    );
  });
});

test('writeDecimals moves the point and no digit', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer()), fc.integer({ min: 1, max: 9 }), (value, decimals) => {
      const text = textOf(DECIMALS_BYTES, (at) => writeDecimals(bytes, at, value, decimals));
      expect(text.split('.')[1]).toHaveLength(decimals);
      expect(BigInt(text.replace('.', ''))).toBe(BigInt(value));
      expect(text).toBe(formatDecimals(value, decimals));
    }),
    { numRuns: 20_000 },
  );
  fc.assert(
    fc.property(fc.double(), fc.integer({ min: 0, max: 12 }), (value, decimals) => {
      expect(textOf(DECIMALS_BYTES, (at) => writeDecimals(bytes, at, value, decimals))).toBe(
        formatDecimals(value, decimals),
      );
    }),
  );
});
