import type { RowWriter, SinkContext } from '../declare/sink.ts';
import type { Column, RowBatch } from '../flow/rows.ts';
import type { RowOutput } from './output.ts';
import { openOutput } from './output-file.ts';
import { RowEncoder, type RowFormat } from './row-encoder.ts';

/** Milliseconds that rows may wait in memory while batches keep coming. */
const LONGEST_WAIT = 1000;

/** Rows as text in a file: one chunk is encoded while the one before is written. */
class RowFile implements RowWriter {
  readonly #encoder: RowEncoder;
  readonly #heads: number;
  readonly #output: RowOutput;
  #pending: Promise<void> = Promise.resolve();
  #flushed = Date.now();

  constructor(encoder: RowEncoder, output: RowOutput, heads: number) {
    this.#encoder = encoder;
    this.#output = output;
    this.#heads = heads;
  }

  get rows(): number {
    return Math.max(0, this.#output.rows - this.#heads);
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
      await this.#flush();
      await this.#pending;
    } catch (error) {
      await this.#output.abort();
      throw error;
    }
    await this.#output.close();
  }

  async abort(): Promise<void> {
    // After a failed write the output ends in a whole row, and what is still here is lost.
    await this.#flush()
      .then(() => this.#pending)
      .catch(() => {});
    await this.#output.abort();
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
 * Opens a text file, device, pipe or standard output for rows in the given layout.
 * @throws PacketloomError `sink` when the target cannot be written.
 */
export async function openRowFile(
  sink: string,
  target: string,
  columns: readonly Column[],
  format: RowFormat,
  context: SinkContext,
): Promise<RowWriter> {
  const output = await openOutput({ sink, target, stop: () => context.stop() });
  const formatNumber = context.precision === 'full' ? context.formatNumber : undefined;
  return new RowFile(new RowEncoder(columns, format, formatNumber), output, format.head.length > 0 ? 1 : 0);
}
