import type { Frame } from '../../core/frame/frame.ts';
import { u16, u24, u32 } from './vector.ts';

export const DATA_V1 = 6;
export const DATA_V2 = 9;
export const ACKNOWLEDGMENT = 5;
const CONTROL_V1 = 4;
const HIGHEST = 9;
const RESETS: readonly number[] = [1, 2, 7, 8];
const UDP_HEADER = 8;
/** HMAC-SHA1, with the replay packet id and time that follow it. */
export const HMAC = 20;
const AUTHENTICATED = HMAC + 8;
/** Type and session id. */
const SESSION = 9;
/** One packet acknowledges no more. */
const MOST_ACKNOWLEDGED = 8;
const HIGHEST_PEER = 0xffff;
const NO_PEER = 0xffffff;

/** Where the packet begins: over TCP its length stands before it. */
export function packetAt(frame: Frame, layer: number): number {
  const at = frame.layerOffset[layer]!;
  const parent = frame.layerParent[layer]!;
  return parent >= 0 && at - frame.layerOffset[parent]! !== UDP_HEADER ? at + 2 : at;
}

/** Size of a control packet with acknowledgments that begin `skip` bytes behind the session id; -1 where they do not. */
function sizeOf(bytes: Uint8Array, at: number, end: number, skip: number): number {
  const place = at + SESSION + skip;
  if (place >= end || bytes[place]! > MOST_ACKNOWLEDGED) return -1;
  const acknowledged = bytes[place]!;
  const opcode = bytes[at]! >>> 3;
  const size = SESSION + skip + 1 + acknowledged * 4 + (acknowledged > 0 ? 8 : 0);
  return size + (opcode === ACKNOWLEDGMENT ? 0 : 4);
}

/** The size is that of the whole packet, or for one that carries something below it. */
function fits(bytes: Uint8Array, at: number, end: number, skip: number): boolean {
  const size = sizeOf(bytes, at, end, skip);
  if (size < 0 || at + size > end) return false;
  if (bytes[at]! >>> 3 !== CONTROL_V1) return at + size === end;
  return u32(bytes, at + size - 4) <= 0xffff;
}

/** Bytes of HMAC, replay id and time behind the session id of a control packet: 0 or 28; -1 when it is none. */
export function authenticationSize(bytes: Uint8Array, at: number, end: number): number {
  return fits(bytes, at, end, 0) ? 0 : fits(bytes, at, end, AUTHENTICATED) ? AUTHENTICATED : -1;
}

/** A byte that is no ASCII, among the first that are encrypted: text is not. */
function isBinary(bytes: Uint8Array, at: number, end: number): boolean {
  for (let place = at; place < end && place < at + 16; place += 1) if (bytes[place]! >= 0x80) return true;
  return false;
}

/** True for bytes that can be an OpenVPN packet, whose data packets have little to be recognised by. */
export function isPacket(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 14 > end) return false;
  const opcode = bytes[at]! >>> 3;
  if (opcode === 0 || opcode > HIGHEST || opcode === 3) return false;
  if (opcode === DATA_V1) return isBinary(bytes, at + 1, end);
  if (opcode === DATA_V2) {
    const peer = u24(bytes, at + 1);
    return (peer <= HIGHEST_PEER || peer === NO_PEER) && isBinary(bytes, at + 4, end);
  }
  if (RESETS.includes(opcode) && (bytes[at]! & 7) !== 0) return false;
  return authenticationSize(bytes, at, end) >= 0;
}

/** The same behind a length, which is not longer than what is there. */
export const isLengthAndPacket = (bytes: Uint8Array, at: number, end: number): boolean =>
  at + 2 <= end && u16(bytes, at) >= 14 && at + 2 + u16(bytes, at) <= end
    ? isPacket(bytes, at + 2, at + 2 + u16(bytes, at))
    : false;
