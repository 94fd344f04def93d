import type { Checked, Checker, Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import { type OrderNode, selectionOf } from './tree.ts';
import { BOOLEAN, DURATION } from './types.ts';

type Call = Syntax & { readonly kind: 'call' };

/** Types `any(...)` and `all(...)` over the several values of one frame. */
export function checkReduction(checker: Checker, syntax: Call, op: 'any' | 'all', scope: Scope): Checked {
  const [arg, ...more] = syntax.args;
  if (arg === undefined || more.length > 0) {
    return checker.fail(syntax, `${op} takes one list of conditions here, not ${syntax.args.length}`);
  }
  const node = checker.condition(arg, { ...scope, elementwise: true });
  if (node === undefined) return undefined;
  if (!node.type.list && scope.level !== 'filter') {
    return checker.fail(arg, 'one value in each frame', {
      expected: `a list here; ${op} over frames stands outside aggregates`,
    });
  }
  return node.type.list ? checker.tree.node({ op, type: BOOLEAN, args: [node] }) : node;
}

/** Types `gap`, `previous` and `changed`. */
export function checkOrder(checker: Checker, syntax: Call, name: OrderNode['name'], scope: Scope): Checked {
  const [value, ...conditions] = syntax.args;
  if (scope.level === 'filter')
    return checker.fail(syntax.nameSpan, `${name} has no meaning before a frame has a flow`);
  if (scope.level === 'flow') {
    return checker.fail(syntax, `${name} is a value of one frame`, {
      expected: `an aggregate around it, such as ${name === 'changed' ? 'count' : 'mean'}(${name}(...))`,
    });
  }
  const checked = conditions.map((condition) => checker.condition(condition, scope));
  const own = checked.filter((node) => node !== undefined);
  const selection = conditions.length > 0 ? selectionOf(own) : scope.enclosing;
  const node = checker.check(value!, { ...scope, enclosing: selection });
  if (node === undefined || own.length < checked.length) return undefined;
  const { type } = node;
  if (type.list)
    return checker.fail(value!, 'several values in one frame', { expected: 'one of them, such as field#1' });
  if (name === 'gap' && type.kind !== 'number' && type.kind !== 'time' && type.kind !== 'duration') {
    return checker.fail(value!, `gap takes no ${type.kind}`, { expected: 'a number, a time or a duration' });
  }
  const result = name === 'changed' ? BOOLEAN : name === 'previous' ? type : type.kind === 'time' ? DURATION : type;
  return checker.tree.node(
    { op: 'order', type: result, args: [node], name, selection },
    `${name}:${selection.map(({ id }) => id).join()}`,
  );
}
