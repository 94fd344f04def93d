import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { header, int32, ipv4, optional, repeated, uint8, uint16, uint16le, uint32 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { etherType, ipProtocol } from './tables.ts';

const FIXED = 8;
const IPV4 = 0x0800;

/** Counterparts by type, -1 for one-way messages: the pairs of Community ID (version 1). */
const MATES = new Int8Array(256).fill(-1);
for (const [request, reply] of [
  [8, 0],
  [10, 9],
  [13, 14],
  [15, 16],
  [17, 18],
] as const) {
  MATES[request] = reply;
  MATES[reply] = request;
}

/** Messages that quote the packet which caused them. */
const QUOTES = new Set([3, 4, 5, 11, 12]);

/** Those of them that may say how long the quoted packet is (RFC 4884). */
const QUOTED_LENGTH = new Set([3, 11, 12]);

const isType =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(view[at]!);
const queries = isType(0, 8, 13, 14, 15, 16, 17, 18);

const fields = header({
  type: uint8('icmp.type', { values: namesOf('icmp-types') }),
  code: uint8('icmp.code'),
  checksum: uint16('icmp.checksum', { display: 'hex' }),
  id: optional(queries, uint16('icmp.ident', { title: 'Identifier', display: 'decimal-hex' }), 4),
  idLittle: optional(
    queries,
    uint16le('icmp.ident_le', { title: 'Identifier (little-endian)', display: 'decimal-hex' }),
    4,
  ),
  sequence: optional(queries, uint16('icmp.seq', { title: 'Sequence number', display: 'decimal-hex' }), 6),
  sequenceLittle: optional(
    queries,
    uint16le('icmp.seq_le', { title: 'Sequence number (little-endian)', display: 'decimal-hex' }),
    6,
  ),
  gateway: optional(isType(5), ipv4('icmp.redir_gw', { title: 'Gateway' }), 4),
  pointer: optional(isType(12), uint8('icmp.pointer'), 4),
  quotedLength: optional(
    (view, at) => QUOTED_LENGTH.has(view[at]!) && view[at + 5]! > 0,
    uint8('icmp.length', { title: 'Length of the quoted packet (4-byte words)' }),
    5,
  ),
  mtu: optional(
    (view, at) => view[at] === 3 && view[at + 1] === 4,
    uint16('icmp.mtu', { title: 'MTU of next hop' }),
    6,
  ),
  originate: optional(isType(13, 14), uint32('icmp.originate_timestamp', { unit: 'ms' }), 8),
  receive: optional(isType(13, 14), uint32('icmp.receive_timestamp', { unit: 'ms' }), 12),
  transmit: optional(isType(13, 14), uint32('icmp.transmit_timestamp', { unit: 'ms' }), 16),
  mask: optional(isType(17, 18), ipv4('icmp.address_mask'), 8),
  addresses: optional(isType(9), uint8('icmp.num_addrs', { title: 'Number of addresses' }), 4),
  entrySize: optional(isType(9), uint8('icmp.addr_entry_size', { title: 'Entry size (4-byte words)' }), 5),
  lifetime: optional(isType(9), uint16('icmp.lifetime', { unit: 's' }), 6),
  routers: repeated({
    from: (view, at, end) => (at + FIXED <= end && view[at] === 9 && view[at + 5] === 2 ? at + FIXED : -1),
    to: (view, at) => at + FIXED + view[at + 4]! * 8,
    next: (_view, at, end) => (at + 8 <= end ? at + 8 : -1),
    item: header({
      address: ipv4('icmp.router_address'),
      preference: int32('icmp.pref_level', { title: 'Preference level' }),
    }),
    title: 'Router',
  }),
});

/** The packet quoted in an error, up to where RFC 4884 extensions begin if the length says so. */
function quote(frame: Frame, view: Uint8Array, at: number): boolean {
  frame.quote();
  const type = fields.type.read(view, at);
  const length = QUOTED_LENGTH.has(type) ? view[at + 5]! * 4 : 0;
  const end = at + FIXED + length;
  return length >= 20 && end < frame.contained
    ? frame.next(etherType, IPV4, at + FIXED, end)
    : frame.next(etherType, IPV4, at + FIXED);
}

/** A message that is not wholly there: type and code need no more than their own two bytes. */
function cut(frame: Frame, view: Uint8Array, at: number): void {
  if (at + 2 <= frame.end) {
    const type = fields.type.read(view, at);
    frame.exchange(type, fields.code.read(view, at), MATES[type]!);
  }
  frame.short(at, FIXED);
  frame.payload(at + FIXED);
}

/** Internet Control Message Protocol, RFC 792, 950, 1256, 4884. */
export const icmp = defineDissector({
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  level: 'transport',
  claims: [ipProtocol.at(1)],
  fields,
  tables: [etherType],
  data: isType(0, 8),
  minimum: 0,
  dissect(frame, view, at) {
    if (at + FIXED > frame.end) return cut(frame, view, at);
    const type = fields.type.read(view, at);
    frame.exchange(type, fields.code.read(view, at), MATES[type]!);
    frame.payload(at + FIXED);
    return QUOTES.has(type) && quote(frame, view, at);
  },
});
