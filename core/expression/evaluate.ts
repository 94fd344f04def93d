import { isText, type Node } from './tree.ts';

/** A value: NaN or null is empty. */
export type Value = number | string | null;

/** Where an interpreter finds what no operation makes, and the several values of a field. */
export interface Surroundings {
  leaf(node: Node, evaluate: (node: Node) => Value): Value;
  list(node: Node): readonly Value[];
}

const empty = (value: Value): boolean => value === null || (typeof value === 'number' && Number.isNaN(value));

/** Every value of a node: one, or for a list one for each combination of its elements. */
export function valuesOf(node: Node, around: Surroundings): readonly Value[] {
  return node.type.list ? elements(node, around, leavesOf(node), new Map()) : [evaluate(node, around)];
}

function leavesOf(node: Node): Node[] {
  if (!node.type.list) return [];
  return node.op === 'field' ? [node] : [...new Set(node.args.flatMap(leavesOf))];
}

function elements(node: Node, around: Surroundings, leaves: readonly Node[], known: ReadonlyMap<Node, Value>): Value[] {
  const [leaf, ...rest] = leaves;
  if (leaf === undefined) return [evaluate(node, around, known)];
  return around.list(leaf).flatMap((value) => elements(node, around, rest, new Map([...known, [leaf, value]])));
}

/** Evaluates a typed tree as the book says: slowly, and without any of the ways that generated code takes. */
export function evaluate(node: Node, around: Surroundings, known: ReadonlyMap<Node, Value> = new Map()): Value {
  const found = known.get(node);
  if (found !== undefined) return found;
  const of = (arg: Node): Value => evaluate(arg, around, known);
  switch (node.op) {
    case 'constant':
      return node.value;
    case 'field':
    case 'builtin':
    case 'extra':
    case 'order':
    case 'aggregate':
    case 'code':
    case 'object-code':
    case 'analysis':
    case 'byte-entropy':
    case 'joined-text':
    case 'utc-text':
    case 'unix':
    case 'cut-text':
    case 'mapped-address':
    case 'mapped-fact':
      return around.leaf(node, of);
    case 'first-of':
      return valuesOf(node.args[0]!, around)[0] ?? (isText(node.type) ? null : Number.NaN);
    case 'any':
    case 'all':
    case 'some':
    case 'every':
      return reduce(node.op, valuesOf(node.args[0]!, around));
    case 'and':
    case 'or':
      return logical(node.op, node.args.map(of));
    case 'present':
    case 'present-text':
      return empty(of(node.args[0]!)) ? 0 : 1;
    case 'default':
    case 'default-text':
      return empty(of(node.args[0]!)) ? of(node.args[1]!) : of(node.args[0]!);
    default: {
      // All others are empty when one of their arguments is.
      const args = node.args.map(of);
      if (args.some(empty)) return isText(node.type) ? null : Number.NaN;
      return Number(operate(node, args as readonly (number | string)[]));
    }
  }
}

function reduce(op: 'any' | 'all' | 'some' | 'every', values: readonly Value[]): Value {
  if (values.length === 0 && (op === 'some' || op === 'every')) return Number.NaN;
  return logical(op === 'any' || op === 'some' ? 'or' : 'and', values);
}

function logical(op: 'and' | 'or', values: readonly Value[]): Value {
  const decisive = op === 'and' ? 0 : 1;
  if (values.includes(decisive)) return decisive;
  return values.some(empty) ? Number.NaN : 1 - decisive;
}

/** Bits of a whole number, the lowest first. */
const bitsOf = (value: number): number[] => Array.from({ length: 53 }, (_, bit) => Math.floor(value / 2 ** bit) % 2);

function bitwise(a: number, b: number, of: (a: number, b: number) => number): number {
  if (![a, b].every((one) => Number.isSafeInteger(one) && one >= 0)) return Number.NaN;
  const other = bitsOf(b);
  return bitsOf(a).reduce((sum, bit, place) => sum + of(bit, other[place]!) * 2 ** place, 0);
}

function shifted(a: number, b: number, left: boolean): number {
  if (![a, b].every((one) => Number.isSafeInteger(one) && one >= 0)) return Number.NaN;
  const result = left ? a * 2 ** b : Math.floor(a / 2 ** b);
  return result > Number.MAX_SAFE_INTEGER ? Number.NaN : result;
}

function operate(node: Node, args: readonly (number | string)[]): number | boolean {
  const [a, b] = args as readonly [number, number];
  const [text, other] = args as readonly [string, string];
  switch (node.op) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return b === 0 ? Number.NaN : a / b;
    case 'modulo':
      return a % b;
    case 'negate':
      return -a;
    case 'absolute':
      return Math.abs(a);
    case 'floor':
      return Math.floor(a);
    case 'log2':
      return a > 0 ? Math.log2(a) : Number.NaN;
    case 'least':
      return Math.min(...(args as readonly number[]));
    case 'greatest':
      return Math.max(...(args as readonly number[]));
    case 'bit-and':
      return bitwise(a, b, (x, y) => x * y);
    case 'bit-or':
      return bitwise(a, b, (x, y) => Math.max(x, y));
    case 'bit-xor':
      return bitwise(a, b, (x, y) => (x + y) % 2);
    case 'shift-left':
      return shifted(a, b, true);
    case 'shift-right':
      return shifted(a, b, false);
    case 'less':
      return a < b;
    case 'less-equal':
      return a <= b;
    case 'greater':
      return a > b;
    case 'greater-equal':
      return a >= b;
    case 'equal':
    case 'same-text':
      return a === b;
    case 'not-equal':
    case 'other-text':
      return a !== b;
    case 'not':
      return 1 - a;
    case 'contains':
      return text.includes(other);
    case 'matches':
      return new RegExp(
        node.regex.pattern.replace(/^\(\?i\)/, ''),
        node.regex.pattern.startsWith('(?i)') ? 'iu' : 'u',
      ).test(text);
    case 'in-numbers':
      return node.numbers.includes(a);
    case 'in-texts':
      return (
        node.texts.includes(text) ||
        node.prefixes.some(
          ({ value, bits }) => addressBits(text, bits) === addressBits(value, bits) && text.length === value.length,
        )
      );
    case 'scale':
      return node.inverse ? a / node.factor : a * node.factor;
    default:
      throw new Error(`no operation ${node.op}`);
  }
}

const addressBits = (address: string, bits: number): string =>
  Array.from(address, (unit) => unit.charCodeAt(0).toString(2).padStart(8, '0'))
    .join('')
    .slice(0, bits);
