import type { Locate } from '../../core/declare/field.ts';
import type { Frame } from '../../core/frame/frame.ts';
import { u16, u32 } from './vector.ts';

export const CONTROL = 0x8000;
export const LENGTH = 0x4000;
export const SEQUENCE = 0x0800;
export const OFFSET = 0x0200;
export const PRIORITY = 0x0100;
/** Bits that are 0 in versions 2 and 3. */
const RESERVED = 0x34f0;
const UDP_HEADER = 8;

export const versionOf = (view: Uint8Array, at: number): number => view[at + 1]! & 15;

/**
 * Where the flags stand: at the start over UDP; in version 3 over IP behind a session id of 0, which only control messages
 * have, and nowhere in data there (-1).
 */
export function flagsAt(view: Uint8Array, at: number, end: number, frame: Frame, layer: number): number {
  const parent = frame.layerParent[layer]!;
  const overUdp = parent < 0 || at - frame.layerOffset[parent]! === UDP_HEADER;
  if (overUdp) return at + 2 <= end ? at : -1;
  return at + 6 <= end && u32(view, at) === 0 ? at + 4 : -1;
}

/** What version 2 has behind its flags, in order, with the bits that announce it; 0 is always there. */
export const VERSION_2 = [LENGTH, 0, 0, SEQUENCE, SEQUENCE, OFFSET] as const;

/** Place of the two bytes at `index` of {@link VERSION_2}; behind all of them for its length. -1 when announced not to be. */
export function version2Place(view: Uint8Array, flags: number, index: number): number {
  const bits = u16(view, flags);
  let place = flags + 2;
  for (let i = 0; i < index; i += 1) if (VERSION_2[i] === 0 || (bits & VERSION_2[i]!) !== 0) place += 2;
  const bit = VERSION_2[index];
  return bit !== undefined && bit !== 0 && (bits & bit) === 0 ? -1 : place;
}

/** A field of version 2, by its place in {@link VERSION_2}. */
export const inVersion2 =
  (index: number): Locate =>
  (view, at, end, frame, layer) => {
    const flags = flagsAt(view, at, end, frame, layer);
    return flags < 0 || versionOf(view, flags) !== 2 ? -1 : version2Place(view, flags, index);
  };

/** A field of a control message of version 3, which has no optional parts. */
export const inControl3 =
  (offset: number): Locate =>
  (view, at, end, frame, layer) => {
    const flags = flagsAt(view, at, end, frame, layer);
    return flags < 0 || versionOf(view, flags) !== 3 || (u16(view, flags) & CONTROL) === 0 ? -1 : flags + offset;
  };

/** Where the attribute-value pairs of a control message begin; -1 in data messages. */
export const pairsAt: Locate = (view, at, end, frame, layer) => {
  const flags = flagsAt(view, at, end, frame, layer);
  if (flags < 0 || (u16(view, flags) & CONTROL) === 0) return -1;
  return versionOf(view, flags) === 3 ? flags + 12 : version2Place(view, flags, VERSION_2.length);
};

/** True for bytes that can be L2TP over UDP: version 2 or 3, and bits as these versions have them. */
export function isL2tp(view: Uint8Array, at: number, end: number): boolean {
  if (at + 6 > end || (u16(view, at) & RESERVED) !== 0) return false;
  const version = versionOf(view, at);
  const control = (view[at]! & 0x80) !== 0;
  if (control && (u16(view, at) & (LENGTH | SEQUENCE | OFFSET | PRIORITY)) !== (LENGTH | SEQUENCE)) return false;
  if (version === 2) return at + 8 <= end || !control;
  return version === 3 && (control || u16(view, at) === 3);
}
