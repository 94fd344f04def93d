import type { State } from '../declare/aggregate.ts';
import { emitChunks, type Piece } from './chunk.ts';
import { type Code, literal } from './code.ts';
import type { Emitter, Place } from './emit.ts';
import { FACTS } from './facts.ts';
import { joined } from './join.ts';
import { cutText, joinedText, kindsOf, utcText } from './made-text.ts';
import { mappedAddress } from './map-addresses.ts';
import type { Output } from './output.ts';
import { everyNode, type Kept, type Plan } from './plan.ts';
import { printable } from './runtime.ts';
import { isText, type Node } from './tree.ts';
import { unixTime } from './unix-time.ts';
import { slotAt } from './update.ts';
import * as write from './write.ts';

const PARAMETERS = 'S, at, O, F, rows, row';

/** Facts that are plain numbers, and read without a call. */
const PLAIN: Readonly<Record<string, string>> = {
  start: 'F.start',
  end: 'F.end',
  duration: 'F.duration',
  end_reason: 'F.endReason',
  segment: 'F.segment',
  frames: 'F.frames',
};

/** Values of a flow, as `finish` and `keep` see them. */
export class FlowPlace implements Place {
  readonly parameters = PARAMETERS;
  readonly #code: Code;
  readonly #plan: Plan;
  /** Where merged states are made. */
  readonly scratch: Float64Array;
  readonly #scratchAt = new Map<Kept, number>();
  readonly #codes: ReadonlyMap<Node, number>;

  constructor(code: Code, plan: Plan) {
    this.#code = code;
    this.#plan = plan;
    this.#codes = new Map(plan.codes.map(({ node, at }) => [node, at]));
    let size = 0;
    for (const { kept } of plan.results.values()) {
      if (kept.merged === undefined || kept.state.kind !== 'state' || this.#scratchAt.has(kept)) continue;
      this.#scratchAt.set(kept, size);
      size += 2 * kept.state.slots.length;
    }
    this.scratch = new Float64Array(size);
  }

  list(): string {
    throw new Error('a list in a flow');
  }

  leaf(node: Node, emitter: Emitter): string {
    const code = this.#code;
    if (node.op === 'aggregate') return this.#result(node);
    if (node.op === 'joined-text')
      return code.call(joinedText, code.ref(kindsOf(node)), ...node.args.map((arg) => emitter.value(arg)));
    if (node.op === 'mapped-fact') return code.call(node.map, 'F');
    if (node.op === 'mapped-address') return code.call(mappedAddress, code.ref(node.map), emitter.value(node.args[0]!));
    if (node.op === 'utc-text') return code.call(utcText, emitter.value(node.args[0]!), 'F.base');
    if (node.op === 'cut-text')
      return code.call(cutText, code.ref(kindsOf(node)), emitter.value(node.args[0]!), literal(node.length));
    if (node.op === 'unix') return code.call(unixTime, emitter.value(node.args[0]!), 'F.base', literal(node.per));
    if (node.op === 'code') return `${code.ref(node.feature.finish)}(S, ${slotAt(this.#codes.get(node)!)}, F.duration)`;
    if (node.op === 'object-code') return this.#objectResult(node);
    if (node.op === 'extra') return `F.${isText(node.type) ? 'extraTexts' : 'extra'}[${literal(node.index)}]`;
    if (node.op === 'builtin') return PLAIN[node.name] ?? code.call(FACTS[node.name], 'F');
    throw new Error(`${node.op} in a flow`);
  }

  #objectResult(node: Node & { readonly op: 'object-code' }): string {
    const call = `${this.#code.ref(node.feature.finish)}(O[${this.#plan.objectOf.get(node)!}], F.duration)`;
    return isText(node.type) ? call : this.#code.call(numberOr, call);
  }

  #result(node: Node): string {
    const { kept, choice } = this.#plan.results.get(node)!;
    const finish = this.#code.ref(choice.finish);
    if (kept.state.kind === 'state') {
      return kept.merged === undefined
        ? `${finish}(S, ${slotAt(kept.at)}, F.duration)`
        : `${finish}(${this.#code.ref(this.scratch)}, ${this.#scratchAt.get(kept)!}, F.duration)`;
    }
    const single = node.type.length === undefined && !isText(node.type);
    const result = (object: string): string => {
      const call = `${finish}(${object}, F.duration)`;
      return single ? this.#code.call(numberOr, call) : call;
    };
    if (kept.merged === undefined) return result(`O[${kept.at}]`);
    const [forward, backward] = kept.merged;
    return result(this.#code.call(mergedObject, this.#code.ref(kept.state), `O[${forward.at}]`, `O[${backward.at}]`));
  }

  /** Statements that merge the states that some values are finished from. */
  merges(roots: readonly Node[]): string[] {
    const wanted = new Set<Kept>();
    for (const node of everyNode(roots)) {
      const kept = this.#plan.results.get(node)?.kept;
      if (kept !== undefined && this.#scratchAt.has(kept)) wanted.add(kept);
    }
    const scratch = this.#code.ref(this.scratch);
    return [...wanted].map((kept) => {
      const [forward, backward] = kept.merged!;
      const into = this.#scratchAt.get(kept)!;
      const { slots, merge } = kept.state as State;
      const copy = (from: number, to: number) =>
        slots.map((_, k) => `${scratch}[${to + k}] = S[${slotAt(from + k)}];`).join(' ');
      return `${copy(forward.at, into)} ${copy(backward.at, into + slots.length)} ${this.#code.ref(merge)}(${scratch}, ${into}, ${into + slots.length});`;
    });
  }
}

/** A number; empty for anything else that an object state gives. */
const numberOr = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

function mergedObject(
  state: { create(): unknown; merge(into: unknown, from: unknown): void },
  forward: unknown,
  backward: unknown,
): unknown {
  const into = state.create();
  state.merge(into, forward);
  state.merge(into, backward);
  return into;
}

function write1(code: Code, output: Output, first: number, emitter: Emitter): string {
  const data = `rows.data[${first}]`;
  const count = literal(output.columns.length);
  const { node, writing } = output;
  switch (writing) {
    case 'number':
      return `${data}.numbers[row] = ${code.call(printable, emitter.value(node))};`;
    case 'time':
      return `${code.call(write.writeTime, data, 'row', emitter.value(node), 'F.base')};`;
    case 'text':
      return `${data}.texts[row] = ${code.call(write.textFor, code.ref(node.type.kind), emitter.value(node))};`;
    case 'hash':
      return `${code.call(write.writeHash, data, 'row', 'F')};`;
    case 'source':
    case 'destination':
      return `${code.call(write.writeAddress, data, 'row', 'F', String(writing === 'source'))};`;
    case 'numbers':
      return `${code.call(write.writeNumbers, 'rows', literal(first), count, 'row', emitter.value(node), literal(output.divisor))};`;
    case 'times':
      return `${code.call(write.writeTimes, 'rows', literal(first), count, 'row', emitter.value(node), 'F.base')};`;
    case 'texts':
      return `${code.call(write.writeTexts, 'rows', literal(first), count, 'row', emitter.value(node), code.ref(node.type.kind))};`;
    case 'joined':
      return `${data}.texts[row] = ${code.call(joined, emitter.value(node), code.ref(node.type.kind), literal(output.divisor), 'F.base')};`;
  }
}

/** Writes the function that makes a row. Returns its name. */
export function emitFinish(code: Code, place: FlowPlace, outputs: readonly Output[]): string {
  let first = 0;
  const pieces: Piece[] = outputs.map((output) => {
    const at = first;
    first += output.columns.length;
    const computed = output.writing !== 'hash' && output.writing !== 'source' && output.writing !== 'destination';
    return { roots: computed ? [output.node] : [], write: (emitter) => write1(code, output, at, emitter) };
  });
  const merges = place
    .merges(outputs.map(({ node }) => node))
    .map((statement) => ({ roots: [], write: () => statement }));
  const calls = [...emitChunks(code, place, 'merge', merges), ...emitChunks(code, place, 'row', pieces)];
  return code.function('finish', PARAMETERS, calls.map((name) => `${name}(${PARAMETERS});`).join('\n'));
}

/** Writes the function that says whether a row is wanted. Returns its name. */
export function emitKeep(code: Code, place: FlowPlace, keep: Node | undefined): string {
  if (keep === undefined) return code.function('keep', PARAMETERS, 'return true;');
  const [test] = emitChunks(code, place, 'test', [
    { roots: [keep], write: (emitter) => `return ${emitter.truth(keep)};` },
  ]);
  const merges = emitChunks(
    code,
    place,
    'merge',
    place.merges([keep]).map((statement) => ({ roots: [], write: () => statement })),
  );
  return code.function(
    'keep',
    PARAMETERS,
    `${merges.map((name) => `${name}(${PARAMETERS});`).join('\n')}\nreturn ${test}(${PARAMETERS});`,
  );
}
