import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDouble, writeDouble, writeShortest } from '../../../core/output/write-double.ts';

// What `str(x)` of Python 3 and `Double.toString(x)` of Java 17 print.
test.each([
  [0, '0.0', '0.0'],
  [54, '54.0', '54.0'],
  [-1.5, '-1.5', '-1.5'],
  [42.727272727272734, '42.727272727272734', '42.727272727272734'],
  [12345600, '12345600.0', '1.23456E7'],
  [9999999.5, '9999999.5', '9999999.5'],
  [1e7, '10000000.0', '1.0E7'],
  [0.001, '0.001', '0.001'],
  [0.00099, '0.00099', '9.9E-4'],
  [0.0001, '0.0001', '1.0E-4'],
  [0.00001, '1e-05', '1.0E-5'],
  [1.25e-7, '1.25e-07', '1.25E-7'],
  [1e15, '1000000000000000.0', '1.0E15'],
  [1e16, '1e+16', '1.0E16'],
  [1.5e300, '1.5e+300', '1.5E300'],
])('%f', (value, python, java) => {
  expect([formatDouble(value, 'python'), formatDouble(value, 'java')]).toEqual([python, java]);
});

test('nothing that is no number is written', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY].map((value) => formatDouble(value, 'java'))).toEqual(['', '']);
});

const text = (write: (bytes: Uint8Array, at: number) => number): string => {
  const bytes = Buffer.alloc(80, 120);
  return bytes.toString('latin1', 3, write(bytes, 3));
};
/** Numbers of every size, and such as come from dividing nanoseconds and from sums. */
const numbers = fc.oneof(
  fc.double(),
  fc.double({ min: -1e16, max: 1e16 }),
  fc.maxSafeInteger(),
  fc.maxSafeInteger().map((value) => value / 1e6),
  fc.tuple(fc.integer(), fc.integer({ min: 1, max: 1000 })).map(([sum, count]) => sum / count),
  fc.tuple(fc.integer(), fc.integer({ min: -20, max: 20 })).map(([digits, power]) => Number(`${digits}e${power}`)),
);

test('bytes are those of the text', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('python' as const, 'java' as const), (value, form) => {
      expect(text((bytes, at) => writeDouble(bytes, at, value, form))).toBe(formatDouble(value, form));
    }),
    { numRuns: 20_000 },
  );
});

test('the shortest text is that of String', () => {
  fc.assert(
    fc.property(numbers, (value) => {
      expect(text((bytes, at) => writeShortest(bytes, at, value))).toBe(String(value));
    }),
    { numRuns: 20_000 },
  );
});

test.each([0, -0, 0.5, 1e-6, 9.5e-7, 999999999.999999, 1e15, 1e21, 12345678.9, 1e7, 10000000.5, 120000000, 2 ** 53])(
  '%f at an edge',
  (value) => {
    for (const form of ['python', 'java'] as const)
      expect(text((bytes, at) => writeDouble(bytes, at, value, form))).toBe(formatDouble(value, form));
    expect(text((bytes, at) => writeShortest(bytes, at, value))).toBe(String(value));
  },
);
