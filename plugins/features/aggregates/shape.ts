import { type Aggregate, defineAggregate, fromState } from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';
import { SHAPE } from '../../../core/statistics/moments.ts';

const NUMBERS: readonly ValueType['kind'][] = ['number', 'boolean', 'duration', 'time'];
const PLAIN: ValueType = { kind: 'number', unit: '', list: false };

export const skewness: Aggregate = defineAggregate({
  name: 'skewness',
  description: 'Skewness g1: third central moment / population standard deviation cubed.',
  estimator: 'g1, one pass (Terriberry)',
  empty: 'of nothing, of one value and of equal values empty',
  accepts: NUMBERS,
  result: () => PLAIN,
  choices: () => [
    fromState(
      SHAPE,
      (slots, at) => {
        const second = slots[at + 4]!;
        return second > 0 ? (Math.sqrt(slots[at]!) * slots[at + 5]!) / second ** 1.5 : Number.NaN;
      },
      'sqrt(count) * m3 / m2^1.5',
    ),
  ],
});

export const kurtosis: Aggregate = defineAggregate({
  name: 'kurtosis',
  description: 'Excess kurtosis g2: fourth central moment / squared population variance - 3.',
  estimator: 'g2, one pass (Terriberry)',
  empty: 'of nothing, of one value and of equal values empty',
  accepts: NUMBERS,
  result: () => PLAIN,
  choices: () => [
    fromState(
      SHAPE,
      (slots, at) => {
        const second = slots[at + 4]!;
        return second > 0 ? (slots[at]! * slots[at + 6]!) / (second * second) - 3 : Number.NaN;
      },
      'count * m4 / m2^2 - 3',
    ),
  ],
});
