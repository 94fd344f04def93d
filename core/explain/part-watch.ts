import { evaluate, type Surroundings, type Value, valuesOf } from '../expression/evaluate.ts';
import type { FlowFacts } from '../expression/program.ts';
import type { Node } from '../expression/tree.ts';
import type { ExplainedFrame, ExplainedPart } from './explanation.ts';
import { nodeText } from './node-text.ts';
import type { Result, StateView } from './state-view.ts';
import { absoluteTime, numberText, unitText, valueText } from './value-text.ts';

/** What all parts are told of a frame of the flow. */
export interface WatchedFrame extends Pick<ExplainedFrame, 'number' | 'time' | 'since_start' | 'direction'> {
  /** Values at frame level. */
  readonly around: Surroundings;
  readonly facts: FlowFacts;
  readonly slots: Float64Array;
  readonly at: number;
  readonly objects: readonly unknown[] | undefined;
}

const present = (value: Value): boolean => value !== null && (typeof value === 'string' || Number.isFinite(value));

function resultText(result: Result, node: Node, base: number): string {
  const one = (value: Value): string => valueText(value, node.type, base);
  return Array.isArray(result) ? (result as readonly Value[]).map(one).join('; ') : one(result as Value);
}

/** Follows one part of a feature through the frames of a flow. */
export class PartWatch {
  readonly view: StateView;
  readonly #frames: ExplainedFrame[] = [];

  constructor(view: StateView) {
    this.view = view;
  }

  /** A segment begins. */
  clear(): void {
    this.#frames.length = 0;
  }

  take(frame: WatchedFrame, cells: readonly string[]): void {
    const { node } = this.view;
    const { around, facts, slots, at, objects, number, time, since_start, direction } = frame;
    const selection = node.op === 'aggregate' ? node.selection : [];
    const conditions = selection.map((condition) => {
      const holds = evaluate(condition, around);
      return { expression: nodeText(condition), holds: holds === 1 ? true : holds === 0 ? false : null };
    });
    const selected = conditions.every(({ holds }) => holds === true);
    const values = selected ? this.#valuesOf(around) : [];
    const state = this.view.terms(slots, at, objects).map((term) => {
      const text = term.time ? absoluteTime(term.value, facts.base) : numberText(term.value);
      return [term.name, text] as const;
    });
    this.#frames.push({
      number,
      time,
      since_start,
      direction,
      values: values.map(([value, arg]) => valueText(value, arg.type, facts.base)),
      conditions,
      taken: selected && (node.op !== 'aggregate' || values.length > 0),
      state: Object.fromEntries(state),
      result: resultText(this.view.result(slots, at, objects, facts.duration), node, facts.base),
      cells,
    });
  }

  /** What the frame gives: the values of an aggregate, the inputs of code. */
  #valuesOf(around: Surroundings): (readonly [Value, Node])[] {
    const { node } = this.view;
    if (node.op !== 'aggregate') return node.args.map((arg) => [evaluate(arg, around), arg] as const);
    const arg = node.args[0];
    // Without a value each frame counts once.
    if (arg === undefined) return [[1, node]];
    const one = { ...arg, type: { ...arg.type, list: false } } as Node;
    return valuesOf(arg, around)
      .filter(present)
      .map((value) => [value, one] as const);
  }

  part(): ExplainedPart {
    const { node } = this.view;
    const description =
      node.op === 'aggregate'
        ? `${node.aggregate.description} (${node.aggregate.estimator})`
        : node.feature.description;
    const value = node.args.map((arg) => nodeText(arg)).join(', ');
    return {
      expression: nodeText(node),
      description,
      value: value === '' ? 'frame' : value,
      unit: unitText(node.args[0]?.type ?? node.type),
      frames: [...this.#frames],
    };
  }
}
