import {
  type Aggregate,
  defineAggregate,
  defineObjectState,
  defineState,
  fromObject,
  fromState,
  type Literal,
  type State,
} from '../../../core/declare/aggregate.ts';
import { writeShortest } from '../../../core/output/write-double.ts';

/** Values at most. */
const LONGEST = 1000;
/** Values at most that have slots of their own: an object costs more than these. */
const IN_SLOTS = 32;
/** Bytes that one number and what is behind it take at most. */
const ITEM = 32;

const [OPEN, COMMA, SPACE, CLOSE] = [91, 44, 32, 93] as const;

interface Values {
  readonly values: number[];
}

const sequenceState = (n: number) =>
  defineObjectState<Values>({
    name: `sequence(${n})`,
    create: () => ({ values: [] }),
    update({ values }, value) {
      if (values.length < n) values.push(value as number);
    },
  });

/** [values, first value, second value, ...] */
const slotState = (n: number): State =>
  defineState({
    name: `sequence(${n})`,
    slots: new Array<number>(n + 1).fill(0),
    update(slots, at, value) {
      const count = slots[at]!;
      if (count >= n) return;
      slots[at] = count + 1;
      slots[at + count + 1] = value;
    },
  });

/** Writes `count` values from `from` on and fills up to `n` places. */
function textOf(buffer: Buffer, values: ArrayLike<number>, from: number, count: number, n: number): string {
  let at = 0;
  for (let i = 0; i < n; i += 1) {
    buffer[at] = i === 0 ? OPEN : COMMA;
    if (i > 0) buffer[at + 1] = SPACE;
    at = writeShortest(buffer, at + (i === 0 ? 1 : 2), i < count ? values[from + i]! : -1);
  }
  buffer[at] = CLOSE;
  return buffer.toString('latin1', 0, at + 1);
}

const countOf = (literals: readonly Literal[]): number => literals[0] as number;

/** The first values as one text with places for those that do not come: `[0, 1, -1]`. */
export const sequence: Aggregate = defineAggregate({
  name: 'sequence',
  description: 'The first n numbers as one text in brackets, -1 in places where none came: [0, 1, -1].',
  estimator: 'exact; n values per flow',
  empty: 'of nothing n times -1',
  accepts: ['number', 'boolean'],
  literals: [{ name: 'n', kind: 'integer' }],
  result(_value, literals) {
    const n = countOf(literals);
    if (n < 1 || n > LONGEST) throw new RangeError(`n is from 1 to ${LONGEST}`);
    return { kind: 'text', unit: '', list: false };
  },
  choices(literals) {
    const n = countOf(literals);
    const buffer = Buffer.alloc(ITEM * (n + 1));
    if (n <= IN_SLOTS) return [fromState(slotState(n), (slots, at) => textOf(buffer, slots, at + 1, slots[at]!, n))];
    return [fromObject(sequenceState(n), ({ values }) => textOf(buffer, values, 0, values.length, n))];
  },
});
