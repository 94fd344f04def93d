import type { When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  located,
  mac,
  masked,
  optional,
  part,
  uint8,
  uint16,
  uint24,
} from '../../core/declare/kinds.ts';
import { u24 } from './vector.ts';

/** Header length in 4-byte words, in the three bytes behind the preamble. */
const LENGTH = 0xf80000;
const WIRELESS = 0x20;
const RADIO_ADDRESS = 0x10;
const RESERVED = 0x07;
const FIXED = 8;

export const PLAIN = 0;
export const ENCRYPTED = 1;

export const preambleType = (view: Uint8Array, at: number): number => view[at]! & 15;
/** Length of the whole header, preamble included. */
export const capwapHeaderLength = (view: Uint8Array, at: number): number => (view[at + 1]! >>> 3) * 4;
const bits = (view: Uint8Array, at: number) => u24(view, at + 1);
/** Behind a length, padded to four bytes. */
const padded = (length: number) => (length + 4) & ~3;
const radioEnd = (view: Uint8Array, at: number) =>
  at + FIXED + ((bits(view, at) & RADIO_ADDRESS) === 0 ? 0 : padded(view[at + FIXED]!));

const isPlain: When = (view, at) => preambleType(view, at) === PLAIN;
const hasRadio = (view: Uint8Array, at: number, end: number) =>
  at + FIXED < end && preambleType(view, at) === PLAIN && (bits(view, at) & RADIO_ADDRESS) !== 0;
const hasWireless = (view: Uint8Array, at: number, end: number) =>
  at + FIXED < end && preambleType(view, at) === PLAIN && (bits(view, at) & WIRELESS) !== 0 && radioEnd(view, at) < end;

/**
 * True for bytes that begin as a CAPWAP packet does: version 0, a header of known form that is there, or DTLS 1.0 or 1.2
 * behind the preamble that announces it.
 */
export function isCapwap(view: Uint8Array, at: number, end: number): boolean {
  if (at + FIXED > end || view[at]! >>> 4 !== 0) return false;
  if (preambleType(view, at) === ENCRYPTED) return u24(view, at + 1) === 0 && view[at + 5] === 0xfe;
  const length = capwapHeaderLength(view, at);
  return preambleType(view, at) === PLAIN && length >= FIXED && at + length <= end && (view[at + 3]! & RESERVED) === 0;
}

/** Preamble and header of RFC 5415, section 4.3. */
export const capwapHeader = header({
  version: masked(uint8('capwap.preamble.version'), 0xf0),
  type: part(masked(uint8('capwap.preamble.type', { values: { 0: 'CAPWAP header', 1: 'DTLS' } }), 0x0f)),
  reserved: optional((view, at) => preambleType(view, at) === ENCRYPTED, uint24('capwap.preamble.reserved'), 1),
  length: optional(isPlain, masked(uint24('capwap.header.length', { title: 'Length (4-byte words)' }), LENGTH), 1),
  radio: optional(isPlain, masked(uint24('capwap.header.rid', { title: 'Radio id' }), 0x07c000), 1),
  binding: optional(isPlain, masked(uint24('capwap.header.wbid', { title: 'Wireless binding id' }), 0x003e00), 1),
  flags: optional(isPlain, masked(uint24('capwap.header.flags', { display: 'hex' }), 0x0001ff), 1),
  isNative: optional(isPlain, masked(flag('capwap.header.flags.t', { title: 'Native frame' }), 0x100, 3), 1),
  isFragment: optional(isPlain, masked(flag('capwap.header.flags.f', { title: 'Fragment' }), 0x80, 3), 1),
  isLast: optional(isPlain, masked(flag('capwap.header.flags.l', { title: 'Last fragment' }), 0x40, 3), 1),
  hasWireless: optional(
    isPlain,
    masked(flag('capwap.header.flags.w', { title: 'Wireless information' }), WIRELESS, 3),
    1,
  ),
  hasRadio: optional(isPlain, masked(flag('capwap.header.flags.m', { title: 'Radio address' }), RADIO_ADDRESS, 3), 1),
  isKeepAlive: optional(isPlain, masked(flag('capwap.header.flags.k', { title: 'Keep-alive' }), 0x08, 3), 1),
  reservedFlags: optional(isPlain, masked(uint24('capwap.header.flags.r', { display: 'hex' }), RESERVED), 1),
  fragment: optional(isPlain, uint16('capwap.header.fragment.id', { title: 'Fragment id' }), 4),
  offset: optional(isPlain, masked(uint16('capwap.header.fragment.offset', { title: 'Fragment offset' }), 0xfff8), 6),
  reservedOffset: optional(isPlain, masked(uint8('capwap.header.fragment.reserved'), 0x07), 7),
  radioLength: located(
    (view, at, end) => (hasRadio(view, at, end) ? at + FIXED : -1),
    uint8('capwap.header.mac.length', { title: 'Radio address length' }),
  ),
  radioAddress: located(
    (view, at, end) => (hasRadio(view, at, end) && view[at + FIXED] === 6 ? at + FIXED + 1 : -1),
    mac('capwap.header.mac.eui48', { title: 'Radio address' }),
  ),
  wirelessLength: located(
    (view, at, end) => (hasWireless(view, at, end) ? radioEnd(view, at) : -1),
    uint8('capwap.header.wireless.length', { title: 'Wireless information length' }),
  ),
  wireless: located(
    (view, at, end) => (hasWireless(view, at, end) && view[radioEnd(view, at)]! > 0 ? radioEnd(view, at) + 1 : -1),
    bytes('capwap.header.wireless.data', (view, at) => view[at - 1]!, { title: 'Wireless information' }),
  ),
});
