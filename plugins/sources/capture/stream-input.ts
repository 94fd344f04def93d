import type { Readable } from 'node:stream';
import type { ByteInput } from './byte-input.ts';
import { reasonOf } from './reason.ts';

/** A pipe or a child's output. */
export class StreamInput implements ByteInput {
  readonly bytesTotal = undefined;
  bytesRead = 0;
  fault: string | undefined;
  readonly #stream: Readable;
  readonly #live: boolean;
  readonly #signal: AbortSignal | undefined;
  #chunk: Uint8Array | null = null;
  #at = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** @param live answers -1 instead of waiting for bytes */
  constructor(stream: Readable, options: { readonly live?: boolean; readonly signal?: AbortSignal | undefined } = {}) {
    this.#stream = stream;
    this.#live = options.live ?? false;
    this.#signal = options.signal;
    const wake = () => this.#wake?.();
    const end = () => {
      this.#ended = true;
      wake();
    };
    stream.on('readable', wake);
    stream.once('end', end);
    stream.once('close', end);
    stream.once('error', (error) => {
      this.fault = `cannot be read on: ${reasonOf(error)}`;
      end();
    });
    if (stream.readableEnded || stream.destroyed) this.#ended = true;
    if (!this.#live) this.#signal?.addEventListener('abort', wake);
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    const got = this.#take(into, at, length);
    if (got !== 0 || this.#ended) return got;
    return this.#live ? -1 : this.#wait(into, at, length);
  }

  /** Bytes are at hand. */
  fill(): boolean {
    if (this.#chunk === null) {
      this.#chunk = this.#stream.read() as Uint8Array | null;
      this.#at = 0;
      this.bytesRead += this.#chunk?.length ?? 0;
    }
    return this.#chunk !== null;
  }

  /** Nothing more will come. */
  get ended(): boolean {
    return this.#ended && !this.fill();
  }

  /** Resolves when there may be something to read: bytes, or the end. */
  ready(): Promise<void> {
    if (this.fill() || this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #take(into: Uint8Array, at: number, length: number): number {
    let done = 0;
    while (done < length && this.fill() && this.#chunk !== null) {
      const end = Math.min(this.#chunk.length, this.#at + length - done);
      into.set(this.#chunk.subarray(this.#at, end), at + done);
      done += end - this.#at;
      this.#at = end;
      if (end === this.#chunk.length) this.#chunk = null;
    }
    return done;
  }

  async #wait(into: Uint8Array, at: number, length: number): Promise<number> {
    for (;;) {
      if (this.#signal?.aborted) return 0;
      await this.ready();
      const got = this.#take(into, at, length);
      if (got !== 0 || this.#ended) return got;
    }
  }

  close(): void {
    this.#ended = true;
    this.#stream.destroy();
    this.#wake?.();
  }
}
