import { type Aggregate, defineAggregate, defineObjectState, fromObject } from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';

/** Values that are kept as they are. */
const EXACT = 1000;

interface Deviation {
  count: number;
  mean: number;
  /** The first values; undefined once there are more than are kept. */
  values: number[] | undefined;
  /** Sum of the differences, once the values are not kept. */
  sum: number;
}

function sumAround(values: readonly number[], middle: number): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value - middle);
  return sum;
}

const STATE = defineObjectState<Deviation>({
  name: 'mean-deviation',
  create: () => ({ count: 0, mean: 0, values: [], sum: 0 }),
  update(state, given) {
    const value = given as number;
    if (state.values !== undefined && state.count === EXACT) {
      state.sum = sumAround(state.values, state.mean);
      state.values = undefined;
    }
    state.count += 1;
    state.mean += (value - state.mean) / state.count;
    if (state.values === undefined) state.sum += Math.abs(value - state.mean);
    else state.values.push(value);
  },
});

const NUMBERS: readonly ValueType['kind'][] = ['number', 'duration'];

export const meanDeviation: Aggregate = defineAggregate({
  name: 'mean_deviation',
  description: 'Mean of the differences between the values and their mean, without signs.',
  estimator:
    'exact up to 1,000 values; from then on a sketch: each further value counts with its difference from the mean so far; at most 8 KB per flow',
  empty: 'of nothing empty, of one value 0',
  accepts: NUMBERS,
  result: (value) => ({ ...value, integer: false }),
  choices: () => [
    fromObject(STATE, ({ count, mean, values, sum }) =>
      count === 0 ? Number.NaN : (values === undefined ? sum : sumAround(values, mean)) / count,
    ),
  ],
});
