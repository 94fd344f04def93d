import { type Column, copyRow, RowBatch } from '../flow/rows.ts';

/** The rows and columns of a run that one output gets. */
export interface RowView {
  readonly columns: readonly Column[];
  /** The part of a batch that is for this output; valid until the next call. */
  of(batch: RowBatch): RowBatch;
}

/**
 * Chooses columns by their places in a batch, and rows by a condition in a column of the batch.
 * @param places of the columns, in the order wanted
 * @param condition place of a column with 1 for the rows that are wanted
 */
export function rowView(columns: readonly Column[], places: readonly number[], condition?: number): RowView {
  const chosen = places.map((place) => columns[place]!);
  // Arrays of a batch stay the same from batch to batch, so a view of them is made once.
  let seen: RowBatch | undefined;
  let view: RowBatch | undefined;
  let copies: RowBatch | undefined;
  return {
    columns: chosen,
    of(batch) {
      if (seen !== batch || view === undefined) {
        const data = places.map((place) => batch.data[place]!);
        view = new RowBatch(chosen, batch.capacity, data, batch.moments);
        seen = batch;
      }
      view.count = batch.count;
      if (condition === undefined) return view;
      if (copies === undefined || copies.capacity < batch.capacity) copies = new RowBatch(chosen, batch.capacity);
      const wanted = batch.data[condition]!.numbers;
      copies.count = 0;
      for (let row = 0; row < batch.count; row += 1) {
        if (wanted[row] !== 1) continue;
        copyRow(view, row, copies, copies.count);
        copies.count += 1;
      }
      return copies;
    },
  };
}
