import type Bindings from '@duckdb/node-bindings';
import type { Connection, DataChunk, Vector } from '@duckdb/node-bindings';
import type { StoredType } from '../../../core/output/typed-column.ts';
import { CHUNK_ROWS, VALIDITY_BYTES } from './chunk-encoder.ts';

/** Bytes of a text in a vector, and of those that lie there as a whole. */
const TEXT_BYTES = 16;
const INLINE_BYTES = 12;

const padded = (length: number): number => (length + 7) & ~7;

/** Chunks of bytes on their way into a table. */
export class ChunkReader {
  readonly #bindings: typeof Bindings;
  readonly #types: readonly StoredType[];
  readonly #payload: Uint8Array;
  readonly #view: DataView;
  readonly #texts = new ArrayBuffer(TEXT_BYTES * CHUNK_ROWS);
  #at = 0;

  constructor(bindings: typeof Bindings, types: readonly StoredType[], payload: Uint8Array) {
    this.#bindings = bindings;
    this.#types = types;
    this.#payload = payload;
    this.#view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  }

  /**
   * Appends all chunks to a table, in the transaction of the connection.
   * @param places where in the rows the columns of the table come from, in its order; -1 for those that stay empty
   */
  append(connection: Connection, table: string, places: readonly number[]): void {
    const bindings = this.#bindings;
    const appender = bindings.appender_create(connection, null, table);
    try {
      const types = places.map((_, i) => bindings.appender_column_type(appender, i));
      const chunk = bindings.create_data_chunk(types);
      const targets = this.#types.map((_, i) => places.indexOf(i));
      while (this.#at < this.#payload.length) {
        bindings.data_chunk_reset(chunk);
        this.#fill(chunk, targets);
        places.forEach((place, i) => {
          if (place < 0) this.#setEmpty(bindings.data_chunk_get_vector(chunk, i));
        });
        bindings.append_data_chunk(appender, chunk);
      }
    } finally {
      bindings.appender_close_sync(appender);
    }
  }

  #number(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 8;
    return value;
  }

  #fill(chunk: DataChunk, targets: readonly number[]): void {
    const bindings = this.#bindings;
    const count = this.#number();
    bindings.data_chunk_set_size(chunk, count);
    for (let i = 0; i < this.#types.length; i += 1) {
      const vector = bindings.data_chunk_get_vector(chunk, targets[i]!);
      if (this.#number() > 0) {
        bindings.vector_ensure_validity_writable(vector);
        const { buffer, byteOffset } = this.#payload;
        const from = byteOffset + this.#at;
        bindings.copy_data_to_vector_validity(vector, 0, buffer as ArrayBuffer, from, VALIDITY_BYTES);
        this.#at += VALIDITY_BYTES;
      }
      if (this.#types[i] === 'text') this.#copyTexts(vector, count);
      else this.#copy(vector, this.#types[i] === 'boolean' ? count : 8 * count);
    }
  }

  #copy(vector: Vector, length: number): void {
    const { buffer, byteOffset } = this.#payload;
    this.#bindings.copy_data_to_vector(vector, 0, buffer as ArrayBuffer, byteOffset + this.#at, length);
    this.#at += padded(length);
  }

  /** Short texts lie in the vector with their length before them, and go there together; others one by one. */
  #copyTexts(vector: Vector, count: number): void {
    const bindings = this.#bindings;
    const [view, payload] = [this.#view, this.#payload];
    const first = this.#at;
    const texts = first + padded(4 * (count + 1));
    const inline = new Uint8Array(this.#texts).fill(0, 0, TEXT_BYTES * count);
    const lengths = new Uint32Array(this.#texts);
    const long: number[] = [];
    let begin = 0;
    for (let row = 0; row < count; row += 1) {
      const end = view.getUint32(first + 4 * (row + 1), true);
      const length = end - begin;
      if (length > INLINE_BYTES) long.push(row, begin, end);
      else {
        lengths[4 * row] = length;
        for (let i = 0; i < length; i += 1) inline[TEXT_BYTES * row + 4 + i] = payload[texts + begin + i]!;
      }
      begin = end;
    }
    bindings.copy_data_to_vector(vector, 0, this.#texts, 0, TEXT_BYTES * count);
    for (let i = 0; i < long.length; i += 3) {
      const bytes = payload.subarray(texts + long[i + 1]!, texts + long[i + 2]!);
      bindings.vector_assign_string_element_len(vector, long[i]!, bytes);
    }
    this.#at = texts + padded(begin);
  }

  #setEmpty(vector: Vector): void {
    this.#bindings.vector_ensure_validity_writable(vector);
    const none = new ArrayBuffer(VALIDITY_BYTES);
    this.#bindings.copy_data_to_vector_validity(vector, 0, none, 0, VALIDITY_BYTES);
  }
}
