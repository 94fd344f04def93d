import type { Locate } from '../declare/field.ts';
import { MALFORMED } from './anomaly.ts';
import type { Frame } from './frame.ts';

/**
 * The next option of a list in the form that IPv4 and TCP share: kind 0 ends the list, kind 1 is a byte by itself, all
 * others have a length that counts kind and length too. A length that is too short or reaches out of the list ends it.
 */
export const nextOption: Locate = (bytes, at, end, frame) => {
  const kind = bytes[at]!;
  if (kind === 1) return at + 1;
  if (kind === 0) return end;
  // An option that the capture cut is there as far as it goes.
  const cut = end === frame.capturedEnd && end < frame.wireEnd;
  if (at + 1 >= end) return cut ? end : -1;
  const length = bytes[at + 1]!;
  return length < 2 || (at + length > end && !cut) ? -1 : at + length;
};

/** Records what is wrong with such a list from `from` to `to`: a length that is too short or reaches out of it. */
export function checkOptions(frame: Frame, bytes: Uint8Array, from: number, to: number): void {
  const end = Math.min(to, frame.end);
  let at = from;
  while (at < end) {
    const kind = bytes[at]!;
    if (kind === 0) return;
    if (kind === 1) at += 1;
    else {
      if (at + 1 >= end && end < to) return; // the rest was not captured
      const length = at + 1 < end ? bytes[at + 1]! : 0;
      if (length < 2 || at + length > to) {
        frame.anomaly(MALFORMED, at, Math.max(length, 2), length < 2 ? length : to - at);
        return;
      }
      at += length;
    }
  }
}
