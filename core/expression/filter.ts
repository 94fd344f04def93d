import type { Registry } from '../declare/registry.ts';
import type { Frame } from '../frame/frame.ts';
import { networkLength, payloadLength, transportLength } from '../frame/lengths.ts';
import { TreeChecker } from './check.ts';
import { Code } from './code.ts';
import { KEY_COLUMNS, LeafColumns } from './columns.ts';
import { Emitter, type Place } from './emit.ts';
import { emitGather } from './gather.ts';
import { parse } from './parse.ts';
import { Problems, Source } from './problem.ts';
import type { FrameContext, FrameFilter } from './program.ts';
import { FILTER_SCOPE } from './scope.ts';
import type { Syntax } from './syntax.ts';
import { type Node, Tree } from './tree.ts';

/** Built-in values of a frame before it has a flow. */
export const FILTER_VALUES: Readonly<Record<string, (frame: Frame, context: FrameContext) => number>> = {
  time: (_frame, context) => context.time,
  'frame.number': (_frame, context) => context.number,
  'frame.len': (_frame, context) => context.wireLength,
  'frame.cap_len': (_frame, context) => context.capturedLength,
  'network.length': networkLength,
  'transport.length': transportLength,
  'payload.length': payloadLength,
};

/** What a filter may ask of a frame's flow, where flows are known. */
const FLOW_VALUES: Readonly<Record<string, (context: FrameContext) => string | number | null>> = {
  flow_id: ({ flowId = null }) => flowId,
  segment: ({ segment = Number.NaN }) => segment,
};

class FilterPlace implements Place {
  readonly parameters = 'frame, context, i';
  readonly #code: Code;
  readonly #leaves: LeafColumns;

  constructor(code: Code, leaves: LeafColumns) {
    this.#code = code;
    this.#leaves = leaves;
  }

  leaf(node: Node): string {
    if (node.op === 'byte-entropy') return `${this.#code.ref(this.#leaves.entropy(node.args[0]!).numbers)}[i]`;
    if (node.op === 'builtin' && node.name in FILTER_VALUES)
      return this.#code.call(FILTER_VALUES[node.name], 'frame', 'context');
    if (node.op === 'builtin' && node.name in FLOW_VALUES) return this.#code.call(FLOW_VALUES[node.name], 'context');
    const { kind, numbers, texts } =
      node.op === 'field'
        ? this.#leaves.field(node)
        : this.#leaves.frame(node.op === 'builtin' ? (KEY_COLUMNS[node.name]?.[0] ?? 'payload') : 'payload');
    return `${this.#code.ref(kind === 'text' ? texts : numbers)}[i]`;
  }

  list(node: Node): string {
    if (node.op !== 'field') throw new Error(`${node.op} as a list`);
    return `${this.#code.ref(this.#leaves.field(node).lists)}[i]`;
  }
}

/** True when a filter asks for the flow of a frame, whatever else may be wrong with it. */
export function asksForFlow(text: string): boolean {
  const syntax = parse(new Source('', text, new Problems()));
  return syntax !== undefined && namesIn(syntax).some((name) => Object.hasOwn(FLOW_VALUES, name));
}

function namesIn(syntax: Syntax): readonly string[] {
  switch (syntax.kind) {
    case 'name':
      return [syntax.name];
    case 'call':
      return syntax.args.flatMap(namesIn);
    case 'unary':
      return namesIn(syntax.operand);
    case 'binary':
      return [...namesIn(syntax.left), ...namesIn(syntax.right)];
    default:
      return [];
  }
}

/** Parses and checks a filter; `flows` says that it may ask for the frame's flow. @throws ExpressionError */
export function readFilter(registry: Registry, text: string, at: string, flows = false): Node {
  const problems = new Problems();
  const node = new TreeChecker(registry, new Tree(), new Source(at, text, problems), []).wholeCondition({
    ...FILTER_SCOPE,
    flows,
  });
  problems.throwIfAny();
  return node!;
}

/**
 * Compiles a condition on frames. A comparison holds when it holds for any occurrence of a field (`!=`: for all of
 * them); it is empty, and so is its opposite, in a frame without the field. The filter lets pass what is true.
 * @param at where the text stands, for messages: `--where`
 * @param flows the context of each frame says its flow, and the filter may ask for it
 * @throws ExpressionError
 */
export function compileFilter(registry: Registry, text: string, at: string, flows = false): FrameFilter {
  const node = readFilter(registry, text, at, flows);
  const code = new Code();
  const leaves = new LeafColumns(1);
  const place = new FilterPlace(code, leaves);
  const test = code.function('test', place.parameters, `return ${new Emitter(code, place).truth(node)};`);
  const gather = emitGather(code, leaves.all);
  const whole = code.function('filter', 'frame, context', `${gather}(frame, 0);\nreturn ${test}(frame, context, 0);`);
  const { run } = code.compile<{ run: FrameFilter['test'] }>({ run: whole });
  return { demanded: leaves.demanded, test: run };
}
