import type { Locate } from '../declare/field.ts';
import { MALFORMED } from './anomaly.ts';
import type { Frame } from './frame.ts';

/**
 * The next option of a list in the form that IPv4 and TCP share: kind 0 ends the list, kind 1 is a byte by itself, all
 * others have a length that counts kind and length too. After a length below 2 nothing can be found: the rest is one item.
 */
export const nextOption: Locate = (bytes, at, end) => {
  const kind = bytes[at]!;
  if (kind === 1) return at + 1;
  if (kind === 0 || at + 1 >= end) return end;
  const length = bytes[at + 1]!;
  return length < 2 ? end : at + length;
};

/** Records what is wrong with such a list from `from` to `to`: a length that is too short or reaches out of it. */
export function checkOptions(frame: Frame, bytes: Uint8Array, from: number, to: number): void {
  const end = to < frame.end ? to : frame.end;
  let at = from;
  while (at < end) {
    const kind = bytes[at]!;
    if (kind === 0) return;
    if (kind === 1) at += 1;
    else {
      if (at + 1 >= end && end < to) return; // the rest was not captured
      const length = at + 1 < end ? bytes[at + 1]! : 0;
      if (length < 2 || at + length > to) {
        frame.anomaly(MALFORMED, at, length < 2 ? 2 : length, length < 2 ? length : to - at);
        return;
      }
      at += length;
    }
  }
}
