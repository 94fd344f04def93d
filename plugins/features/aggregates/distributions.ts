import { type Aggregate, defineAggregate, defineObjectState, fromObject } from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';
import { Distinct } from '../../../core/statistics/distinct.ts';
import { Entropy } from '../../../core/statistics/entropy.ts';
import { Frequent } from '../../../core/statistics/frequent.ts';

const VALUES: readonly ValueType['kind'][] = ['number', 'boolean', 'duration', 'text', 'bytes', 'address'];

/** Not merged: counts of a sketch depend on the order, and no result may depend on what else is asked. */
const FREQUENT = defineObjectState<Frequent>({
  name: 'frequent',
  create: () => new Frequent(),
  update: (state, value) => state.add(value),
  shift: (state, delta) => state.shift(delta),
});

const DISTINCT = defineObjectState<Distinct>({
  name: 'distinct',
  create: () => new Distinct(),
  update: (state, value) => state.add(value),
  merge: (into, from) => into.merge(from),
});

const ENTROPY = defineObjectState<Entropy>({
  name: 'entropy',
  create: () => new Entropy(),
  update: (state, value) => state.add(value),
});

/** [bins below, between and above the edges] */
const histogramState = (edges: readonly number[]) =>
  defineObjectState<Float64Array>({
    name: `histogram(${edges.join()})`,
    create: () => new Float64Array(edges.length + 1),
    update(bins, value) {
      let bin = 0;
      while (bin < edges.length && (value as number) >= edges[bin]!) bin += 1;
      bins[bin]! += 1;
    },
    merge(into, from) {
      for (let i = 0; i < into.length; i += 1) into[i]! += from[i]!;
    },
  });

export const mode: Aggregate = defineAggregate({
  name: 'mode',
  description: 'Most frequent value, the smallest of several.',
  estimator:
    'exact up to 1,000 different values; then a sketch (Misra-Gries, 1,000 counters): counts too low by at most n / 1,001, 60 KB per flow and more for long texts',
  empty: 'of nothing empty, of one value itself',
  accepts: [...VALUES, 'time'],
  result: (value) => value,
  choices: (_literals, value) => {
    const isText = value.kind === 'text' || value.kind === 'bytes' || value.kind === 'address';
    return [fromObject(FREQUENT, (state) => state.mode() ?? (isText ? null : Number.NaN))];
  },
});

export const distinct: Aggregate = defineAggregate({
  name: 'distinct',
  description: 'Number of different values.',
  estimator:
    'exact up to 1,000 different values; then a sketch (HyperLogLog, 4,096 registers): standard error 1.6 %, 4 KB per flow',
  empty: 'of nothing 0, of one value 1',
  accepts: VALUES,
  result: () => ({ kind: 'number', unit: '', list: false, integer: true }),
  choices: () => [fromObject(DISTINCT, (state) => state.count())],
});

export const entropy: Aggregate = defineAggregate({
  name: 'entropy',
  description: 'Shannon entropy of the distribution of the values, in bits.',
  estimator:
    'exact up to 1,000 different values; then a sketch (Chakrabarti-Cormode-McGregor, 1,000 samples): standard error at most log2(n) / 63 bits, mostly below 0.1; 200 KB per flow and more for long texts',
  empty: 'of nothing empty, of one value 0',
  accepts: VALUES,
  result: () => ({ kind: 'number', unit: 'bits', list: false }),
  choices: () => [fromObject(ENTROPY, (state) => state.bits())],
});

export const histogram: Aggregate = defineAggregate({
  name: 'histogram',
  description: 'Numbers of values below the first edge, in each [edge, next edge), and from the last edge on.',
  estimator: 'exact',
  empty: 'of nothing 0 in every bin',
  accepts: ['number', 'duration'],
  literals: [{ name: 'edges', kind: 'numbers' }],
  result(_value, [edges]) {
    const numbers = edges as readonly number[];
    if (numbers.some((edge, i) => i > 0 && edge <= numbers[i - 1]!)) throw new RangeError('edges must rise');
    if (numbers.length > 1000) throw new RangeError('more than 1,000 edges');
    return { kind: 'number', unit: '', list: false, integer: true, length: numbers.length + 1 };
  },
  choices: ([edges]) => [fromObject(histogramState(edges as readonly number[]), (bins) => Array.from(bins))],
});
