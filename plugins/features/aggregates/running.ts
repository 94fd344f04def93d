import {
  type Aggregate,
  defineAggregate,
  defineState,
  fromState,
  type State,
} from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';

/** [count, mean, squared differences from the mean]: Welford 1962, in the order of operations that meters written in C use. */
const RUNNING: State = defineState({
  name: 'running',
  slots: [0, 0, 0],
  update(slots, at, value) {
    const count = slots[at]! + 1;
    const before = slots[at + 1]!;
    const mean = before + (value - before) / count;
    slots[at] = count;
    slots[at + 1] = mean;
    slots[at + 2]! += (value - before) * (value - mean);
  },
});

const NUMBERS: readonly ValueType['kind'][] = ['number', 'duration'];
const fraction = (value: ValueType): ValueType => ({ ...value, integer: false });

/** A mean with the rounding errors of a running update, as tools that keep one print it. */
export const runningMean: Aggregate = defineAggregate({
  name: 'running_mean',
  description: 'Arithmetic mean, moved by each value: m + (x - m) / n. It differs from mean in the last digits only.',
  estimator: 'running update (Welford 1962)',
  empty: 'of nothing empty, of one value itself',
  accepts: NUMBERS,
  result: fraction,
  choices: () => [fromState(RUNNING, (slots, at) => (slots[at] === 0 ? Number.NaN : slots[at + 1]!))],
});

/** A sample standard deviation with the rounding errors of a running update. */
export const runningStddev: Aggregate = defineAggregate({
  name: 'running_stddev',
  description: 'Sample standard deviation from running updates. It differs from stddev in the last digits only.',
  estimator: 'running update (Welford 1962), divisor n - 1',
  empty: 'of fewer than two values empty',
  accepts: NUMBERS,
  result: fraction,
  choices: () => [
    fromState(RUNNING, (slots, at) => (slots[at]! > 1 ? Math.sqrt(slots[at + 2]! / (slots[at]! - 1)) : Number.NaN)),
  ],
});
