import type { Frame } from './frame.ts';

/** Bytes of the innermost network header and payload, as the headers say; NaN without a network layer. */
export function networkLength(frame: Frame): number {
  const layer = frame.networkLayer;
  return layer < 0 ? Number.NaN : frame.layerEnd[layer]! - frame.layerOffset[layer]!;
}

/** Bytes of transport header and payload, as the headers say; NaN without a network layer. Never below 0. */
export function transportLength(frame: Frame): number {
  const layer = frame.networkLayer;
  if (layer < 0) return Number.NaN;
  const length = frame.layerEnd[layer]! - frame.transportAt;
  return Math.max(0, length);
}

/** Bytes of transport payload, as the headers say; NaN where it is not known where it begins. Never below 0. */
export function payloadLength(frame: Frame): number {
  if (frame.networkLayer < 0 || frame.payloadAt < 0) return Number.NaN;
  const length = frame.payloadEnd - frame.payloadAt;
  return Math.max(0, length);
}
