import type { Compressor } from './compression.ts';
import type { RowOutput } from './output.ts';
import { RowChunk } from './row-chunk.ts';

/** Bytes with rows of which none can be read before the last byte is there. */
class CompressedChunk extends RowChunk {
  constructor(bytes: Uint8Array, rows: number) {
    super(0);
    this.bytes = bytes;
    this.length = bytes.length;
    this.rowEnds = new Int32Array(rows).fill(bytes.length);
    this.rowCount = rows;
  }
}

/**
 * An output that is compressed on its way to another one. Each chunk becomes bytes of which all its rows can be read
 * back, so that rows are counted as they are there, and a file cut off holds all but what was on its way.
 */
export class CompressedOutput implements RowOutput {
  readonly #output: RowOutput;
  readonly #compressor: Compressor;
  #failed = false;

  constructor(output: RowOutput, compressor: Compressor) {
    this.#output = output;
    this.#compressor = compressor;
  }

  get live(): boolean {
    return this.#output.live;
  }

  get gone(): boolean {
    return this.#output.gone;
  }

  get rows(): number {
    return this.#output.rows;
  }

  get bytes(): number {
    return this.#output.bytes ?? 0;
  }

  async write({ bytes, length, rowCount }: RowChunk): Promise<void> {
    try {
      const compressed = await this.#compressor.compress(bytes.subarray(0, length));
      await this.#output.write(new CompressedChunk(compressed, rowCount));
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      await this.#writeEnd();
    } catch (error) {
      await this.#output.abort();
      throw error;
    }
    await this.#output.close();
  }

  /** Rows so far can be read back, also without a complaint of the reader where nothing failed. */
  async abort(): Promise<void> {
    if (!this.#failed) await this.#writeEnd().catch(() => {});
    await this.#output.abort();
  }

  async #writeEnd(): Promise<void> {
    await this.#output.write(new CompressedChunk(await this.#compressor.end(), 0));
  }
}
