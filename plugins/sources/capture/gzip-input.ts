import { createGunzip, type Gunzip } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';
import { QueuedInput } from './queued-input.ts';

/**
 * Compressed bytes handed over at once. What zlib has made of them when it meets damage is lost with its error, so they
 * begin few and stay a small part of what went before; at most they unfold to about a thousand times as many.
 */
const LEAST = 256;
const MOST = 1 << 15;
const PART = 64;

/** What gzip unfolds, member after member (RFC 1952). Bytes before damage are handed over. */
export class GzipInput extends QueuedInput {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: 1 << 17 });
  readonly #chunk = new Uint8Array(MOST);
  #taken = 0;
  #settled: (() => void) | undefined;

  constructor(input: ByteInput) {
    super(input);
    // Flowing, so that bytes are here before an error destroys the stream.
    this.#gunzip.on('data', (bytes: Uint8Array) => this.queue(bytes));
    this.#gunzip.on('end', () => this.#settle());
    this.#gunzip.on('error', (error) => {
      this.fault ??= `gzip data is damaged: ${error.message}`;
      this.#settle();
    });
  }

  protected override async refill(): Promise<boolean> {
    if (this.fault !== undefined) return false;
    const length = Math.max(LEAST, Math.min(MOST, Math.floor(this.#taken / PART)));
    const got = await this.input.read(this.#chunk, 0, length);
    if (got < 0) return true;
    this.#taken += got;
    await new Promise<void>((resolve) => {
      this.#settled = resolve;
      if (got === 0) this.#gunzip.end();
      // The callback comes when all that these bytes unfold to has been queued.
      else this.#gunzip.write(this.#chunk.slice(0, got), () => this.#settle());
    });
    return got > 0 && this.fault === undefined;
  }

  #settle(): void {
    const settled = this.#settled;
    this.#settled = undefined;
    settled?.();
  }

  override close(): void {
    this.#gunzip.destroy();
    super.close();
    this.#settle();
  }
}
