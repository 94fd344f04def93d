import { defineState, type State } from '../declare/aggregate.ts';

// States for sums and moments. Where a state has several slots, the first is the number of values and the second their
// sum, so that one state serves many aggregates. Differences are taken from the first value: values of 10^15 with a
// spread of 3 keep all their digits, and whole numbers stay exact as long as the sums do (2^53).

/** [sum] */
export const SUM: State = defineState({
  name: 'sum',
  slots: [0],
  terms: ['sum'],
  update(slots, at, value) {
    slots[at]! += value;
  },
  merge(slots, into, from) {
    slots[into]! += slots[from]!;
  },
});

/** [count, sum] */
export const MEAN: State = defineState({
  name: 'mean',
  slots: [0, 0],
  terms: ['count', 'sum'],
  update(slots, at, value) {
    slots[at]! += 1;
    slots[at + 1]! += value;
  },
  merge(slots, into, from) {
    slots[into]! += slots[from]!;
    slots[into + 1]! += slots[from + 1]!;
  },
});

/** [count, sum of squares] */
export const SQUARES: State = defineState({
  name: 'squares',
  slots: [0, 0],
  terms: ['count', 'squares'],
  update(slots, at, value) {
    slots[at]! += 1;
    slots[at + 1]! += value * value;
  },
  merge(slots, into, from) {
    slots[into]! += slots[from]!;
    slots[into + 1]! += slots[from + 1]!;
  },
});

/** [count, sum, first, sum of differences, sum of their squares]: exact for whole numbers, without a division. */
export const SPREAD: State = defineState({
  name: 'spread',
  slots: [0, 0, 0, 0, 0],
  terms: ['count', 'sum', 'first', 'differences', 'squares'],
  update(slots, at, value) {
    const count = slots[at]!;
    if (count === 0) slots[at + 2] = value;
    const difference = value - slots[at + 2]!;
    slots[at] = count + 1;
    slots[at + 1]! += value;
    slots[at + 3]! += difference;
    slots[at + 4]! += difference * difference;
  },
  merge(slots, into, from) {
    const count = slots[from]!;
    if (count === 0) return;
    if (slots[into] === 0) slots[into + 2] = slots[from + 2]!;
    const shift = slots[from + 2]! - slots[into + 2]!;
    const sum = slots[from + 3]!;
    slots[into]! += count;
    slots[into + 1]! += slots[from + 1]!;
    slots[into + 3]! += sum + count * shift;
    slots[into + 4]! += slots[from + 4]! + 2 * shift * sum + count * shift * shift;
  },
});

/** Sum of squared differences from the mean, of {@link SPREAD}. */
export function squaresOfSpread(slots: Float64Array, at: number): number {
  const sum = slots[at + 3]!;
  const squares = slots[at + 4]! - (sum * sum) / slots[at]!;
  return Math.max(0, squares);
}

/** [count, sum, first, mean of differences, squared differences from the mean]: Welford 1962, for any numbers. */
export const WELFORD: State = defineState({
  name: 'welford',
  slots: [0, 0, 0, 0, 0],
  terms: ['count', 'sum', 'first', 'mean_difference', 'm2'],
  times: [2],
  update(slots, at, value) {
    const count = slots[at]! + 1;
    if (count === 1) slots[at + 2] = value;
    const difference = value - slots[at + 2]!;
    const before = difference - slots[at + 3]!;
    const mean = slots[at + 3]! + before / count;
    slots[at] = count;
    slots[at + 1]! += value;
    slots[at + 3] = mean;
    slots[at + 4]! += before * (difference - mean);
  },
  merge(slots, into, from) {
    mergeMeans(slots, into, from);
  },
});

/** Chan, Golub, LeVeque 1979. Returns the difference of the means. */
function mergeMeans(slots: Float64Array, into: number, from: number): number {
  const a = slots[into]!;
  const b = slots[from]!;
  if (b === 0) return 0;
  if (a === 0) slots[into + 2] = slots[from + 2]!;
  const difference = slots[from + 3]! + (slots[from + 2]! - slots[into + 2]!) - slots[into + 3]!;
  slots[into] = a + b;
  slots[into + 1]! += slots[from + 1]!;
  slots[into + 3]! += (difference * b) / (a + b);
  slots[into + 4]! += slots[from + 4]! + (difference * difference * a * b) / (a + b);
  return difference;
}

/** {@link WELFORD} and the sums of third and fourth powers: Terriberry 2007, Pébay 2008. */
export const SHAPE: State = defineState({
  name: 'shape',
  slots: [0, 0, 0, 0, 0, 0, 0],
  terms: ['count', 'sum', 'first', 'mean_difference', 'm2', 'm3', 'm4'],
  times: [2],
  update(slots, at, value) {
    const n = slots[at]! + 1;
    if (n === 1) slots[at + 2] = value;
    const delta = value - slots[at + 2]! - slots[at + 3]!;
    const part = delta / n;
    const term = delta * part * (n - 1);
    const second = slots[at + 4]!;
    const third = slots[at + 5]!;
    slots[at] = n;
    slots[at + 1]! += value;
    slots[at + 3]! += part;
    slots[at + 6]! += term * part * part * (n * n - 3 * n + 3) + 6 * part * part * second - 4 * part * third;
    slots[at + 5] = third + term * part * (n - 2) - 3 * part * second;
    slots[at + 4] = second + term;
  },
  merge(slots, into, from) {
    const a = slots[into]!;
    const b = slots[from]!;
    if (b === 0) return;
    const [m2a, m3a, m4a] = [slots[into + 4]!, slots[into + 5]!, slots[into + 6]!];
    const [m2b, m3b, m4b] = [slots[from + 4]!, slots[from + 5]!, slots[from + 6]!];
    const delta = mergeMeans(slots, into, from);
    const n = a + b;
    const part = delta / n;
    slots[into + 5] = m3a + m3b + delta * part * part * a * b * (a - b) + 3 * part * (a * m2b - b * m2a);
    slots[into + 6] =
      m4a +
      m4b +
      delta * part * part * part * a * b * (a * a - a * b + b * b) +
      6 * part * part * (a * a * m2b + b * b * m2a) +
      4 * part * (a * m3b - b * m3a);
  },
});

/** [count, first, sum of differences]: the mean of times, which have no sum. */
export const MEAN_TIME: State = defineState({
  name: 'mean-time',
  slots: [0, 0, 0],
  terms: ['count', 'first', 'differences'],
  times: [1],
  update(slots, at, value) {
    const count = slots[at]!;
    if (count === 0) slots[at + 1] = value;
    slots[at] = count + 1;
    slots[at + 2]! += value - slots[at + 1]!;
  },
  merge(slots, into, from) {
    const count = slots[from]!;
    if (count === 0) return;
    if (slots[into] === 0) slots[into + 1] = slots[from + 1]!;
    slots[into]! += count;
    slots[into + 2]! += slots[from + 2]! + count * (slots[from + 1]! - slots[into + 1]!);
  },
});
