import type { Field, Locate, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv6,
  located,
  masked,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { hexText, ipv6Text, macText } from '../../core/frame/text.ts';
import { namesOf } from '../names.ts';

const SOURCE = 1;
const TARGET = 2;
const PREFIX = 3;
const MTU = 5;
const INTERVAL = 7;
const HOME_AGENT = 8;
const NONCE = 14;
const ROUTE = 24;
const RECURSIVE_DNS = 25;
const SEARCH_LIST = 31;
const REGISTRATION = 33;
const CONTEXT = 34;
const BORDER_ROUTER = 35;
const CAPTIVE_PORTAL = 37;

const is =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(view[at]!);
/** Bytes of an option from `skip` on, where there are any. */
const content =
  (type: number, skip = 2): Locate =>
  (view, at, end) =>
    at + skip < end && view[at] === type ? at + skip : -1;
const linkAddress = (wanted: (type: number) => boolean): Locate => {
  return (view, at, end) => (at + 2 < end && wanted(view[at]!) ? at + 2 : -1);
};
/**
 * An option of one unit holds an Ethernet address, one of two units an EUI-64 and six zeros (RFC 4944 section 8). The
 * length stands in the byte before the address.
 */
const addressLength: Locate = (view, at, end) => {
  const length = view[at - 1]! * 8 - 2;
  if (length !== 14 || at + length > end) return length;
  for (let place = at + 8; place < at + length; place += 1) if (view[place] !== 0) return length;
  return 8;
};
const rest: Locate = (_view, at, end) => end - at;

/** Addresses of Ethernet in pairs; others as they are. */
const format = (view: Uint8Array, at: number, length: number): string =>
  length === 6 ? macText(view, at) : hexText(view, at, length);
const bit = (type: number, name: string, mask: number, offset: number, title: string): Field =>
  optional(is(type), masked(flag(`icmpv6.opt.${name}`, { title }), mask), offset);
const number = (type: number, name: string, mask: number, offset: number): Field =>
  optional(is(type), masked(uint8(`icmpv6.opt.${name}`), mask), offset);

/** A prefix that is shorter than an address: the rest is zeros. */
const padded = new Uint8Array(16);
const prefixText = (view: Uint8Array, at: number, length: number): string => {
  padded.fill(0);
  for (let i = 0; i < Math.min(length, 16); i += 1) padded[i] = view[at + i]!;
  return ipv6Text(padded, 0);
};

/** Domain names of a search list: labels up to an empty one, which also pads the option (RFC 8106 section 5.2). */
const nextName: Locate = (view, at, end) => {
  let place = at;
  while (place < end && view[place]! > 0) place += 1 + view[place]!;
  return place > at ? place + 1 : -1;
};
const nameText = (view: Uint8Array, at: number, length: number): string => {
  const labels: string[] = [];
  for (let place = at; place < at + length && view[place]! > 0; place += 1 + view[place]!) {
    const end = Math.min(place + 1 + view[place]!, at + length);
    labels.push(String.fromCharCode(...view.subarray(place + 1, end)));
  }
  return labels.join('.');
};

/** One option of neighbor discovery: RFC 4861 section 4.6, 3971, 4191, 6275, 6775, 8106, 8910. Lengths are in units of 8 bytes. */
export const neighborOption = header({
  type: uint8('icmpv6.opt.type', { values: namesOf('icmpv6-options') }),
  length: uint8('icmpv6.opt.length', { title: 'Length (8-byte units)' }),
  address: located(
    linkAddress((type) => type === SOURCE || type === TARGET),
    bytes('icmpv6.opt.linkaddr', addressLength, { title: 'Link-layer address', format }),
  ),
  source: located(
    linkAddress((type) => type === SOURCE),
    bytes('icmpv6.opt.src_linkaddr', addressLength, { format }),
  ),
  target: located(
    linkAddress((type) => type === TARGET),
    bytes('icmpv6.opt.target_linkaddr', addressLength, { format }),
  ),
  prefixLength: optional(is(PREFIX, ROUTE), uint8('icmpv6.opt.prefix.length', { unit: 'bits' }), 2),
  prefixFlags: optional(is(PREFIX), uint8('icmpv6.opt.prefix.flag', { display: 'hex' }), 3),
  onLink: bit(PREFIX, 'prefix.flag.l', 0x80, 3, 'On-link'),
  autonomous: bit(PREFIX, 'prefix.flag.a', 0x40, 3, 'Autonomous address configuration'),
  routerAddress: bit(PREFIX, 'prefix.flag.r', 0x20, 3, 'Router address'),
  prefixReserved: number(PREFIX, 'prefix.flag.reserved', 0x1f, 3),
  valid: optional(is(PREFIX), uint32('icmpv6.opt.prefix.valid_lifetime', { unit: 's' }), 4),
  preferred: optional(is(PREFIX), uint32('icmpv6.opt.prefix.preferred_lifetime', { unit: 's' }), 8),
  prefix: optional(is(PREFIX), ipv6('icmpv6.opt.prefix'), 16),
  mtu: optional(is(MTU), uint32('icmpv6.opt.mtu', { unit: 'bytes' }), 4),
  interval: optional(is(INTERVAL), uint32('icmpv6.opt.advertisement_interval', { unit: 'ms' }), 4),
  homeAgentPreference: optional(is(HOME_AGENT), uint16('icmpv6.opt.home_agent_preference'), 4),
  homeAgentLifetime: optional(is(HOME_AGENT), uint16('icmpv6.opt.home_agent_lifetime', { unit: 's' }), 6),
  nonce: located(content(NONCE), bytes('icmpv6.opt.nonce', rest)),
  routeFlags: optional(is(ROUTE), uint8('icmpv6.opt.route_info.flag', { display: 'hex' }), 3),
  routePreference: number(ROUTE, 'route_info.flag.route_preference', 0x18, 3),
  routeLifetime: optional(is(ROUTE), uint32('icmpv6.opt.route_lifetime', { unit: 's' }), 4),
  route: located(content(ROUTE, 8), bytes('icmpv6.opt.prefix', rest, { format: prefixText })),
  dnsLifetime: optional(is(RECURSIVE_DNS), uint32('icmpv6.opt.rdnss.lifetime', { unit: 's' }), 4),
  dnsServers: repeated({
    from: content(RECURSIVE_DNS, 8),
    next: (_view, at, end) => (at + 16 <= end ? at + 16 : -1),
    item: header({ address: ipv6('icmpv6.opt.rdnss') }),
    title: 'Recursive DNS server',
  }),
  searchLifetime: optional(is(SEARCH_LIST), uint32('icmpv6.opt.dnssl.lifetime', { unit: 's' }), 4),
  searchList: repeated({
    from: content(SEARCH_LIST, 8),
    next: nextName,
    item: header({ name: located((_view, at) => at, text('icmpv6.opt.dnssl', rest, { format: nameText })) }),
    title: 'DNS search domain',
  }),
  registrationStatus: optional(is(REGISTRATION), uint8('icmpv6.opt.aro.status'), 2),
  registrationLifetime: optional(is(REGISTRATION), uint16('icmpv6.opt.aro.registration_lifetime', { unit: 'min' }), 6),
  registered: optional(is(REGISTRATION), bytes('icmpv6.opt.aro.eui64', 8, { format: macText }), 8),
  contextLength: optional(is(CONTEXT), uint8('icmpv6.opt.6co.context_length', { unit: 'bits' }), 2),
  contextFlags: optional(is(CONTEXT), uint8('icmpv6.opt.6co.flag', { display: 'hex' }), 3),
  contextCompression: bit(CONTEXT, '6co.flag.c', 0x10, 3, 'For compression'),
  contextId: number(CONTEXT, '6co.flag.cid', 0x0f, 3),
  contextLifetime: optional(is(CONTEXT), uint16('icmpv6.opt.6co.valid_lifetime', { unit: 'min' }), 6),
  context: located(content(CONTEXT, 8), bytes('icmpv6.opt.6co.context_prefix', rest, { format: prefixText })),
  versionLow: optional(is(BORDER_ROUTER), uint16('icmpv6.opt.abro.version_low'), 2),
  versionHigh: optional(is(BORDER_ROUTER), uint16('icmpv6.opt.abro.version_high'), 4),
  borderLifetime: optional(is(BORDER_ROUTER), uint16('icmpv6.opt.abro.valid_lifetime', { unit: 'min' }), 6),
  borderRouter: optional(is(BORDER_ROUTER), ipv6('icmpv6.opt.abro.6lbr_address'), 8),
  captivePortal: located(content(CAPTIVE_PORTAL), text('icmpv6.opt.captive_portal', rest)),
});
