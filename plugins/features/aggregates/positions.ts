import {
  type Aggregate,
  type Choice,
  defineAggregate,
  defineObjectState,
  defineState,
  fromObject,
  fromState,
  type Literal,
  type State,
} from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';

const EVERYTHING: readonly ValueType['kind'][] = ['number', 'boolean', 'time', 'duration', 'text', 'bytes', 'address'];
const isText = ({ kind }: ValueType): boolean => kind === 'text' || kind === 'bytes' || kind === 'address';
/** Items of `head` at most. */
const LONGEST = 10_000;

type Item = number | string;

/** [first value] */
const FIRST: State = defineState({
  name: 'first',
  slots: [Number.NaN],
  terms: ['first'],
  times: [0],
  update(slots, at, value) {
    if (slots[at] !== slots[at]) slots[at] = value;
  },
});

/** [last value] */
const LAST: State = defineState({
  name: 'last',
  slots: [Number.NaN],
  terms: ['last'],
  times: [0],
  update(slots, at, value) {
    slots[at] = value;
  },
});

/** [values, n-th value] */
const nthState = (n: number): State =>
  defineState({
    name: `nth(${n})`,
    slots: [0, Number.NaN],
    terms: ['count', 'value'],
    times: [1],
    update(slots, at, value) {
      slots[at]! += 1;
      if (slots[at] === n) slots[at + 1] = value;
    },
  });

/** The first n values. */
const headState = (n: number) =>
  defineObjectState<Item[]>({
    name: `head(${n})`,
    create: () => [],
    update(items, value) {
      if (items.length < n) items.push(value);
    },
    shift(items, delta) {
      for (let i = 0; i < items.length; i += 1) items[i] = (items[i] as number) + delta;
    },
  });

interface OneItem {
  value: Item | null;
}

/** The first text: an array of one would have room for many. */
const FIRST_TEXT = defineObjectState<OneItem>({
  name: 'first-text',
  create: () => ({ value: null }),
  update(state, value) {
    state.value ??= value;
  },
});

const LAST_TEXT = defineObjectState<OneItem>({
  name: 'last-text',
  create: () => ({ value: null }),
  update(state, value) {
    state.value = value;
  },
});

const textChoice = (n: number): readonly Choice[] => [
  n === 1 ? fromObject(FIRST_TEXT, (state) => state.value) : fromObject(headState(n), (items) => items[n - 1] ?? null),
];

const countOf = (literals: readonly Literal[]): number => literals[0] as number;

export const first: Aggregate = defineAggregate({
  name: 'first',
  description: 'First value that is present.',
  estimator: 'exact',
  empty: 'of nothing empty, of one value itself',
  accepts: EVERYTHING,
  result: (value) => value,
  choices: (_literals, value) =>
    isText(value) ? textChoice(1) : [fromState(FIRST, (slots, at) => slots[at]!, 'first')],
});

export const last: Aggregate = defineAggregate({
  name: 'last',
  description: 'Last value that is present.',
  estimator: 'exact',
  empty: 'of nothing empty, of one value itself',
  accepts: EVERYTHING,
  result: (value) => value,
  choices: (_literals, value) =>
    isText(value)
      ? [fromObject(LAST_TEXT, (state) => state.value)]
      : [fromState(LAST, (slots, at) => slots[at]!, 'last')],
});

export const nth: Aggregate = defineAggregate({
  name: 'nth',
  description: 'The n-th value that is present, from 1.',
  estimator: 'exact',
  empty: 'empty when there are fewer than n values',
  accepts: EVERYTHING,
  literals: [{ name: 'n', kind: 'integer' }],
  result(value, literals) {
    if (countOf(literals) < 1) throw new RangeError('n counts from 1');
    if (isText(value) && countOf(literals) > LONGEST) throw new RangeError(`n is at most ${LONGEST} for texts`);
    return value;
  },
  choices: (literals, value) =>
    isText(value)
      ? textChoice(countOf(literals))
      : [fromState(nthState(countOf(literals)), (slots, at) => slots[at + 1]!, 'value')],
});

export const head: Aggregate = defineAggregate({
  name: 'head',
  description: 'The first n values that are present, as a list filled up with empty ones.',
  estimator: 'exact; n values per flow',
  empty: 'of nothing n empty items',
  accepts: EVERYTHING,
  literals: [{ name: 'n', kind: 'integer' }],
  result(value, literals) {
    const n = countOf(literals);
    if (n < 1 || n > LONGEST) throw new RangeError(`n is from 1 to ${LONGEST}`);
    return { ...value, length: n };
  },
  choices: (literals) => [
    fromObject(headState(countOf(literals)), (items) =>
      Array.from({ length: countOf(literals) }, (_, i) => items[i] ?? null),
    ),
  ],
});
