import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DURATION_PATTERN, formatDuration, parseDuration } from '../../../core/run/duration.ts';

test.each([
  ['250ms', 250_000_000],
  ['120s', 120_000_000_000],
  ['30m', 1_800_000_000_000],
  ['1h', 3_600_000_000_000],
  ['1d', 86_400_000_000_000],
  ['1ns', 1],
  ['7us', 7000],
  ['0.1s', 100_000_000],
  ['119.999999999s', 119_999_999_999],
  ['0', 0],
  ['0s', 0],
  ['104d', 8_985_600_000_000_000],
])('%s is %i ns', (text, nanoseconds) => {
  expect(parseDuration(text)).toBe(nanoseconds);
});

test.each(['', '5', '-5s', '5 s', '5S', '1h30m', '.5s', '5.s', 'Infinitys', '1e3s', '105d', '99999999999999999999s'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('every text that the schema accepts is read, up to the longest', () => {
  const pattern = new RegExp(DURATION_PATTERN);
  const unit = fc.constantFrom('ns', 'us', 'ms', 's', 'm', 'h', 'd', '', 'x');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom('', '.5', '.25', '.'),
      unit,
      (whole, fraction, name) => {
        const text = `${whole}${fraction}${name}`;
        expect(parseDuration(text) !== undefined).toBe(pattern.test(text));
      },
    ),
  );
});

test('a written duration reads back the same', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (nanoseconds) => {
      expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
    }),
  );
  expect(formatDuration(120e9)).toBe('120s');
  expect(formatDuration(1800e9)).toBe('30m');
});
