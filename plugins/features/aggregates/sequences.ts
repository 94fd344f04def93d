import {
  type Aggregate,
  defineAggregate,
  defineObjectState,
  fromObject,
  type Literal,
} from '../../../core/declare/aggregate.ts';

/** Values at most. */
const LONGEST = 1000;

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
    return [
      fromObject(sequenceState(n), ({ values }) => {
        const items = Array.from({ length: n }, (_, i) => String(values[i] ?? -1));
        return `[${items.join(', ')}]`;
      }),
    ];
  },
});
