import { describe, expect, it } from 'vitest';
import type { Literal, State } from '../../../core/declare/aggregate.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';
import { registry } from './support.ts';

/** A formula as JavaScript: names become numbers. */
function evaluated(formula: string, terms: ReadonlyMap<string, number>): number {
  const source = formula
    .replaceAll('^', '**')
    .replace(/[a-z_][a-z_0-9]*/g, (word, offset: number) =>
      word === 'sqrt' ? 'Math.sqrt' : /[0-9.]/.test(formula[offset - 1] ?? '') ? word : `(${terms.get(word)})`,
    );
  return new Function(`return ${source};`)() as number;
}

const TYPES: readonly ValueType[] = [
  { kind: 'number', unit: '', list: false, integer: true },
  { kind: 'number', unit: '', list: false },
  { kind: 'duration', unit: '', list: false },
  { kind: 'time', unit: '', list: false },
  { kind: 'boolean', unit: '', list: false },
];
const DURATION = 7e9;

const cases = [...registry.aggregates.values()].flatMap((aggregate) =>
  TYPES.filter(({ kind }) => aggregate.accepts.includes(kind)).flatMap((type) => {
    const literals: Literal[] = (aggregate.literals ?? []).map(({ kind }) => (kind === 'numbers' ? [1, 5] : 1));
    return aggregate.choices(literals, type).flatMap((choice) =>
      'formula' in choice && choice.formula !== undefined
        ? [
            {
              name: `${aggregate.name} of ${type.kind} from ${choice.state.name}`,
              choice,
              type,
              formula: choice.formula,
            },
          ]
        : [],
    );
  }),
);

describe('a formula gives what finish gives', () => {
  it('is stated for the moments', () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  it.each(cases)('$name: $formula', ({ choice, type, formula }) => {
    const state = choice.state as State;
    const values = type.kind === 'boolean' ? [1, 0, 1, 0, 1] : [5, 1, 1, 12, 8, 3];
    const slots = Float64Array.from(state.slots);
    for (const value of values) state.update(slots, 0, value);
    const terms = new Map((state.terms ?? []).map((name, i) => [name, slots[i]!]));
    expect(state.terms?.length).toBe(state.slots.length);
    terms.set('duration', DURATION);
    const finish = choice.finish as (slots: Float64Array, at: number, duration: number) => number;
    const result = finish(slots, 0, DURATION);
    expect(Number.isFinite(result)).toBe(true);
    expect(evaluated(formula, terms)).toBeCloseTo(result, 12);
    expect(Math.abs(evaluated(formula, terms) / result - 1)).toBeLessThan(1e-12);
  });
});
