import { type Aggregate, type Choice, defineAggregate, fromState } from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';
import { productUnit, unitOf } from '../../../core/expression/units.ts';
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

type Numbers = (slots: Float64Array, at: number, duration: number) => number;

const number = (unit: string): ValueType => ({ kind: 'number', unit, list: false });
const same = (value: ValueType): ValueType => (value.kind === 'boolean' ? number('') : { ...value, integer: false });
const NUMBERS: readonly ValueType['kind'][] = ['number', 'boolean', 'duration'];

/** Whole numbers have exact sums; for all others Welford's updates lose the least. */
const isWhole = (value: ValueType): boolean =>
  value.kind === 'boolean' || (value.kind === 'number' && value.integer === true);
const secondMoment = (value: ValueType): typeof SPREAD => (isWhole(value) ? SPREAD : WELFORD);

const firstSlot: Numbers = (slots, at) => slots[at]!;
const secondSlot: Numbers = (slots, at) => slots[at + 1]!;

/** The states with a sum, with what reads it. */
function sums(value: ValueType, of: (sum: Numbers) => Numbers, formula: string): readonly Choice[] {
  const rest = [MEAN, secondMoment(value), SHAPE].map((state) => fromState(state, of(secondSlot), formula));
  return [fromState(SUM, of(firstSlot), formula), ...rest];
}

const mean: Numbers = (slots, at) => (slots[at] === 0 ? Number.NaN : slots[at + 1]! / slots[at]!);
const meanOfTimes: Numbers = (slots, at) =>
  slots[at] === 0 ? Number.NaN : slots[at + 1]! + slots[at + 2]! / slots[at]!;
const meanFromFirst: Numbers = (slots, at) => (slots[at] === 0 ? Number.NaN : slots[at + 2]! + slots[at + 3]!);

/** Squared differences from the mean, from either state of second moments. */
const squares = (value: ValueType): Numbers => (isWhole(value) ? squaresOfSpread : (slots, at) => slots[at + 4]!);
const squaresOfShape: Numbers = (slots, at) => slots[at + 4]!;

/**
 * The states with second moments; `of` makes the result from the sum of squared differences, and `formula` says how.
 */
function spreads(
  value: ValueType,
  of: (squares: Numbers) => Numbers,
  formula: (squares: string) => string,
): readonly Choice[] {
  const own = isWhole(value) ? '(squares - differences^2 / count)' : 'm2';
  return [
    fromState(secondMoment(value), of(squares(value)), formula(own)),
    fromState(SHAPE, of(squaresOfShape), formula('m2')),
  ];
}

const sample =
  (of: Numbers): Numbers =>
  (slots, at, duration) =>
    slots[at]! > 1 ? of(slots, at, duration) / (slots[at]! - 1) : Number.NaN;
const population =
  (of: Numbers): Numbers =>
  (slots, at, duration) =>
    slots[at]! > 0 ? of(slots, at, duration) / slots[at]! : Number.NaN;
const root =
  (of: Numbers): Numbers =>
  (slots, at, duration) =>
    Math.sqrt(of(slots, at, duration));
/** Squares of nanoseconds as squares of seconds. */
const inSeconds = (value: ValueType, of: Numbers): Numbers =>
  value.kind === 'duration' || value.kind === 'time' ? (slots, at, duration) => of(slots, at, duration) / 1e18 : of;

const inSquaredSeconds = (value: ValueType, formula: string): string =>
  value.kind === 'duration' || value.kind === 'time' ? `${formula} / 1e18` : formula;

const squaredUnit = (value: ValueType): ValueType => number(productUnit(unitOf(value), unitOf(value)));
const difference = (value: ValueType): ValueType =>
  value.kind === 'time' ? { kind: 'duration', unit: '', list: false } : same(value);

export const sum: Aggregate = defineAggregate({
  name: 'sum',
  description: 'Sum of the values.',
  estimator: 'exact for whole numbers up to 2^53',
  empty: 'of nothing 0',
  accepts: NUMBERS,
  result: (value) => (value.kind === 'boolean' ? { ...number(''), integer: true } : { ...value, list: false }),
  choices: (_literals, value) => sums(value, (of) => of, 'sum'),
});

export const rate: Aggregate = defineAggregate({
  name: 'rate',
  description: "Sum of the values per second of the flow's duration.",
  estimator: 'sum / duration',
  empty: 'empty for a flow without duration; of nothing 0',
  accepts: NUMBERS,
  result: (value) => number(productUnit(unitOf(value), 's', -1)),
  choices(_literals, value) {
    const scale = value.kind === 'duration' ? 1 : 1e9;
    return sums(
      value,
      (of) => (slots, at, duration) => (duration > 0 ? of(slots, at, duration) / (duration / scale) : Number.NaN),
      value.kind === 'duration' ? 'sum / duration' : 'sum / (duration / 1e9)',
    );
  },
});

export const meanAggregate: Aggregate = defineAggregate({
  name: 'mean',
  description: 'Arithmetic mean of the values.',
  estimator: 'sum / count',
  empty: 'of nothing empty, of one value itself',
  accepts: [...NUMBERS, 'time'],
  result: same,
  choices(_literals, value) {
    if (value.kind === 'time') {
      return [
        fromState(MEAN_TIME, meanOfTimes, 'first + differences / count'),
        fromState(WELFORD, meanFromFirst, 'first + mean_difference'),
        fromState(SHAPE, meanFromFirst, 'first + mean_difference'),
      ];
    }
    return [MEAN, secondMoment(value), SHAPE].map((state) => fromState(state, mean, 'sum / count'));
  },
});

const ESTIMATOR = 'sums of differences from the first value for whole numbers, Welford for others';

export const variance: Aggregate = defineAggregate({
  name: 'variance',
  description: 'Sample variance: divided by count - 1.',
  estimator: ESTIMATOR,
  empty: 'of nothing and of one value empty',
  accepts: [...NUMBERS, 'time'],
  result: squaredUnit,
  choices: (_literals, value) =>
    spreads(
      value,
      (of) => inSeconds(value, sample(of)),
      (of) => inSquaredSeconds(value, `${of} / (count - 1)`),
    ),
});

export const variancePopulation: Aggregate = defineAggregate({
  name: 'variance_pop',
  description: 'Population variance: divided by count.',
  estimator: ESTIMATOR,
  empty: 'of nothing empty, of one value 0',
  accepts: [...NUMBERS, 'time'],
  result: squaredUnit,
  choices: (_literals, value) =>
    spreads(
      value,
      (of) => inSeconds(value, population(of)),
      (of) => inSquaredSeconds(value, `${of} / count`),
    ),
});

export const stddev: Aggregate = defineAggregate({
  name: 'stddev',
  description: 'Sample standard deviation: root of the variance with count - 1.',
  estimator: ESTIMATOR,
  empty: 'of nothing and of one value empty',
  accepts: [...NUMBERS, 'time'],
  result: difference,
  choices: (_literals, value) =>
    spreads(
      value,
      (of) => root(sample(of)),
      (of) => `sqrt(${of} / (count - 1))`,
    ),
});

export const stddevPopulation: Aggregate = defineAggregate({
  name: 'stddev_pop',
  description: 'Population standard deviation: root of the variance with count.',
  estimator: ESTIMATOR,
  empty: 'of nothing empty, of one value 0',
  accepts: [...NUMBERS, 'time'],
  result: difference,
  choices: (_literals, value) =>
    spreads(
      value,
      (of) => root(population(of)),
      (of) => `sqrt(${of} / count)`,
    ),
});

export const cv: Aggregate = defineAggregate({
  name: 'cv',
  description: 'Coefficient of variation: sample standard deviation / mean.',
  estimator: ESTIMATOR,
  empty: 'of nothing, of one value and with a mean of 0 empty',
  accepts: NUMBERS,
  result: () => number(''),
  choices: (_literals, value) =>
    spreads(
      value,
      (of) => (slots, at, duration) => {
        const middle = mean(slots, at, duration);
        return middle === 0 ? Number.NaN : root(sample(of))(slots, at, duration) / middle;
      },
      (of) => `sqrt(${of} / (count - 1)) / (sum / count)`,
    ),
});

export const rms: Aggregate = defineAggregate({
  name: 'rms',
  description: 'Root of the mean of the squares.',
  estimator: 'sum of squares / count',
  empty: 'of nothing empty, of one value its size',
  accepts: NUMBERS,
  result: same,
  choices: () => [
    fromState(
      SQUARES,
      (slots, at) => (slots[at] === 0 ? Number.NaN : Math.sqrt(slots[at + 1]! / slots[at]!)),
      'sqrt(squares / count)',
    ),
  ],
});
