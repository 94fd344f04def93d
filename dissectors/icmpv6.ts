import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv6,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { neighborOption } from './parts/icmpv6-option.ts';
import { etherType, ipProtocol } from './tables.ts';

const FIXED = 8;
const IPV6 = 0x86dd;

/** Counterparts by type, -1 for one-way messages: the pairs of Community ID (version 1). */
const MATES = new Int16Array(256).fill(-1);
for (const [request, reply] of [
  [128, 129],
  [130, 131],
  [133, 134],
  [135, 136],
  [139, 140],
  [144, 145],
] as const) {
  MATES[request] = reply;
  MATES[reply] = request;
}

const isType =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(view[at]!);
const isError = (type: number) => type >= 1 && type <= 4;
const echo = isType(128, 129);

/** Where the options of a neighbor discovery message begin, by its type. */
const OPTIONS: Readonly<Record<number, number>> = { 133: 8, 134: 16, 135: 24, 136: 24, 137: 40 };
const optionsFrom: Locate = (view, at, end) => {
  const offset = at < end ? OPTIONS[view[at]!] : undefined;
  return offset === undefined ? -1 : at + offset;
};

const routerFlag = (name: string, mask: number) => optional(isType(134), masked(flag(name), mask), 5);
const neighborFlag = (name: string, mask: number) => optional(isType(136), masked(flag(name), mask), 4);

const record = header({
  type: uint8('icmpv6.mldr.mar.record_type'),
  auxiliary: uint8('icmpv6.mldr.mar.aux_data_len', { title: 'Auxiliary data (4-byte words)' }),
  count: uint16('icmpv6.mldr.mar.nb_sources', { title: 'Number of sources' }),
  group: ipv6('icmpv6.mldr.mar.multicast_address'),
  sources: repeated({
    from: (_view, at) => at + 20,
    to: (view, at, end) => (at + 4 <= end ? at + 20 + ((view[at + 2]! << 8) | view[at + 3]!) * 16 : at),
    next: (_view, at, end) => (at + 16 <= end ? at + 16 : -1),
    item: header({ address: ipv6('icmpv6.mldr.mar.source_address') }),
    title: 'Source',
  }),
  auxiliaryData: located(
    (view, at, end) =>
      at + 20 <= end && view[at + 1]! > 0 ? at + 20 + ((view[at + 2]! << 8) | view[at + 3]!) * 16 : -1,
    bytes('icmpv6.mldr.mar.auxiliary_data', (_view, at, end) => end - at),
  ),
});

const fields = header({
  type: uint8('icmpv6.type', { values: namesOf('icmpv6-types') }),
  code: uint8('icmpv6.code'),
  checksum: uint16('icmpv6.checksum', { display: 'hex' }),
  id: optional(echo, uint16('icmpv6.echo.identifier', { display: 'hex' }), 4),
  sequence: optional(echo, uint16('icmpv6.echo.sequence_number'), 6),
  mtu: optional(isType(2), uint32('icmpv6.mtu', { title: 'MTU of next hop', unit: 'bytes' }), 4),
  pointer: optional(isType(4), uint32('icmpv6.pointer'), 4),
  reserved: optional(isType(1, 3, 133, 135, 137), bytes('icmpv6.reserved', 4), 4),
  reservedOfReports: optional(isType(143), bytes('icmpv6.reserved', 2), 4),
  reservedOfQueries: optional(isType(130, 131, 132), bytes('icmpv6.reserved', 2), 6),
  hopLimit: optional(isType(134), uint8('icmpv6.nd.ra.cur_hop_limit'), 4),
  routerFlags: optional(isType(134), uint8('icmpv6.nd.ra.flag', { title: 'Flags', display: 'hex' }), 5),
  managed: routerFlag('icmpv6.nd.ra.flag.m', 0x80),
  otherConfiguration: routerFlag('icmpv6.nd.ra.flag.o', 0x40),
  homeAgent: routerFlag('icmpv6.nd.ra.flag.h', 0x20),
  preference: optional(isType(134), masked(uint8('icmpv6.nd.ra.flag.prf'), 0x18), 5),
  routerReserved: optional(isType(134), masked(uint8('icmpv6.nd.ra.flag.rsv'), 0x03), 5),
  proxy: routerFlag('icmpv6.nd.ra.flag.p', 0x04),
  routerLifetime: optional(isType(134), uint16('icmpv6.nd.ra.router_lifetime', { unit: 's' }), 6),
  reachable: optional(isType(134), uint32('icmpv6.nd.ra.reachable_time', { unit: 'ms' }), 8),
  retransmission: optional(isType(134), uint32('icmpv6.nd.ra.retrans_timer', { unit: 'ms' }), 12),
  solicited: optional(isType(135), ipv6('icmpv6.nd.ns.target_address', { title: 'Target' }), 8),
  neighborFlags: optional(isType(136), uint32('icmpv6.nd.na.flag', { title: 'Flags', display: 'hex' }), 4),
  router: neighborFlag('icmpv6.nd.na.flag.r', 0x80),
  answers: neighborFlag('icmpv6.nd.na.flag.s', 0x40),
  overrides: neighborFlag('icmpv6.nd.na.flag.o', 0x20),
  neighborReserved: optional(isType(136), masked(uint32('icmpv6.nd.na.flag.rsv'), 0x1fffffff), 4),
  advertised: optional(isType(136), ipv6('icmpv6.nd.na.target_address', { title: 'Target' }), 8),
  redirected: optional(isType(137), ipv6('icmpv6.nd.rd.target_address', { title: 'Target' }), 8),
  redirectedFrom: optional(isType(137), ipv6('icmpv6.rd.na.destination_address', { title: 'Destination' }), 24),
  options: repeated({
    from: optionsFrom,
    next: (view, at, end) => (at + 1 < end ? at + view[at + 1]! * 8 : end), // one without length ends the list
    item: neighborOption,
    title: 'Option',
  }),
  maximumDelay: optional(
    (view, at, end) => isMldv1(view, at, end),
    uint16('icmpv6.mld.maximum_response_delay', { unit: 'ms' }),
    4,
  ),
  maximumCode: optional(isMldv2, uint16('icmpv6.mld.maximum_response_code'), 4),
  group: optional(isType(130, 131, 132), ipv6('icmpv6.mld.multicast_address'), 8),
  queryFlags: optional(isMldv2, uint8('icmpv6.mld.flag', { title: 'Flags', display: 'hex' }), 24),
  suppress: optional(isMldv2, masked(flag('icmpv6.mld.flag.s', { title: 'Suppress router processing' }), 0x08), 24),
  robustness: optional(isMldv2, masked(uint8('icmpv6.mld.flag.qrv', { title: 'Robustness' }), 0x07), 24),
  queryReserved: optional(isMldv2, masked(uint8('icmpv6.mld.flag.reserved'), 0xf0), 24),
  queryInterval: optional(isMldv2, uint8('icmpv6.mld.qqi', { title: 'Query interval code' }), 25),
  sourceCount: optional(isMldv2, uint16('icmpv6.mld.nb_sources', { title: 'Number of sources' }), 26),
  sources: repeated({
    from: (view, at, end) => (at + 28 < end && isMldv2(view, at, end) ? at + 28 : -1),
    next: (_view, at, end) => (at + 16 <= end ? at + 16 : -1),
    item: header({ address: ipv6('icmpv6.mld.source_address') }),
    title: 'Source',
  }),
  records: optional(isType(143), uint16('icmpv6.mldr.nb_mcast_records', { title: 'Number of records' }), 6),
  reports: repeated({
    from: (view, at, end) => (at + FIXED <= end && view[at] === 143 ? at + FIXED : -1),
    next: (view, at, end) =>
      at + 20 <= end ? at + 20 + ((view[at + 2]! << 8) | view[at + 3]!) * 16 + view[at + 1]! * 4 : -1,
    item: record,
    title: 'Record',
  }),
});

/** A query of 24 bytes is version 1; a longer one is version 2 (RFC 3810 section 8.1) and has a response code. */
function isMldv1(view: Uint8Array, at: number, end: number): boolean {
  return view[at] === 131 || view[at] === 132 || (view[at] === 130 && end - at < 28);
}

function isMldv2(view: Uint8Array, at: number, end: number): boolean {
  return view[at] === 130 && end - at >= 28;
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

/** Internet Control Message Protocol for IPv6, RFC 4443; neighbor discovery, RFC 4861; listener discovery, RFC 2710 and 3810. */
export const icmpv6 = defineDissector({
  name: 'icmpv6',
  title: 'Internet Control Message Protocol for IPv6',
  level: 'transport',
  claims: [ipProtocol.at(58)],
  fields,
  tables: [etherType],
  data: isType(128, 129),
  minimum: 0,
  dissect(frame, view, at) {
    if (at + FIXED > frame.end) return cut(frame, view, at);
    const type = fields.type.read(view, at);
    frame.exchange(type, fields.code.read(view, at), MATES[type]!);
    frame.payload(at + FIXED);
    if (!isError(type)) return;
    frame.quote();
    return frame.next(etherType, IPV6, at + FIXED);
  },
});
