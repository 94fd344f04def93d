import type { Column, RowBatch } from '../../../core/flow/rows.ts';
import type { TypedColumn } from '../../../core/output/typed-column.ts';
import { TypedColumns } from '../../../core/output/typed-columns.ts';

/** Rows of a data chunk: DuckDB's vector size. */
export const CHUNK_ROWS = 2048;
/** Bytes of the validity of a chunk. */
export const VALIDITY_BYTES = CHUNK_ROWS / 8;

const padded = (length: number): number => (length + 7) & ~7;

const bytesOf = (array: ArrayBufferView, length: number): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, length);

/** The values of a column as bytes: eight or one a row; of texts where they begin and end, then the texts. */
function partsOf(column: TypedColumn, count: number): Uint8Array[] {
  switch (column.type) {
    case 'double':
      return [bytesOf(column.doubles, 8 * count)];
    case 'boolean':
      return [column.booleans.subarray(0, count)];
    case 'text':
      return [bytesOf(column.offsets, 4 * (count + 1)), column.bytes.subarray(0, column.offsets[count])];
    default:
      return [bytesOf(column.words, 8 * count)];
  }
}

/**
 * Turns rows into chunks of bytes that go into DuckDB's vectors as they are. Of each chunk: the number of rows; of each of
 * its columns the number of empty ones, their validity if there are any, and the values. All numbers are 32 bits, little
 * end first, and every part begins at a multiple of 8 bytes.
 */
export class ChunkEncoder {
  readonly #rows: TypedColumns;
  /** The chunk being made. */
  #bytes = new Uint8Array(1 << 20);
  #length = 0;

  constructor(columns: readonly Column[], report: (line: string) => void) {
    this.#rows = new TypedColumns(columns, CHUNK_ROWS, report);
  }

  /** Bytes of the rows; valid for good. */
  encode(batch: RowBatch): Uint8Array {
    const chunks: Uint8Array[] = [];
    for (let row = 0; row < batch.count; ) {
      row = this.#rows.take(batch, row);
      this.#length = 0;
      this.#putChunk();
      chunks.push(this.#bytes.slice(0, this.#length));
      this.#rows.clear();
    }
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  #putChunk(): void {
    const { count, columns } = this.#rows;
    this.#put(bytesOf(Uint32Array.of(count), 4));
    for (const column of columns) {
      this.#put(bytesOf(Uint32Array.of(column.nulls), 4));
      if (column.nulls > 0) this.#put(column.validity);
      for (const part of partsOf(column, count)) this.#put(part);
    }
  }

  #put(part: Uint8Array): void {
    const end = this.#length + padded(part.length);
    if (end > this.#bytes.length) {
      const more = new Uint8Array(2 * end);
      more.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = more;
    }
    this.#bytes.set(part, this.#length);
    this.#length = end;
  }
}
