import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Fields } from '../core/declare/field.ts';
import {
  bytes,
  computed,
  flag,
  header,
  ipv4,
  located,
  masked,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../core/declare/kinds.ts';
import { ADVERTISEMENT_HEADER, advertisement2, advertisement3, options2, type3 } from './parts/ospf-advertisement.ts';
import { textUntilNull } from './parts/token.ts';
import { type Find, u16 } from './parts/vector.ts';
import { ipProtocol } from './tables.ts';

const HEADER_2 = 24;
const HEADER_3 = 16;
const HELLO = 1;
const DESCRIPTION = 2;
const REQUEST = 3;
const UPDATE = 4;
const ACKNOWLEDGMENT = 5;
const SIMPLE = 1;
const CRYPTOGRAPHIC = 2;

type Test = (view: Uint8Array, at: number) => boolean;
const is2: Test = (view, at) => view[at] === 2;
const is3: Test = (view, at) => view[at] === 3;
const bodyAt = (view: Uint8Array, at: number) => at + (is2(view, at) ? HEADER_2 : HEADER_3);

/** Where something lies `skip` bytes into the body of a message, of one version or of both; -1 for other messages. */
const body =
  (type: number, skip: number, version?: 2 | 3): Find =>
  (view, at, end) =>
    at + HEADER_3 <= end && view[at + 1] === type && (version === undefined || view[at] === version)
      ? bodyAt(view, at) + skip
      : -1;
/** The same, at a place of its own in each version. */
const each =
  (type: number, skip2: number, skip3: number): Find =>
  (view, at, end) =>
    at < end && is2(view, at) ? body(type, skip2, 2)(view, at, end) : body(type, skip3, 3)(view, at, end);
const authentication =
  (type: number, skip = 0): Find =>
  (view, at, end) =>
    at + HEADER_2 <= end && is2(view, at) && u16(view, at + 14) === type ? at + 16 + skip : -1;

const options3 = (type: number, skip: number): Record<string, Field> => {
  const from = body(type, skip, 3);
  const bit = (name: string, mask: number) => located(from, masked(flag(`ospf.v3.options.${name}`), mask, 3));
  return {
    [`options${type}`]: located(from, uint24('ospf.v3.options', { display: 'hex' })),
    [`trailer${type}`]: bit('at', 0x400),
    [`linkLocal${type}`]: bit('l', 0x200),
    [`families${type}`]: bit('af', 0x100),
    [`demand3${type}`]: bit('dc', 0x20),
    [`router3${type}`]: bit('r', 0x10),
    [`nssa3${type}`]: bit('n', 8),
    [`multicast3${type}`]: bit('mc', 4),
    [`external3${type}`]: bit('e', 2),
    [`six3${type}`]: bit('v6', 1),
  };
};
const optionsOf = (type: number, skip: number): Record<string, Field> =>
  Object.fromEntries(Object.entries(options2(body(type, skip, 2))).map(([name, field]) => [`${name}2${type}`, field]));
const word = (size: 1 | 2, name: string, from: Find, unit = 's'): Field =>
  located(from, size === 1 ? uint8(name, { unit }) : uint16(name, { unit }));
const kind = (type: number, name: string): Field =>
  located(
    (_view, at) => at + 1,
    computed(
      `ospf.msg.${name}`,
      'boolean',
      (view, at, end) => (at + 2 <= end && view[at + 1] === type ? 1 : Number.NaN),
      {},
      1,
    ),
  );

/** Advertisements one after another: whole ones in updates, headers elsewhere. */
const list = (from: Find, item: Fields, whole: boolean) =>
  repeated({
    from,
    next: (view, at, end) => {
      if (at + ADVERTISEMENT_HEADER > end) return -1;
      return at + (whole ? Math.max(u16(view, at + 18), ADVERTISEMENT_HEADER) : ADVERTISEMENT_HEADER);
    },
    item,
    title: 'Link state advertisement',
  });

const request2 = header({
  type: uint32('ospf.lsa'),
  id: ipv4('ospf.link_state_id'),
  router: ipv4('ospf.advrouter'),
});
const request3 = header({
  ...type3((_view, at) => at + 2),
  id: located((_view, at) => at + 4, ipv4('ospf.link_state_id')),
  router: located((_view, at) => at + 8, ipv4('ospf.advrouter')),
});
const requests = (version: 2 | 3, item: Fields) =>
  repeated({
    from: body(REQUEST, 0, version),
    next: (_view, at, end) => (at + 12 <= end ? at + 12 : -1),
    item,
    title: 'Request',
  });

const fields = header({
  version: uint8('ospf.version'),
  type: uint8('ospf.msg', {
    title: 'Message',
    values: {
      1: 'Hello',
      2: 'Database description',
      3: 'Link state request',
      4: 'Link state update',
      5: 'Link state acknowledgment',
    },
  }),
  hello: kind(HELLO, 'hello'),
  description: kind(DESCRIPTION, 'dbdesc'),
  request: kind(REQUEST, 'lsreq'),
  update: kind(UPDATE, 'lsupdate'),
  acknowledgment: kind(ACKNOWLEDGMENT, 'lsack'),
  length: uint16('ospf.packet_length', { unit: 'bytes' }),
  router: ipv4('ospf.srcrouter', { title: 'Router' }),
  area: ipv4('ospf.area_id'),
  checksum: uint16('ospf.checksum', { display: 'hex' }),
  authentication: optional(
    is2,
    uint16('ospf.auth.type', { values: { 0: 'None', 1: 'Simple password', 2: 'Cryptographic' } }),
    14,
  ),
  noAuthentication: located(authentication(0), bytes('ospf.auth.none', 8)),
  password: located(authentication(SIMPLE), text('ospf.auth.simple', 8, { format: textUntilNull })),
  key: located(authentication(CRYPTOGRAPHIC, 2), uint8('ospf.auth.crypt.key_id')),
  digestLength: located(authentication(CRYPTOGRAPHIC, 3), uint8('ospf.auth.crypt.data_length', { unit: 'bytes' })),
  digestSequence: located(authentication(CRYPTOGRAPHIC, 4), uint32('ospf.auth.crypt.seq_nbr')),
  instance: optional(is3, uint8('ospf.instance_id'), 14),
  reserved: optional(is3, bytes('ospf.reserved', 1), 15),
  mask: located(body(HELLO, 0, 2), ipv4('ospf.hello.network_mask')),
  interface: located(body(HELLO, 0, 3), uint32('ospf.hello.interface_id')),
  interval: word(2, 'ospf.hello.hello_interval', each(HELLO, 4, 8)),
  priority: located(each(HELLO, 7, 4), uint8('ospf.hello.router_priority')),
  ...optionsOf(HELLO, 6),
  ...options3(HELLO, 5),
  dead: located(body(HELLO, 8, 2), uint32('ospf.hello.router_dead_interval', { unit: 's' })),
  dead3: word(2, 'ospf.hello.router_dead_interval', body(HELLO, 10, 3)),
  designated: located(body(HELLO, 12), ipv4('ospf.hello.designated_router')),
  backup: located(body(HELLO, 16), ipv4('ospf.hello.backup_designated_router')),
  neighbors: repeated({
    from: body(HELLO, 20),
    next: (_view, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ neighbor: ipv4('ospf.hello.active_neighbor') }),
    title: 'Neighbor',
  }),
  mtu: located(each(DESCRIPTION, 0, 4), uint16('ospf.db.interface_mtu', { unit: 'bytes' })),
  ...optionsOf(DESCRIPTION, 2),
  ...options3(DESCRIPTION, 1),
  state: located(each(DESCRIPTION, 3, 7), uint8('ospf.dbd', { display: 'hex' })),
  resync: located(each(DESCRIPTION, 3, 7), masked(flag('ospf.dbd.r'), 8)),
  initial: located(each(DESCRIPTION, 3, 7), masked(flag('ospf.dbd.i'), 4)),
  more: located(each(DESCRIPTION, 3, 7), masked(flag('ospf.dbd.m'), 2)),
  master: located(each(DESCRIPTION, 3, 7), masked(flag('ospf.dbd.ms'), 1)),
  sequence: located(each(DESCRIPTION, 4, 8), uint32('ospf.db.dd_sequence')),
  described2: list(body(DESCRIPTION, 8, 2), advertisement2, false),
  described3: list(body(DESCRIPTION, 12, 3), advertisement3, false),
  requests2: requests(2, request2),
  requests3: requests(3, request3),
  count: located(body(UPDATE, 0), uint32('ospf.ls.number_of_lsas')),
  updated2: list(body(UPDATE, 4, 2), advertisement2, true),
  updated3: list(body(UPDATE, 4, 3), advertisement3, true),
  acknowledged2: list(body(ACKNOWLEDGMENT, 0, 2), advertisement2, false),
  acknowledged3: list(body(ACKNOWLEDGMENT, 0, 3), advertisement3, false),
});

/** Open Shortest Path First, versions 2 and 3: RFC 2328, 5340. Of advertisements the headers are read. */
export const ospf = defineDissector({
  name: 'ospf',
  title: 'Open Shortest Path First',
  level: 'transport',
  claims: [ipProtocol.at(89)],
  fields,
  minimum: HEADER_3,
  dissect(frame, view, at) {
    const length = fields.length.read(view, at);
    if (length < (is2(view, at) ? HEADER_2 : HEADER_3)) frame.malformed(fields.length, HEADER_3, length);
    else frame.limit(at + length, fields.length);
  },
});
