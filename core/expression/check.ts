import type { Registry } from '../declare/registry.ts';
import { checkCall } from './check-call.ts';
import { checkName } from './check-name.ts';
import { checkBinary, checkNegation } from './check-operator.ts';
import { parse } from './parse.ts';
import type { Problem, Source, Span } from './problem.ts';
import type { Checked, Checker, Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import { isText, type Node, type Tree } from './tree.ts';
import { ADDRESS, asList, BOOLEAN, DURATION, describeType, numberType, TEXT } from './types.ts';

/** Turns syntax into the typed tree of one text. */
export class TreeChecker implements Checker {
  readonly registry: Registry;
  readonly tree: Tree;
  readonly source: Source;
  readonly keyFields: readonly string[];
  /** Named features being read, to see one that names itself. */
  readonly features: readonly string[];

  constructor(
    registry: Registry,
    tree: Tree,
    source: Source,
    keyFields: readonly string[],
    features: readonly string[] = [],
  ) {
    this.registry = registry;
    this.tree = tree;
    this.source = source;
    this.keyFields = keyFields;
    this.features = features;
  }

  /** Reports a problem. */
  fail(span: Span, message: string, rest?: Pick<Problem, 'expected' | 'suggestion'>): undefined {
    this.source.problem(span, message, rest);
    return undefined;
  }

  /** The checker of another text that stands inside this one: a named feature's. */
  inside(source: Source, feature: string): Checker {
    return new TreeChecker(this.registry, this.tree, source, this.keyFields, [...this.features, feature]);
  }

  /** Parses and types the whole text. */
  text(scope: Scope): Checked {
    const syntax = parse(this.source);
    return syntax && this.check(syntax, scope);
  }

  /** Parses and types the whole text as a condition. */
  wholeCondition(scope: Scope): Checked {
    const syntax = parse(this.source);
    return syntax && this.condition(syntax, scope);
  }

  /** Types one expression. */
  check(syntax: Syntax, scope: Scope): Checked {
    const { tree } = this;
    switch (syntax.kind) {
      case 'number': {
        const { value, unit } = syntax;
        const type =
          unit === 'duration' ? DURATION : numberType(unit === 'bytes' ? 'bytes' : '', Number.isInteger(value));
        return tree.node({ op: 'constant', type, args: [], value }, value);
      }
      case 'boolean':
        return tree.node(
          { op: 'constant', type: BOOLEAN, args: [], value: syntax.value ? 1 : 0 },
          syntax.value ? 1 : 0,
        );
      case 'text':
        return tree.node({ op: 'constant', type: TEXT, args: [], value: syntax.value }, syntax.value);
      case 'address':
        if (syntax.bits !== undefined) return this.fail(syntax, 'a prefix stands behind "in" only', { expected: 'in' });
        return tree.node({ op: 'constant', type: ADDRESS, args: [], value: syntax.value }, syntax.value);
      case 'set':
        return this.fail(syntax, 'a set stands behind "in" only', { expected: 'in' });
      case 'name':
        return checkName(this, syntax, scope);
      case 'call':
        return checkCall(this, syntax, scope);
      case 'unary':
        return syntax.operator === '-' ? checkNegation(this, syntax, scope) : this.#not(syntax, scope);
      case 'binary':
        if (syntax.operator === 'and' || syntax.operator === 'or') return this.#logical(syntax, scope);
        return checkBinary(this, syntax, scope);
    }
  }

  /** Types a condition. In `where` one occurrence that fulfils it is enough (all, for `!=`); elsewhere a list is a problem. */
  condition(syntax: Syntax, scope: Scope): Checked {
    const node = this.check(syntax, scope);
    if (node === undefined) return undefined;
    if (node.type.kind !== 'boolean' || node.type.length !== undefined) {
      return this.fail(syntax, `${describeType(node.type)} is no condition`, {
        expected:
          node.type.kind === 'number' ? 'a comparison such as > 0, or present(...)' : 'a comparison, or present(...)',
      });
    }
    if (!node.type.list || scope.elementwise) return node;
    if (scope.level !== 'filter')
      return this.fail(syntax, 'several values in one frame', { expected: 'any(...) or all(...) around it' });
    const op = node.op === 'not-equal' || node.op === 'other-text' ? 'every' : 'some';
    return this.tree.node({ op, type: BOOLEAN, args: [node] });
  }

  #not(syntax: Syntax & { readonly kind: 'unary' }, scope: Scope): Checked {
    const operand = this.condition(syntax.operand, scope);
    return operand && this.negated(operand);
  }

  /** The opposite; backward is the opposite of forward, so that selections meet. */
  negated(operand: Node): Node {
    if (operand.op === 'builtin' && (operand.name === 'forward' || operand.name === 'backward')) {
      const name = operand.name === 'forward' ? 'backward' : 'forward';
      return this.tree.node({ op: 'builtin', type: BOOLEAN, args: [], name }, name);
    }
    return this.tree.node({ op: 'not', type: asList(BOOLEAN, operand.type.list), args: [operand] });
  }

  /** Whether a value is there; of a list, whether one of them is. */
  present(node: Node): Node {
    const op = isText(node.type) ? 'present-text' : 'present';
    const own = this.tree.node({ op, type: asList(BOOLEAN, node.type.list), args: [node] });
    return node.type.list ? this.tree.node({ op: 'any', type: BOOLEAN, args: [own] }) : own;
  }

  #logical(syntax: Syntax & { readonly kind: 'binary' }, scope: Scope): Checked {
    const left = this.condition(syntax.left, scope);
    const right = this.condition(syntax.right, scope);
    if (left === undefined || right === undefined) return undefined;
    const op = syntax.operator === 'and' ? 'and' : 'or';
    return this.tree.node({ op, type: asList(BOOLEAN, left.type.list || right.type.list), args: [left, right] });
  }
}
