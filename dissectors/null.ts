import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { header, masked, optional, uint32, uint32le } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { etherType, linkTypes, nullFamily } from './tables.ts';

// Families are small numbers, so the half that is zero tells the byte order; some systems put an Ethertype there.
const little: When = (bytes, at) => (bytes[at + 2]! | bytes[at + 3]!) === 0;
const big: When = (bytes, at) => !isLittle(bytes, at) && (bytes[at]! | bytes[at + 1]!) === 0;
const typed: When = (bytes, at) => !isLittle(bytes, at) && (bytes[at]! | bytes[at + 1]!) !== 0;
const isLittle = (bytes: Uint8Array, at: number) => (bytes[at + 2]! | bytes[at + 3]!) === 0;
const family = { title: 'Address family', values: { 2: 'IPv4', 10: 'IPv6', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' } };

const fields = header({
  little: optional(little, uint32le('null.family', family), 0),
  big: optional(big, uint32('null.family', family), 0),
  type: optional(
    typed,
    masked(uint32('null.type', { title: 'Type', display: 'hex', digits: 4, values: namesOf('ethertypes') }), 0xffff),
    0,
  ),
});

/** BSD loopback: the address family in the byte order of the capturing machine (null) or of the network (loop). */
export const nullLoopback = defineDissector({
  name: 'null',
  title: 'Null or loopback',
  level: 'link',
  claims: [linkTypes.at(0), linkTypes.at(108)],
  fields,
  tables: [nullFamily, etherType],
  minimum: 4,
  dissect(frame, bytes, at) {
    if (isLittle(bytes, at)) return frame.next(nullFamily, fields.little.readAt(bytes, at), at + 4);
    const number = fields.big.readAt(bytes, at);
    return number > 0xffff ? frame.next(etherType, number & 0xffff, at + 4) : frame.next(nullFamily, number, at + 4);
  },
});
