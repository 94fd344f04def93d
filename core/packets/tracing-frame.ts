import type { Table } from '../declare/table.ts';
import type { Dispatch } from '../frame/dispatch.ts';
import { DECIDED_BY, Frame } from '../frame/frame.ts';

/** What decided that a layer follows. */
export interface Decision {
  readonly by: (typeof DECIDED_BY)[number];
  readonly table: Table;
  /** The number in the table; -1 for a heuristic. */
  readonly number: number;
}

/** Steps of a frame that are remembered at most. */
const MAXIMUM_STEPS = 512;

/** A frame that remembers which table and number led to each layer. */
export class TracingFrame extends Frame {
  #steps = 0;
  readonly #parent = new Int32Array(MAXIMUM_STEPS);
  readonly #at = new Int32Array(MAXIMUM_STEPS);
  readonly #number = new Float64Array(MAXIMUM_STEPS);
  readonly #table: Table[] = [];

  override begin(
    dispatch: Dispatch,
    bytes: Uint8Array,
    start: number,
    captured: number,
    wire: number,
    linkType: number,
  ): void {
    this.#steps = 0;
    super.begin(dispatch, bytes, start, captured, wire, linkType);
  }

  override next(table: Table, number: number, at: number, end?: number): boolean {
    const taken = super.next(table, number, at, end);
    if (taken) this.#note(table, number, at);
    return taken;
  }

  override guess(table: Table, at: number, end?: number): boolean {
    const taken = super.guess(table, at, end);
    if (taken) this.#note(table, -1, at);
    return taken;
  }

  #note(table: Table, number: number, at: number): void {
    const step = this.#steps;
    if (step >= MAXIMUM_STEPS) return;
    this.#parent[step] = this.layer;
    this.#at[step] = at;
    this.#number[step] = number;
    this.#table[step] = table;
    this.#steps = step + 1;
  }

  /** The step that led to a layer, for the two below; -1 when it is not known. */
  stepTo(layer: number): number {
    const parent = this.layerParent[layer]!;
    const at = this.layerOffset[layer]!;
    for (let step = 0; step < this.#steps; step += 1) {
      if (this.#parent[step] === parent && this.#at[step] === at) return step;
    }
    return -1;
  }

  tableAt(step: number): Table {
    return this.#table[step]!;
  }

  numberAt(step: number): number {
    return this.#number[step]!;
  }

  /** What decided that `layer` follows the one it was handed on by. */
  decisionOf(layer: number): Decision | undefined {
    const step = this.stepTo(layer);
    if (step < 0) return undefined;
    const by = DECIDED_BY[this.layerDecidedBy[layer]!]!;
    return { by, table: this.tableAt(step), number: this.numberAt(step) };
  }
}

/** The number as the table prints numbers. */
export const tableNumber = ({ display }: Table, number: number): string =>
  display === 'hex' ? `0x${number.toString(16).padStart(4, '0')}` : String(number);

/** One line for a decision: `ethertype 0x0800`, `udp.port 5000 (decode-as)`, `udp.port (heuristic)`. */
export function decisionText({ by, table, number }: Decision): string {
  const place = number < 0 ? table.name : `${table.name} ${tableNumber(table, number)}`;
  return by === 'table' ? place : `${place} (${by})`;
}
