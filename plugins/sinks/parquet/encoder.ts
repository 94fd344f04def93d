import type { SchemaElement } from 'hyparquet';
import type { ByteWriter, ColumnSource, ParquetWriter } from 'hyparquet-writer';
import type { Column, RowBatch } from '../../../core/flow/rows.ts';
import { loadPeer } from '../../../core/output/peer.ts';
import { RowChunk } from '../../../core/output/row-chunk.ts';
import type { ChunkEncoder } from '../../../core/output/row-file.ts';
import type { StoredType, TypedColumn } from '../../../core/output/typed-column.ts';
import { TypedColumns } from '../../../core/output/typed-columns.ts';
import type { Codec } from './compression.ts';

type Parquet = typeof import('hyparquet-writer');

/** How rows are laid out as Parquet. */
export interface ParquetLayout extends Codec {
  /** Rows of a row group. */
  readonly rows: number;
  /** SHA-256 of the configuration, for the file's metadata. */
  readonly configuration: string;
  report(line: string): void;
}

/**
 * Loads what makes encoders of rows as Parquet.
 * @throws PacketloomError `sink` when hyparquet-writer is not installed
 */
export async function loadParquet(): Promise<(columns: readonly Column[], layout: ParquetLayout) => ChunkEncoder> {
  const parquet = await loadPeer<Parquet>('hyparquet-writer', 'parquet');
  return (columns, layout) => new ParquetEncoder(parquet, columns, layout);
}

const ELEMENTS: Readonly<Record<StoredType, Omit<SchemaElement, 'name'>>> = {
  integer: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
};

function metadataOf(columns: readonly Column[], configuration: string) {
  const about = columns.map(({ name, unit, description }) => ({ name, unit, description }));
  return [
    { key: 'packetloom.configuration', value: configuration },
    { key: 'packetloom.columns', value: JSON.stringify(about) },
  ];
}

/** Small numbers as hyparquet-writer wants whole ones, made once: it goes over them five times. */
const SMALL = Array.from({ length: 4096 }, (_, value) => BigInt(value));

/** Values of a column as hyparquet-writer takes them: null for empty. */
function valuesOf(column: TypedColumn, count: number): ColumnSource['data'] {
  const { type, nulls, doubles, integers, words, offsets, bytes, booleans } = column;
  if (type === 'double' && nulls === 0) return doubles.subarray(0, count);
  const values = new Array<unknown>(count);
  for (let row = 0; row < count; row += 1) {
    if (nulls > 0 && column.isEmpty(row)) values[row] = null;
    else if (type === 'double') values[row] = doubles[row];
    else if (type === 'boolean') values[row] = booleans[row] !== 0;
    else if (type === 'text') values[row] = bytes.subarray(offsets[row]!, offsets[row + 1]!);
    else if (words[2 * row + 1] === 0) values[row] = SMALL[words[2 * row]!] ?? integers[row];
    else values[row] = integers[row];
  }
  return values;
}

/** A row group is encoded when it is full: what it holds leaves as one chunk. */
class ParquetEncoder implements ChunkEncoder {
  readonly whole = true;
  readonly #rows: TypedColumns;
  readonly #bytes: ByteWriter;
  readonly #writer: ParquetWriter;
  #chunk = new RowChunk(0);
  #spare = new RowChunk(0);
  #ended = false;

  constructor(parquet: Parquet, columns: readonly Column[], layout: ParquetLayout) {
    const { rows, configuration, codec, compressors, report } = layout;
    this.#rows = new TypedColumns(columns, rows, report);
    this.#bytes = new parquet.ByteWriter(1 << 20);
    const elements = this.#rows.columns.map(({ column: { name }, type }): SchemaElement => {
      return { name, repetition_type: 'OPTIONAL', ...ELEMENTS[type] };
    });
    this.#writer = new parquet.ParquetWriter({
      writer: this.#bytes,
      schema: [{ name: 'flows', num_children: elements.length }, ...elements],
      codec,
      compressors,
      kvMetadata: metadataOf(columns, configuration),
      createdBy: 'packetloom',
    });
  }

  get full(): boolean {
    return this.#rows.full;
  }

  encode(batch: RowBatch, from: number): number {
    return this.#rows.take(batch, from);
  }

  take(): RowChunk {
    if (this.full) this.#writeGroup();
    const taken = this.#chunk;
    this.#chunk = this.#spare;
    this.#chunk.clear();
    this.#spare = taken;
    return taken;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#writeGroup();
    this.#writer.finish();
    this.#move();
  }

  #writeGroup(): void {
    const { count, columns } = this.#rows;
    if (count === 0) return;
    const columnData = columns.map((one) => ({ name: one.column.name, data: valuesOf(one, count) }));
    this.#writer.write({ columnData, rowGroupSize: count });
    this.#rows.clear();
    this.#move();
    // All rows of a group end where it ends.
    const { length } = this.#chunk;
    for (let row = 0; row < count; row += 1) this.#chunk.endRow(length);
  }

  /** Moves what was written so far to the chunk. */
  #move(): void {
    const written = this.#bytes.getBytes();
    const chunk = this.#chunk;
    chunk.reserve(chunk.length + written.length);
    chunk.bytes.set(written, chunk.length);
    chunk.length += written.length;
    this.#bytes.index = 0;
  }
}
