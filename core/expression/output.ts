import type { ValueType } from '../declare/value-type.ts';
import { type Column, column, type NumberForm } from '../flow/rows.ts';
import { nearest } from './nearest.ts';
import { everyNode } from './plan.ts';
import type { Source } from './problem.ts';
import { isText, type Node, type Tree } from './tree.ts';
import { describeType, numberType } from './types.ts';
import { conversion, isUnit, nanosecondsIn, UNIT_SYMBOLS, unitOf } from './units.ts';

/** How a result is written into its columns. */
export type Writing =
  | 'number'
  | 'time'
  | 'text'
  | 'hash'
  | 'source'
  | 'destination'
  | 'numbers'
  | 'times'
  | 'texts'
  | 'joined';

/** A value with the columns it fills. */
export interface Output {
  readonly node: Node;
  readonly writing: Writing;
  readonly columns: readonly Column[];
  /** What the items of a list are divided by. */
  readonly divisor: number;
}

/** What is asked of a result. */
export interface Wish {
  readonly name: string;
  readonly unit: string | undefined;
  readonly description: string;
  /** A list in one text column, or in a column for each of its items. */
  readonly list: 'columns' | 'text';
  /** How a number is written as text, where not as all are. */
  readonly form?: NumberForm | undefined;
}

const whole = (node: Node, name: string): boolean => node.op === 'builtin' && node.name === name;

/** The columns of a value; undefined when it cannot be printed so (the source then says why). */
export function outputOf(tree: Tree, source: Source, node: Node, wish: Wish): Output | undefined {
  const { type } = node;
  const span = { offset: 0, length: source.text.length };
  if (type.list)
    return void source.problem(span, 'several values in one frame', { expected: 'an aggregate around it' });
  const { divisor, unit, problem } = converted(type, wish.unit);
  if (problem !== undefined) {
    return void source.problem(
      span,
      problem.message,
      problem.suggestion === undefined ? {} : { suggestion: problem.suggestion },
    );
  }
  const description = describe(wish.description, node);
  const base = { description, unit };
  if (type.length !== undefined) return listOutput(node, wish, base, divisor);
  if (whole(node, 'flow_id')) return { node, writing: 'hash', columns: [column(wish.name, 'hash', base)], divisor };
  if (whole(node, 'src_ip') || whole(node, 'dst_ip')) {
    const writing = whole(node, 'src_ip') ? 'source' : 'destination';
    return { node, writing, columns: [column(wish.name, 'address', base)], divisor };
  }
  if (type.kind === 'time') return { node, writing: 'time', columns: [column(wish.name, 'time', base)], divisor };
  if (isText(type)) return { node, writing: 'text', columns: [column(wish.name, 'text', base)], divisor };
  // The duration of a flow is printed to the nanosecond.
  const exact = whole(node, 'duration') && unit === 's';
  const integer = !exact && type.integer === true && divisor === 1;
  const { form } = wish;
  const rest = {
    ...base,
    integer,
    boolean: type.kind === 'boolean',
    labels: type.labels,
    decimals: exact && form === undefined ? 9 : -1,
    ...(form === undefined ? {} : { form }),
  };
  return {
    node: exact ? node : scaled(tree, node, divisor, unit),
    writing: 'number',
    columns: [column(wish.name, 'number', rest)],
    divisor: 1,
  };
}

function scaled(tree: Tree, node: Node, divisor: number, unit: string): Node {
  if (divisor === 1) return node;
  const inverse = divisor >= 1;
  const factor = inverse ? divisor : 1 / divisor;
  return tree.node(
    { op: 'scale', type: numberType(unit), args: [node], factor, inverse },
    `${inverse ? '/' : '*'}${factor}`,
  );
}

function listOutput(node: Node, wish: Wish, base: Pick<Column, 'description' | 'unit'>, divisor: number): Output {
  const { type } = node;
  if (wish.list === 'text') return { node, writing: 'joined', columns: [column(wish.name, 'text', base)], divisor };
  const kind = type.kind === 'time' ? 'time' : isText(type) ? 'text' : 'number';
  const rest = { ...base, integer: type.integer === true && divisor === 1, boolean: type.kind === 'boolean' };
  const columns = Array.from({ length: type.length! }, (_, i) => column(`${wish.name}_${i + 1}`, kind, rest));
  return { node, writing: kind === 'time' ? 'times' : kind === 'text' ? 'texts' : 'numbers', columns, divisor };
}

/** Sketches say in the column's description how far they may be off. */
function describe(description: string, node: Node): string {
  const estimators = everyNode([node]).flatMap((one) =>
    one.op === 'aggregate' && /sketch/.test(one.aggregate.estimator)
      ? [`${one.aggregate.name}: ${one.aggregate.estimator}`]
      : [],
  );
  return [description, ...new Set(estimators)].join(' ');
}

/** What a value is divided by to be in the unit that was asked for. */
function converted(
  type: ValueType,
  unit: string | undefined,
): { divisor: number; unit: string; problem?: { message: string; suggestion: string | undefined } } {
  const own = type.kind === 'number' || type.kind === 'duration' ? unitOf(type) : '';
  const nanoseconds = type.kind === 'duration' ? 1e9 : 1;
  if (unit === undefined) return { divisor: nanoseconds, unit: own };
  const problem = (message: string, suggestion?: string) => ({ divisor: 1, unit, problem: { message, suggestion } });
  if (type.kind !== 'number' && type.kind !== 'duration')
    return problem(`${describeType(type)} has no unit, so none can be stated`);
  if (!isUnit(unit)) return problem(`"${unit}" is not a unit`);
  // A bare number takes the unit that is stated.
  if (type.kind === 'number' && own === '' && nanosecondsIn(unit) === undefined && conversion('', unit) === undefined)
    return { divisor: 1, unit };
  const factor = conversion(own, unit);
  if (factor === undefined) {
    const known = unit.split(/[*/]/).every((symbol) => UNIT_SYMBOLS.includes(symbol.split('^')[0]!));
    const suggestion = known ? undefined : nearest(unit, UNIT_SYMBOLS);
    return problem(`${own === '' ? 'a number without unit' : own} cannot be converted to ${unit}`, suggestion);
  }
  if (type.kind === 'duration') return { divisor: nanosecondsIn(unit)!, unit };
  return { divisor: 1 / factor, unit };
}
