import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import {
  bytes,
  computed,
  header,
  ipv6,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint32,
} from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

const SOURCE_ROUTE = 0;
const MOBILE = 2;
const COMPRESSED = 3;
const SEGMENTS = 4;

const headerEnd: Locate = (view, at) => at + 8 + view[at + 1]! * 8;
const isType =
  (type: number): When =>
  (view, at) =>
    view[at + 2] === type;
const addresses = (type: number, name: string) =>
  repeated({
    from: (view, at, end) => (at + 8 <= end && view[at + 2] === type ? at + 8 : -1),
    // A segment routing header may hold options behind its list.
    to: (view, at, end, frame, layer) =>
      type === SEGMENTS ? at + 8 + (view[at + 4]! + 1) * 16 : headerEnd(view, at, end, frame, layer),
    next: (_view, at, end) => (at + 16 <= end ? at + 16 : -1),
    item: header({ address: ipv6(name) }),
    title: 'Address',
  });

// Source routes of RPL leave out the bytes that an address shares with the destination (RFC 6554 section 3).
const KNOWN = [SOURCE_ROUTE, MOBILE, COMPRESSED, SEGMENTS];
const isCompressed = (view: Uint8Array, at: number, end: number) => at + 8 <= end && view[at + 2] === COMPRESSED;
const lastSize = (view: Uint8Array, at: number) => 16 - (view[at + 4]! & 15);
const compressedEnd = (view: Uint8Array, at: number) => at + 8 + view[at + 1]! * 8 - (view[at + 5]! >>> 4);
const addressCount: Locate = (view, at, end) => {
  if (!isCompressed(view, at, end)) return Number.NaN;
  const inner = compressedEnd(view, at) - at - 8 - lastSize(view, at);
  return Math.trunc(inner / (16 - (view[at + 4]! >>> 4))) + 1;
};
const compressed = (name: string, mask: number, title: string) =>
  optional(isType(COMPRESSED), masked(uint32(`ipv6.routing.rpl.${name}`, { title }), mask), 4);

const fields = header({
  next: uint8('ipv6.routing.nxt', { title: 'Next header', values: namesOf('ip-protocols') }),
  length: uint8('ipv6.routing.len', { title: 'Length (8-byte units behind the first)' }),
  type: uint8('ipv6.routing.type'),
  left: uint8('ipv6.routing.segleft', { title: 'Segments left' }),
  sourceReserved: optional(isType(SOURCE_ROUTE), bytes('ipv6.routing.src.reserved', 4), 4),
  sourceRoute: addresses(SOURCE_ROUTE, 'ipv6.routing.src.addr'),
  mobileReserved: optional(isType(MOBILE), bytes('ipv6.routing.mipv6.reserved', 4), 4),
  homeAddress: addresses(MOBILE, 'ipv6.routing.mipv6.home_address'),
  compressedInner: compressed('cmprI', 0xf0000000, 'Bytes left out of all addresses but the last'),
  compressedLast: compressed('cmprE', 0x0f000000, 'Bytes left out of the last address'),
  compressedPadding: compressed('pad', 0x00f00000, 'Padding'),
  compressedReserved: compressed('reserved', 0x000fffff, 'Reserved'),
  compressedCount: computed('ipv6.routing.rpl.addr_count', 'int', addressCount, { title: 'Number of addresses' }),
  compressedAddresses: repeated({
    from: (view, at, end) => (isCompressed(view, at, end) ? at + 8 : -1),
    to: compressedEnd,
    next: (view, at, end, frame) => {
      const inner = at + 16 - (view[frame.listAt + 4]! >>> 4);
      return inner + lastSize(view, frame.listAt) <= end ? inner : end;
    },
    item: header({
      address: located(
        (_view, at) => at,
        bytes('ipv6.routing.rpl.address', (_view, at, end) => end - at),
      ),
    }),
    title: 'Address',
  }),
  unknown: located(
    (view, at, end) => (at + 4 < end && !KNOWN.includes(view[at + 2]!) ? at + 4 : -1),
    bytes('ipv6.routing.unknown_data', (view, at) => 4 + view[at - 3]! * 8),
  ),
  lastEntry: optional(isType(SEGMENTS), uint8('ipv6.routing.srh.last_entry'), 4),
  flags: optional(isType(SEGMENTS), uint8('ipv6.routing.srh.flags', { display: 'hex' }), 5),
  tag: optional(isType(SEGMENTS), bytes('ipv6.routing.srh.tag', 2), 6),
  segments: addresses(SEGMENTS, 'ipv6.routing.srh.addr'),
});

/** IPv6 routing header, RFC 8200 section 4.4; types 0 (deprecated by RFC 5095), 2 (RFC 6275), 3 (RFC 6554), 4 (RFC 8754). */
export const ipv6Routing = defineDissector({
  name: 'ipv6.routing',
  title: 'IPv6 routing header',
  level: 'network',
  claims: [ipv6Extension.at(43)],
  fields,
  tables: [ipv6Extension, ipProtocol],
  minimum: 8,
  dissect(frame, view, at) {
    const end = headerEnd(view, at, frame.end, frame, frame.layer);
    if (end > frame.contained) return frame.malformed(fields.length, end - at, frame.contained - at);
    const next = fields.next.read(view, at);
    frame.extend(next, end);
    return nextHeader(frame, next, end);
  },
});
