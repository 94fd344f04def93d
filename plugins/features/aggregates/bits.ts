import { type Aggregate, defineAggregate, defineState, fromState } from '../../../core/declare/aggregate.ts';

/** [all bits so far, values] */
const BITS = defineState({
  name: 'bit-or',
  slots: [0, 0],
  update(slots, at, value) {
    slots[at] = (slots[at]! | value) >>> 0;
    slots[at + 1]! += 1;
  },
  merge(slots, into, from) {
    slots[into] = (slots[into]! | slots[from]!) >>> 0;
    slots[into + 1]! += slots[from + 1]!;
  },
});

/** As NetFlow and IPFIX have the TCP flags of a flow (`tcpControlBits`). */
export const bitOr: Aggregate = defineAggregate({
  name: 'bit_or',
  description: 'All bits that are set in one of the values at least, which are whole numbers below 2^32.',
  estimator: 'exact',
  empty: 'of nothing empty, of one value itself',
  accepts: ['number'],
  result: (value) => ({ kind: 'number', unit: value.unit, list: false, integer: true }),
  choices: () => [fromState(BITS, (slots, at) => (slots[at + 1]! > 0 ? slots[at]! : Number.NaN))],
});
