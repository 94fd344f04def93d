import type { Locate, When } from '../../core/declare/field.ts';
import { uint8, uint16 } from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { u16 } from './vector.ts';

const HEADER = 4;
const CONFIGURE_REQUEST = 1;
const CONFIGURE_REJECT = 4;

/** What all control protocols of PPP begin with (RFC 1661, section 5). */
export const pppControl = {
  code: uint8('ppp.code', { values: namesOf('ppp-codes') }),
  identifier: uint8('ppp.identifier', { display: 'decimal-hex' }),
  length: uint16('ppp.length', { unit: 'bytes' }),
};

/** The options begin here in a packet that has some; -1 in any other. */
export const firstOption: Locate = (bytes, at, end) =>
  at < end && bytes[at]! >= CONFIGURE_REQUEST && bytes[at]! <= CONFIGURE_REJECT ? at + HEADER : -1;

/** The option after this one; its length counts type and length too. */
export const nextOption: Locate = (bytes, at, end) =>
  at + 2 <= end && bytes[at + 1]! >= 2 && at + bytes[at + 1]! <= end ? at + bytes[at + 1]! : -1;

/** The option is of this type and has at least this length. */
export const ofType =
  (type: number, least: number): When =>
  (bytes, at, end) =>
    bytes[at] === type && at + 2 <= end && bytes[at + 1]! >= least;

/** The packet has this code. */
export const hasCode =
  (...codes: readonly number[]): When =>
  (bytes, at) =>
    codes.includes(bytes[at]!);

/** The rest of the packet from a place, `skip` bytes after its start, for these codes. */
export const restFrom =
  (skip: number, ...codes: readonly number[]): Locate =>
  (bytes, at, end) =>
    at + skip < end && codes.includes(bytes[at]!) && skip < u16(bytes, at + 2) ? at + skip : -1;

/** Bytes to the end of the layer. */
export const toEnd: Locate = (_bytes, at, end) => end - at;
