import type { Registry } from '../../core/declare/registry.ts';
import { parse } from '../../core/expression/parse.ts';
import { Problems, Source } from '../../core/expression/problem.ts';
import type { Syntax } from '../../core/expression/syntax.ts';

/** What an expression rests on: the values it reads and the aggregates that estimate. */
export interface Basis {
  /** Fields, built-ins and features, in the order they stand. */
  readonly names: readonly string[];
  readonly aggregates: readonly string[];
}

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
  for (const text of texts) {
    const syntax = parse(new Source('', text, new Problems()));
    if (syntax === undefined) continue;
    visit(syntax, (one) => {
      if (one.kind === 'name') names.add(one.name);
      // count() rests on the frames themselves.
      if (one.kind === 'call' && one.args.length === 0) names.add('frames');
      if (one.kind === 'call' && registry.aggregates.has(one.name)) aggregates.add(one.name);
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
  }
  return { names: [...names], aggregates: [...aggregates] };
}
