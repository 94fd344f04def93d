import type { Field, Locate, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv4,
  located,
  masked,
  optional,
  part,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { before1 } from './vector.ts';

const OPEN = 1;
const CAPABILITY = 2;
const HEADER = 19;

const MULTIPROTOCOL = 1;
const GRACEFUL_RESTART = 64;
const FOUR_BYTE_AS = 65;
const ADDITIONAL_PATHS = 69;
const HOST_NAME = 73;
/** Capabilities that are read, or are nothing but their type: route refresh and extended messages. */
const KNOWN = [MULTIPROTOCOL, 2, 6, GRACEFUL_RESTART, FOUR_BYTE_AS, ADDITIONAL_PATHS, 70, HOST_NAME, 128];

const is =
  (type: number): When =>
  (view, at) =>
    view[at] === type;
const within =
  (type: number, skip: number): Locate =>
  (view, at, end) =>
    view[at] === type && at + skip < end ? at + skip : -1;
const each =
  (size: number): Locate =>
  (_view, at, end) =>
    at + size <= end ? at + size : -1;
const hostName: Locate = (view, at, end) => (view[at] === HOST_NAME && at + 3 <= end ? at + 3 : -1);
const domainName: Locate = (view, at, end, frame, layer) => {
  const host = hostName(view, at, end, frame, layer);
  return host < 0 ? -1 : host + view[host - 1]!;
};

const restart = (field: Field, mask: number) => optional(is(GRACEFUL_RESTART), masked(field, mask, 2), 2);

/** One capability, RFC 5492, 4760, 4724, 6793, 7911. */
const capability = header({
  type: uint8('bgp.cap.type', { values: namesOf('bgp-capabilities') }),
  length: uint8('bgp.cap.length', { unit: 'bytes' }),
  family: optional(is(MULTIPROTOCOL), uint16('bgp.cap.mp.afi', { values: namesOf('address-families') }), 2),
  reserved: optional(is(MULTIPROTOCOL), bytes('bgp.cap.reserved', 1), 4),
  subsequent: optional(is(MULTIPROTOCOL), uint8('bgp.cap.mp.safi'), 5),
  timers: optional(is(GRACEFUL_RESTART), uint16('bgp.cap.gr.timers', { display: 'hex' }), 2),
  restarted: restart(flag('bgp.cap.gr.timers.restart_flag'), 0x8000),
  notification: restart(flag('bgp.cap.gr.timers.notification_flag'), 0x4000),
  time: restart(uint16('bgp.cap.gr.timers.restart_time', { unit: 's' }), 0x0fff),
  restartable: repeated({
    from: within(GRACEFUL_RESTART, 4),
    next: each(4),
    item: header({
      family: uint16('bgp.cap.gr.afi'),
      subsequent: uint8('bgp.cap.gr.safi'),
      flags: uint8('bgp.cap.gr.flag', { display: 'hex' }),
      preserved: part(flag('bgp.cap.gr.flag.pfs', { title: 'Forwarding state preserved' })),
    }),
    title: 'Address family',
  }),
  system: optional(is(FOUR_BYTE_AS), uint32('bgp.cap.4as', { title: 'AS number' }), 2),
  paths: repeated({
    from: within(ADDITIONAL_PATHS, 2),
    next: each(4),
    item: header({
      family: uint16('bgp.cap.ap.afi'),
      subsequent: uint8('bgp.cap.ap.safi'),
      direction: uint8('bgp.cap.ap.sendreceive'),
    }),
    title: 'Address family',
  }),
  hostLength: optional(is(HOST_NAME), uint8('bgp.cap.orf.fqdn.hostname.len', { unit: 'bytes' }), 2),
  host: located(hostName, text('bgp.cap.orf.fqdn.hostname', before1)),
  domainLength: located(domainName, uint8('bgp.cap.orf.fqdn.domain_name.len', { unit: 'bytes' })),
  domain: located(
    (view, at, end, frame, layer) => {
      const place = domainName(view, at, end, frame, layer);
      return place < 0 || place >= end ? -1 : place + 1;
    },
    text('bgp.cap.orf.fqdn.domain_name', before1),
  ),
  unknown: located(
    (view, at, end) => (at + 2 < end && !KNOWN.includes(view[at]!) ? at + 2 : -1),
    bytes('bgp.cap.unknown', (_view, at, end) => end - at),
  ),
});

const nextLengthed: Locate = (view, at, end) => (at + 2 <= end ? at + 2 + view[at + 1]! : -1);
const isOpen: When = (view, at) => view[at + HEADER - 1] === OPEN;

/** What an OPEN message says, RFC 4271 section 4.2. Offsets count from the message's own header. */
export const bgpOpen = {
  version: optional(isOpen, uint8('bgp.open.version'), HEADER),
  system: optional(isOpen, uint16('bgp.open.myas', { title: 'My AS' }), HEADER + 1),
  holdTime: optional(isOpen, uint16('bgp.open.holdtime', { title: 'Hold time', unit: 's' }), HEADER + 3),
  identifier: optional(isOpen, ipv4('bgp.open.identifier', { title: 'BGP identifier' }), HEADER + 5),
  parametersLength: optional(isOpen, uint8('bgp.open.opt.len', { unit: 'bytes' }), HEADER + 9),
  parameters: repeated({
    from: (view, at, end) => (at + HEADER + 10 < end && view[at + HEADER - 1] === OPEN ? at + HEADER + 10 : -1),
    to: (view, at) => at + HEADER + 10 + view[at + HEADER + 9]!,
    next: nextLengthed,
    item: header({
      type: uint8('bgp.open.opt.param.type'),
      length: uint8('bgp.open.opt.param.len', { unit: 'bytes' }),
      capabilities: repeated({
        from: within(CAPABILITY, 2),
        next: nextLengthed,
        item: capability,
        title: 'Capability',
      }),
    }),
    title: 'Optional parameter',
  }),
};
