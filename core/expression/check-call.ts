import { checkAggregate } from './check-aggregate.ts';
import { checkOrder, checkReduction } from './check-order.ts';
import { checkCut, checkTexts } from './check-texts.ts';
import { nearest } from './nearest.ts';
import type { Checked, Checker, Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import { isText, type Node, type Operation } from './tree.ts';
import { asList, BOOLEAN, DURATION, describeType, NUMBER, numberType } from './types.ts';
import { commonUnit } from './units.ts';

type Call = Syntax & { readonly kind: 'call' };

/** Functions that need no aggregate: names, with the number of their arguments. */
export const FUNCTIONS: Readonly<
  Record<string, { readonly least: number; readonly most: number; readonly description: string }>
> = {
  abs: { least: 1, most: 1, description: 'abs(x): the value without its sign.' },
  floor: { least: 1, most: 1, description: 'floor(x): the largest whole number not above it.' },
  log2: { least: 1, most: 1, description: 'log2(x): logarithm to base 2; empty for 0 and below.' },
  least: { least: 2, most: 50, description: 'least(x, y, ...): the smallest; empty when one of them is.' },
  greatest: { least: 2, most: 50, description: 'greatest(x, y, ...): the largest; empty when one of them is.' },
  present: { least: 1, most: 1, description: 'present(x): whether it has a value.' },
  default: { least: 2, most: 2, description: 'default(x, y): x, or y where x is empty.' },
  byte_entropy: {
    least: 1,
    most: 1,
    description: 'byte_entropy(x): bits per byte over the distribution of its bytes, 0 to 8; empty for no byte.',
  },
  text: {
    least: 1,
    most: 50,
    description: 'text(x, y, ...): values of the flow as one text, one behind the other; empty when one of them is.',
  },
  utc: {
    least: 1,
    most: 1,
    description: 'utc(x): a time of the flow as date and time in UTC, 2009-03-19 05:21:35.585864.',
  },
  cut: {
    least: 2,
    most: 2,
    description: 'cut(x, n): the first n characters of a value of the flow as text; empty when it is.',
  },
  unix_ms: {
    least: 1,
    most: 1,
    description: 'unix_ms(x): a time of the flow in whole milliseconds since 1970-01-01 UTC, cut off.',
  },
  unix_us: {
    least: 1,
    most: 1,
    description: 'unix_us(x): a time of the flow in whole microseconds since 1970-01-01 UTC, cut off.',
  },
  gap: {
    least: 1,
    most: 50,
    description: 'gap(x, conditions...): difference to the last frame before it that fulfils the conditions.',
  },
  previous: {
    least: 1,
    most: 50,
    description: 'previous(x, conditions...): the value in the last frame before it that fulfils the conditions.',
  },
  changed: {
    least: 1,
    most: 50,
    description:
      'changed(x, conditions...): whether it differs from the last frame before it that fulfils the conditions.',
  },
};

/** Types a function, an order-dependent value or an aggregate. */
export function checkCall(checker: Checker, syntax: Call, scope: Scope): Checked {
  const { name, args, nameSpan } = syntax;
  if ((name === 'any' || name === 'all') && scope.level !== 'flow') return checkReduction(checker, syntax, name, scope);
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) {
    const aggregate = checker.registry.aggregates.get(name);
    if (aggregate !== undefined) {
      if (scope.level === 'flow') return checkAggregate(checker, syntax, aggregate, scope);
      const message =
        scope.level === 'filter'
          ? `${name} is an aggregate over the frames of a flow`
          : 'an aggregate inside an aggregate';
      return checker.fail(nameSpan, message, { expected: 'a value of one frame' });
    }
    const suggestion = nearest(name, [...Object.keys(FUNCTIONS), ...checker.registry.aggregates.keys()]);
    const rest = suggestion === undefined ? {} : { suggestion };
    return checker.fail(nameSpan, scope.level === 'flow' ? 'no such aggregate or function' : 'no such function', rest);
  }
  if (args.length < known.least || args.length > known.most) {
    const count = known.least === known.most ? `${known.least}` : `at least ${known.least}`;
    return checker.fail(syntax, `${name} takes ${count} argument${count === '1' ? '' : 's'}, not ${args.length}`);
  }
  if (name === 'gap' || name === 'previous' || name === 'changed') return checkOrder(checker, syntax, name, scope);
  const nodes = args.map((arg) => checker.check(arg, scope));
  if (!nodes.every((node) => node !== undefined)) return undefined;
  const columns = nodes.findIndex(({ type }) => type.length !== undefined);
  if (columns >= 0) return checker.fail(args[columns]!, `${name} takes no list of columns`);
  switch (name) {
    case 'abs':
      return arithmetic(checker, syntax, nodes[0]!, 'absolute', ['number', 'duration']);
    case 'floor':
      return arithmetic(checker, syntax, nodes[0]!, 'floor', ['number']);
    case 'log2':
      return arithmetic(checker, syntax, nodes[0]!, 'log2', ['number']);
    case 'present':
      return checker.present(nodes[0]!);
    case 'default':
      return fallback(checker, syntax, nodes[0]!, nodes[1]!, scope);
    case 'text':
    case 'utc':
      return checkTexts(checker, syntax, nodes, name, scope);
    case 'cut':
      return checkCut(checker, syntax, nodes, scope);
    case 'unix_ms':
      return unixTime(checker, syntax, nodes[0]!, 1e6, 'ms', scope);
    case 'unix_us':
      return unixTime(checker, syntax, nodes[0]!, 1e3, 'us', scope);
    case 'byte_entropy':
      return byteEntropy(checker, syntax, nodes[0]!);
    default:
      return extreme(checker, syntax, nodes, name === 'least' ? 'least' : 'greatest');
  }
}

function arithmetic(checker: Checker, syntax: Call, node: Node, op: Operation, kinds: readonly string[]): Checked {
  const { kind, unit, list } = node.type;
  if (!kinds.includes(kind)) {
    return checker.fail(syntax.args[0]!, `${syntax.name} takes no ${kind}`, {
      expected: kinds.map((one) => `a ${one}`).join(' or '),
    });
  }
  const type = op === 'log2' ? NUMBER : op === 'floor' ? numberType(unit, true) : node.type;
  return checker.tree.node({ op, type: asList(type, list), args: [node] });
}

function extreme(checker: Checker, syntax: Call, nodes: readonly Node[], op: 'least' | 'greatest'): Checked {
  let { type } = nodes[0]!;
  for (const [index, node] of nodes.entries()) {
    const { kind } = node.type;
    const unit = commonUnit(type, node.type);
    if (kind !== type.kind || (kind !== 'number' && kind !== 'duration' && kind !== 'time') || unit === undefined) {
      return checker.fail(syntax.args[index]!, `${syntax.name} takes no ${kind} here`, {
        expected: `${describeType(type)} as the first`,
      });
    }
    type = {
      ...type,
      unit,
      ...(kind === 'number' ? { integer: type.integer === true && node.type.integer === true } : {}),
    };
  }
  return checker.tree.node({
    op,
    type: asList(
      type,
      nodes.some((node) => node.type.list),
    ),
    args: nodes,
  });
}

function fallback(checker: Checker, syntax: Call, value: Node, other: Node, scope: Scope): Checked {
  let node = value;
  if (node.type.list) {
    if (scope.level !== 'filter')
      return checker.fail(syntax.args[0]!, 'several values in one frame', { expected: 'one value' });
    node = checker.tree.node({ op: 'first-of', type: asList(node.type, false), args: [node] });
  }
  if (other.type.list) return checker.fail(syntax.args[1]!, 'several values in one frame', { expected: 'one value' });
  const { kind } = node.type;
  const unit = commonUnit(node.type, other.type);
  const zero = other.op === 'constant' && other.value === 0 && other.type.kind === 'number' && other.type.unit === '';
  const fits = kind === other.type.kind && unit !== undefined;
  // 0 is the same in every unit: default(stddev(gap(time)), 0).
  if (!fits && !(zero && (kind === 'duration' || kind === 'boolean'))) {
    return checker.fail(syntax.args[1]!, `default has ${describeType(other.type)} for ${describeType(node.type)}`, {
      expected: describeType(node.type),
    });
  }
  const second = fits
    ? other
    : checker.tree.node({ op: 'constant', type: kind === 'duration' ? DURATION : BOOLEAN, args: [], value: 0 }, 0);
  const integer = node.type.integer === true && second.type.integer === true;
  const type = kind === 'number' ? { ...node.type, unit: unit ?? '', integer } : node.type;
  return checker.tree.node({ op: isText(node.type) ? 'default-text' : 'default', type, args: [node, second] });
}

function unixTime(checker: Checker, syntax: Call, time: Node, per: number, unit: string, scope: Scope): Checked {
  if (scope.level !== 'flow') return checker.fail(syntax, `${syntax.name} takes a time of the whole flow`);
  if (time.type.kind !== 'time') {
    const message = `${syntax.name} takes no ${describeType(time.type)}`;
    return checker.fail(syntax.args[0]!, message, { expected: 'a time such as start' });
  }
  return checker.tree.node({ op: 'unix', type: numberType(unit, true), args: [time], per }, per);
}

function byteEntropy(checker: Checker, syntax: Call, node: Node): Checked {
  const whole = node.op === 'builtin' || node.op === 'field';
  if (!isText(node.type) || node.type.list || !whole) {
    return checker.fail(syntax.args[0]!, `byte_entropy takes no ${describeType(node.type).replace(/^an? /, '')}`, {
      expected: 'payload, or a field of bytes or text with one value',
    });
  }
  return checker.tree.node({ op: 'byte-entropy', type: numberType('bits'), args: [node] });
}
