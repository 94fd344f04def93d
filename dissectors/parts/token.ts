import type { Find } from './vector.ts';

/** Helpers for protocols of text: where words and strings begin and end. */

const SPACE = 0x20;

/** The first place from `at` on that holds `byte`; `end` where none does. */
export function find(view: Uint8Array, at: number, end: number, byte: number): number {
  let place = at;
  while (place < end && view[place] !== byte) place += 1;
  return place;
}

/** Length of what stands before the next byte 0, or before the end. */
export const untilNull: Find = (view, at, end) => find(view, at, end, 0) - at;
/** The same, with the byte 0. */
export const withNull: Find = (view, at, end) => Math.min(find(view, at, end, 0) + 1, end) - at;
/** Length of a word: what stands before the next space. */
export const word: Find = (view, at, end) => find(view, at, end, SPACE) - at;

/** The place `count` words (each with the space behind it) after `at`; -1 when there are fewer. */
export function behindWords(view: Uint8Array, at: number, end: number, count: number): number {
  let place = at;
  for (let left = count; left > 0; left -= 1) {
    place = find(view, place, end, SPACE) + 1;
    if (place > end) return -1;
  }
  return place;
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Text up to a byte 0, for fields that hold one. */
export function textUntilNull(view: Uint8Array, at: number, length: number): string {
  return decoder.decode(view.subarray(at, at + untilNull(view, at, at + length)));
}
