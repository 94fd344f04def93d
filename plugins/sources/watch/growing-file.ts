import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { ByteInput } from '../capture/byte-input.ts';
import { reasonOf } from '../capture/reason.ts';

/** Bytes in which a capture shows that it is another one: its header, and the time of its first frame. */
const HEAD = 64;

/** A file that another program writes on: at its end there are no bytes now, until it is known to be complete. */
export class GrowingFile implements ByteInput {
  readonly bytesTotal = undefined;
  bytesRead = 0;
  fault: string | undefined;
  /** It holds something else than what was read of it. */
  replaced = false;
  /** Nothing will be added: its end is the end. */
  complete = false;
  /** When bytes were last read of it (milliseconds). */
  grewAt = Number.POSITIVE_INFINITY;
  readonly #descriptor: number;
  /** The first bytes, as many as were there when they were last looked at. */
  #head: Uint8Array = new Uint8Array(0);

  /** @throws the system's error */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
  }

  /** The first bytes, `length` of them at most. */
  begin(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, length, 0));
  }

  read(into: Uint8Array, at: number, length: number): number {
    try {
      if (this.#isAnother()) return 0;
      const got = readSync(this.#descriptor, into, at, length, this.bytesRead);
      this.bytesRead += got;
      if (got > 0) this.grewAt = Date.now();
      return got > 0 || this.complete ? got : -1;
    } catch (error) {
      this.fault = `cannot be read on: ${reasonOf(error)}`;
      return 0;
    }
  }

  /** Programs that use one name again begin in the same file. */
  #isAnother(): boolean {
    const { size } = fstatSync(this.#descriptor);
    if (size < this.bytesRead) this.fault = `cut to ${size} bytes while it was read`;
    const before = this.#head;
    if (before.length < HEAD) this.#head = this.begin(HEAD);
    const now = before.length < HEAD ? this.#head : this.begin(HEAD);
    if (before.some((byte, i) => byte !== now[i])) this.fault ??= 'written anew while it was read';
    this.replaced = this.fault !== undefined;
    return this.replaced;
  }

  get about(): Stats {
    return fstatSync(this.#descriptor);
  }

  /** It has no name any more. */
  get removed(): boolean {
    return fstatSync(this.#descriptor).nlink === 0;
  }

  /** Nothing has been added for so many milliseconds. */
  isQuiet(milliseconds: number): boolean {
    const now = Date.now();
    // A clock elsewhere may be ahead.
    return now - this.grewAt >= milliseconds || Math.abs(now - fstatSync(this.#descriptor).mtimeMs) >= milliseconds;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
