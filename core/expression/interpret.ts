import type { Choice, ObjectState, State } from '../declare/aggregate.ts';
import type { ColumnData, RowBatch } from '../flow/rows.ts';
import { columnsOf, type ProgramOptions } from './compile.ts';
import { evaluate, type Surroundings, type Value, valuesOf } from './evaluate.ts';
import { FACTS } from './facts.ts';
import { Reads, type Seen } from './interpret-frame.ts';
import { joined } from './join.ts';
import { cutText, joinedText, kindsOf, utcText } from './made-text.ts';
import { mappedAddress } from './map-addresses.ts';
import type { Output } from './output.ts';
import { everyNode } from './plan.ts';
import type { FlowFacts, Program } from './program.ts';
import { readProgram } from './read.ts';
import { isText, type Node, type OrderNode } from './tree.ts';
import { INTEGER } from './types.ts';
import { unixTime } from './unix-time.ts';
import * as write from './write.ts';

/** What a flow has for one aggregate, code feature or order-dependent value. Nothing is shared. */
interface Held {
  slots: Float64Array;
  object: unknown;
  /** What an analysis says of the frame at hand. */
  out: Float64Array;
  last: Value;
}

type Flow = Map<Node, Held>;

/** What keeps a state of its own. */
const HELD: ReadonlySet<Node['op']> = new Set(['aggregate', 'code', 'object-code', 'analysis', 'order']);

const choiceOf = (node: Node & { readonly op: 'aggregate' }): Choice => {
  const value = node.args[0];
  // The last choice, where generated code takes the cheapest or one that is there already.
  return node.aggregate.choices(node.literals, value === undefined ? INTEGER : { ...value.type, list: false }).at(-1)!;
};

/** Value of `gap`, `previous` or `changed`, from the value remembered and the one of this frame. */
export function order(node: OrderNode, before: Value, now: Value): Value {
  if (node.name === 'previous') return before;
  const nothing = before === null || now === null || Number.isNaN(before) || Number.isNaN(now);
  if (nothing) return Number.NaN;
  return node.name === 'changed' ? Number(now !== before) : (now as number) - (before as number);
}

function birthOf(node: Node): Held {
  const held: Held = {
    slots: new Float64Array(0),
    object: undefined,
    out: new Float64Array(0),
    last: isText(node.args[0]?.type ?? node.type) ? null : Number.NaN,
  };
  if (node.op === 'code') held.slots = Float64Array.from(node.feature.slots);
  if (node.op === 'object-code') held.object = node.feature.state.create();
  if (node.op === 'analysis') {
    held.object = node.analysis.create?.();
    held.slots = Float64Array.from(node.analysis.slots ?? []);
    held.out = new Float64Array(node.analysis.values.length);
  }
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
  if (node.op === 'object-code') node.feature.state.shift?.(held.object as never, delta);
  if (node.op === 'analysis') {
    node.analysis.shift?.(held.object as never, delta);
    for (const slot of node.analysis.times ?? []) held.slots[slot]! += delta;
  }
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
  const held = nodes.filter(({ op }) => HELD.has(op));
  const inFrames = everyNode(held.flatMap((node) => [...node.args, ...('selection' in node ? node.selection : [])]));
  const reads = new Reads(inFrames, options.columns);

  const update = (flow: Flow, seen: Seen): void => {
    const around: Surroundings = {
      list: (node) => reads.list(node, seen.index),
      leaf(node, of) {
        if (node.op === 'order') return order(node, flow.get(node)!.last, of(node.args[0]!));
        return node.op === 'analysis' ? flow.get(node)!.out[node.index]! : reads.leaf(node, seen);
      },
    };
    const selected = (selection: readonly Node[]): boolean =>
      selection.every((condition) => evaluate(condition, around) === 1);
    for (const node of held) {
      const own = flow.get(node)!;
      if (node.op === 'code')
        node.feature.update(own.slots, 0, ...node.args.map((arg) => evaluate(arg, around) as number));
      if (node.op === 'analysis' || node.op === 'object-code') {
        const values = Float64Array.from(node.args, (arg) => evaluate(arg, around) as number);
        if (node.op === 'object-code') node.feature.state.update(own.object as never, values, seen.forward);
        else node.analysis.update(own.object as never, values, own.out.fill(Number.NaN), seen.forward, own.slots, 0);
      }
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
    carry: ([from], [to]) => {
      for (const [node, own] of from as Flow) {
        if (node.op === 'analysis') (to as Flow).set(node, own);
        if (node.op === 'object-code' && node.feature.state.carry !== undefined)
          (to as Flow).get(node)!.object = node.feature.state.carry(own.object as never);
      }
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
  if (node.op === 'object-code') return node.feature.finish(object as never, facts.duration);
  const choice = choiceOf(node as Node & { readonly op: 'aggregate' });
  const { state } = choice;
  return state.kind === 'state'
    ? (choice as Choice & { state: State }).finish(slots as never, 0 as never, facts.duration)
    : (choice.finish as (object: unknown, duration: number) => write.Items)(object, facts.duration);
}

const ofFlow = (flow: Flow, facts: FlowFacts): Surroundings => ({
  list: () => [],
  leaf: (node, of) => flowValue(node, of, facts, () => resultOf(node, flow, facts) as Value),
});

/** A value of a flow that no operation makes; `result` finishes a state. */
export function flowValue(node: Node, of: (node: Node) => Value, facts: FlowFacts, result: () => Value): Value {
  if (node.op === 'joined-text') return joinedText(kindsOf(node), ...node.args.map(of));
  if (node.op === 'mapped-fact') return node.map(facts);
  if (node.op === 'mapped-address') return mappedAddress(node.map, of(node.args[0]!));
  if (node.op === 'utc-text') return utcText(of(node.args[0]!) as number, facts.base);
  if (node.op === 'cut-text') return cutText(kindsOf(node), of(node.args[0]!), node.length);
  if (node.op === 'unix') return unixTime(of(node.args[0]!) as number, facts.base, node.per);
  if (node.op === 'builtin') return FACTS[node.name]!(facts);
  if (node.op === 'extra') return (isText(node.type) ? facts.extraTexts : facts.extra)[node.index]!;
  return result();
}

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
