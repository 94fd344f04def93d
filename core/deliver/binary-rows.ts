import type { Column, ColumnData, RowBatch } from '../flow/rows.ts';
import { type ValueKind, valueKind } from './value-kind.ts';

/** Writes one row at a place that has room for it, and returns the place behind it. */
export type WriteRow = (rows: BinaryRows, data: readonly ColumnData[], row: number, at: number) => number;

/** How a binary format lays out a row. */
export interface BinaryLayout {
  /** Most bytes of a value of each kind, with what stands around it; of texts and names only that. */
  readonly bounds: Readonly<Record<ValueKind, number>>;
  /** Before the first row, behind each, and behind the last. */
  readonly head: Uint8Array;
  readonly perRow: number;
  readonly end: Uint8Array;
  /** UTF-8 of the name of a value, as the store takes it. */
  nameBytes(name: string): Uint8Array;
}

/** Digits of a number that has no name. */
const NUMBER_BYTES = 24;

/** What encoders of rows for stores share: what the columns are, and memory that grows with the rows. */
export class BinaryRows {
  readonly kinds: readonly ValueKind[];
  /** By which numbers are divided: 1, or 10 to the decimals. */
  readonly divisors: Float64Array;
  readonly names: readonly ReadonlyMap<number, Uint8Array>[];
  buffer: Buffer = Buffer.alloc(0);
  /** The same memory. */
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly #layout: BinaryLayout;
  readonly #texts: readonly number[];
  /** Most bytes of a row without its texts. */
  readonly #bound: number;

  constructor(columns: readonly Column[], layout: BinaryLayout) {
    this.#layout = layout;
    this.kinds = columns.map(valueKind);
    this.divisors = Float64Array.from(columns, ({ decimals }) => (decimals > 0 ? 10 ** decimals : 1));
    this.names = columns.map(
      ({ labels = {} }) =>
        new Map(Object.entries(labels).map(([value, name]) => [Number(value), layout.nameBytes(name)])),
    );
    this.#texts = [...this.kinds.keys()].filter((index) => this.kinds[index] === 'text');
    const values = this.kinds.map((kind, index) => {
      const longest = Math.max(NUMBER_BYTES, ...[...this.names[index]!.values()].map(({ length }) => length));
      return layout.bounds[kind] + (kind === 'label' ? longest : 0);
    });
    this.#bound = values.reduce((sum, bound) => sum + bound, layout.perRow);
    this.#reserve(1 << 20, 0);
  }

  /** Bytes of all rows; they stay as they are. */
  encode({ data, count }: RowBatch, writeRow: WriteRow): Uint8Array {
    const { head, end } = this.#layout;
    this.buffer.set(head);
    let at = head.length;
    for (let row = 0; row < count; row += 1) {
      let need = at + this.#bound + end.length;
      // A UTF-16 unit has three bytes of UTF-8 at most.
      for (const index of this.#texts) need += 3 * (data[index]!.texts[row]?.length ?? 0);
      if (need > this.buffer.length) this.#reserve(2 * need, at);
      at = writeRow(this, data, row, at);
    }
    this.buffer.set(end, at);
    return Buffer.from(this.buffer.subarray(0, at + end.length));
  }

  #reserve(bytes: number, used: number): void {
    const more = Buffer.allocUnsafeSlow(bytes);
    this.buffer.copy(more, 0, 0, used);
    this.buffer = more;
    this.view = new DataView(more.buffer, more.byteOffset, more.length);
  }
}
