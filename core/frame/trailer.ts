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
