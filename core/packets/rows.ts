import type { Registry } from '../declare/registry.ts';
import { openOutput } from '../output/output-file.ts';
import { ChunkOutput } from './chunk-output.ts';
import type { Cursor } from './cursor.ts';
import { quoteCell } from './escape.ts';
import { Protocols } from './protocols.ts';
import { compileRow, type Occurrence, type RowWriting } from './row.ts';
import type { PacketColumn } from './selection.ts';
import type { PacketFormat } from './text-code.ts';

/** What rows of frames are written as, and where. */
export interface PacketRowsOptions {
  readonly format: PacketFormat;
  readonly occurrence: Occurrence;
  /** Between several values of one field; `,` in tsv and `;` in csv where not given. */
  readonly aggregator?: string | undefined;
  readonly header: boolean;
  /** `-` is standard output. */
  readonly target: string;
}

/** Takes frames one by one: rows of them, or the frames themselves. */
export interface PacketTaker {
  /** Takes the cursor's frame. */
  take(cursor: Cursor): void;
  /** Between batches: writes what waits, all of it or when it is enough. False: no more is wanted. */
  flush(all: boolean): Promise<boolean> | boolean;
  close(): Promise<void>;
  abort(): Promise<void>;
}

function head({ chunk }: ChunkOutput, columns: readonly PacketColumn[], format: PacketFormat): void {
  columns.forEach(({ name }, i) => {
    if (i > 0) chunk.add(format === 'csv' ? ',' : '\t');
    const from = chunk.length;
    chunk.add(name);
    if (format === 'csv') chunk.length = quoteCell(chunk, from, chunk.length);
  });
  chunk.add('\n');
  chunk.endRow(chunk.length);
}

/** Rows of frames as text. */
class PacketRows implements PacketTaker {
  readonly #output: ChunkOutput;
  readonly #rows: RowWriting;

  constructor(output: ChunkOutput, rows: RowWriting) {
    this.#output = output;
    this.#rows = rows;
  }

  take(cursor: Cursor): void {
    this.#rows.write(cursor, this.#output.chunk);
  }

  flush(all: boolean): Promise<boolean> | boolean {
    const output = this.#output;
    if (output.gone) return false;
    if (!all && !output.full) return true;
    return output.flush().then(() => !output.gone);
  }

  close(): Promise<void> {
    return this.#output.close();
  }

  abort(): Promise<void> {
    return this.#output.abort();
  }
}

/**
 * Opens an output for rows with these columns, written from `cursor`.
 * @throws PacketloomError `sink` when the target cannot be written
 */
export async function openPacketRows(
  registry: Registry,
  columns: readonly PacketColumn[],
  options: PacketRowsOptions,
  cursor: Cursor,
): Promise<PacketTaker> {
  const { format, occurrence, target } = options;
  const aggregator = options.aggregator ?? (format === 'csv' ? ';' : ',');
  const protocols = new Protocols(registry.dissectors.values());
  const rows = compileRow(columns, { format, occurrence, aggregator, protocols }, cursor);
  const output = new ChunkOutput(await openOutput({ sink: format, target, stop() {} }), rows.slack);
  if (options.header && format !== 'jsonl') head(output, columns, format);
  return new PacketRows(output, rows);
}
