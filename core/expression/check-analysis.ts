import type { AnalysisValue } from '../declare/analysis.ts';
import type { AnalysisEntry } from '../declare/registry.ts';
import type { ValueType } from '../declare/value-type.ts';
import { Source } from './problem.ts';
import { type Checked, type Checker, FRAME_SCOPE, type Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import { isText, type Node } from './tree.ts';
import { asList, BOOLEAN, DURATION, numberType } from './types.ts';
import { canonicalUnit } from './units.ts';

type Name = Syntax & { readonly kind: 'name' };

/** Type of a value that an analysis gives. */
export function analysisType({ type, unit, integer }: AnalysisValue): ValueType {
  if (type === 'boolean') return BOOLEAN;
  if (type === 'duration') return DURATION;
  return numberType(canonicalUnit(unit), integer ?? false);
}

/** Types a value that an analysis gives to a frame of a flow. */
export function checkAnalysis(checker: Checker, syntax: Name, entry: AnalysisEntry, scope: Scope): Checked {
  const { name, occurrence } = syntax;
  const { analysis, index } = entry;
  if (occurrence !== undefined) return checker.fail(syntax, `${name} occurs once in a frame`, { suggestion: name });
  if (scope.level === 'filter') {
    return checker.fail(syntax, `${name} depends on earlier frames of the flow, and here no frame has a flow yet`, {
      expected: 'fields of the frame',
    });
  }
  const own = `analysis ${analysis.name}`;
  if (checker.features.includes(own)) return checker.fail(syntax, `${own} names itself`);
  const args = inputsOf(checker, own, analysis.inputs);
  if (args === undefined) return undefined;
  const type = analysisType(analysis.values[index]!);
  return checker.tree.node({ op: 'analysis', type, args, analysis, index }, `${checker.tree.idOf(analysis)}.${index}`);
}

/** Types the inputs of something that is written as code: each is one number, condition, time or duration of a frame. */
export function inputsOf(checker: Checker, owner: string, inputs: readonly string[]): readonly Node[] | undefined {
  const nodes = inputs.map((input, index) => {
    const source = new Source(`${owner}, input ${index}`, input, checker.source.problems);
    const own = checker.inside(source, owner);
    const node = own.text({ ...FRAME_SCOPE, inside: owner });
    if (node === undefined) return undefined;
    // Of a field that may stand several times in a frame (an option) the first one is meant.
    if (!isText(node.type))
      return node.type.list
        ? checker.tree.node({ op: 'first-of', type: asList(node.type, false), args: [node] })
        : node;
    return own.fail(
      { offset: 0, length: input.length },
      `an input of ${owner} is one number, condition, time or duration`,
    );
  });
  return nodes.every((node) => node !== undefined) ? nodes : undefined;
}
