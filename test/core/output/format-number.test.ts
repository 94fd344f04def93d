import { describe, expect, test } from 'vitest';
import { formatDecimals, formatNumber, formatNumberFull } from '../../../core/output/format-number.ts';

describe('formatNumber', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [-17, '-17'],
    [4294967296, '4294967296'],
    [2 ** 53, '9007199254740992'],
    [123456789012345680000, '123456789012345680000'],
    [1e21, '1e+21'],
    [-1.5e300, '-1.5e+300'],
  ])('writes the whole number %d in full', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test.each([
    [0.1 + 0.2, '0.3'],
    [2 / 3, '0.666666666667'],
    [-1 / 3, '-0.333333333333'],
    [1234567.891, '1234567.891'],
    [1234567890123.5, '1234567890120'],
    [999999999999.75, '1000000000000'],
    [0.0000012345678901234, '0.00000123456789012'],
    [1.25e-7, '1.25e-7'],
    [5e-324, '5e-324'],
  ])('gives %d 12 significant digits without trailing zeros', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test('never writes NaN or an infinity', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(formatNumber(value)).toBe('');
      expect(formatNumberFull(value)).toBe('');
      expect(formatDecimals(value, 9)).toBe('');
    }
  });
});

test('formatNumberFull reads back the same', () => {
  expect(formatNumberFull(0.1 + 0.2)).toBe('0.30000000000000004');
  expect(formatNumberFull(1e15)).toBe('1000000000000000');
});

test.each([
  [0, 9, '0.000000000'],
  [1, 9, '0.000000001'],
  [-1, 9, '-0.000000001'],
  [-1_500_000_000, 9, '-1.500000000'],
  [9007199254740991, 9, '9007199.254740991'],
  // 2^63 exactly: 9223372036854775808.
  [2 ** 63, 9, '9223372036.854775808'],
  [0.5, 9, '0.000000001'],
  [-0.4, 9, '0.000000000'],
  [1234, 3, '1.234'],
  [1234, 0, '1234'],
])('formatDecimals(%d, %d) is %s', (value, decimals, text) => {
  expect(formatDecimals(value, decimals)).toBe(text);
});
