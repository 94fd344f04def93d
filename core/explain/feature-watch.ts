import { evaluate, type Surroundings, type Value } from '../expression/evaluate.ts';
import { flowValue } from '../expression/interpret.ts';
import type { Output } from '../expression/output.ts';
import type { FlowFacts } from '../expression/program.ts';
import type { FeatureRequest } from '../expression/read.ts';
import type { Node } from '../expression/tree.ts';
import type { ExplainedFeature, ExplainedFrame } from './explanation.ts';
import { nodeText } from './node-text.ts';
import { PartWatch, type WatchedFrame } from './part-watch.ts';
import { isState, type Result, type StateNode, type StateView } from './state-view.ts';
import { numberText, quantityText, valueText } from './value-text.ts';

/** Parts of a value that keep a state, in the order they are written in. */
function statesIn(node: Node): StateNode[] {
  return isState(node) ? [node] : [...new Set(node.args.flatMap(statesIn))];
}

const isList = (result: Result): result is readonly Value[] => Array.isArray(result);

/** Follows one feature through the frames of a flow. */
export class FeatureWatch {
  readonly #request: FeatureRequest;
  readonly #output: Output;
  readonly #description: string;
  readonly #parts: readonly PartWatch[];
  /** Frames of a feature that only reads what is known of the flow. */
  readonly #plain: ExplainedFrame[] = [];
  #formula: readonly string[] = [];

  constructor(request: FeatureRequest, output: Output, viewOf: (node: StateNode) => StateView) {
    this.#request = request;
    this.#output = output;
    this.#description = output.columns[0]?.description ?? '';
    this.#parts = statesIn(output.node).map((node) => new PartWatch(viewOf(node)));
  }

  /** A segment begins. */
  clear(): void {
    for (const part of this.#parts) part.clear();
    this.#plain.length = 0;
  }

  take(frame: WatchedFrame, cells: readonly string[]): void {
    for (const part of this.#parts) part.take(frame, cells);
    if (this.#parts.length > 0) return;
    const { number, time, since_start, direction } = frame;
    const nothing = { values: [], conditions: [], taken: true, state: {}, result: '' };
    this.#plain.push({ number, time, since_start, direction, ...nothing, cells });
  }

  /** The row is made: the formula gets its numbers. */
  finish(slots: Float64Array, at: number, objects: readonly unknown[] | undefined, facts: FlowFacts): void {
    const { base, duration } = facts;
    const results = new Map<Node, Result>();
    const lines: string[] = [];
    for (const { view } of this.#parts) {
      const { node, formula } = view;
      const result = view.result(slots, at, objects, duration);
      results.set(node, result);
      const filled = formula === undefined ? [] : [formula, this.#filled(view, formula, slots, at, objects, duration)];
      // One term alone is its own result.
      const steps: string[] = formula !== undefined && /^\w+$/.test(formula) ? [] : filled;
      if (node.type.kind === 'duration' && typeof result === 'number' && Number.isFinite(result))
        steps.push(`${numberText(result)} ns`);
      const shown = isList(result)
        ? result.map((one) => valueText(one, node.type, base)).join('; ')
        : quantityText(result, node.type, base);
      lines.push([...new Set([nodeText(node), ...steps, shown])].join(' = '));
    }
    this.#formula = [...lines, ...this.#whole(results, facts)];
  }

  #filled(
    view: StateView,
    formula: string,
    slots: Float64Array,
    at: number,
    objects: readonly unknown[] | undefined,
    duration: number,
  ): string {
    const terms = new Map(view.terms(slots, at, objects).map(({ name, value }) => [name, numberText(value)]));
    terms.set('duration', numberText(duration));
    return formula.replace(/[a-z_][a-z_0-9]*/g, (word, offset: number) => {
      const text = terms.get(word);
      if (text === undefined || /[0-9.]/.test(formula[offset - 1] ?? '')) return word;
      return text.startsWith('-') && text.length > 1 ? `(${text})` : text;
    });
  }

  /** The value made of the parts, where it is more than one of them: in numbers, and in the unit it is printed in. */
  #whole(results: ReadonlyMap<Node, Result>, facts: FlowFacts): string[] {
    const { node, columns } = this.#output;
    if (node.type.length !== undefined) return [];
    const around = surroundings(results, facts);
    const { base } = facts;
    const value = isState(node) ? (results.get(node) as Value) : evaluate(node, around);
    const unit = node.type.kind === 'number' ? columns[0]!.unit : node.type.unit;
    const shown = quantityText(value, { ...node.type, unit }, base);
    const filled = nodeText(node, (one) => {
      if (isState(one)) return quantityText(results.get(one) as Value, one.type, base);
      return one.op === 'builtin' || one.op === 'extra'
        ? quantityText(evaluate(one, around), one.type, base)
        : undefined;
    });
    const inner = node.op === 'scale' || node.op === 'mapped-address' ? node.args[0]! : node;
    if (isState(inner) && filled === shown) return [];
    return [[...new Set([nodeText(node), filled, shown])].join(' = ')];
  }

  explained(cells: readonly string[]): ExplainedFeature {
    const { node, columns } = this.#output;
    const { name, value } = this.#request;
    const unit = columns[0]?.unit ?? '';
    const plain = {
      expression: '',
      description: 'What is known of the flow.',
      value: '',
      unit,
      frames: [...this.#plain],
    };
    return {
      name,
      // An expression of the user's own has no other description.
      description: value !== undefined && this.#description.startsWith(value) ? '' : this.#description,
      expression: nodeText(node),
      unit,
      parts: this.#parts.length > 0 ? this.#parts.map((part) => part.part()) : [plain],
      formula: this.#formula,
      columns: columns.map((column) => column.name),
      cells,
    };
  }
}

/** Values at flow level, from results. */
const surroundings = (results: ReadonlyMap<Node, Result>, facts: FlowFacts): Surroundings => ({
  list: () => [],
  leaf: (node, of) => flowValue(node, of, facts, () => results.get(node) as Value),
});
