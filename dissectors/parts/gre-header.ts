import type { Locate, When } from '../../core/declare/field.ts';
import { u16, u32 } from './vector.ts';

export const CHECKSUM = 0x8000;
export const ROUTING = 0x4000;
export const KEY = 0x2000;
export const SEQUENCE = 0x1000;
export const ACKNOWLEDGMENT = 0x0080;
export const VERSION = 0x0007;
/** Web Cache Communication Protocol: the second version puts a header before the packet. */
export const WCCP = 0x883e;
const FIXED = 4;

/** Enhanced GRE, PPTP's version 1 (RFC 2637). */
export const isEnhanced: When = (bytes, at, end) => at + 2 <= end && (bytes[at + 1]! & VERSION) === 1;
export const isPlain: When = (bytes, at, end) => at + 2 <= end && (bytes[at + 1]! & VERSION) !== 1;

/** Offset from the start of the header of what the flag announces; what stands before it is there as its flag says. */
function offsetOf(flags: number, wanted: number): number {
  let offset = FIXED;
  if (wanted === CHECKSUM) return offset;
  if ((flags & (CHECKSUM | ROUTING)) !== 0) offset += 4;
  if (wanted === KEY) return offset;
  if ((flags & KEY) !== 0) offset += 4;
  if (wanted === SEQUENCE) return offset;
  if ((flags & SEQUENCE) !== 0) offset += 4;
  return wanted !== ACKNOWLEDGMENT && (flags & ACKNOWLEDGMENT) !== 0 && (flags & VERSION) === 1 ? offset + 4 : offset;
}

/** Place of what the flag announces; -1 where the flag is 0. `skip` bytes behind its start. */
export const announced =
  (flag: number, skip = 0): Locate =>
  (bytes, at, end) => {
    if (at + FIXED > end) return -1;
    const flags = u16(bytes, at);
    if ((flags & flag) === 0 && !(flag === CHECKSUM && (flags & ROUTING) !== 0)) return -1;
    return at + offsetOf(flags, flag) + skip;
  };

/** Where the list of source routes begins, behind everything else; -1 where there is none. */
export const routesAt: Locate = (bytes, at, end) =>
  at + FIXED <= end && (u16(bytes, at) & ROUTING) !== 0 ? at + offsetOf(u16(bytes, at), 0) : -1;

/** The source route after the one at `at`, each with its length in its fourth byte; the end behind an empty one. */
export const nextRoute: Locate = (bytes, at, end) => {
  if (at + 4 > end) return -1;
  const next = at + 4 + bytes[at + 3]!;
  return next > end ? -1 : next;
};

/** Where the header ends; -1 when that is not there to be read. */
export function greHeaderEnd(bytes: Uint8Array, at: number, end: number): number {
  const flags = u16(bytes, at);
  let place = at + offsetOf(flags, 0);
  if ((flags & ROUTING) === 0) return place;
  for (;;) {
    if (place + 4 > end) return -1;
    const last = u32(bytes, place) === 0 || (u16(bytes, place) === 0 && bytes[place + 3] === 0);
    place += 4 + bytes[place + 3]!;
    if (last) return place;
  }
}

/** Place in WCCP's redirect header, which stands where the packet's version 4 does not. */
export const redirectAt =
  (skip: number): Locate =>
  (bytes, at, end) => {
    if (at + FIXED > end || u16(bytes, at + 2) !== WCCP) return -1;
    const payload = greHeaderEnd(bytes, at, end);
    return payload >= 0 && payload + 4 <= end && bytes[payload]! >>> 4 !== 4 ? payload + skip : -1;
  };

/** Bits that RFC 2784 and 2890 have as 0, version included. */
const UNUSED = 0x4fff;
/** IPv4, IPv6, Ethernet and MPLS, of all types. */
const COMMON: readonly number[] = [0x0800, 0x86dd, 0x6558, 0x8847, 0x8848];

/** True for bytes that can be GRE over UDP (RFC 8086), where a port alone proves nothing. */
export const isPlainHeader = (bytes: Uint8Array, at: number, end: number): boolean =>
  at + FIXED <= end && (u16(bytes, at) & UNUSED) === 0 && COMMON.includes(u16(bytes, at + 2));
