import type { RowOutput } from '../output/output.ts';
import { TextChunk } from './text-chunk.ts';

/** Bytes that wait before they are written. */
const FULL = 1 << 18;

/** Bytes on their way to an output: one chunk is filled while the one before is written. */
export class ChunkOutput {
  /** What is filled now; another object after {@link flush}. */
  chunk = new TextChunk(2 * FULL);
  #spare = new TextChunk(2 * FULL);
  readonly #output: RowOutput;
  #pending: Promise<void> | undefined;

  /** @param slack see {@link TextChunk} */
  constructor(output: RowOutput, slack = 0) {
    this.#output = output;
    this.chunk.slack = slack;
    this.#spare.slack = slack;
  }

  /** The reader of a pipe went away: nothing more is wanted. */
  get gone(): boolean {
    return this.#output.gone;
  }

  get full(): boolean {
    return this.chunk.length >= FULL;
  }

  /** Sends what is there; resolves when the chunk before is written. */
  async flush(): Promise<void> {
    if (this.#pending !== undefined) await this.#pending;
    this.#pending = undefined;
    const { chunk } = this;
    if (chunk.length === 0) return;
    this.chunk = this.#spare;
    this.chunk.clear();
    this.#spare = chunk;
    this.#pending = this.#output.write(chunk);
    // It is awaited by the next call; until then nobody listens.
    this.#pending.catch(() => {});
  }

  /** Writes all that is there and makes the output complete. */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.#pending;
    } catch (error) {
      await this.#output.abort();
      throw error;
    }
    await this.#output.close();
  }

  /** Leaves the output incomplete. */
  async abort(): Promise<void> {
    await this.flush()
      .then(() => this.#pending)
      .catch(() => {});
    await this.#output.abort();
  }
}
