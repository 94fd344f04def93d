import { createHash, type Hash } from 'node:crypto';
import type { Column, ColumnData, RowBatch } from '../flow/rows.ts';

const bytesOf = (words: Float64Array | Int32Array | Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

function update(hash: Hash, { numbers, extra, words, texts }: ColumnData, count: number, capacity: number): void {
  if (numbers.length > 0) hash.update(bytesOf(numbers.subarray(0, count)));
  if (extra.length > 0) hash.update(bytesOf(extra.subarray(0, count)));
  if (words.length > 0) hash.update(bytesOf(words.subarray(0, (words.length / capacity) * count)));
  // JSON keeps null and the text "null" apart, and the ends of texts.
  if (texts.length > 0) hash.update(JSON.stringify(texts.slice(0, count)));
}

/**
 * Names of segments of output. Each is a hash of the rows in it, of the segment before it and of what the rows are, so a run
 * repeated gives the same names as long as it gives the same rows, and a store that remembers names takes no row twice.
 */
export class SegmentIds {
  #last: string;

  constructor(configuration: string, columns: readonly Column[]) {
    const names = columns.map(({ name, kind }) => [name, kind]);
    this.#last = createHash('sha256')
      .update(JSON.stringify([configuration, names]))
      .digest('hex');
  }

  /** The name of the next segment: 32 hex digits. */
  next({ data, count, capacity }: RowBatch): string {
    const hash = createHash('sha256').update(`${this.#last} ${count} `);
    for (const column of data) update(hash, column, count, capacity);
    this.#last = hash.digest('hex');
    return this.#last.slice(0, 32);
  }
}
