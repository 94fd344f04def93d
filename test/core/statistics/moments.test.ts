import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  MEAN,
  MEAN_TIME,
  SHAPE,
  SPREAD,
  SQUARES,
  SUM,
  squaresOfSpread,
  WELFORD,
} from '../../../core/statistics/moments.ts';

// Exact sums in BigInt: the reference does not round at all until its last step.
function exact(values: readonly number[]) {
  const n = BigInt(values.length);
  const big = values.map(BigInt);
  const sum = big.reduce((a, b) => a + b, 0n);
  // n times each difference from the mean is whole.
  const power = (p: bigint) => big.reduce((total, value) => total + (n * value - sum) ** p, 0n);
  const over = (value: bigint, p: number) => Number((value * 10n ** 12n) / n ** BigInt(p)) / 1e12;
  return { sum: Number(sum), second: over(power(2n), 2), third: over(power(3n), 3), fourth: over(power(4n), 4) };
}

const near = (actual: number, expected: number, scale = Math.abs(expected)): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, scale));

const values = fc.oneof(
  fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: 1, maxLength: 60 }),
  // Big, with a small spread.
  fc
    .tuple(
      fc.integer({ min: -9e14, max: 9e14 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 }),
    )
    .map(([base, rest]) => rest.map((one) => base + one)),
);

it.each([SPREAD, WELFORD, SHAPE])('$name: second moments of whole numbers, in one piece and merged', (state) => {
  fc.assert(
    fc.property(values, fc.nat(), (numbers, place) => {
      const { second } = exact(numbers);
      const cut = place % (numbers.length + 1);
      const width = state.slots.length;
      const slots = Float64Array.from([...state.slots, ...state.slots, ...state.slots]);
      for (const value of numbers) state.update(slots, 0, value);
      for (const value of numbers.slice(0, cut)) state.update(slots, width, value);
      for (const value of numbers.slice(cut)) state.update(slots, 2 * width, value);
      state.merge!(slots, width, 2 * width);
      for (const at of [0, width]) {
        expect(slots[at]).toBe(numbers.length);
        near(state === SPREAD ? squaresOfSpread(slots, at) : slots[at + 4]!, second);
      }
    }),
  );
});

it('shape: third and fourth moments', () => {
  fc.assert(
    fc.property(values, fc.nat(), (numbers, place) => {
      const { second, third, fourth } = exact(numbers);
      const cut = place % (numbers.length + 1);
      const slots = Float64Array.from([...SHAPE.slots, ...SHAPE.slots, ...SHAPE.slots]);
      for (const value of numbers) SHAPE.update(slots, 0, value);
      for (const value of numbers.slice(0, cut)) SHAPE.update(slots, 7, value);
      for (const value of numbers.slice(cut)) SHAPE.update(slots, 14, value);
      SHAPE.merge!(slots, 7, 14);
      for (const at of [0, 7]) {
        near(slots[at + 5]!, third, second ** 1.5);
        near(slots[at + 6]!, fourth, second ** 2);
      }
    }),
  );
});

it('spread is exact, to the last bit, while the sums fit 53 bits', () => {
  const slots = Float64Array.from(SPREAD.slots);
  const lengths = Array.from({ length: 10_000 }, (_, i) => 40 + ((i * 7919) % 1461));
  for (const length of lengths) SPREAD.update(slots, 0, length);
  const first = lengths[0]!;
  expect(slots[3]).toBe(lengths.reduce((a, b) => a + b - first, 0));
  expect(slots[4]).toBe(lengths.reduce((a, b) => a + (b - first) ** 2, 0));
});

it('sums, means and squares merge', () => {
  for (const state of [SUM, MEAN, SQUARES, MEAN_TIME]) {
    const width = state.slots.length;
    const slots = Float64Array.from([...state.slots, ...state.slots, ...state.slots]);
    for (const value of [3, 5, 8]) state.update(slots, 0, value);
    for (const value of [3]) state.update(slots, width, value);
    for (const value of [5, 8]) state.update(slots, 2 * width, value);
    state.merge!(slots, width, 2 * width);
    expect(slots.slice(width, 2 * width)).toEqual(slots.slice(0, width));
  }
  const slots = new Float64Array(1);
  for (const value of [3, 5, 8]) SUM.update(slots, 0, value);
  expect(slots[0]).toBe(16);
});
