import type { Literal } from '../declare/aggregate.ts';
import { formatAddress } from '../expression/address.ts';
import type { Node, Prefix } from '../expression/tree.ts';
import { formatDuration } from '../run/duration.ts';

/** Text in place of a node, or undefined where the node is to be written itself. */
export type Replace = (node: Node) => string | undefined;

const INFIX: Readonly<Record<string, readonly [sign: string, precedence: number]>> = {
  or: ['or', 1],
  and: ['and', 2],
  equal: ['==', 4],
  'same-text': ['==', 4],
  'not-equal': ['!=', 4],
  'other-text': ['!=', 4],
  less: ['<', 4],
  'less-equal': ['<=', 4],
  greater: ['>', 4],
  'greater-equal': ['>=', 4],
  contains: ['contains', 4],
  'bit-or': ['|', 5],
  'bit-xor': ['^', 6],
  'bit-and': ['&', 7],
  'shift-left': ['<<', 8],
  'shift-right': ['>>', 8],
  add: ['+', 9],
  subtract: ['-', 9],
  multiply: ['*', 10],
  divide: ['/', 10],
  modulo: ['%', 10],
};
const NOT = 3;
const COMPARISON = 4;
const ATOM = 20;

const FUNCTIONS: Readonly<Record<string, string>> = {
  absolute: 'abs',
  'present-text': 'present',
  'default-text': 'default',
  'byte-entropy': 'byte_entropy',
  'joined-text': 'text',
  'utc-text': 'utc',
  some: 'any',
  every: 'all',
};

/** What stands around another value without being written: conversions between units, the replacement of addresses. */
const UNSEEN: ReadonlySet<string> = new Set(['scale', 'mapped-address', 'first-of', 'some', 'every']);

const literalText = (literal: Literal, isDuration: boolean): string =>
  typeof literal === 'number' ? (isDuration ? formatDuration(literal) : String(literal)) : `{${literal.join(', ')}}`;

const prefixText = ({ value, bits }: Prefix): string => `${formatAddress(value)}/${bits}`;

function constantText({ type, value }: Node & { readonly op: 'constant' }): string {
  if (typeof value === 'string') return type.kind === 'address' ? formatAddress(value) : JSON.stringify(value);
  if (type.kind === 'duration') return formatDuration(value);
  return type.kind === 'boolean' ? String(value === 1) : String(value);
}

/**
 * A typed tree in the language of expressions, conversions between units left out.
 * @param replace says what stands in place of parts: their values
 */
export function nodeText(node: Node, replace: Replace = () => undefined): string {
  return written(node, replace)[0];
}

/** The text and how tightly it binds. */
function written(node: Node, replace: Replace): readonly [text: string, precedence: number] {
  const replaced = replace(node);
  if (replaced !== undefined) return [replaced, ATOM];
  const inner = (arg: Node, least: number): string => {
    const [text, precedence] = written(arg, replace);
    return precedence < least ? `(${text})` : text;
  };
  if (UNSEEN.has(node.op)) return written(node.args[0]!, replace);
  const infix = INFIX[node.op];
  if (infix !== undefined) {
    const [sign, precedence] = infix;
    const [left, right] = node.args as readonly [Node, Node];
    return [`${inner(left, precedence)} ${sign} ${inner(right, precedence + 1)}`, precedence];
  }
  const list = (...parts: readonly string[]): string => parts.join(', ');
  const args = node.args.map((arg) => inner(arg, 0));
  switch (node.op) {
    case 'constant':
      return [constantText(node), ATOM];
    case 'builtin':
    case 'mapped-fact':
      return [node.name, ATOM];
    case 'extra':
      return [`key field ${node.index + 1}`, ATOM];
    case 'field':
      return [typeof node.occurrence === 'number' ? `${node.name}#${node.occurrence}` : node.name, ATOM];
    case 'analysis':
      return [node.analysis.values[node.index]!.name, ATOM];
    case 'code':
    case 'object-code':
      return [node.feature.name, ATOM];
    case 'not':
      return [`not ${inner(node.args[0]!, NOT)}`, NOT];
    case 'negate':
      return [`-${inner(node.args[0]!, ATOM)}`, ATOM - 1];
    case 'in-numbers':
      return [`${inner(node.args[0]!, COMPARISON + 1)} in {${list(...node.numbers.map(String))}}`, COMPARISON];
    case 'in-texts': {
      const isAddress = node.args[0]!.type.kind === 'address';
      const texts = node.texts.map((text) => (isAddress ? formatAddress(text) : JSON.stringify(text)));
      const all = [...texts, ...node.prefixes.map(prefixText)];
      return [`${inner(node.args[0]!, COMPARISON + 1)} in {${list(...all)}}`, COMPARISON];
    }
    case 'matches':
      return [`${inner(node.args[0]!, COMPARISON + 1)} matches ${JSON.stringify(node.regex.pattern)}`, COMPARISON];
    case 'order':
      return [`${node.name}(${list(...args, ...node.selection.map((one) => inner(one, 0)))})`, ATOM];
    case 'aggregate': {
      const literals = node.literals.map((one, i) =>
        literalText(one, node.aggregate.literals?.[i]?.kind === 'duration'),
      );
      const conditions = node.selection.map((one) => inner(one, 0));
      return [`${node.aggregate.name}(${list(...args, ...literals, ...conditions)})`, ATOM];
    }
    default:
      return [`${FUNCTIONS[node.op] ?? node.op}(${list(...args)})`, ATOM];
  }
}
