import type { AsyncByteQueue, DataType, RecordBatch, RecordBatchWriter, Schema } from 'apache-arrow';
import type { Column, RowBatch } from '../flow/rows.ts';
import { loadPeer } from './peer.ts';
import { RowChunk } from './row-chunk.ts';
import type { ChunkEncoder } from './row-file.ts';
import type { TypedColumn } from './typed-column.ts';
import { TypedColumns } from './typed-columns.ts';

type Arrow = typeof import('apache-arrow');

/** How rows are laid out as Arrow. */
export interface ArrowLayout {
  /** IPC file: with a directory at its end, for random access; IPC stream: read from front to back, as it grows. */
  readonly form: 'file' | 'stream';
  /** Rows of a record batch. */
  readonly rows: number;
  /** Key-value metadata of the schema. */
  readonly metadata: ReadonlyMap<string, string>;
  report(line: string): void;
}

/**
 * Loads what makes encoders of rows as Arrow IPC, straight from the columns.
 * @throws PacketloomError `sink` when apache-arrow is not installed
 */
export async function loadArrow(
  sink: string,
): Promise<(columns: readonly Column[], layout: ArrowLayout) => ArrowEncoder> {
  const arrow = await loadPeer<Arrow>('apache-arrow', sink);
  return (columns, layout) => new ArrowEncoder(arrow, columns, layout);
}

function typeOf(arrow: Arrow, { type }: TypedColumn): DataType {
  switch (type) {
    case 'integer':
      return new arrow.Int64();
    case 'double':
      return new arrow.Float64();
    case 'boolean':
      return new arrow.Bool();
    case 'time':
      return new arrow.TimestampNanosecond('UTC');
    case 'text':
      return new arrow.Utf8();
  }
}

/** Unit and meaning of a column, as metadata of its field. */
function metadataOf({ unit, description }: Column): Map<string, string> {
  const all = { unit, description };
  return new Map(Object.entries(all).filter(([, text]) => text !== ''));
}

/** Sets a bit a row where there is a byte a row. */
function packBits(bytes: Uint8Array, count: number): Uint8Array {
  const bits = new Uint8Array(8 * Math.ceil(count / 64));
  for (let row = 0; row < count; row += 1) bits[row >> 3]! |= bytes[row]! << (row & 7);
  return bits;
}

/** Rows as Arrow IPC. */
export class ArrowEncoder implements ChunkEncoder {
  readonly #arrow: Arrow;
  readonly #form: ArrowLayout['form'];
  readonly #rows: TypedColumns;
  readonly #schema: Schema;
  readonly #sink: AsyncByteQueue;
  #writer: RecordBatchWriter;
  #chunk = new RowChunk(1 << 16);
  #spare = new RowChunk(1 << 16);
  #ended = false;

  constructor(arrow: Arrow, columns: readonly Column[], { form, rows, metadata, report }: ArrowLayout) {
    this.#arrow = arrow;
    this.#form = form;
    this.#rows = new TypedColumns(columns, rows, report);
    const fields = this.#rows.columns.map(
      (one) => new arrow.Field(one.column.name, typeOf(arrow, one), true, metadataOf(one.column)),
    );
    this.#schema = new arrow.Schema(fields, new Map(metadata));
    const put = (bytes: Uint8Array) => this.#put(bytes);
    this.#sink = new (class extends arrow.AsyncByteQueue {
      override write(value: ArrayBufferLike | ArrayBufferView): void {
        put(
          ArrayBuffer.isView(value)
            ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
            : new Uint8Array(value),
        );
      }
    })();
    this.#writer = this.#begin();
  }

  #begin(): RecordBatchWriter {
    const { RecordBatchFileWriter, RecordBatchStreamWriter } = this.#arrow;
    const writer = this.#form === 'file' ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
    writer.reset(this.#sink, this.#schema);
    return writer;
  }

  /** Begins another output in the same layout, when the last chunk of the one before has been taken. */
  restart(): void {
    this.#writer = this.#begin();
    this.#ended = false;
  }

  get full(): boolean {
    return this.#rows.full;
  }

  encode(batch: RowBatch, from: number, to = batch.count): number {
    return this.#rows.take(batch, from, to);
  }

  take(): RowChunk {
    // Of a file nothing can be read before its end: there is no hurry for small batches.
    if (this.#form === 'stream' || this.full) this.#writeBatch();
    const taken = this.#chunk;
    this.#chunk = this.#spare;
    this.#chunk.clear();
    this.#spare = taken;
    return taken;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#writeBatch();
    this.#writer.finish();
  }

  #put(bytes: Uint8Array): void {
    const chunk = this.#chunk;
    chunk.reserve(chunk.length + bytes.length);
    chunk.bytes.set(bytes, chunk.length);
    chunk.length += bytes.length;
  }

  #writeBatch(): void {
    const { count } = this.#rows;
    if (count === 0) return;
    this.#writer.write(this.#batchOf(count));
    // All rows of a batch end where it ends.
    const { length } = this.#chunk;
    for (let row = 0; row < count; row += 1) this.#chunk.endRow(length);
    this.#rows.clear();
  }

  #batchOf(count: number): RecordBatch {
    const { makeData, RecordBatch, Struct } = this.#arrow;
    const { fields } = this.#schema;
    const children = this.#rows.columns.map((one, i) => {
      const { nulls, validity, offsets, bytes } = one;
      const common = {
        offset: 0,
        length: count,
        nullCount: nulls,
        ...(nulls > 0 ? { nullBitmap: validity.subarray(0, 8 * Math.ceil(count / 64)) } : {}),
      };
      const type = fields[i]!.type;
      if (one.type === 'text') {
        const texts = { valueOffsets: offsets.subarray(0, count + 1), data: bytes.subarray(0, offsets[count]) };
        return makeData({ ...common, type, ...texts } as never);
      }
      const data =
        one.type === 'double'
          ? one.doubles.subarray(0, count)
          : one.type === 'boolean'
            ? packBits(one.booleans, count)
            : one.integers.subarray(0, count);
      return makeData({ ...common, type, data } as never);
    });
    const rows = makeData({ type: new Struct(fields), offset: 0, length: count, nullCount: 0, children });
    return new RecordBatch(this.#schema, rows);
  }
}
