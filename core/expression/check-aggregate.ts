import type { Aggregate, Literal } from '../declare/aggregate.ts';
import type { ValueType } from '../declare/value-type.ts';
import type { Checked, Checker, Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import { listLeaves, type Node, selectionOf } from './tree.ts';
import { asList, describeType, INTEGER } from './types.ts';

type Call = Syntax & { readonly kind: 'call' };

/** Types an aggregate: its value, the literals behind it, its conditions. */
export function checkAggregate(checker: Checker, syntax: Call, aggregate: Aggregate, scope: Scope): Checked {
  const { args, name } = syntax;
  const wanted = aggregate.literals ?? [];
  const required = (aggregate.valueOptional === true && args.length === 0 ? 0 : 1) + wanted.length;
  if (args.length < required) {
    const what = [aggregate.valueOptional === true ? [] : ['a value'], wanted.map((one) => one.name)].flat().join(', ');
    return checker.fail(syntax, `${name} needs ${what}`, {
      expected: `${name}(${['value', ...wanted.map((one) => one.name), 'conditions...'].join(', ')})`,
    });
  }
  const frame: Scope = { ...scope, level: 'frame', inside: name };
  const conditions = args.slice(1 + wanted.length).map((condition) => checker.condition(condition, frame));
  const present = conditions.filter((node) => node !== undefined);
  const enclosing = selectionOf(present.filter((node) => !node.ordered));
  const given = args.length === 0 ? undefined : checker.check(args[0]!, { ...frame, enclosing });
  if (args.length > 0 && given === undefined) return undefined;
  if (given !== undefined && !fits(checker, args[0]!, given, aggregate)) return undefined;
  // What can be called without a value counts frames: those where a condition is true, or where a list has a value.
  const frames = aggregate.valueOptional === true && (given?.type.kind === 'boolean' || given?.type.list === true);
  const value = frames ? undefined : given;
  const selection = selectionOf(frames ? [...present, given.type.list ? checker.present(given) : given] : present);
  const literals: Literal[] = [];
  for (const [index, { kind, name: literalName }] of wanted.entries()) {
    const literal = literalOf(checker, args[1 + index]!, kind, literalName, value);
    if (literal === undefined) return undefined;
    literals.push(literal);
  }
  if (conditions.some((node) => node === undefined)) return undefined;
  const valueType = value === undefined ? INTEGER : asList(value.type, false);
  let type: ValueType;
  try {
    type = aggregate.result(valueType, literals);
  } catch (error) {
    if (error instanceof RangeError) return checker.fail(args[1] ?? syntax, error.message);
    throw error;
  }
  const key = `${aggregate.name}:${JSON.stringify(literals)}:${selection.map(({ id }) => id).join()}`;
  return checker.tree.node(
    { op: 'aggregate', type, args: value === undefined ? [] : [value], aggregate, literals, selection },
    key,
  );
}

function fits(checker: Checker, syntax: Syntax, value: Node, aggregate: Aggregate): boolean {
  const { kind } = value.type;
  if (!aggregate.accepts.includes(kind)) {
    const rest =
      kind === 'boolean'
        ? { expected: `${aggregate.accepts.join(', ')}; conditions come behind the value` }
        : { expected: aggregate.accepts.join(', ') };
    checker.fail(syntax, `${aggregate.name} does not take ${describeType(value.type)}`, rest);
    return false;
  }
  if (value.type.list && kind === 'boolean' && aggregate.valueOptional === true) {
    checker.fail(syntax, 'several values in one frame', { expected: 'any(...) or all(...) around it' });
    return false;
  }
  if (listLeaves(value).length > 1) {
    checker.fail(syntax, 'made of two fields with several values per frame each', { expected: 'one of them at most' });
    return false;
  }
  return true;
}

function literalOf(
  checker: Checker,
  syntax: Syntax,
  kind: 'integer' | 'number' | 'numbers' | 'duration',
  name: string,
  value: Node | undefined,
): Literal | undefined {
  if (kind === 'numbers') {
    if (syntax.kind !== 'set' || syntax.items.length === 0) {
      return checker.fail(syntax, `${name} are numbers`, { expected: 'a set such as {0, 100, 500}' });
    }
    const numbers = syntax.items.map((item) => numberOf(checker, item, name, value));
    return numbers.every((number) => number !== undefined) ? numbers : undefined;
  }
  if (kind === 'duration') {
    if (syntax.kind === 'number' && syntax.unit === 'duration') return syntax.value;
    return checker.fail(syntax, `${name} is not a duration`, { expected: 'a duration, written out: 5s, 250ms' });
  }
  if (
    syntax.kind !== 'number' ||
    syntax.unit !== 'none' ||
    (kind === 'integer' && !Number.isSafeInteger(syntax.value))
  ) {
    return checker.fail(syntax, `${name} is not ${kind === 'integer' ? 'a whole number' : 'a number'}`, {
      expected: kind === 'integer' ? 'a whole number, written out' : 'a number, written out',
    });
  }
  return syntax.value;
}

/** A number in the unit of the value: durations for durations, bare numbers and sizes for the rest. */
function numberOf(checker: Checker, item: Syntax, name: string, value: Node | undefined): number | undefined {
  if (item.kind !== 'number') return checker.fail(item, `${name} are numbers`);
  const duration = value?.type.kind === 'duration';
  const fits = duration
    ? item.unit === 'duration' || item.value === 0
    : item.unit === 'none' || (item.unit === 'bytes' && (value?.type.unit === 'bytes' || value?.type.unit === ''));
  if (!fits)
    return checker.fail(item, 'not in the unit of the value', {
      expected: duration ? 'a duration such as 10ms' : 'a number',
    });
  return item.value;
}
