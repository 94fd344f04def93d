import type { FeatureStatement } from '../declare/feature.ts';
import type { Registry } from '../declare/registry.ts';
import { parse } from './parse.ts';
import { Problems, Source } from './problem.ts';
import type { Syntax } from './syntax.ts';

/** What an expression rests on: the values it reads and the aggregates that estimate. */
export interface Basis {
  /** Fields, built-ins and features, in the order they stand. */
  readonly names: readonly string[];
  readonly aggregates: readonly string[];
  /** Operators and functions that make something empty of values, or a value of an empty one. */
  readonly operations: readonly string[];
}

/** What operators and functions make of nothing. */
const OPERATIONS: Readonly<Record<string, string>> = {
  '/': 'empty for a divisor of 0',
  '%': 'empty for a divisor of 0',
  log2: 'empty for 0 and below',
  default: 'the second value where the first is empty',
};

function visit(syntax: Syntax, seen: (syntax: Syntax) => void): void {
  seen(syntax);
  if (syntax.kind === 'call') for (const arg of syntax.args) visit(arg, seen);
  if (syntax.kind === 'set') for (const item of syntax.items) visit(item, seen);
  if (syntax.kind === 'unary') visit(syntax.operand, seen);
  if (syntax.kind === 'binary') {
    visit(syntax.left, seen);
    visit(syntax.right, seen);
  }
}

/** Reads the basis of expressions off their text. A text that does not parse has none. */
export function basisOf(registry: Registry, texts: readonly string[], before: ReadonlySet<string> = new Set()): Basis {
  const names = new Set<string>();
  const aggregates = new Set<string>();
  const operations = new Set<string>();
  for (const text of texts) {
    const syntax = parse(new Source('', text, new Problems()));
    if (syntax === undefined) continue;
    visit(syntax, (one) => {
      if (one.kind === 'name') names.add(one.name);
      // count() rests on the frames themselves.
      if (one.kind === 'call' && one.args.length === 0) names.add('frames');
      if (one.kind === 'call' && registry.aggregates.has(one.name)) aggregates.add(one.name);
      const operation = one.kind === 'binary' ? one.operator : one.kind === 'call' ? one.name : '';
      if (Object.hasOwn(OPERATIONS, operation)) operations.add(operation);
    });
  }
  // A feature that names another one rests on what that one rests on.
  const inner = [...names].flatMap((name) => {
    const feature = before.has(name) ? undefined : registry.features.get(name);
    return feature !== undefined && 'value' in feature ? [feature.value] : [];
  });
  if (inner.length > 0) {
    const deeper = basisOf(registry, inner, new Set([...before, ...names]));
    for (const name of deeper.names) names.add(name);
    for (const name of deeper.aggregates) aggregates.add(name);
    for (const name of deeper.operations) operations.add(name);
  }
  return { names: [...names], aggregates: [...aggregates], operations: [...operations] };
}

/** What a value rests on, how it is computed, and what it is of nothing: by name of the aggregate or operation, or its own. */
export interface Foundation {
  readonly basis: readonly string[];
  readonly estimator: Readonly<Record<string, string>>;
  readonly empty: Readonly<Record<string, string>>;
}

/** The foundation of expressions, from what the aggregates in them state; what is stated besides goes before. */
export function foundationOf(
  registry: Registry,
  name: string,
  texts: readonly string[],
  stated: FeatureStatement = {},
): Foundation {
  const { names, aggregates, operations } = basisOf(registry, texts);
  const used = aggregates.map((one) => registry.aggregates.get(one)!);
  const estimator = Object.fromEntries(used.map((one) => [one.name, one.estimator]));
  const empty = {
    ...Object.fromEntries(used.map((one) => [one.name, one.empty])),
    ...Object.fromEntries(operations.map((one) => [one, OPERATIONS[one]!])),
  };
  const own = inherited(registry, texts, stated);
  return {
    basis: own.basis ?? names,
    estimator:
      own.estimator !== undefined ? { [name]: own.estimator } : used.length > 0 ? estimator : { [name]: EXACT },
    empty: own.empty !== undefined ? { [name]: own.empty } : Object.keys(empty).length > 0 ? empty : { [name]: NEVER },
  };
}

const EXACT = 'exact';
const NEVER = 'never empty';

/** The statement of a feature that an expression is another name for. */
function inherited(registry: Registry, texts: readonly string[], stated: FeatureStatement): FeatureStatement {
  const [text] = texts;
  const feature = texts.length === 1 ? registry.features.get(text!.trim()) : undefined;
  return feature === undefined ? stated : { ...feature, ...stated };
}
