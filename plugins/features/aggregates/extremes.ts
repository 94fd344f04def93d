import {
  type Aggregate,
  defineAggregate,
  defineState,
  fromState,
  type State,
} from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';

const ORDERED: readonly ValueType['kind'][] = ['number', 'duration', 'time'];

/** [smallest, largest] */
const EXTREMES: State = defineState({
  name: 'extremes',
  slots: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  terms: ['smallest', 'largest'],
  times: [0, 1],
  update(slots, at, value) {
    if (value < slots[at]!) slots[at] = value;
    if (value > slots[at + 1]!) slots[at + 1] = value;
  },
  merge(slots, into, from) {
    if (slots[from]! < slots[into]!) slots[into] = slots[from]!;
    if (slots[from + 1]! > slots[into + 1]!) slots[into + 1] = slots[from + 1]!;
  },
});

const finite = (value: number): number => (value - value === 0 ? value : Number.NaN);

export const min: Aggregate = defineAggregate({
  name: 'min',
  description: 'Smallest value.',
  estimator: 'exact',
  empty: 'of nothing empty, of one value itself',
  accepts: ORDERED,
  result: (value) => value,
  choices: () => [fromState(EXTREMES, (slots, at) => finite(slots[at]!), 'smallest')],
});

export const max: Aggregate = defineAggregate({
  name: 'max',
  description: 'Largest value.',
  estimator: 'exact',
  empty: 'of nothing empty, of one value itself',
  accepts: ORDERED,
  result: (value) => value,
  choices: () => [fromState(EXTREMES, (slots, at) => finite(slots[at + 1]!), 'largest')],
});

export const range: Aggregate = defineAggregate({
  name: 'range',
  description: 'Largest value - smallest value.',
  estimator: 'exact',
  empty: 'of nothing empty, of one value 0',
  accepts: ORDERED,
  result: (value) => (value.kind === 'time' ? { kind: 'duration', unit: '', list: false } : value),
  choices: () => [fromState(EXTREMES, (slots, at) => finite(slots[at + 1]! - slots[at]!), 'largest - smallest')],
});
