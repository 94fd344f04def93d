import type { Locate } from '../declare/field.ts';
import type { Frame } from './frame.ts';

/**
 * Where what a link layer carries ends, by the lengths that its headers state: padding and trailer of the link begin
 * there. -1 when no header inside says how long it is.
 */
export function payloadEndIn(frame: Frame, layer: number): number {
  let parent = layer;
  for (let inner = layer + 1; inner < frame.layerCount; inner += 1) {
    if (frame.layerParent[inner] !== parent) continue;
    const limitedBy = frame.layerLimitedBy[inner]!;
    // A layer that says how long it is without having read its own header is malformed.
    const known = limitedBy < inner || frame.layerPayload[inner]! > frame.layerOffset[inner]!;
    if (limitedBy >= layer && known) return frame.layerEnd[inner]!;
    if (inner === frame.networkLayer) return -1;
    parent = inner;
  }
  return -1;
}

/** An Ethernet frame shorter than this, without its check sequence, is padded. */
const SHORTEST = 60;

/** Bytes behind the payload are padding as far as the shortest frame reaches, if they are zero, and else a trailer. */
function paddingEnd(view: Uint8Array, frame: Frame, from: number, end: number): number {
  const to = Math.min(frame.start + SHORTEST, end);
  for (let at = from; at < to; at += 1) if (view[at] !== 0) return from;
  return Math.max(from, to);
}

/** Where the padding of an Ethernet frame begins; -1 for none. */
export const paddingFrom: Locate = (view, _at, end, frame, layer) => {
  const from = payloadEndIn(frame, layer);
  return from >= 0 && paddingEnd(view, frame, from, end) > from ? from : -1;
};

/** Length of the padding that begins at `at`. */
export const paddingLength: Locate = (view, at, end, frame) => paddingEnd(view, frame, at, end) - at;

/** Where the trailer of an Ethernet frame begins, behind padding; -1 for none. */
export const trailerFrom: Locate = (view, _at, end, frame, layer) => {
  const from = payloadEndIn(frame, layer);
  const trailer = from < 0 ? end : paddingEnd(view, frame, from, end);
  return trailer < end ? trailer : -1;
};

const CUSTOMER = new Set([0x8100, 0x9100, 0x9200, 0x9300]);
const SERVICE = 0x88a8;

/** True for the Ethertype of a tag (IEEE 802.1Q, 802.1ad): what stands behind the payload is told at the innermost tag. */
export const isTag = (type: number): boolean => CUSTOMER.has(type) || type === SERVICE;
