import { defineDissector } from '../core/declare/dissector.ts';
import { bits, flag, header, uint8, uint32 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

const fields = header({
  next: uint8('ipv6.fraghdr.nxt', { title: 'Next header', values: namesOf('ip-protocols') }),
  reserved: uint8('ipv6.fraghdr.reserved_octet', { display: 'hex' }),
  offset: bits('ipv6.fraghdr.offset', 13, { title: 'Offset (8-byte units)' }),
  reservedBits: bits('ipv6.fraghdr.reserved_bits', 2),
  more: flag('ipv6.fraghdr.more', { title: 'More fragments' }),
  id: uint32('ipv6.fraghdr.ident', { title: 'Identification', display: 'hex' }),
});

/** IPv6 fragment header, RFC 8200 section 4.5. An atomic fragment (RFC 6946) is a whole packet. */
export const ipv6Fragment = defineDissector({
  name: 'ipv6.fraghdr',
  title: 'IPv6 fragment header',
  level: 'network',
  claims: [ipv6Extension.at(44)],
  fields,
  tables: [ipv6Extension, ipProtocol],
  dissect(frame, bytes, at) {
    const next = fields.next.read(bytes, at);
    const later = fields.offset.read(bytes, at) !== 0;
    frame.extend(next, at + 8);
    if (later || fields.more.read(bytes, at) !== 0) frame.fragment(later, fields.id.read(bytes, at));
    return !later && nextHeader(frame, next, at + 8);
  },
});
