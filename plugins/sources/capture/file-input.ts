import { closeSync, fstatSync, readSync } from 'node:fs';
import type { ByteInput } from './byte-input.ts';
import { reasonOf } from './reason.ts';

/** A regular file, read synchronously: nothing is faster, and nothing waits. */
export class FileInput implements ByteInput {
  readonly bytesTotal: number;
  bytesRead = 0;
  fault: string | undefined;
  readonly #descriptor: number;
  readonly #keep: boolean;

  /** @param keep leaves the descriptor open at the end (standard input) */
  constructor(descriptor: number, keep = false) {
    this.#descriptor = descriptor;
    this.#keep = keep;
    this.bytesTotal = fstatSync(descriptor).size;
  }

  read(into: Uint8Array, at: number, length: number): number {
    try {
      const got = readSync(this.#descriptor, into, at, length, null);
      this.bytesRead += got;
      return got;
    } catch (error) {
      this.fault = `cannot be read on: ${reasonOf(error)}`;
      return 0;
    }
  }

  close(): void {
    if (!this.#keep) closeSync(this.#descriptor);
  }
}
