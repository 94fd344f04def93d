import type { Field } from '../../core/declare/field.ts';
import {
  bytes,
  computed,
  header,
  located,
  masked,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { ipv4Text, ipv6Text } from '../../core/frame/text.ts';
import { namesOf } from '../names.ts';
import { spanning } from './spanning.ts';
import { textUntilNull } from './token.ts';
import { type Find, u16 } from './vector.ts';

const HEADER = 4;
/** The constant in every message, which also hides addresses (RFC 8489, 5 and 14.2). */
export const COOKIE: readonly number[] = [0x21, 0x12, 0xa4, 0x42];
/** Cookie, then transaction id: what the bytes of an address are combined with. */
const HIDING = 16;

const ADDRESSES = new Set([0x0001, 0x0002, 0x0004, 0x0005, 0x000b, 0x8023, 0x802b, 0x802c]);
const HIDDEN_ADDRESSES = new Set([0x0012, 0x0016, 0x0020, 0x8020]);
const UNKNOWN = 0x000a;
const CHANNEL = 0x000c;
const ERROR = 0x0009;
const TRANSPORT = 0x0019;

const length = (view: Uint8Array, at: number) => u16(view, at + 2);
const valueEnd: Find = (view, at, end) => Math.min(at + HEADER + length(view, at), end);
/** Where `size` bytes of the value lie, `skip` bytes into it, of attributes of these types. */
const valueAt =
  (types: readonly number[], skip = 0, size = 1): Find =>
  (view, at, end) => {
    if (at + HEADER > end || !types.includes(u16(view, at))) return -1;
    return at + HEADER + skip + size <= valueEnd(view, at, end) ? at + HEADER + skip : -1;
  };
const isAddress = (type: number) => ADDRESSES.has(type) || HIDDEN_ADDRESSES.has(type);
const addressOf =
  (skip: number, family: number, size: number): Find =>
  (view, at, end) => {
    const isOne = at + HEADER + 2 <= end && isAddress(u16(view, at)) && (family === 0 || view[at + 5] === family);
    return isOne && at + HEADER + skip + size <= valueEnd(view, at, end) ? at + HEADER + skip : -1;
  };

/** The address of an attribute, which begins 8 bytes before it, brought to light where it is hidden. */
const shown = (view: Uint8Array, at: number, size: number, message: number): Uint8Array => {
  const address = view.slice(at, at + size);
  if (HIDDEN_ADDRESSES.has(u16(view, at - 8)))
    for (let i = 0; i < size && i < HIDING; i += 1) address[i]! ^= view[message + 4 + i]!;
  return address;
};
const port: Find = (view, at, end) => {
  const place = addressOf(2, 0, 2)(view, at, end);
  if (place < 0) return Number.NaN;
  return HIDDEN_ADDRESSES.has(u16(view, at)) ? u16(view, place) ^ ((COOKIE[0]! << 8) | COOKIE[1]!) : u16(view, place);
};

const string = (name: string, type: number): Field => located(valueAt([type]), text(name, lengthAfterHeader));
const span = (name: string, types: readonly number[]): Field => located(valueAt(types), bytes(name, lengthAfterHeader));
const number = (field: Field, types: readonly number[], skip = 0): Field =>
  located(valueAt(types, skip, field.size), field);
/** Length of a value that begins at `at`, from the two bytes before it. */
function lengthAfterHeader(view: Uint8Array, at: number, end: number): number {
  return Math.min(u16(view, at - 2), end - at);
}

const reserved: Find = (view, at, end) => {
  if (at + HEADER > end) return -1;
  const type = u16(view, at);
  if (isAddress(type) || type === ERROR) return valueAt([type], 0, 1)(view, at, end);
  if (type === TRANSPORT) return valueAt([type], 1, 3)(view, at, end);
  return type === CHANNEL ? valueAt([type], 2, 2)(view, at, end) : -1;
};
const reservedSize: Find = (view, at, end) => {
  // Told by where it stands: the attribute begins 4, 5 or 6 bytes before.
  if (u16(view, at - 4) === ERROR && at + 2 <= end) return 2;
  if (u16(view, at - 6) === CHANNEL) return 2;
  return u16(view, at - 5) === TRANSPORT ? 3 : 1;
};

const padding: Find = (view, at) => (4 - (length(view, at) & 3)) & 3;
const paddingAt: Find = (view, at, end) => {
  const size = padding(view, at, end);
  const place = at + HEADER + length(view, at);
  return size > 0 && place + size <= end ? place : -1;
};

/** Attributes whose value has a field of its own, and those that have no value to show. */
const KNOWN = new Set([
  0x0006,
  0x0008,
  ERROR,
  UNKNOWN,
  CHANNEL,
  0x000d,
  0x0014,
  0x0015,
  TRANSPORT,
  0x001c,
  0x0022,
  0x0024,
  0x0025,
  0x8022,
  0x8028,
  0x8029,
  0x802a,
  0x8054,
  0x8070,
  0xc057,
  0x0003,
]);

/** One attribute: RFC 8489 section 14, 8656, 8445; Microsoft's [MS-TURN] and [MS-ICE2]. */
export const stunAttribute = header({
  attribute: located(
    (_view, at) => at,
    spanning(
      uint16('stun.attribute', { display: 'hex', values: namesOf('stun-attributes') }),
      (_view, at, end) => end - at,
    ),
  ),
  type: located((_view, at) => at, uint16('stun.att.type', { display: 'hex', values: namesOf('stun-attributes') })),
  comprehension: located(
    (_view, at) => at,
    masked(uint16('stun.att.type.comprehension', { display: 'hex', digits: 4 }), 0x8000),
  ),
  assignment: located(
    (_view, at) => at,
    masked(uint16('stun.att.type.assignment', { display: 'hex', digits: 4 }), 0x4000),
  ),
  length: located((_view, at) => at + 2, uint16('stun.att.length', { unit: 'bytes' })),
  reserved: located(reserved, bytes('stun.att.reserved', reservedSize)),
  family: located(addressOf(1, 0, 1), uint8('stun.att.family', { display: 'hex', values: { 1: 'IPv4', 2: 'IPv6' } })),
  port: located(addressOf(2, 0, 2), computed('stun.att.port', 'uint', port, {}, 2)),
  address: located(
    addressOf(4, 1, 4),
    text('stun.att.ipv4', 4, {
      format: (view, at, size, frame, layer) =>
        ipv4Text(shown(view, at, size, messageStart(frame.layerOffset[layer]!, view)), 0),
    }),
  ),
  addressSix: located(
    addressOf(4, 2, 16),
    text('stun.att.ipv6', 16, {
      format: (view, at, size, frame, layer) =>
        ipv6Text(shown(view, at, size, messageStart(frame.layerOffset[layer]!, view)), 0),
    }),
  ),
  user: string('stun.att.username', 0x0006),
  integrity: span('stun.att.hmac', [0x0008, 0x001c]),
  errorClass: number(masked(uint8('stun.att.error.class'), 7), [ERROR], 2),
  error: number(uint8('stun.att.error'), [ERROR], 3),
  reason: located(
    valueAt([ERROR], 4),
    text('stun.att.error.reason', (view, at, end) => Math.min(u16(view, at - 6) - 4, end - at)),
  ),
  unknown: repeated({
    from: valueAt([UNKNOWN], 0, 2),
    to: valueEnd,
    next: (_view, at, end) => (at + 2 <= end ? at + 2 : -1),
    item: header({ type: uint16('stun.att.unknown', { display: 'hex' }) }),
    title: 'Unknown attribute',
  }),
  channel: number(uint16('stun.att.channelnum', { display: 'hex' }), [CHANNEL]),
  lifetime: number(uint32('stun.att.lifetime', { unit: 's' }), [0x000d]),
  realm: string('stun.att.realm', 0x0014),
  nonce: string('stun.att.nonce', 0x0015),
  transport: number(uint8('stun.att.transp', { display: 'hex', values: namesOf('ip-protocols') }), [TRANSPORT]),
  token: span('stun.att.token', [0x0022]),
  priority: number(uint32('stun.att.priority'), [0x0024]),
  software: string('stun.att.software', 0x8022),
  check: number(uint32('stun.att.crc32', { display: 'hex' }), [0x8028]),
  foundation: located(valueAt([0x8054]), text('stun.att.ms.foundation', 4, { format: textUntilNull })),
  iceVersion: number(uint32('stun.att.ms.version.ice'), [0x8070]),
  network: number(uint16('stun.att.google.network_id'), [0xc057]),
  networkCost: number(uint16('stun.att.google.network_cost'), [0xc057], 2),
  value: located(
    (view, at, end) =>
      at + HEADER <= end &&
      !KNOWN.has(u16(view, at)) &&
      !isAddress(u16(view, at)) &&
      length(view, at) > 0 &&
      at + HEADER < end
        ? at + HEADER
        : -1,
    bytes('stun.value', lengthAfterHeader),
  ),
  padding: located(
    paddingAt,
    spanning(
      computed(
        'stun.att.padding',
        'uint',
        (view, at, end) => (paddingAt(view, at, end) < 0 ? Number.NaN : padding(view, at, end)),
        { unit: 'bytes' },
      ),
      (_view, at, end) => end - at,
    ),
  ),
});

/** Where the message begins in a layer: behind two bytes of length over a stream (RFC 4571). */
export function messageStart(at: number, view: Uint8Array): number {
  return COOKIE.every((byte, i) => view[at + 4 + i] === byte) ? at : at + 2;
}

/** Where the attribute after the one at `at` begins: they are filled up to whole words. */
export const nextStunAttribute: Find = (view, at, end) =>
  at + HEADER <= end ? at + HEADER + ((length(view, at) + 3) & ~3) : -1;
