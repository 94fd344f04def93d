import type { Checked, Checker, Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import type { Node } from './tree.ts';
import { describeType, TEXT } from './types.ts';

type Call = Syntax & { readonly kind: 'call' };

/** Types `text(...)` and `utc(...)`, which make texts of values of the flow: for columns of a stated form. */
export function checkTexts(
  checker: Checker,
  syntax: Call,
  nodes: readonly Node[],
  name: 'text' | 'utc',
  scope: Scope,
): Checked {
  if (scope.level !== 'flow') return checker.fail(syntax, `${name} makes texts of values of the whole flow`);
  const wrong = nodes.findIndex(({ type }) =>
    name === 'utc' ? type.kind !== 'time' : type.kind === 'time' || type.kind === 'duration',
  );
  if (wrong >= 0) {
    const rest = name === 'utc' ? { expected: 'a time such as start' } : { expected: 'utc(...) for a time' };
    return checker.fail(syntax.args[wrong]!, `${name} takes no ${describeType(nodes[wrong]!.type)}`, rest);
  }
  return checker.tree.node({ op: name === 'utc' ? 'utc-text' : 'joined-text', type: TEXT, args: nodes });
}

/** Types `cut(x, n)`. */
export function checkCut(checker: Checker, syntax: Call, nodes: readonly Node[], scope: Scope): Checked {
  if (scope.level !== 'flow') return checker.fail(syntax, 'cut makes a text of a value of the whole flow');
  const [value, length] = nodes as readonly [Node, Node];
  if (value.type.kind === 'time' || value.type.kind === 'duration')
    return checker.fail(syntax.args[0]!, `cut takes no ${describeType(value.type)}`);
  if (length.op !== 'constant' || !Number.isInteger(length.value) || (length.value as number) < 0)
    return checker.fail(syntax.args[1]!, 'cut takes a whole number of characters');
  return checker.tree.node(
    { op: 'cut-text', type: TEXT, args: [value], length: length.value as number },
    length.value as number,
  );
}
