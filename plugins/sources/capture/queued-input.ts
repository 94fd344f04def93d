import type { ByteInput } from './byte-input.ts';

/** A decompressor around another input: what it made waits in a queue until it is read. */
export abstract class QueuedInput implements ByteInput {
  protected readonly input: ByteInput;
  #fault: string | undefined;
  #queue: Uint8Array[] = [];
  #at = 0;
  #ended = false;

  protected constructor(input: ByteInput) {
    this.input = input;
  }

  /** Takes some compressed bytes and queues what they unfold to; false when that was the last. */
  protected abstract refill(): Promise<boolean> | boolean;

  protected queue(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#queue.push(bytes);
  }

  get bytesRead(): number {
    return this.input.bytesRead;
  }

  get bytesTotal(): number | undefined {
    return this.input.bytesTotal;
  }

  get fault(): string | undefined {
    return this.input.fault ?? this.#fault;
  }

  protected set fault(reason: string | undefined) {
    this.#fault = reason;
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    return this.#queue.length > 0 || this.#ended ? this.#take(into, at, length) : this.#wait(into, at, length);
  }

  async #wait(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#queue.length === 0 && !this.#ended) {
      if (!(await this.refill())) this.#ended = true;
    }
    return this.#take(into, at, length);
  }

  #take(into: Uint8Array, at: number, length: number): number {
    let done = 0;
    let used = 0;
    while (done < length && used < this.#queue.length) {
      const bytes = this.#queue[used]!;
      const end = Math.min(bytes.length, this.#at + length - done);
      into.set(bytes.subarray(this.#at, end), at + done);
      done += end - this.#at;
      this.#at = end;
      if (end === bytes.length) {
        used += 1;
        this.#at = 0;
      }
    }
    if (used > 0) this.#queue.splice(0, used);
    return done;
  }

  close(): void {
    this.#ended = true;
    this.#queue = [];
    this.input.close();
  }
}
