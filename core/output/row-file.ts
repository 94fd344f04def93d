import type { RowWriter, SinkContext } from '../declare/sink.ts';
import type { Column, RowBatch } from '../flow/rows.ts';
import { CompressedOutput } from './compressed-output.ts';
import { compressionOf, compressionProperties, openCompressor } from './compression.ts';
import type { RowOutput } from './output.ts';
import { openOutput } from './output-file.ts';
import { openRotating, rotationProperties } from './rotation.ts';
import type { RowChunk } from './row-chunk.ts';
import { RowEncoder, type RowFormat } from './row-encoder.ts';

/** JSON Schema of the options that all sinks with text files have; to be spread into their `properties`. */
export const rowFileProperties = { ...compressionProperties, ...rotationProperties } as const;

/** Milliseconds that rows may wait in memory while batches keep coming. */
const LONGEST_WAIT = 1000;

/** Turns rows into bytes, chunk by chunk. */
export interface ChunkEncoder {
  /** True when the chunk should be taken. */
  readonly full: boolean;
  /** Encodes rows of a batch from row `from` on, until full. Returns the first row that was not taken. */
  encode(batch: RowBatch, from: number): number;
  /** Gives what can leave and goes on in the chunk taken before, which must be free again. */
  take(): RowChunk;
  /** Puts what stands behind the last row into the last chunk, once. */
  end?(): void;
  /** Without its end nothing of the output can be read. */
  readonly whole?: boolean;
}

/** Rows in a file: one chunk is encoded while the one before is written. */
export class RowFile implements RowWriter {
  readonly #encoder: ChunkEncoder;
  readonly #heads: number;
  readonly #output: RowOutput;
  #pending: Promise<void> = Promise.resolve();
  #flushed = Date.now();
  #unreadable = false;

  /** @param heads chunks' rows that are no rows, such as a line of names */
  constructor(encoder: ChunkEncoder, output: RowOutput, heads: number) {
    this.#encoder = encoder;
    this.#output = output;
    this.#heads = heads;
  }

  get rows(): number {
    return this.#unreadable ? 0 : Math.max(0, this.#output.rows - this.#heads);
  }

  get bytes(): number {
    return this.#output.bytes ?? 0;
  }

  async write(batch: RowBatch): Promise<void> {
    for (let row = 0; row < batch.count && !this.#output.gone; ) {
      row = this.#encoder.encode(batch, row);
      if (this.#encoder.full) await this.#flush();
    }
    if (this.#output.live || Date.now() - this.#flushed > LONGEST_WAIT) await this.#flush();
  }

  async flush(): Promise<void> {
    await this.#flush();
  }

  async close(): Promise<void> {
    try {
      await this.#finish();
    } catch (error) {
      this.#unreadable = this.#encoder.whole === true;
      await this.#output.abort();
      throw error;
    }
    await this.#output.close();
  }

  async abort(): Promise<void> {
    // After a failed write the output ends in a whole row, and what is still here is lost.
    await this.#finish().catch(() => {
      this.#unreadable = this.#encoder.whole === true;
    });
    await this.#output.abort();
  }

  async #finish(): Promise<void> {
    // A failed write is not followed by an end.
    await this.#pending;
    this.#encoder.end?.();
    await this.#flush();
    await this.#pending;
  }

  async #flush(): Promise<void> {
    await this.#pending;
    const chunk = this.#encoder.take();
    this.#flushed = Date.now();
    if (chunk.length === 0) return;
    this.#pending = this.#output.write(chunk);
    // It is awaited by the next call; until then nobody listens.
    this.#pending.catch(() => {});
  }
}

/**
 * Opens a text file, device, pipe or standard output for rows in the given layout; with options files that rotate, and
 * compression.
 * @throws PacketloomError `sink` when the target cannot be written.
 */
export async function openRowFile(
  sink: string,
  target: string,
  columns: readonly Column[],
  format: RowFormat,
  options: Readonly<Record<string, unknown>>,
  context: SinkContext,
): Promise<RowWriter> {
  const kind = compressionOf(target, options);
  const level = options.level as number | undefined;
  const formatNumber = context.precision === 'full' ? context.formatNumber : undefined;
  return openRotating({ sink, target, columns, options, context }, async (path) => {
    // Before the file is there, so that nothing is left when it cannot be had.
    const compressor = kind === 'none' ? undefined : await openCompressor(sink, kind, level);
    const output = await openOutput({ sink, target: path, binary: kind !== 'none', stop: () => context.stop() });
    const compressed = compressor === undefined ? output : new CompressedOutput(output, compressor);
    return new RowFile(new RowEncoder(columns, format, formatNumber), compressed, format.head.length > 0 ? 1 : 0);
  });
}
