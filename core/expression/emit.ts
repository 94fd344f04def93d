import { type Code, literal } from './code.ts';
import * as runtime from './runtime.ts';
import { isReduction, isText, listLeaves, localArgs, type Node, type Operation } from './tree.ts';

/** How the values that come from outside the tree are written: columns, parameters, states. */
export interface Place {
  /** Parameters that every function of this place has. */
  readonly parameters: string;
  /** A node that no operation makes. */
  leaf(node: Node, emitter: Emitter): string;
  /** The list of a field with several values. */
  list(node: Node): string;
}

type Template = (a: string, b: string, code: Code, node: Node) => string;

/** A call of one of the plain functions. */
const calls =
  (fn: (...args: never[]) => unknown): Template =>
  (a, b, code, node) =>
    node.args.length === 1 ? code.call(fn, a) : code.call(fn, a, b);

const isNonZero = (node: Node | undefined): boolean => node?.op === 'constant' && node.value !== 0;

const TEMPLATES: Readonly<Record<Exclude<Operation, 'least' | 'greatest'>, Template>> = {
  add: (a, b) => `(${a} + ${b})`,
  subtract: (a, b) => `(${a} - ${b})`,
  multiply: (a, b) => `(${a} * ${b})`,
  divide: (a, b, code, node) => (isNonZero(node.args[1]) ? `(${a} / ${b})` : code.call(runtime.divide, a, b)),
  modulo: (a, b) => `(${a} % ${b})`,
  negate: (a) => `(-${a})`,
  absolute: (a) => `Math.abs(${a})`,
  floor: (a) => `Math.floor(${a})`,
  log2: calls(runtime.log2),
  'bit-and': calls(runtime.bitAnd),
  'bit-or': calls(runtime.bitOr),
  'bit-xor': calls(runtime.bitXor),
  'shift-left': calls(runtime.shiftLeft),
  'shift-right': calls(runtime.shiftRight),
  less: calls(runtime.less),
  'less-equal': calls(runtime.lessEqual),
  greater: (a, b, code) => code.call(runtime.less, b, a),
  'greater-equal': (a, b, code) => code.call(runtime.lessEqual, b, a),
  equal: calls(runtime.equal),
  'not-equal': calls(runtime.notEqual),
  'same-text': calls(runtime.sameText),
  'other-text': calls(runtime.otherText),
  contains: calls(runtime.contains),
  and: calls(runtime.and),
  or: calls(runtime.or),
  not: (a) => `(1 - ${a})`,
  present: calls(runtime.present),
  'present-text': (a) => `(${a} === null ? 0 : 1)`,
  default: calls(runtime.orElse),
  'default-text': (a, b) => `(${a} ?? ${b})`,
};

/** Comparisons as JavaScript has them: false when one side is empty. The second is the opposite, false then too. */
const COMPARISONS: Partial<Record<Node['op'], readonly [string, string]>> = {
  less: ['<', '>='],
  'less-equal': ['<=', '>'],
  greater: ['>', '<='],
  'greater-equal': ['>=', '<'],
};

/** Short arrays are searched faster than sets. */
function numberSet(numbers: readonly number[]): runtime.NumberSet {
  return numbers.length <= 16 ? { has: (value) => numbers.includes(value) } : new Set(numbers);
}

/** Writes typed trees as JavaScript expressions. */
export class Emitter {
  readonly code: Code;
  readonly place: Place;
  /** Names of what was computed before: shared values and elements of lists. */
  readonly bound: Map<Node, string>;

  constructor(code: Code, place: Place, bound: ReadonlyMap<Node, string> = new Map()) {
    this.code = code;
    this.place = place;
    this.bound = new Map(bound);
  }

  /** A value: a number or NaN, a text or null. */
  value(node: Node): string {
    const known = this.bound.get(node);
    if (known !== undefined) return known;
    if (isReduction(node)) return `${this.#reduction(node)}(${this.place.parameters})`;
    const { code } = this;
    const args = localArgs(node).map((arg) => this.value(arg));
    const [a = '', b = ''] = args;
    switch (node.op) {
      case 'constant':
        return typeof node.value === 'number' ? literal(node.value) : code.ref(node.value);
      case 'least':
        return `Math.min(${args.join(', ')})`;
      case 'greatest':
        return `Math.max(${args.join(', ')})`;
      case 'matches':
        return code.call(runtime.matches, code.ref(node.regex), a);
      case 'in-numbers':
        return code.call(runtime.inNumbers, code.ref(numberSet(node.numbers)), a);
      case 'in-texts':
        return code.call(runtime.inTexts, code.ref(new Set(node.texts)), code.ref(node.prefixes), a);
      case 'scale':
        return `(${a} ${node.inverse ? '/' : '*'} ${literal(node.factor)})`;
      default:
        if (Object.hasOwn(TEMPLATES, node.op)) return TEMPLATES[node.op as keyof typeof TEMPLATES](a, b, code, node);
        return this.place.leaf(node, this);
    }
  }

  /** A JavaScript condition that holds exactly when the value is true. */
  truth(node: Node): string {
    if (this.bound.has(node)) return `${this.bound.get(node)!} === 1`;
    const [first, second] = node.args as readonly [Node, Node];
    if (node.op === 'and') return `(${this.truth(first)} && ${this.truth(second)})`;
    if (node.op === 'or') return `(${this.truth(first)} || ${this.truth(second)})`;
    if (node.op === 'not') return this.falsity(first);
    if (node.op === 'equal' || (node.op === 'same-text' && second.op === 'constant'))
      return this.#sides('===', first, second);
    if (node.op === 'not-equal') return this.code.call(runtime.differs, this.value(first), this.value(second));
    const comparison = COMPARISONS[node.op];
    return comparison === undefined ? `${this.value(node)} === 1` : this.#sides(comparison[0], first, second);
  }

  /** A JavaScript condition that holds exactly when the value is false (and not when it is empty). */
  falsity(node: Node): string {
    if (this.bound.has(node)) return `${this.bound.get(node)!} === 0`;
    const [first, second] = node.args as readonly [Node, Node];
    if (node.op === 'and') return `(${this.falsity(first)} || ${this.falsity(second)})`;
    if (node.op === 'or') return `(${this.falsity(first)} && ${this.falsity(second)})`;
    if (node.op === 'not') return this.truth(first);
    if (node.op === 'not-equal') return this.#sides('===', first, second);
    if (node.op === 'equal') return this.code.call(runtime.differs, this.value(first), this.value(second));
    const comparison = COMPARISONS[node.op];
    return comparison === undefined ? `${this.value(node)} === 0` : this.#sides(comparison[1], first, second);
  }

  #sides(operator: string, first: Node, second: Node): string {
    return `${this.value(first)} ${operator} ${this.value(second)}`;
  }

  /** Loops over every element of the lists that `node` is made of; `each` writes what is done with it. */
  loop(node: Node, each: (inner: Emitter) => string): string {
    const inner = new Emitter(this.code, this.place, this.bound);
    const leaves = listLeaves(node);
    const heads = leaves.map((leaf) => {
      const [list, index, element] = [this.code.name('l'), this.code.name('k'), this.code.name('x')];
      inner.bound.set(leaf, element);
      const array = isText(leaf.type) ? 'texts' : 'numbers';
      return `const ${list} = ${this.place.list(leaf)}; for (let ${index} = 0; ${index} < ${list}.count; ${index} += 1) { const ${element} = ${list}.${array}[${index}];`;
    });
    return `${heads.join(' ')} ${each(inner)}${' }'.repeat(leaves.length)}`;
  }

  /** A function that reduces a list to one value. Its body sees nothing of what is computed around the call. */
  #reduction(node: Node): string {
    const list = node.args[0]!;
    const own = new Emitter(this.code, this.place);
    const value = this.code.name('v');
    const wanted = node.op === 'any' || node.op === 'some' ? 1 : 0;
    const stop =
      node.op === 'first-of'
        ? `return ${value};`
        : `if (${value} === ${wanted}) return ${wanted}; if (${value} !== ${value}) empty = true; none = false;`;
    const body = own.loop(list, (inner) => `const ${value} = ${inner.value(list)}; ${stop}`);
    const ofNothing = node.op === 'some' || node.op === 'every' ? 'none || empty' : 'empty';
    const result = node.op === 'first-of' ? (isText(node.type) ? 'null' : 'NaN') : `${ofNothing} ? NaN : ${1 - wanted}`;
    return this.code.function(
      'r',
      this.place.parameters,
      `let none = true, empty = false;\n${body}\nreturn ${result};`,
    );
  }
}
