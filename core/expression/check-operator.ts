import type { ValueType } from '../declare/value-type.ts';
import { checkIn, checkMatches } from './check-text.ts';
import type { Checked, Checker, Scope } from './scope.ts';
import type { BinaryOperator, Syntax } from './syntax.ts';
import { isText, type Node, type Operation } from './tree.ts';
import { asList, BOOLEAN, BYTES, DURATION, describeType, INTEGER, numberType, TIME } from './types.ts';
import { commonUnit, productUnit, unitOf } from './units.ts';

type Binary = Syntax & { readonly kind: 'binary' };

const COMPARISONS: Partial<Record<BinaryOperator, Operation>> = {
  '==': 'equal',
  '!=': 'not-equal',
  '<': 'less',
  '<=': 'less-equal',
  '>': 'greater',
  '>=': 'greater-equal',
};
const BITS: Partial<Record<BinaryOperator, Operation>> = {
  '&': 'bit-and',
  '|': 'bit-or',
  '^': 'bit-xor',
  '<<': 'shift-left',
  '>>': 'shift-right',
};

/** Types two operands and what stands between them. */
export function checkBinary(checker: Checker, syntax: Binary, scope: Scope): Checked {
  const { operator } = syntax;
  if (operator === 'in') return checkIn(checker, syntax, scope);
  if (operator === 'matches') return checkMatches(checker, syntax, scope);
  if ((operator === '==' || operator === '!=') && syntax.right.kind === 'address' && syntax.right.bits !== undefined) {
    const inside = checkIn(checker, syntax, scope);
    if (inside === undefined || operator === '==') return inside;
    // Written with !=, so that every occurrence must lie outside.
    return inside.type.list && !scope.elementwise && scope.level === 'filter'
      ? checker.negated(checker.tree.node({ op: 'some', type: BOOLEAN, args: [inside] }))
      : checker.negated(inside);
  }
  const left = checker.check(syntax.left, scope);
  const right = checker.check(syntax.right, scope);
  if (left === undefined || right === undefined) return undefined;
  for (const [operand, node] of [
    [syntax.left, left],
    [syntax.right, right],
  ] as const) {
    if (node.type.length !== undefined) return checker.fail(operand, 'a list of columns takes no operator');
  }
  if (operator === 'contains') return contains(checker, syntax, left, right);
  if (COMPARISONS[operator] !== undefined) return compare(checker, syntax, left, right);
  if (BITS[operator] !== undefined) {
    const wrong = left.type.kind !== 'number' ? syntax.left : right.type.kind !== 'number' ? syntax.right : undefined;
    if (wrong !== undefined) return checker.fail(wrong, `"${operator}" takes numbers`);
    return checker.tree.node({ op: BITS[operator], type: asList(INTEGER, listed(left, right)), args: [left, right] });
  }
  if (operator === '*' || operator === '/') return product(checker, syntax, left, right);
  return sum(checker, syntax, left, right);
}

const listed = (left: Node, right: Node): boolean => left.type.list || right.type.list;

/** A boolean or bytes constant in place of the number or text that was written beside a boolean or bytes. */
function adapted(checker: Checker, node: Node, other: Node): Node {
  if (node.op !== 'constant') return node;
  if (other.type.kind === 'boolean' && node.type.kind === 'number' && (node.value === 0 || node.value === 1)) {
    return checker.tree.node({ op: 'constant', type: BOOLEAN, args: [], value: node.value }, node.value);
  }
  if (other.type.kind === 'bytes' && node.type.kind === 'text') {
    const value = String.fromCharCode(...new TextEncoder().encode(String(node.value)));
    return checker.tree.node({ op: 'constant', type: BYTES, args: [], value }, value);
  }
  return node;
}

function compare(checker: Checker, syntax: Binary, first: Node, second: Node): Checked {
  const left = adapted(checker, first, second);
  const right = adapted(checker, second, first);
  const { operator } = syntax;
  const op = COMPARISONS[operator]!;
  const type = asList(BOOLEAN, listed(left, right));
  const { kind } = left.type;
  if (kind !== right.type.kind) return mismatch(checker, syntax, left, right, 'compare');
  if (kind === 'number' && commonUnit(left.type, right.type) === undefined)
    return mismatch(checker, syntax, left, right, 'compare');
  const ordered = kind === 'number' || kind === 'duration' || kind === 'time';
  if (!ordered && operator !== '==' && operator !== '!=') {
    return checker.fail(syntax.operatorSpan, `${describeType(left.type)} has no order`, { expected: '== or !=' });
  }
  if (!isText(left.type)) return checker.tree.node({ op, type, args: [left, right] });
  return checker.tree.node({ op: op === 'equal' ? 'same-text' : 'other-text', type, args: [left, right] });
}

function mismatch(checker: Checker, syntax: Binary, left: Node, right: Node, verb: string): undefined {
  const durations = (a: Node, b: Node) =>
    (a.type.kind === 'duration' || a.type.kind === 'time') && b.type.kind === 'number' && b.op === 'constant';
  if (durations(left, right))
    return checker.fail(syntax.right, 'a number without a unit', { expected: 'a duration such as 10s or 250ms' });
  if (durations(right, left))
    return checker.fail(syntax.left, 'a number without a unit', { expected: 'a duration such as 10s or 250ms' });
  const rest =
    left.type.kind === 'address' && right.type.kind === 'text' ? { expected: 'an address without quotes' } : {};
  return checker.fail(syntax, `cannot ${verb} ${describeType(left.type)} and ${describeType(right.type)}`, rest);
}

function contains(checker: Checker, syntax: Binary, left: Node, second: Node): Checked {
  const right = adapted(checker, second, left);
  if (left.type.kind !== 'text' && left.type.kind !== 'bytes') {
    return checker.fail(syntax.left, `${describeType(left.type)} has no parts`, { expected: 'text or bytes' });
  }
  if (right.type.kind !== left.type.kind) return mismatch(checker, syntax, left, right, 'look for one in the other:');
  return checker.tree.node({ op: 'contains', type: asList(BOOLEAN, listed(left, right)), args: [left, right] });
}

/** A duration as a number of seconds, for products with other units. */
function inSeconds(checker: Checker, node: Node): Node {
  if (node.type.kind !== 'duration') return node;
  const type = asList(numberType('s'), node.type.list);
  return checker.tree.node({ op: 'scale', type, args: [node], factor: 1e9, inverse: true }, '/1e9');
}

function product(checker: Checker, syntax: Binary, left: Node, right: Node): Checked {
  for (const [operand, node] of [
    [syntax.left, left],
    [syntax.right, right],
  ] as const) {
    if (node.type.kind !== 'number' && node.type.kind !== 'duration') {
      return checker.fail(
        operand,
        `cannot ${syntax.operator === '*' ? 'multiply' : 'divide'} ${describeType(node.type)}`,
        {
          expected: 'a number or a duration',
        },
      );
    }
  }
  const op = syntax.operator === '*' ? 'multiply' : 'divide';
  const list = listed(left, right);
  const unit = productUnit(unitOf(left.type), unitOf(right.type), op === 'multiply' ? 1 : -1);
  const integer = op === 'multiply' && left.type.integer === true && right.type.integer === true;
  const durations = Number(left.type.kind === 'duration') + Number(right.type.kind === 'duration');
  const { tree } = checker;
  // Nanoseconds may stay: duration x number, duration / number, duration / duration.
  if (unit === '' && durations === 2) return tree.node({ op, type: asList(numberType(''), list), args: [left, right] });
  if (unit === 's' && durations === 1 && !(op === 'divide' && right.type.kind === 'duration')) {
    return tree.node({ op, type: asList(DURATION, list), args: [left, right] });
  }
  const plain = tree.node({
    op,
    type: asList(numberType(unit, integer), list),
    args: [inSeconds(checker, left), inSeconds(checker, right)],
  });
  if (unit !== 's') return plain;
  return tree.node({ op: 'scale', type: asList(DURATION, list), args: [plain], factor: 1e9, inverse: false }, 1e9);
}

function sum(checker: Checker, syntax: Binary, left: Node, right: Node): Checked {
  const { operator } = syntax;
  const op = operator === '+' ? 'add' : operator === '-' ? 'subtract' : 'modulo';
  const a = left.type.kind;
  const b = right.type.kind;
  let type: ValueType | undefined;
  if (a === 'number' && b === 'number') {
    const unit = commonUnit(left.type, right.type);
    if (unit !== undefined) type = numberType(unit, left.type.integer === true && right.type.integer === true);
  } else if (a === 'duration' && b === 'duration') type = DURATION;
  else if (op === 'subtract' && a === 'time' && b === 'time') type = DURATION;
  else if (op !== 'modulo' && a === 'time' && b === 'duration') type = TIME;
  else if (op === 'add' && a === 'duration' && b === 'time') type = TIME;
  if (type === undefined) {
    return mismatch(
      checker,
      syntax,
      left,
      right,
      op === 'add' ? 'add' : op === 'subtract' ? 'subtract' : 'take the remainder of',
    );
  }
  return checker.tree.node({ op, type: asList(type, listed(left, right)), args: [left, right] });
}

/** Types a sign. */
export function checkNegation(checker: Checker, syntax: Syntax & { readonly kind: 'unary' }, scope: Scope): Checked {
  const operand = checker.check(syntax.operand, scope);
  if (operand === undefined) return undefined;
  if ((operand.type.kind !== 'number' && operand.type.kind !== 'duration') || operand.type.length !== undefined) {
    return checker.fail(syntax.operand, `"-" takes numbers and durations, not ${describeType(operand.type)}`);
  }
  return checker.tree.node({ op: 'negate', type: operand.type, args: [operand] });
}
