import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import { bytes, header, ipv6, optional, repeated, uint8 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

const SOURCE_ROUTE = 0;
const MOBILE = 2;
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

const fields = header({
  next: uint8('ipv6.routing.nxt', { title: 'Next header', values: namesOf('ip-protocols') }),
  length: uint8('ipv6.routing.len', { title: 'Length (8-byte units behind the first)' }),
  type: uint8('ipv6.routing.type'),
  left: uint8('ipv6.routing.segleft', { title: 'Segments left' }),
  sourceReserved: optional(isType(SOURCE_ROUTE), bytes('ipv6.routing.src.reserved', 4), 4),
  sourceRoute: addresses(SOURCE_ROUTE, 'ipv6.routing.src.addr'),
  mobileReserved: optional(isType(MOBILE), bytes('ipv6.routing.mipv6.reserved', 4), 4),
  homeAddress: addresses(MOBILE, 'ipv6.routing.mipv6.home_address'),
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
