/**
 * Bytes in order, from anywhere: a file, a pipe, a decompressor. `read` is called once at a time; an implementation
 * that has bytes at hand answers with a number, so that plain files never wait for a promise.
 */
export interface ByteInput {
  /**
   * Puts up to `length` (at least 1) bytes into `into` from place `at`, and says how many: 0 at the end or behind a
   * fault, -1 for a live input that has none now.
   */
  read(into: Uint8Array, at: number, length: number): number | Promise<number>;
  /** Bytes taken from outside so far: compressed ones, where they are compressed. */
  readonly bytesRead: number;
  /** How many there are in all, where that is known. */
  readonly bytesTotal: number | undefined;
  /** Why the bytes ended before their end; undefined while all is well. */
  readonly fault: string | undefined;
  /** Once. */
  close(): void;
}

/** Looks at the first bytes without taking them. */
export class PeekInput implements ByteInput {
  readonly #input: ByteInput;
  #head: Uint8Array = new Uint8Array(0);

  constructor(input: ByteInput) {
    this.#input = input;
  }

  /** The first `length` bytes, or as many as there are. They stay to be read. */
  async peek(length: number): Promise<Uint8Array> {
    const head = new Uint8Array(length);
    head.set(this.#head);
    let held = this.#head.length;
    while (held < length) {
      const got = await this.#input.read(head, held, length - held);
      if (got === 0) break;
      if (got > 0) held += got;
    }
    this.#head = head.subarray(0, held);
    return this.#head;
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    const held = this.#head.length;
    if (held === 0) return this.#input.read(into, at, length);
    const taken = Math.min(held, length);
    into.set(this.#head.subarray(0, taken), at);
    this.#head = this.#head.subarray(taken);
    return taken;
  }

  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  get bytesTotal(): number | undefined {
    return this.#input.bytesTotal;
  }

  get fault(): string | undefined {
    return this.#input.fault;
  }

  close(): void {
    this.#input.close();
  }
}
