import type { FieldNode } from '../../core/frame/tree.ts';
import type { TsharkRange } from './tshark.ts';

/** Bits of a frame, as numbers of whole bytes and bits: `12-13` or `12.3-12.5`. */
function bitsOf(offset: number, length: number, mask: bigint, littleEndian: boolean): string {
  if (mask === 0n) return `${8 * offset}+${8 * length}`;
  const places: number[] = [];
  for (let bit = 0; bit < 8 * length; bit += 1) {
    if (((mask >> BigInt(bit)) & 1n) === 0n) continue;
    const byte = littleEndian ? bit >> 3 : length - 1 - (bit >> 3);
    places.push(8 * (offset + byte) + (7 - (bit & 7)));
  }
  places.sort((one, other) => one - other);
  const first = places[0] ?? 8 * offset;
  return places.at(-1)! - first + 1 === places.length ? `${first}+${places.length}` : places.join(',');
}

/**
 * True when two statements name the same bits of the frame: the same bytes, or the same bits of bytes that one of both
 * takes more of (a flag in the byte it stands in, or in the word).
 */
export function sameBits(ours: FieldNode, theirs: TsharkRange): boolean {
  const { offset = -1, length = 0, mask = 0 } = ours;
  if (offset === theirs.offset && length === theirs.length) return true;
  for (const one of [false, true]) {
    for (const other of [false, true]) {
      if (bitsOf(offset, length, BigInt(mask), one) === bitsOf(theirs.offset, theirs.length, theirs.mask, other))
        return true;
    }
  }
  return false;
}
