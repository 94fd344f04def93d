import { defineDissector } from '../core/declare/dissector.ts';
import type { Field } from '../core/declare/field.ts';
import {
  bits,
  bytes,
  flag,
  header,
  ipv4,
  ipv6,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { type Find, u16 } from './parts/vector.ts';
import { etherType, ipProtocol } from './tables.ts';

const FIXED = 4;
const HELLO = 0;
const REGISTER = 1;
const JOIN = 3;
const VERSION = 2;
const ETHERTYPES: Readonly<Record<number, number>> = { 4: 0x0800, 6: 0x86dd };

const typeOf = (view: Uint8Array, at: number) => view[at]! & 15;
const is =
  (type: number) =>
  (view: Uint8Array, at: number): boolean =>
    view[at]! >> 4 === VERSION && typeOf(view, at) === type;

/** Bytes of an address of a family: 1 is IPv4, 2 is IPv6 (RFC 7761, 4.9.1). */
const sizeOf = (family: number) => (family === 1 ? 4 : family === 2 ? 16 : -1);
/** An address field behind `skip` bytes that begin with its family, of the one kind and of the other. */
const address = (name: string, from: Find, skip: number): Record<string, Field> => {
  const placeOf =
    (family: number): Find =>
    (view, at, end) => {
      const place = from(view, at, end);
      return place >= 0 && place < end && view[place] === family ? place + skip : -1;
    };
  return {
    [name]: located(placeOf(1), ipv4(`pim.${name}`)),
    [`${name}6`]: located(placeOf(2), ipv6(`pim.${name}_ip6`)),
  };
};

/** One option of a hello message (RFC 7761, 4.9.2; 3973). */
const isOption =
  (type: number, size: number) =>
  (view: Uint8Array, at: number): boolean =>
    u16(view, at) === type && u16(view, at + 2) === size;
const option = header({
  type: uint16('pim.optiontype', {
    values: {
      1: 'Hold time',
      2: 'LAN prune delay',
      19: 'Priority',
      20: 'Generation id',
      21: 'State refresh',
      22: 'Bidirectional',
      24: 'Address list',
    },
  }),
  length: uint16('pim.optionlength', { unit: 'bytes' }),
  hold: optional(isOption(1, 2), uint16('pim.holdtime', { unit: 's' }), 4),
  track: located((view, at) => (isOption(2, 4)(view, at) ? at + 4 : -1), masked(flag('pim.t'), 0x80)),
  delay: located(
    (view, at) => (isOption(2, 4)(view, at) ? at + 4 : -1),
    masked(uint16('pim.propagation_delay', { unit: 'ms' }), 0x7fff),
  ),
  override: optional(isOption(2, 4), uint16('pim.override_interval', { unit: 'ms' }), 6),
  priority: optional(isOption(19, 4), uint32('pim.dr_priority'), 4),
  generation: optional(isOption(20, 4), uint32('pim.generation_id'), 4),
  refreshVersion: optional(isOption(21, 4), uint8('pim.state_refresh_version'), 4),
  refreshInterval: optional(isOption(21, 4), uint8('pim.state_refresh_interval', { unit: 's' }), 5),
  refreshReserved: optional(isOption(21, 4), uint16('pim.state_refresh_reserved'), 6),
});

/** Behind an encoded address of `extra` bytes around it; -1 when its family is unknown. */
const behind = (view: Uint8Array, at: number, end: number, extra: number): number => {
  const size = at < end ? sizeOf(view[at]!) : -1;
  return size < 0 || at + extra + size > end ? -1 : at + extra + size;
};
const UNICAST = 2;
const MULTICAST = 4;
const neighbor: Find = (view, at, end) => (at + FIXED < end && is(JOIN)(view, at) ? at + FIXED : -1);
const behindNeighbor =
  (skip: number): Find =>
  (view, at, end) => {
    const place = neighbor(view, at, end) < 0 ? -1 : behind(view, at + FIXED, end, UNICAST);
    return place < 0 ? -1 : place + skip;
  };

const counts =
  (skip: number): Find =>
  (view, at, end) => {
    const place = behind(view, at, end, MULTICAST);
    return place < 0 ? -1 : place + skip;
  };
const sources = (kind: 'join_ip' | 'prune_ip', from: Find, to: Find) =>
  repeated({
    from,
    to,
    next: (view, at, end) => behind(view, at, end, MULTICAST),
    item: header({
      address: located((view, at) => (view[at] === 1 ? at + 4 : -1), ipv4(`pim.${kind}`)),
      address6: located((view, at) => (view[at] === 2 ? at + 4 : -1), ipv6(`pim.${kind}6`)),
      source: located((view, at) => (view[at] === 1 ? at + 4 : -1), ipv4('pim.source')),
      source6: located((view, at) => (view[at] === 2 ? at + 4 : -1), ipv6('pim.source_ip6')),
    }),
    title: kind === 'join_ip' ? 'Joined source' : 'Pruned source',
  });
const passed = (view: Uint8Array, from: number, end: number, count: number): number => {
  let place = from;
  for (let left = count; left > 0 && place >= 0; left -= 1) place = behind(view, place, end, MULTICAST);
  return place < 0 ? end : place;
};
const joinsEnd: Find = (view, at, end) => {
  const place = counts(4)(view, at, end);
  return place < 0 || place > end ? end : passed(view, place, end, u16(view, place - 4));
};
const groupEnd: Find = (view, at, end) => {
  const place = counts(4)(view, at, end);
  return place < 0 || place > end ? -1 : passed(view, place, end, u16(view, place - 4) + u16(view, place - 2));
};
const self: Find = (_view, at) => at;

const group = header({
  ...address('group', self, 4),
  joinCount: located(counts(0), uint16('pim.numjoins')),
  pruneCount: located(counts(2), uint16('pim.numprunes')),
  joins: sources('join_ip', counts(4), joinsEnd),
  prunes: sources('prune_ip', joinsEnd, groupEnd),
});

const fields = header({
  version: bits('pim.version', 4),
  type: bits('pim.type', 4, {
    values: {
      0: 'Hello',
      1: 'Register',
      2: 'Register stop',
      3: 'Join/prune',
      4: 'Bootstrap',
      5: 'Assert',
      6: 'Graft',
      7: 'Graft acknowledgment',
      8: 'Candidate rendezvous point advertisement',
      9: 'State refresh',
    },
  }),
  reserved: bytes('pim.res_bytes', 1),
  checksum: uint16('pim.cksum', { display: 'hex' }),
  options: repeated({
    from: (view, at, end) => (at + FIXED < end && is(HELLO)(view, at) ? at + FIXED : -1),
    next: (view, at, end) => (at + 4 <= end ? at + 4 + u16(view, at + 2) : -1),
    item: option,
    title: 'Option',
  }),
  registerFlags: optional(is(REGISTER), uint32('pim.register_flag', { display: 'hex' }), 4),
  border: located(
    (view, at, end) => (at + 9 <= end && is(REGISTER)(view, at) ? at + 4 : -1),
    masked(flag('pim.register_flag.border'), 0x80000000, 4),
  ),
  isNull: located(
    (view, at, end) => (at + 9 <= end && is(REGISTER)(view, at) ? at + 4 : -1),
    masked(flag('pim.register_flag.null_register'), 0x40000000, 4),
  ),
  innerVersion: located(
    (view, at, end) => (at + 9 <= end && is(REGISTER)(view, at) ? at + 8 : -1),
    masked(uint8('pim.ip_version'), 0xf0),
  ),
  ...address('upstream_neighbor', neighbor, UNICAST),
  joinReserved: located(behindNeighbor(0), bytes('pim.res_bytes', 1)),
  groupCount: located(behindNeighbor(1), uint8('pim.numgroups')),
  hold: located(behindNeighbor(2), uint16('pim.holdtime', { unit: 's' })),
  groups: repeated({ from: behindNeighbor(4), next: groupEnd, item: group, title: 'Group' }),
});

/**
 * Protocol Independent Multicast, version 2: RFC 7761. The packet that a register message carries is the next layer; of
 * other messages than hello, register and join/prune the header is read.
 */
export const pim = defineDissector({
  name: 'pim',
  title: 'Protocol Independent Multicast',
  level: 'tunnel',
  claims: [ipProtocol.at(103)],
  tables: [etherType],
  fields,
  minimum: FIXED,
  dissect(frame, view, at) {
    if (!is(REGISTER)(view, at) || at + 9 > frame.end) return;
    const isNull = (view[at + 4]! & 0x40) !== 0;
    const type = ETHERTYPES[view[at + 8]! >> 4];
    if (!isNull && type !== undefined) frame.next(etherType, type, at + 8);
  },
});
