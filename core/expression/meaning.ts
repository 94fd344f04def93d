import type { Node, Operation } from './tree.ts';

/** What a value means, so that two ways of writing it can be compared. */
export interface Meaning {
  /** Equal texts are equal values, but for `factor`. */
  readonly text: string;
  /** The value is this many times what the text says: 1e-6 for a duration (in nanoseconds) written in milliseconds. */
  readonly factor: number;
}

const INFIX: Partial<Record<Operation, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
  'bit-and': '&',
  'bit-or': '|',
  'bit-xor': '^',
  'shift-left': '<<',
  'shift-right': '>>',
  less: '<',
  'less-equal': '<=',
  equal: '==',
  'not-equal': '!=',
  'same-text': '==',
  'other-text': '!=',
  contains: 'contains',
  and: 'and',
  or: 'or',
};
const COMMUTATIVE: ReadonlySet<string> = new Set([
  ...['add', 'multiply', 'bit-and', 'bit-or', 'bit-xor', 'equal', 'not-equal', 'same-text', 'other-text', 'and', 'or'],
  ...['least', 'greatest'],
]);
/** Aggregates of ten times the value are ten times the aggregate. */
const LINEAR: ReadonlySet<string> = new Set([
  ...[
    'sum',
    'mean',
    'min',
    'max',
    'range',
    'first',
    'last',
    'nth',
    'stddev',
    'stddev_pop',
    'rms',
    'median',
    'quantile',
  ],
  ...['mode', 'head', 'sequence', 'running_mean', 'running_stddev'],
]);
/** Written shorter than by its name. */
const WORDS: Partial<Record<Node['op'], string>> = {
  absolute: 'abs',
  'default-text': 'default',
  'present-text': 'present',
  'byte-entropy': 'byte_entropy',
  'joined-text': 'text',
  'utc-text': 'utc',
};

const plain = (node: Node): string => {
  const { text, factor } = meaningOf(node);
  return factor === 1 ? text : `${text} * ${factor}`;
};
const joined = (nodes: readonly Node[]): string[] => nodes.map(plain);
const selection = (nodes: readonly Node[]): string[] => joined(nodes).sort();

/** A duration as expressions write it. */
function durationText(nanoseconds: number): string {
  const units = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'us'],
    [1, 'ns'],
  ] as const;
  const [size, unit] = units.find(([one]) => nanoseconds % one === 0) ?? [1, 'ns'];
  return `${nanoseconds / size}${unit}`;
}

function constantText({ value, type }: Node & { readonly op: 'constant' }): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (type.kind === 'boolean') return value === 0 ? 'false' : 'true';
  return type.kind === 'duration' && value !== 0 ? durationText(value) : String(value);
}

/** What tells a node apart besides its operation and arguments: names, lengths, numbers. */
function details(node: Node): string[] {
  return Object.entries(node).flatMap(([name, value]) => {
    if (['op', 'id', 'type', 'args', 'ordered', 'selection'].includes(name)) return [];
    if (typeof value === 'object' && value !== null) {
      const own = value as { readonly name?: unknown; readonly pattern?: unknown };
      return [String(own.name ?? own.pattern ?? JSON.stringify(value))];
    }
    return typeof value === 'function' ? [] : [String(value)];
  });
}

/** Constant factors of both sides are those of the result. */
function product(op: 'divide' | 'multiply', first: Node, second: Node): Meaning {
  const [a, b] = [meaningOf(first), meaningOf(second)];
  const over = (factor: number): number => (op === 'divide' ? a.factor / factor : a.factor * factor);
  if (second.op === 'constant' && typeof second.value === 'number' && second.value !== 0) {
    return { text: a.text, factor: over(second.value) };
  }
  const texts = op === 'multiply' ? [a.text, b.text].sort() : [a.text, b.text];
  return { text: `(${texts.join(op === 'divide' ? ' / ' : ' * ')})`, factor: over(b.factor) };
}

/** What a node of a typed tree means: names of features taken apart, conditions in order, constant factors apart. */
export function meaningOf(node: Node): Meaning {
  const is = (text: string, factor = 1): Meaning => ({ text, factor });
  const [first, second] = node.args as readonly [Node, Node];
  switch (node.op) {
    case 'constant':
      return is(constantText(node));
    case 'builtin':
      return is(node.name);
    case 'field':
      return is(node.occurrence === 'key' ? node.name : `${node.name}#${node.occurrence}`);
    case 'scale': {
      const own = meaningOf(first);
      return is(own.text, node.inverse ? own.factor / node.factor : own.factor * node.factor);
    }
    case 'divide':
    case 'multiply':
      return product(node.op, first, second);
    case 'greater':
      return is(`(${plain(second)} < ${plain(first)})`);
    case 'greater-equal':
      return is(`(${plain(second)} <= ${plain(first)})`);
    case 'not':
      return is(`not ${plain(first)}`);
    case 'negate': {
      const own = meaningOf(first);
      return is(own.text, -own.factor);
    }
    case 'default': {
      const instead = second.op === 'negate' && second.args[0]!.op === 'constant' ? second.args[0]! : second;
      if (instead.op !== 'constant') break;
      const own = meaningOf(first);
      return is(`default(${own.text}, ${second === instead ? '' : '-'}${constantText(instead)})`, own.factor);
    }
    case 'order': {
      const own = node.name === 'changed' ? { text: plain(first), factor: 1 } : meaningOf(first);
      return is(`${node.name}(${[own.text, ...selection(node.selection)].join(', ')})`, own.factor);
    }
    case 'aggregate': {
      const { aggregate, literals } = node;
      const linear = first !== undefined && LINEAR.has(aggregate.name);
      const own = linear ? meaningOf(first) : undefined;
      const value = first === undefined ? [] : [own?.text ?? plain(first)];
      const given = literals.map((one) => (Array.isArray(one) ? `{${one.join(', ')}}` : String(one)));
      const inside = [...value, ...given, ...selection(node.selection)].join(', ');
      if (aggregate.name === 'count' && inside === '') return is('frames');
      if (aggregate.name === 'rate') return is(`(sum(${inside}) / duration)`, 1e9);
      return is(`${aggregate.name}(${inside})`, own?.factor ?? 1);
    }
    case 'code':
    case 'object-code':
      return is(node.feature.name);
    case 'analysis':
      return is(node.analysis.values[node.index]!.name);
    default:
  }
  const infix = INFIX[node.op as Operation];
  const texts = COMMUTATIVE.has(node.op) ? joined(node.args).sort() : joined(node.args);
  if (infix !== undefined) return is(`(${texts.join(` ${infix} `)})`);
  return is(`${WORDS[node.op] ?? node.op}(${[...texts, ...details(node)].join(', ')})`);
}
