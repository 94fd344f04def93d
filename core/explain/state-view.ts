import type { Choice, ObjectState, State } from '../declare/aggregate.ts';
import type { BuiltProgram } from '../expression/compile.ts';
import type { Value } from '../expression/evaluate.ts';
import type { Kept } from '../expression/plan.ts';
import type { AggregateNode, Node } from '../expression/tree.ts';

/** A part of a feature that keeps a state over the frames of a flow. */
export type StateNode = Extract<Node, { readonly op: 'aggregate' | 'code' | 'object-code' }>;

export const isState = (node: Node): node is StateNode =>
  node.op === 'aggregate' || node.op === 'code' || node.op === 'object-code';

/** Result of a state: a list where the aggregate gives one. */
export type Result = Value | readonly Value[];

/** One named number of a state. */
export interface Term {
  readonly name: string;
  readonly value: number;
  /** It is a time. */
  readonly time: boolean;
}

/** What a flow's record holds for one part of a feature, as the program of the run keeps it: shared, merged and all. */
export interface StateView {
  readonly node: StateNode;
  /** How the result is computed from the terms. */
  readonly formula: string | undefined;
  terms(slots: Float64Array, at: number, objects: readonly unknown[] | undefined): readonly Term[];
  result(slots: Float64Array, at: number, objects: readonly unknown[] | undefined, duration: number): Result;
}

const NO_TERMS = (): readonly Term[] => [];

/** The view of a part of a feature of a compiled program. */
export function viewOf(node: StateNode, { plan }: BuiltProgram): StateView {
  if (node.op === 'object-code') {
    const place = plan.objectOf.get(node)!;
    const { finish } = node.feature;
    return {
      node,
      formula: undefined,
      terms: NO_TERMS,
      result: (_slots, _at, objects, duration) => finish(objects![place] as never, duration),
    };
  }
  if (node.op === 'code') {
    const { at: place } = plan.codes.find((one) => one.node === node)!;
    const { feature } = node;
    return {
      node,
      formula: undefined,
      terms: (slots, at) =>
        feature.slots.map((_, i) => ({
          name: `slot_${i + 1}`,
          value: slots[at + place + i]!,
          time: feature.times?.includes(i) === true,
        })),
      result: (slots, at, _objects, duration) => feature.finish(slots, at + place, duration),
    };
  }
  const { kept, choice } = plan.results.get(node)!;
  return kept.state.kind === 'state' ? numericView(node, kept, choice) : objectView(node, kept, choice);
}

function numericView(node: AggregateNode, kept: Kept, choice: Choice): StateView {
  const state = kept.state as State;
  const { slots: birth, terms: names, times } = state;
  const finish = choice.finish as (slots: Float64Array, at: number, duration: number) => number;
  const isTime = node.args[0]?.type.kind === 'time';
  const scratch = new Float64Array(2 * birth.length);
  // What is kept by direction only is merged, as the program does when it makes a row.
  const locate = (slots: Float64Array, at: number): readonly [Float64Array, number] => {
    if (kept.merged === undefined) return [slots, at + kept.at];
    const [forward, backward] = kept.merged;
    scratch.set(slots.subarray(at + forward.at, at + forward.at + birth.length));
    scratch.set(slots.subarray(at + backward.at, at + backward.at + birth.length), birth.length);
    state.merge!(scratch, 0, birth.length);
    return [scratch, 0];
  };
  return {
    node,
    formula: 'formula' in choice ? choice.formula : undefined,
    terms(slots, at) {
      const [from, place] = locate(slots, at);
      return (names ?? []).map((name, i) => ({
        name,
        value: from[place + i]!,
        time: isTime && times.includes(i),
      }));
    },
    result(slots, at, _objects, duration) {
      const [from, place] = locate(slots, at);
      return finish(from, place, duration);
    },
  };
}

function objectView(node: AggregateNode, kept: Kept, choice: Choice): StateView {
  const state = kept.state as unknown as ObjectState;
  const finish = choice.finish as unknown as (object: unknown, duration: number) => Result;
  const locate = (objects: readonly unknown[]): unknown => {
    if (kept.merged === undefined) return objects[kept.at];
    const merged = state.create();
    for (const { at } of kept.merged) state.merge!(merged, objects[at]);
    return merged;
  };
  return {
    node,
    formula: undefined,
    terms: NO_TERMS,
    result: (_slots, _at, objects, duration) => finish(locate(objects!), duration),
  };
}
