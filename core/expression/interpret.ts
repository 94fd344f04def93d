import type { Choice, ObjectState, State } from '../declare/aggregate.ts';
import type { ColumnData, RowBatch } from '../flow/rows.ts';
import { columnsOf, type ProgramOptions } from './compile.ts';
import { evaluate, type Surroundings, type Value, valuesOf } from './evaluate.ts';
import { FACTS } from './facts.ts';
import { Reads, type Seen } from './interpret-frame.ts';
import { joined } from './join.ts';
import type { Output } from './output.ts';
import { everyNode } from './plan.ts';
import type { FlowFacts, Program } from './program.ts';
import { readProgram } from './read.ts';
import { isText, type Node, type OrderNode } from './tree.ts';
import { INTEGER } from './types.ts';
import * as write from './write.ts';

/** What a flow has for one aggregate, code feature or order-dependent value. Nothing is shared. */
interface Held {
  slots: Float64Array;
  object: unknown;
  last: Value;
}

type Flow = Map<Node, Held>;

const choiceOf = (node: Node & { readonly op: 'aggregate' }): Choice => {
  const value = node.args[0];
  // The last choice, where generated code takes the cheapest or one that is there already.
  return node.aggregate.choices(node.literals, value === undefined ? INTEGER : { ...value.type, list: false }).at(-1)!;
};

function order(node: OrderNode, before: Value, now: Value): Value {
  if (node.name === 'previous') return before;
  const nothing = before === null || now === null || Number.isNaN(before) || Number.isNaN(now);
  if (nothing) return Number.NaN;
  return node.name === 'changed' ? Number(now !== before) : (now as number) - (before as number);
}

function birthOf(node: Node): Held {
  const held: Held = {
    slots: new Float64Array(0),
    object: undefined,
    last: isText(node.args[0]?.type ?? node.type) ? null : Number.NaN,
  };
  if (node.op === 'code') held.slots = Float64Array.from(node.feature.slots);
  if (node.op === 'aggregate') {
    const { state } = choiceOf(node);
    if (state.kind === 'state') held.slots = Float64Array.from(state.slots);
    else held.object = state.create();
  }
  return held;
}

function move(node: Node, held: Held, delta: number): void {
  const isTime = node.args[0]?.type.kind === 'time';
  if (node.op === 'code') for (const slot of node.feature.times ?? []) held.slots[slot]! += delta;
  if (node.op === 'order' && isTime) held.last = (held.last as number) + delta;
  if (node.op !== 'aggregate' || !isTime) return;
  const { state } = choiceOf(node);
  if (state.kind === 'state') for (const slot of state.times) held.slots[slot]! += delta;
  else state.shift?.(held.object as never, delta);
}

/**
 * The same as `compileProgram`, by walking the typed tree: nothing generated, shared, merged or reused. It is what
 * generated code is tested against.
 * @throws ExpressionError
 */
export function interpretProgram(options: ProgramOptions): Program {
  const { outputs, keep } = readProgram(options);
  const nodes = everyNode([...outputs.map(({ node }) => node), ...(keep === undefined ? [] : [keep])]);
  const held = nodes.filter(({ op }) => op === 'aggregate' || op === 'code' || op === 'order');
  const inFrames = everyNode(held.flatMap((node) => [...node.args, ...('selection' in node ? node.selection : [])]));
  const reads = new Reads(inFrames, options.columns);

  const update = (flow: Flow, seen: Seen): void => {
    const around: Surroundings = {
      list: (node) => reads.list(node, seen.index),
      leaf: (node, of) =>
        node.op === 'order' ? order(node, flow.get(node)!.last, of(node.args[0]!)) : reads.leaf(node, seen),
    };
    const selected = (selection: readonly Node[]): boolean =>
      selection.every((condition) => evaluate(condition, around) === 1);
    for (const node of held) {
      const own = flow.get(node)!;
      if (node.op === 'code')
        node.feature.update(own.slots, 0, ...node.args.map((arg) => evaluate(arg, around) as number));
      if (node.op !== 'aggregate' || !selected(node.selection)) continue;
      for (const value of node.args.length === 0 ? [1] : valuesOf(node.args[0]!, around)) {
        if (value === null || (typeof value === 'number' && !Number.isFinite(value))) continue;
        const { state } = choiceOf(node);
        if (state.kind === 'state') state.update(own.slots, 0, value as number);
        else (state as unknown as ObjectState).update(own.object, value);
      }
    }
    const memories = held.filter((node) => node.op === 'order');
    const next = memories.map((node) => (selected(node.selection) ? evaluate(node.args[0]!, around) : null));
    memories.forEach((node, i) => {
      if (next[i] !== null && !Number.isNaN(next[i])) flow.get(node)!.last = next[i]!;
    });
  };

  return {
    birth: new Float64Array(0),
    timeSlots: [],
    createObjects: () => [new Map(held.map((node) => [node, birthOf(node)]))],
    shiftObjects: ([flow], delta) => {
      for (const [node, own] of flow as Flow) move(node, own, delta);
    },
    demanded: reads.leaves.demanded,
    columns: columnsOf(outputs),
    gather: (frame, index) => reads.gather(frame, index),
    update: (_slots, _at, objects, index, forward) =>
      update(objects![0] as Flow, {
        index,
        forward,
        number: options.columns.number[index]!,
        start: options.columns.start[index]!,
        time: options.columns.time[index]!,
      }),
    keep: (_slots, _at, objects, facts) =>
      keep === undefined || evaluate(keep, ofFlow(objects![0] as Flow, facts)) === 1,
    finish(_slots, _at, objects, facts, rows, row) {
      let first = 0;
      for (const output of outputs) {
        writeOutput(output, first, objects![0] as Flow, facts, rows, row);
        first += output.columns.length;
      }
    },
  };
}

/** Results of a flow; a list of results is only written, never computed with. */
function resultOf(node: Node, flow: Flow, facts: FlowFacts): write.Items {
  const { slots, object } = flow.get(node)!;
  if (node.op === 'code') return node.feature.finish(slots, 0, facts.duration);
  const choice = choiceOf(node as Node & { readonly op: 'aggregate' });
  const { state } = choice;
  return state.kind === 'state'
    ? (choice as Choice & { state: State }).finish(slots as never, 0 as never, facts.duration)
    : (choice.finish as (object: unknown, duration: number) => write.Items)(object, facts.duration);
}

const ofFlow = (flow: Flow, facts: FlowFacts): Surroundings => ({
  list: () => [],
  leaf(node) {
    if (node.op === 'builtin') return FACTS[node.name]!(facts);
    if (node.op === 'extra') return facts.extra[node.index]!;
    return resultOf(node, flow, facts) as Value;
  },
});

function writeOutput(
  { node, writing, columns, divisor }: Output,
  first: number,
  flow: Flow,
  facts: FlowFacts,
  rows: RowBatch,
  row: number,
): void {
  const data = rows.data[first]!;
  const { kind, length } = node.type;
  if (length !== undefined) {
    const items = resultOf(node, flow, facts);
    if (writing === 'joined') data.texts[row] = joined(items, kind, divisor, facts.base);
    else if (writing === 'times') write.writeTimes(rows, first, columns.length, row, items, facts.base);
    else if (writing === 'texts') write.writeTexts(rows, first, columns.length, row, items, kind);
    else write.writeNumbers(rows, first, columns.length, row, items, divisor);
    return;
  }
  if (writing === 'hash') write.writeHash(data, row, facts);
  else if (writing === 'source' || writing === 'destination')
    write.writeAddress(data, row, facts, writing === 'source');
  else writeValue(node, writing, data, row, evaluate(node, ofFlow(flow, facts)), facts.base);
}

function writeValue(
  { type }: Node,
  writing: Output['writing'],
  data: ColumnData,
  row: number,
  value: Value,
  base: number,
): void {
  if (writing === 'time') write.writeTime(data, row, value as number, base);
  else if (writing === 'text') data.texts[row] = write.textFor(type.kind, value as string | null);
  else data.numbers[row] = Number.isFinite(value) ? (value as number) + 0 : Number.NaN;
}
