import type { Registry } from '../declare/registry.ts';
import { expandFeatures } from '../expression/expand.ts';
import { type Meaning, meaningOf } from '../expression/meaning.ts';
import type { Output } from '../expression/output.ts';
import { readProgram } from '../expression/read.ts';
import { flowConfiguration, settingText } from './flow-options.ts';
import type { Settled } from './settle.ts';

/** A column, or the columns of a list, as one side has it. */
export interface ComparedColumn {
  readonly name: string;
  /** What it means, with names of features taken apart. */
  readonly expression: string;
  /** Unit it is printed in; empty for none. */
  readonly unit: string;
}

/** How two columns stand to each other: `same`, or what of them differs. */
export type ColumnRelation = 'same' | 'unit' | 'empty' | 'expression';

/** Two columns, or one that only one side has. */
export interface ComparedPair {
  readonly relation: ColumnRelation | 'only-first' | 'only-second';
  readonly first?: ComparedColumn;
  readonly second?: ComparedColumn;
}

/** A setting of the meter that differs. */
export interface ComparedSetting {
  readonly name: string;
  readonly first: string;
  readonly second: string;
}

/** What two configurations have in common. */
export interface Comparison {
  readonly columns: readonly ComparedPair[];
  readonly settings: readonly ComparedSetting[];
}

interface Side extends ComparedColumn {
  readonly meaning: Meaning;
  /** The same without what stands in for an empty value. */
  readonly inner: string;
}

const INNER = /^default\((.*), (?:[^,()]|-)+\)$/;

function sideOf({ node, columns }: Output): Side {
  const meaning = meaningOf(node);
  const list = columns.length > 1;
  const { unit } = columns[0]!;
  return {
    name: list ? columns[0]!.name.replace(/_1$/, '') : columns[0]!.name,
    expression: /^\([^()]*\)$/.test(meaning.text) ? meaning.text.slice(1, -1) : meaning.text,
    unit,
    meaning,
    inner: INNER.exec(meaning.text)?.[1] ?? meaning.text,
  };
}

/** The columns of a configuration whose expressions have been checked. */
function sidesOf(registry: Registry, settled: Settled, keyFields: readonly string[]): Side[] {
  const { outputs } = readProgram({ registry, features: expandFeatures(registry, settled.wanted), keyFields });
  return outputs.map(sideOf);
}

const shown = ({ name, expression, unit }: Side): ComparedColumn => ({ name, expression, unit });

const isSameFactor = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.abs(a);
/** A number may be printed in a unit without saying so: a quotient by `1ms`. */
const isSameUnit = (a: string, b: string): boolean => a === b || a === '' || b === '';

function relationOf(a: Side, b: Side): ColumnRelation {
  if (a.meaning.text !== b.meaning.text) return a.inner === b.inner ? 'empty' : 'expression';
  return isSameFactor(a.meaning.factor, b.meaning.factor) && isSameUnit(a.unit, b.unit) ? 'same' : 'unit';
}

const RANK: readonly ColumnRelation[] = ['same', 'unit', 'empty'];

/** Pairs columns: those that mean the same first, equal names before others; then those that only share a name. */
function pairs(first: readonly Side[], second: readonly Side[]): ComparedPair[] {
  const partner = new Map<Side, { readonly other: Side; readonly relation: ColumnRelation }>();
  const free = new Set(second);
  const join = (a: Side, other: Side, relation: ColumnRelation) => {
    partner.set(a, { other, relation });
    free.delete(other);
  };
  for (const relation of RANK) {
    for (const named of [true, false]) {
      for (const a of first) {
        if (partner.has(a)) continue;
        const other = [...free].find((b) => (b.name === a.name || !named) && relationOf(a, b) === relation);
        if (other !== undefined) join(a, other, relation);
      }
    }
  }
  for (const a of first) {
    const other = partner.has(a) ? undefined : [...free].find(({ name }) => name === a.name);
    if (other !== undefined) join(a, other, 'expression');
  }
  return [
    ...first.map((a): ComparedPair => {
      const found = partner.get(a);
      if (found === undefined) return { relation: 'only-first', first: shown(a) };
      return { relation: found.relation, first: shown(a), second: shown(found.other) };
    }),
    ...[...free].map((b): ComparedPair => ({ relation: 'only-second', second: shown(b) })),
  ];
}

function settingsOf(first: Settled, second: Settled): ComparedSetting[] {
  const [a, b] = [flowConfiguration(first.settings), flowConfiguration(second.settings)] as Record<string, unknown>[];
  return [...new Set([...Object.keys(a!), ...Object.keys(b!)])].flatMap((name) => {
    const [one, other] = [textOf(a![name]), textOf(b![name])];
    return one === other ? [] : [{ name, first: one, second: other }];
  });
}

const textOf = (value: unknown): string =>
  value === undefined
    ? 'none'
    : typeof value === 'object' && !Array.isArray(value)
      ? JSON.stringify(value)
      : settingText(value);

/**
 * Compares two configurations, column by column, by what their expressions mean.
 * @throws ExpressionError where one of them holds an expression that is wrong.
 */
export function compareColumns(registry: Registry, first: Settled, second: Settled): Comparison {
  const keyFields = [...new Set([...first.settings.key, ...second.settings.key])].filter((name) =>
    registry.fields.has(name),
  );
  return {
    columns: pairs(sidesOf(registry, first, keyFields), sidesOf(registry, second, keyFields)),
    settings: settingsOf(first, second),
  };
}
