import {
  type Aggregate,
  type Choice,
  defineAggregate,
  defineObjectState,
  defineState,
  fromObject,
  fromState,
  type State,
} from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';
import { MEAN, SPREAD, SUM, WELFORD } from '../../../core/statistics/moments.ts';

const COUNT: ValueType = { kind: 'number', unit: '', list: false, integer: true };
const TRUTH: ValueType = { kind: 'boolean', unit: '', list: false };

/** [values] */
const VALUES: State = defineState({
  name: 'count',
  slots: [0],
  terms: ['count'],
  update(slots, at) {
    slots[at]! += 1;
  },
  merge(slots, into, from) {
    slots[into]! += slots[from]!;
  },
});

/** [values that are false] */
const FALSE_VALUES: State = defineState({
  name: 'count-false',
  slots: [0],
  terms: ['false_values'],
  update(slots, at, value) {
    slots[at]! += 1 - value;
  },
  merge(slots, into, from) {
    slots[into]! += slots[from]!;
  },
});

interface Objects {
  count: number;
}

/** Texts are only counted. */
const TEXTS = defineObjectState<Objects>({
  name: 'count-texts',
  create: () => ({ count: 0 }),
  update(state) {
    state.count += 1;
  },
  merge(into, from) {
    into.count += from.count;
  },
});

const isText = ({ kind }: ValueType): boolean => kind === 'text' || kind === 'bytes' || kind === 'address';
const first = (slots: Float64Array, at: number): number => slots[at]!;
const second = (slots: Float64Array, at: number): number => slots[at + 1]!;

/** Frames, frames where a condition holds, frames where a value is present. */
export const count: Aggregate = defineAggregate({
  name: 'count',
  description: 'Number of frames, of frames where a condition is true, or of values that are present.',
  estimator: 'exact',
  empty: 'of nothing 0, of one value 1',
  accepts: ['number', 'boolean', 'time', 'duration', 'text', 'bytes', 'address'],
  valueOptional: true,
  result: () => COUNT,
  choices(_literals, value): readonly Choice[] {
    if (isText(value)) return [fromObject(TEXTS, (state) => state.count)];
    if (value.kind === 'boolean') {
      return [fromState(SUM, first, 'sum'), fromState(MEAN, second, 'sum')];
    }
    // Every state of moments begins with the number of values.
    return [VALUES, MEAN, value.integer === true ? SPREAD : WELFORD].map((state) => fromState(state, first, 'count'));
  },
});

/** Whether a condition is true in a frame at least. */
export const any: Aggregate = defineAggregate({
  name: 'any',
  description: 'Whether a condition is true in at least one frame.',
  estimator: 'exact',
  empty: 'of nothing false',
  accepts: ['boolean'],
  result: () => TRUTH,
  choices: () => [
    fromState(SUM, (slots, at) => (slots[at]! > 0 ? 1 : 0)),
    fromState(MEAN, (slots, at) => (slots[at + 1]! > 0 ? 1 : 0)),
  ],
});

/** Whether a condition is true in every frame in which it is not empty. */
export const all: Aggregate = defineAggregate({
  name: 'all',
  description: 'Whether a condition is true in every frame in which it is not empty.',
  estimator: 'exact',
  empty: 'of nothing true',
  accepts: ['boolean'],
  result: () => TRUTH,
  choices: () => [
    fromState(FALSE_VALUES, (slots, at) => (slots[at] === 0 ? 1 : 0)),
    fromState(MEAN, (slots, at) => (slots[at] === slots[at + 1] ? 1 : 0)),
  ],
});
