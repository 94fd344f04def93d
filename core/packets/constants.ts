import { bytesOf } from '../output/write-text.ts';
import { addString, type TextChunk } from './text-chunk.ts';

// Texts that are written often: their bytes lie together, eight to a word, where they are found fast.

const LENGTH_BITS = 11;
const LONGEST = 2 ** LENGTH_BITS - 1;
const WORDS = 2 ** 19;

let pool = new Float64Array(1 << 13);
let used = 0;

/** No constant: the text is too long, or there are too many. */
export const NO_CONSTANT = -1;

/**
 * A constant (place and length) from its text, or {@link NO_CONSTANT}. Texts with control characters are none: eight bytes
 * of other UTF-8 are never a NaN, of which bits would get lost.
 */
export function constantOf(text: string): number {
  const bytes = bytesOf(text);
  const words = (bytes.length + 7) >> 3;
  if (bytes.length > LONGEST || used + words > WORDS || bytes.some((byte) => byte < 32 || byte === 127)) {
    return NO_CONSTANT;
  }
  while (used + words > pool.length) {
    const more = new Float64Array(2 * pool.length);
    more.set(pool);
    pool = more;
  }
  const padded = new Uint8Array(8 * words);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  for (let i = 0; i < words; i += 1) pool[used + i] = view.getFloat64(8 * i, true);
  const constant = (used << LENGTH_BITS) | bytes.length;
  used += words;
  return constant;
}

/** Bytes of a constant. */
export const lengthOfConstant = (constant: number): number => constant & LONGEST;

/** Writes a constant, and up to seven bytes behind it, where there must be room. Returns the place behind it. */
export function putConstant({ view }: TextChunk, at: number, constant: number): number {
  const end = at + (constant & LONGEST);
  let word = constant >> LENGTH_BITS;
  for (let place = at; place < end; place += 8) {
    view.setFloat64(place, pool[word]!, true);
    word += 1;
  }
  return end;
}

/** Writes a text that was to be a constant. */
export function putEither(out: TextChunk, at: number, constant: number, text: string): number {
  return constant === NO_CONSTANT ? addString(out, at, text) : putConstant(out, at, constant);
}
