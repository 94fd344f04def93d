import type { Fields, Locate, Repeated } from '../../core/declare/field.ts';
import { repeated } from '../../core/declare/kinds.ts';

/** Big-endian numbers at a place, for functions that find their way through lengths. */
export const u16 = (view: Uint8Array, at: number): number => (view[at]! << 8) | view[at + 1]!;
export const u24 = (view: Uint8Array, at: number): number => (view[at]! << 16) | (view[at + 1]! << 8) | view[at + 2]!;
export const u32 = (view: Uint8Array, at: number): number =>
  ((view[at]! << 24) | (view[at + 1]! << 16) | (view[at + 2]! << 8) | view[at + 3]!) >>> 0;

/** Lengths of a span that stand right before it, in one, two, three or four bytes. */
export const before1: Locate = (view, at) => view[at - 1]!;
export const before2: Locate = (view, at) => u16(view, at - 2);
export const before3: Locate = (view, at) => u24(view, at - 3);
export const before4: Locate = (view, at) => u32(view, at - 4);

const lengthAt = (view: Uint8Array, at: number, size: number): number =>
  size === 1 ? view[at]! : size === 2 ? u16(view, at) : size === 3 ? u24(view, at) : u32(view, at);

/** A function that finds a place from where the item begins; -1 where there is none. */
export type Find = (view: Uint8Array, at: number, end: number) => number;

/** Where a vector with a length of `size` bytes ends that begins at `find`'s place; -1 when its length is cut off. */
export const after =
  (find: Find, size: number): Find =>
  (view, at, end) => {
    const place = find(view, at, end);
    return place < 0 || place + size > end ? -1 : place + size + lengthAt(view, place, size);
  };

/** The content of such a vector, for a span; -1 when it is empty or its length is cut off. */
export const inside =
  (find: Find, size: number): Find =>
  (view, at, end) => {
    const place = find(view, at, end);
    return place < 0 || place + size >= end || lengthAt(view, place, size) === 0 ? -1 : place + size;
  };

/** The items of a vector with a length of `size` bytes, each `step` bytes or as long as its own `next` says. */
export function vector(find: Find, size: number, next: number | Locate, item: Fields, title: string): Repeated {
  const end = after(find, size);
  return repeated({
    from: inside(find, size),
    to: (view, at, limit) => end(view, at, limit),
    next: typeof next === 'number' ? (_view, at, limit) => (at + next <= limit ? at + next : -1) : next,
    item,
    title,
  });
}
