import {
  type Aggregate,
  type Choice,
  defineAggregate,
  defineObjectState,
  fromObject,
} from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';
import { Quantiles } from '../../../core/statistics/quantiles.ts';

const ORDERED: readonly ValueType['kind'][] = ['number', 'duration', 'time'];
const ESTIMATOR =
  'type 7 (between neighbours in proportion), exact up to 1,000 values; then a sketch (KLL, k = 400): rank off by less than 0.7 % with 99 % confidence, 10 KB per flow';

/** Not merged: the sketch of all values is not exactly that of two parts, and no result may depend on what else is asked. */
const STATE = defineObjectState<Quantiles>({
  name: 'quantiles',
  create: () => new Quantiles(),
  update: (state, value) => state.add(value as number),
  shift: (state, delta) => state.shift(delta),
});

const at = (q: number): readonly Choice[] => [fromObject(STATE, (state) => state.at(q))];
const between = (value: ValueType): ValueType => ({ ...value, integer: false });

export const median: Aggregate = defineAggregate({
  name: 'median',
  description: 'Median: the middle value, or the mean of the two in the middle.',
  estimator: ESTIMATOR,
  empty: 'of nothing empty, of one value itself',
  accepts: ORDERED,
  result: between,
  choices: () => at(0.5),
});

export const quantile: Aggregate = defineAggregate({
  name: 'quantile',
  description: 'The value below which the share q (0 to 1) of the values lies.',
  estimator: ESTIMATOR,
  empty: 'of nothing empty, of one value itself',
  accepts: ORDERED,
  literals: [{ name: 'q', kind: 'number' }],
  result(value, [q]) {
    if (!((q as number) >= 0 && (q as number) <= 1)) throw new RangeError('q is from 0 to 1');
    return between(value);
  },
  choices: ([q]) => at(q as number),
});
