import type { Locate, When } from '../../core/declare/field.ts';
import {
  bits,
  flag,
  header,
  ipv4,
  masked,
  optional,
  part,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';

const RECORD_ROUTE = 7;
const TIME_STAMP = 68;
const SECURITY = 130;
const LOOSE_ROUTE = 131;
const COMMERCIAL_SECURITY = 134;
const STREAM = 136;
const STRICT_ROUTE = 137;
const ROUTER_ALERT = 148;

const is =
  (type: number): When =>
  (bytes, at) =>
    bytes[at] === type;
const isRoute = (type: number) => type === RECORD_ROUTE || isSourceRoute(type);
const isSourceRoute = (type: number) => type === LOOSE_ROUTE || type === STRICT_ROUTE;
const withTimeStamps: When = (bytes, at) => bytes[at] === TIME_STAMP;

/** Addresses of a route: those before the option's pointer, or those from it on. */
const addresses = (name: string, wanted: (type: number) => boolean, before: boolean) =>
  repeated({
    from: (bytes, at, end) => {
      if (at + 3 > end || !wanted(bytes[at]!)) return -1;
      return before ? at + 3 : Math.max(pointed(bytes, at), at + 3);
    },
    to: (bytes, at, end) => (before ? Math.min(pointed(bytes, at), end) : end),
    next: (_bytes, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ address: ipv4(name) }),
    title: 'Route',
  });
/** The pointer counts bytes of the option from 1. */
const pointed = (bytes: Uint8Array, at: number) => at + bytes[at + 2]! - 1;

const stampSize = (bytes: Uint8Array, at: number) => ((bytes[at + 3]! & 15) === 0 ? 4 : 8);
const stampsFrom =
  (size: number): Locate =>
  (bytes, at, end) =>
    at + 4 <= end && bytes[at] === TIME_STAMP && stampSize(bytes, at) === size ? at + 4 : -1;

/** One option of an IPv4 header: RFC 791, 1108, 2113; CIPSO (FIPS 188). */
export const ipOption = header({
  type: uint8('ip.opt.type', { title: 'Type', values: namesOf('ip-options') }),
  copied: part(flag('ip.opt.type.copy', { title: 'Copied into fragments' })),
  class: part(bits('ip.opt.type.class', 2, { title: 'Class' })),
  number: part(bits('ip.opt.type.number', 5, { title: 'Number' })),
  length: optional((bytes, at) => bytes[at]! > 1, uint8('ip.opt.len', { title: 'Length', unit: 'bytes' }), 1),
  pointer: optional(
    (bytes, at) => isRoute(bytes[at]!) || bytes[at] === TIME_STAMP,
    uint8('ip.opt.ptr', { title: 'Pointer' }),
    2,
  ),
  recorded: addresses('ip.rec_rt', isRoute, true),
  toCome: addresses('ip.src_rt', isSourceRoute, false),
  empty: addresses('ip.empty_rt', (type) => type === RECORD_ROUTE, false),
  overflow: optional(withTimeStamps, masked(uint8('ip.opt.overflow', { title: 'Overflow' }), 0xf0), 3),
  flag: optional(withTimeStamps, masked(uint8('ip.opt.flag', { title: 'Flag', display: 'hex' }), 0x0f), 3),
  stamps: repeated({
    from: stampsFrom(4),
    next: (_bytes, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ time: uint32('ip.opt.time_stamp', { title: 'Time stamp', unit: 'ms' }) }),
    title: 'Time stamp',
  }),
  addressedStamps: repeated({
    from: stampsFrom(8),
    next: (_bytes, at, end) => (at + 8 <= end ? at + 8 : -1),
    item: header({
      address: ipv4('ip.opt.time_stamp_addr', { title: 'Address' }),
      time: uint32('ip.opt.time_stamp', { title: 'Time stamp', unit: 'ms' }),
    }),
    title: 'Time stamp',
  }),
  routerAlert: optional(is(ROUTER_ALERT), uint16('ip.opt.ra', { title: 'Router alert' }), 2),
  stream: optional(is(STREAM), uint16('ip.opt.sid', { title: 'Stream id' }), 2),
  security: optional(is(SECURITY), uint16('ip.opt.sec_rfc791_sec', { title: 'Security', display: 'hex' }), 2),
  domain: optional(is(COMMERCIAL_SECURITY), uint32('ip.cipso.doi', { title: 'Domain of interpretation' }), 2),
});
