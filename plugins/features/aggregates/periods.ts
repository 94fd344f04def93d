import {
  type Aggregate,
  defineAggregate,
  defineState,
  fromState,
  type State,
} from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';

const DURATION: ValueType = { kind: 'duration', unit: '', list: false };

type Finish = (slots: Float64Array, at: number) => number;

// Slots: begin and end of the running period, then the periods that are over: their number, mean, squared differences
// from the mean (Welford 1962), shortest and longest.
const BEGIN = 0;
const END = 1;
const COUNT = 2;
const MEAN = 3;
const SQUARES = 4;
const SHORTEST = 5;
const LONGEST = 6;
const BIRTH = [Number.NaN, Number.NaN, 0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

function close(slots: Float64Array, at: number, length: number): void {
  const count = slots[at + COUNT]! + 1;
  const difference = length - slots[at + MEAN]!;
  const mean = slots[at + MEAN]! + difference / count;
  slots[at + COUNT] = count;
  slots[at + MEAN] = mean;
  slots[at + SQUARES]! += difference * (length - mean);
  if (length < slots[at + SHORTEST]!) slots[at + SHORTEST] = length;
  if (length > slots[at + LONGEST]!) slots[at + LONGEST] = length;
}

/** The state of periods that gaps above `gap` end; with `least` 0 those of a single value count too. */
const periodState = (name: string, gap: number, counts: (length: number) => boolean): State =>
  defineState({
    name: `${name}(${gap})`,
    slots: BIRTH,
    times: [BEGIN, END],
    update(slots, at, value) {
      const end = slots[at + END]!;
      if (value - end > gap) {
        const length = end - slots[at + BEGIN]!;
        if (counts(length)) close(slots, at, length);
        slots[at + BEGIN] = value;
      } else if (end !== end) slots[at + BEGIN] = value;
      slots[at + END] = value;
    },
  });

const everyPeriod = (gap: number): State => periodState('periods', gap, () => true);
const closedPeriod = (gap: number): State => periodState('closed-periods', gap, (length) => length > 0);

const scratch = new Float64Array(BIRTH.length);

/** The result with the running period counted as one that is over. */
const withLast =
  (finish: Finish): Finish =>
  (slots, at) => {
    const end = slots[at + END]!;
    if (end !== end) return Number.NaN;
    for (let i = 0; i < scratch.length; i += 1) scratch[i] = slots[at + i]!;
    close(scratch, 0, end - slots[at + BEGIN]!);
    return finish(scratch, 0);
  };

const STATISTICS: readonly (readonly [name: string, words: string, ofOne: string, finish: Finish])[] = [
  ['mean', 'Mean length', 'itself', (slots, at) => (slots[at + COUNT]! > 0 ? slots[at + MEAN]! : Number.NaN)],
  [
    'stddev',
    'Sample standard deviation of the lengths',
    'empty',
    (slots, at) => (slots[at + COUNT]! > 1 ? Math.sqrt(slots[at + SQUARES]! / (slots[at + COUNT]! - 1)) : Number.NaN),
  ],
  [
    'min',
    'Length of the shortest',
    'itself',
    (slots, at) => (slots[at + COUNT]! > 0 ? slots[at + SHORTEST]! : Number.NaN),
  ],
  [
    'max',
    'Length of the longest',
    'itself',
    (slots, at) => (slots[at + COUNT]! > 0 ? slots[at + LONGEST]! : Number.NaN),
  ],
];

function period(
  name: string,
  description: string,
  estimator: string,
  empty: string,
  stateOf: (gap: number) => State,
  finish: Finish,
): Aggregate {
  return defineAggregate({
    name,
    description,
    estimator: `${estimator}; 7 numbers per flow`,
    empty,
    accepts: ['time'],
    literals: [{ name: 'gap', kind: 'duration' }],
    result: () => DURATION,
    choices: ([gap]) => [fromState(stateOf(gap as number), finish)],
  });
}

/**
 * Periods of activity: runs of times between which no gap is longer than the duration given. The last one counts, and so
 * does one of a single frame (length 0), so that all periods and all longer gaps together are the duration.
 */
const all = STATISTICS.map(([name, words, ofOne, finish]) =>
  period(
    `period_${name}`,
    `${words} of the periods into which gaps longer than a duration cut the times.`,
    name === 'stddev' ? 'exact lengths, Welford, count - 1' : 'exact',
    `of no time empty, of one period ${ofOne}`,
    everyPeriod,
    withLast(finish),
  ),
);

/** Periods as CICFlowMeter has them: the last one of a flow and those of a single frame are left out. */
const closed = STATISTICS.map(([name, words, ofOne, finish]) =>
  period(
    `closed_period_${name}`,
    `${words} of the periods that a gap longer than a duration ended, without those of length 0.`,
    name === 'stddev' ? 'exact lengths, Welford, count - 1' : 'exact',
    `of no such period empty, of one ${ofOne}`,
    closedPeriod,
    finish,
  ),
);

/** Lengths of periods of activity. */
export const periodAggregates: readonly Aggregate[] = [...all, ...closed];
