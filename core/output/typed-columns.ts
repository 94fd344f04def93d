import type { Column, RowBatch } from '../flow/rows.ts';
import { TypedColumn } from './typed-column.ts';

/** Rows gathered column by column, for formats that are typed. Reused. */
export class TypedColumns {
  readonly columns: readonly TypedColumn[];
  readonly capacity: number;
  count = 0;
  readonly #report: (line: string) => void;
  readonly #unfit = new Set<TypedColumn>();

  /** @param report told once a column of values that do not fit 64 bits */
  constructor(columns: readonly Column[], capacity: number, report: (line: string) => void) {
    this.columns = columns.map((column) => new TypedColumn(column, capacity));
    this.capacity = capacity;
    this.#report = report;
  }

  get full(): boolean {
    return this.count === this.capacity;
  }

  /**
   * Takes rows of a batch from row `from` up to `to`, as many as there is room for. Returns the first row that was not
   * taken.
   */
  take({ data, count }: RowBatch, from: number, to = count): number {
    const rows = Math.min(to - from, this.capacity - this.count);
    for (let i = 0; i < this.columns.length; i += 1) {
      const column = this.columns[i]!;
      if (column.take(data[i]!, from, rows, this.count) > 0 && !this.#unfit.has(column)) {
        this.#unfit.add(column);
        const what = column.type === 'time' ? 'times outside of the years 1678 to 2261' : 'numbers beyond 64 bits';
        this.#report(`${column.column.name}: ${what} become the nearest that fits`);
      }
    }
    this.count += rows;
    return from + rows;
  }

  clear(): void {
    this.count = 0;
    for (const column of this.columns) column.clear();
  }
}
