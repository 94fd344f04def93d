import type { Analysis } from '../declare/analysis.ts';
import { emitChunks, type Piece } from './chunk.ts';
import { type Code, literal } from './code.ts';
import { KEY_COLUMNS, type LeafColumns } from './columns.ts';
import type { Emitter, Place } from './emit.ts';
import {
  type Direction,
  type Group,
  type Kept,
  type Memory,
  memoryKey,
  memoryKeyOf,
  type ObjectCode,
  type Plan,
} from './plan.ts';
import type { FrameColumns } from './program.ts';
import { clear, notEqual, otherText } from './runtime.ts';
import { isText, type Node } from './tree.ts';

const PARAMETERS = 'S, at, O, i, forward';

/** Place in a flow's slots. */
export const slotAt = (at: number): string => (at === 0 ? 'at' : `at + ${literal(at)}`);

/** Values of one frame of a flow, as `update` sees them. */
export class FramePlace implements Place {
  readonly parameters = PARAMETERS;
  readonly #code: Code;
  readonly #leaves: LeafColumns;
  readonly #columns: FrameColumns;
  readonly #memories: ReadonlyMap<string, Memory>;
  readonly #results = new Map<Analysis, Float64Array>();

  constructor(code: Code, leaves: LeafColumns, columns: FrameColumns, memories: readonly Memory[]) {
    this.#code = code;
    this.#leaves = leaves;
    this.#columns = columns;
    this.#memories = new Map(memories.map((memory) => [memoryKeyOf(memory), memory]));
  }

  leaf(node: Node, emitter: Emitter): string {
    if (node.op === 'field') return this.#column(this.#leaves.field(node));
    if (node.op === 'byte-entropy') return this.#column(this.#leaves.entropy(node.args[0]!));
    if (node.op === 'order') return this.#remembered(node, emitter);
    if (node.op === 'builtin') return this.#builtin(node.name);
    if (node.op === 'analysis') return `${this.#code.ref(this.results(node.analysis))}[${literal(node.index)}]`;
    throw new Error(`${node.op} in a frame`);
  }

  /** Where an analysis puts its values for the frame at hand. */
  results(analysis: Analysis): Float64Array {
    let results = this.#results.get(analysis);
    if (results === undefined) {
      results = new Float64Array(analysis.values.length);
      this.#results.set(analysis, results);
    }
    return results;
  }

  list(node: Node): string {
    if (node.op !== 'field') throw new Error(`${node.op} as a list`);
    return `${this.#code.ref(this.#leaves.field(node).lists)}[i]`;
  }

  #column({ kind, numbers, texts }: ReturnType<LeafColumns['field']>): string {
    return `${this.#code.ref(kind === 'text' ? texts : numbers)}[i]`;
  }

  #builtin(name: string): string {
    const columns = this.#columns;
    const own = columns.own?.get(name);
    if (own !== undefined) return `${this.#code.ref(own)}[i]`;
    switch (name) {
      case 'time':
        return `${this.#code.ref(columns.time)}[i]`;
      case 'start':
        return `${this.#code.ref(columns.start)}[i]`;
      case 'index':
        return `${this.#code.ref(columns.number)}[i]`;
      case 'forward':
        return '(forward ? 1 : 0)';
      case 'backward':
        return '(forward ? 0 : 1)';
      case 'frame.len':
        return `${this.#code.ref(columns.frameLength)}[i]`;
      case 'network.length':
        return `${this.#code.ref(columns.networkLength)}[i]`;
      case 'transport.length':
        return `${this.#code.ref(columns.transportLength)}[i]`;
      case 'payload.length':
        return `${this.#code.ref(columns.payloadLength)}[i]`;
      case 'payload':
        return this.#column(this.#leaves.frame('payload'));
      default: {
        const [there, back] = KEY_COLUMNS[name]!;
        if (there === back) return this.#column(this.#leaves.frame(there));
        return `(forward ? ${this.#column(this.#leaves.frame(there))} : ${this.#column(this.#leaves.frame(back))})`;
      }
    }
  }

  #remembered(node: Node & { readonly op: 'order' }, emitter: Emitter): string {
    const memory = this.#memories.get(memoryKey(node))!;
    const before = memory.text ? `O[${memory.at}]` : `S[${slotAt(memory.at)}]`;
    if (node.name === 'previous') return before;
    const now = emitter.value(node.args[0]!);
    if (node.name === 'gap') return `(${now} - ${before})`;
    return this.#code.call(memory.text ? otherText : notEqual, now, before);
  }
}

/** Takes one value into the states of a group. */
function feed(code: Code, kept: readonly Kept[], value: string): string {
  return kept
    .map(({ state, at }) => {
      if (state.kind === 'state') return `${code.ref(state.update)}(S, ${slotAt(at)}, ${value});`;
      return `${code.ref(state.update)}(O[${at}], ${value});`;
    })
    .join(' ');
}

function groupPiece(code: Code, { value, conditions, kept }: Group): Piece {
  const roots = [...conditions, ...(value === undefined ? [] : [value])];
  return {
    roots,
    write(emitter) {
      const test = conditions.map((condition) => emitter.truth(condition)).join(' && ');
      const body = taken(code, emitter, value, kept);
      return test === '' ? `{ ${body} }` : `if (${test}) { ${body} }`;
    },
  };
}

function taken(code: Code, emitter: Emitter, value: Node | undefined, kept: readonly Kept[]): string {
  if (value === undefined) return feed(code, kept, '1');
  const each = (inner: Emitter): string => {
    const name = code.name('v');
    // An overflow to Infinity takes no part, as an empty value does.
    const there = isText(value.type) ? `${name} !== null` : `${name} - ${name} === 0`;
    return `const ${name} = ${inner.value(value)}; if (${there}) { ${feed(code, kept, name)} }`;
  };
  return value.type.list ? emitter.loop(value, each) : each(emitter);
}

function memoryPiece({ value, selection, text, at }: Memory, code: Code): Piece {
  return {
    roots: [...selection, value],
    write(emitter) {
      const name = code.name('m');
      const tests = [
        ...selection.map((condition) => emitter.truth(condition)),
        text ? `${name} !== null` : `${name} === ${name}`,
      ];
      const target = text ? `O[${at}]` : `S[${slotAt(at)}]`;
      return `{ const ${name} = ${emitter.value(value)}; if (${tests.join(' && ')}) ${target} = ${name}; }`;
    },
  };
}

/** Fills the inputs of an analysis or an object feature, and calls it. */
function objectPiece(code: Code, place: FramePlace, { node, at, slotsAt }: ObjectCode): Piece {
  return {
    roots: node.args,
    write(emitter) {
      const inputs = code.ref(new Float64Array(node.args.length));
      const fill = node.args.map((arg, i) => `${inputs}[${i}] = ${emitter.value(arg)};`).join(' ');
      if (node.op === 'object-code') {
        return `${fill} ${code.ref(node.feature.state.update)}(O[${at}], ${inputs}, forward);`;
      }
      const { analysis } = node;
      const out = code.ref(place.results(analysis));
      const object = at < 0 ? 'undefined' : `O[${at}]`;
      const call = `${code.ref(analysis.update)}(${object}, ${inputs}, ${out}, forward, S, ${slotAt(slotsAt)});`;
      return `${code.call(clear, out)}; ${fill} ${call}`;
    },
  };
}

/**
 * Writes the function that takes a frame into a flow's state. First what analyses say of the frame; then everything reads, by direction; then what is
 * remembered for the next frame is written. Returns its name.
 */
export function emitUpdate(code: Code, place: FramePlace, plan: Plan): string {
  const calls = (names: readonly string[]): string => names.map((name) => `${name}(${PARAMETERS});`).join(' ');
  const branch = (direction: Direction): string => {
    // Equal conditions stand together, so that they are tested near each other.
    const groups = plan.groups.filter((group) => group.direction === direction && group.kept.length > 0);
    const byConditions = new Map<string, Group[]>();
    for (const group of groups) {
      const key = group.conditions.map(({ id }) => id).join();
      byConditions.set(key, [...(byConditions.get(key) ?? []), group]);
    }
    return calls(
      emitChunks(
        code,
        place,
        direction,
        [...byConditions.values()].flat().map((group) => groupPiece(code, group)),
      ),
    );
  };
  const forward = branch('forward');
  const backward = branch('backward');
  const codes: Piece[] = plan.codes
    .filter(({ shared }) => !shared)
    .map(({ node, at }) => ({
      roots: node.args,
      write: (emitter) =>
        `${code.ref(node.feature.update)}(S, ${slotAt(at)}${node.args.map((arg) => `, ${emitter.value(arg)}`).join('')});`,
    }));
  const objects = (all: readonly ObjectCode[]): Piece[] => all.map((one) => objectPiece(code, place, one));
  const memories = plan.memories.map((memory) => memoryPiece(memory, code));
  const lines = [
    calls(emitChunks(code, place, 'analysis', objects(plan.analyses))),
    forward === '' && backward === '' ? '' : `if (forward) { ${forward} } else { ${backward} }`,
    branch('both'),
    calls(emitChunks(code, place, 'code', codes)),
    calls(emitChunks(code, place, 'object', objects(plan.objectCodes))),
    calls(emitChunks(code, place, 'memory', memories)),
  ];
  return code.function('update', PARAMETERS, lines.join('\n'));
}
