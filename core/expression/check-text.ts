import { compileRegex, type Regex, RegexProblem } from './regex.ts';
import type { Checked, Checker, Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import type { Node, Prefix } from './tree.ts';
import { asList, BOOLEAN, describeType } from './types.ts';

type Binary = Syntax & { readonly kind: 'binary' };

/** Types `x in {...}` and `x in prefix`. */
export function checkIn(checker: Checker, syntax: Binary, scope: Scope): Checked {
  const left = checker.check(syntax.left, scope);
  const { right } = syntax;
  if (right.kind !== 'set' && right.kind !== 'address') {
    return checker.fail(right, 'not a set', { expected: 'a set such as {80, 443}, or a prefix such as 10.0.0.0/8' });
  }
  if (left === undefined) return undefined;
  const numbers: number[] = [];
  const texts: string[] = [];
  const prefixes: Prefix[] = [];
  for (const item of right.kind === 'set' ? right.items : [right]) {
    const problem = addItem(item, left, numbers, texts, prefixes);
    if (problem !== undefined) return checker.fail(item, problem.message, { expected: problem.expected });
  }
  const type = asList(BOOLEAN, left.type.list);
  if (left.type.kind === 'number' || left.type.kind === 'duration') {
    return checker.tree.node({ op: 'in-numbers', type, args: [left], numbers }, numbers.join());
  }
  return checker.tree.node({ op: 'in-texts', type, args: [left], texts, prefixes }, JSON.stringify([texts, prefixes]));
}

function addItem(
  item: Syntax,
  left: Node,
  numbers: number[],
  texts: string[],
  prefixes: Prefix[],
): { message: string; expected: string } | undefined {
  const { kind, unit } = left.type;
  if (kind === 'number') {
    const fits =
      item.kind === 'number' && (item.unit === 'none' || (item.unit === 'bytes' && (unit === 'bytes' || unit === '')));
    if (!fits) return { message: 'not possible in this set', expected: 'numbers' };
    numbers.push(item.value);
  } else if (kind === 'duration') {
    if (item.kind !== 'number' || (item.unit !== 'duration' && item.value !== 0)) {
      return { message: 'not possible in this set', expected: 'durations such as 10s' };
    }
    numbers.push(item.value);
  } else if (kind === 'address') {
    if (item.kind !== 'address') return { message: 'not possible in this set', expected: 'addresses and prefixes' };
    if (item.bits === undefined) texts.push(item.value);
    else prefixes.push({ value: item.value, bits: item.bits });
  } else if (kind === 'text' || kind === 'bytes') {
    if (item.kind !== 'text') return { message: 'not possible in this set', expected: 'texts in quotes' };
    texts.push(kind === 'text' ? item.value : String.fromCharCode(...new TextEncoder().encode(item.value)));
  } else return { message: `${describeType(left.type)} cannot be looked up in a set`, expected: 'a comparison' };
  return undefined;
}

/** Types `x matches "..."`. */
export function checkMatches(checker: Checker, syntax: Binary, scope: Scope): Checked {
  const left = checker.check(syntax.left, scope);
  const { right } = syntax;
  if (right.kind !== 'text')
    return checker.fail(right, 'not a pattern', { expected: 'a regular expression in quotes' });
  let regex: Regex;
  try {
    regex = compileRegex(right.value);
  } catch (error) {
    if (error instanceof RegexProblem) return checker.fail(right, error.message);
    throw error;
  }
  if (left === undefined) return undefined;
  if (left.type.kind !== 'text' && left.type.kind !== 'bytes') {
    return checker.fail(syntax.left, `${describeType(left.type)} has no letters`, { expected: 'text or bytes' });
  }
  return checker.tree.node({ op: 'matches', type: asList(BOOLEAN, left.type.list), args: [left], regex }, right.value);
}
