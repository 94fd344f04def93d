import { Decompress } from 'fzstd';
import type { ByteInput } from './byte-input.ts';
import { QueuedInput } from './queued-input.ts';
import { reasonOf } from './reason.ts';

const MAGIC = 0xfd2fb528;
/** The low four bits of a skippable frame's magic are the user's. */
const SKIPPABLE = 0x184d2a50;
/** Largest window that is given memory: 128 MiB, as the reference decoder has it. */
const MAXIMUM_WINDOW = 2 ** 27;
/** RFC 8878, Block_Maximum_Size. */
const MAXIMUM_BLOCK = 1 << 17;

/**
 * What zstd unfolds (RFC 8878), frame after frame and block by block, so that nothing a file claims about itself makes
 * memory. Content checksums are passed over, not compared.
 */
export class ZstdInput extends QueuedInput {
  #decoder: Decompress | undefined;
  #checksum = 0;

  constructor(input: ByteInput) {
    super(input);
  }

  protected override async refill(): Promise<boolean> {
    try {
      return this.#decoder === undefined ? await this.#frame() : await this.#block(this.#decoder);
    } catch (error) {
      this.fault = `zstd data is damaged: ${reasonOf(error)}`;
      return false;
    }
  }

  /** The header of the next frame; false at the end. */
  async #frame(): Promise<boolean> {
    const start = await this.#take(4, true);
    if (start === undefined) return false;
    const magic = word(start, 0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      for (let left = word(await this.#exactly(4), 0); left > 0; ) {
        left -= (await this.#exactly(Math.min(left, MAXIMUM_BLOCK))).length;
      }
      return true;
    }
    if (magic !== MAGIC) throw new Error('no frame where one should begin');
    const descriptor = (await this.#exactly(1))[0]!;
    const single = (descriptor >> 5) & 1;
    const dictionary = [0, 1, 2, 4][descriptor & 3]!;
    const contentSize = descriptor >> 6 === 0 ? single : 1 << (descriptor >> 6);
    const rest = await this.#exactly(1 - single + dictionary + contentSize);
    if (rest.subarray(1 - single, 1 - single + dictionary).some((byte) => byte !== 0)) {
      throw new Error('a dictionary is needed');
    }
    const window = single ? wide(rest, dictionary, contentSize) : windowOf(rest[0]!);
    if (window > MAXIMUM_WINDOW) throw new Error(`window of ${window} bytes, more than ${MAXIMUM_WINDOW}`);
    this.#checksum = descriptor & 4;
    this.#decoder = new Decompress((bytes) => this.queue(bytes));
    this.#decoder.push(joined(start, Uint8Array.of(descriptor), rest));
    return true;
  }

  async #block(decoder: Decompress): Promise<boolean> {
    const header = await this.#exactly(3);
    const value = header[0]! | (header[1]! << 8) | (header[2]! << 16);
    const size = value >> 3;
    if (size > MAXIMUM_BLOCK) throw new Error(`block of ${size} bytes, more than ${MAXIMUM_BLOCK}`);
    // A block of one repeated byte holds that byte alone.
    const body = await this.#exactly(((value >> 1) & 3) === 1 ? 1 : size);
    const last = (value & 1) === 1;
    // The decoder takes the checksum to the last block.
    const checksum = last && this.#checksum > 0 ? await this.#exactly(4) : new Uint8Array(0);
    if (last) this.#decoder = undefined;
    decoder.push(joined(header, body, checksum), last);
    return true;
  }

  async #exactly(length: number): Promise<Uint8Array> {
    const bytes = await this.#take(length, false);
    if (bytes === undefined) throw new Error('unexpected end');
    return bytes;
  }

  /** `length` bytes; undefined at the end, which is a fault unless `mayEnd` and not one byte is there. */
  async #take(length: number, mayEnd: boolean): Promise<Uint8Array | undefined> {
    const bytes = new Uint8Array(length);
    for (let held = 0; held < length; ) {
      const got = await this.input.read(bytes, held, length - held);
      if (got === 0) {
        if (mayEnd && held === 0) return undefined;
        throw new Error('unexpected end');
      }
      if (got > 0) held += got;
    }
    return bytes;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function wide(bytes: Uint8Array, at: number, size: number): number {
  let value = size === 2 ? 256 : 0;
  for (let i = 0; i < size; i += 1) value += bytes[at + i]! * 2 ** (8 * i);
  return value;
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
