import { u16le, u32le } from './little-endian.ts';

/** Size and alignment of the data behind each bit of the radiotap namespace, 0 to 27; size 0 for a bit without. */
const SIZES = [8, 1, 1, 4, 2, 1, 1, 2, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 8, 3, 8, 12, 12, 12, 12, 6, 1, 4];
const ALIGNMENTS = [8, 1, 1, 2, 2, 1, 1, 2, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 4, 1, 4, 2, 8, 2, 2, 2, 1, 2];
/** Data is a list of its own behind this bit. */
const LISTED = 28;
const RADIOTAP_NEXT = 29;
const VENDOR_NEXT = 30;
const MORE_WORDS = 0x8000_0000;
const FIRST_WORD = 4;
/** Words of presence at most; hostile headers end here. */
const MAXIMUM_WORDS = 32;

/** What {@link fieldFrom} found: one object, overwritten by the next call. */
export const found = { bit: -1, place: -1 };

/** Place behind the last word of presence of the header that begins at `start`. */
export function dataStart(bytes: Uint8Array, start: number, end: number): number {
  let word = start + FIRST_WORD;
  for (let count = 1; word + 4 <= end && (bytes[word + 3]! & 0x80) !== 0 && count < MAXIMUM_WORDS; count += 1)
    word += 4;
  return word + 4;
}

/** True where the word of presence at `word` speaks of the radiotap namespace from its first bit on. */
export function isFirstOfNamespace(bytes: Uint8Array, start: number, word: number): boolean {
  return word <= start + FIRST_WORD || (bytes[word - 1]! & 0x20) !== 0;
}

/**
 * Finds the first datum at or behind `from` of the header that begins at `start` and ends at `end`: its place and bit
 * into {@link found}. False when there is none.
 */
export function fieldFrom(bytes: Uint8Array, start: number, end: number, from: number): boolean {
  let place = dataStart(bytes, start, end);
  const words = place;
  let ours = true;
  for (let word = start + FIRST_WORD; word + 4 <= words && word + 4 <= end; word += 4) {
    const present = u32le(bytes, word);
    for (let bit = 0; ours && bit <= LISTED; bit += 1) {
      if ((present & (1 << bit)) === 0) continue;
      if (bit === LISTED) return false;
      place += -(place - start) & (ALIGNMENTS[bit]! - 1);
      if (place + SIZES[bit]! > end) return false;
      if (place >= from) {
        found.bit = bit;
        found.place = place;
        return true;
      }
      place += SIZES[bit]!;
    }
    if ((present & (1 << VENDOR_NEXT)) !== 0) {
      place += (place - start) & 1;
      if (place + 6 > end) return false;
      place += 6 + u16le(bytes, place + 4);
      ours = false;
    } else ours = (present & (1 << RADIOTAP_NEXT)) !== 0;
    if ((present & MORE_WORDS) === 0) return false;
  }
  return false;
}

/** Place of the first datum of this bit; -1 where it is absent. */
export function firstOf(bytes: Uint8Array, start: number, end: number, bit: number): number {
  for (let from = start; fieldFrom(bytes, start, end, from); from = found.place + 1) {
    if (found.bit === bit) return found.place;
    if (found.bit > bit) return -1;
  }
  return -1;
}
