import type { RowWriter } from '../../../core/declare/sink.ts';
import { appendRows, type Column, RowBatch } from '../../../core/flow/rows.ts';
import type { RowOutput } from '../../../core/output/output.ts';
import { RowChunk } from '../../../core/output/row-chunk.ts';
import type { RowMessages } from './prepare.ts';
import { Session } from './session.ts';

/** Rows that are made messages together. */
const ROWS = 1024;
/** Milliseconds that rows may wait in memory while batches keep coming. */
const LONGEST_WAIT = 1000;

/** Messages one behind the other in a file (RFC 5655). */
export class MessageFile implements RowWriter {
  rows = 0;
  readonly #encoder: RowMessages;
  readonly #output: RowOutput;
  readonly #session = new Session(Number.POSITIVE_INFINITY);
  readonly #filling: RowBatch;
  readonly #chunk = new RowChunk(1 << 16);
  #flushed = Date.now();

  constructor(encoder: RowMessages, output: RowOutput, columns: readonly Column[]) {
    this.#encoder = encoder;
    this.#output = output;
    this.#filling = new RowBatch(columns, ROWS);
  }

  get bytes(): number {
    return this.#output.bytes ?? 0;
  }

  async write(batch: RowBatch): Promise<void> {
    for (let from = 0; from < batch.count && !this.#output.gone; ) {
      from += appendRows(batch, from, this.#filling);
      if (this.#filling.count === ROWS) await this.flush();
    }
    if (this.#output.live || Date.now() - this.#flushed > LONGEST_WAIT) await this.flush();
  }

  async flush(): Promise<void> {
    const { count } = this.#filling;
    this.#flushed = Date.now();
    if (count === 0) return;
    const payload = this.#encoder.encode(this.#filling);
    this.#filling.count = 0;
    this.#chunk.clear();
    for (const message of this.#session.messages(payload, Date.now)) {
      this.#chunk.reserve(this.#chunk.length + message.length);
      this.#chunk.bytes.set(message, this.#chunk.length);
      // The output is cut behind whole messages.
      this.#chunk.endRow(this.#chunk.length + message.length);
    }
    await this.#output.write(this.#chunk);
    if (!this.#output.gone) this.rows += count;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      await this.#output.abort();
      throw error;
    }
    await this.#output.close();
  }

  async abort(): Promise<void> {
    await this.flush().catch(() => {});
    await this.#output.abort();
  }
}
