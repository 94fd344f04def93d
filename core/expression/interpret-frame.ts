import type { Frame } from '../frame/frame.ts';
import { KEY_COLUMNS, LeafColumns } from './columns.ts';
import type { Value } from './evaluate.ts';
import { List } from './leaves.ts';
import type { FrameColumns } from './program.ts';
import { isText, type Node } from './tree.ts';

/** One frame as the interpreter sees it. */
export interface Seen {
  readonly index: number;
  readonly forward: boolean;
  readonly number: number;
  readonly start: number;
  readonly time: number;
}

/** Values that were read from the frames of a batch. */
export class Reads {
  readonly #nodes: readonly Node[];
  readonly #columns: FrameColumns;
  readonly leaves = new LeafColumns(0);
  readonly #rows: Map<string, Value | readonly Value[]>[] = [];

  constructor(nodes: readonly Node[], columns: FrameColumns) {
    this.#nodes = nodes;
    this.#columns = columns;
    for (const node of nodes) this.#columnsOf(node);
  }

  /** Every column that a node reads. */
  #columnsOf(node: Node) {
    if (node.op === 'field') return [this.leaves.field(node)];
    if (node.op === 'byte-entropy') return [this.leaves.entropy(node.args[0]!)];
    if (node.op === 'builtin' && node.name === 'payload') return [this.leaves.frame('payload')];
    if (node.op === 'builtin' && Object.hasOwn(KEY_COLUMNS, node.name))
      return KEY_COLUMNS[node.name]!.map((name) => this.leaves.frame(name));
    return [];
  }

  gather(frame: Frame, index: number): void {
    const row = new Map<string, Value | readonly Value[]>();
    for (const node of this.#nodes) {
      for (const { key, read } of this.#columnsOf(node)) {
        const value = read(frame, new List());
        row.set(
          key,
          value instanceof List ? [...(isText(node.type) ? value.texts : value.numbers)].slice(0, value.count) : value,
        );
      }
    }
    this.#rows[index] = row;
  }

  list(node: Node, index: number): readonly Value[] {
    return this.#rows[index]!.get(this.#columnsOf(node)[0]!.key) as readonly Value[];
  }

  leaf(node: Node, seen: Seen): Value {
    const columns = this.#columnsOf(node);
    if (columns.length > 0)
      return this.#rows[seen.index]!.get(columns[seen.forward ? 0 : columns.length - 1]!.key) as Value;
    if (node.op !== 'builtin') throw new Error(`${node.op} in a frame`);
    const own = this.#columns.own?.get(node.name);
    if (own !== undefined) return own[seen.index]!;
    const { frameLength, networkLength, transportLength, payloadLength } = this.#columns;
    const values: Record<string, number> = {
      time: seen.time,
      start: seen.start,
      index: seen.number,
      forward: Number(seen.forward),
      backward: Number(!seen.forward),
      'frame.len': frameLength[seen.index]!,
      'network.length': networkLength[seen.index]!,
      'transport.length': transportLength[seen.index]!,
      'payload.length': payloadLength[seen.index]!,
    };
    return values[node.name]!;
  }
}
