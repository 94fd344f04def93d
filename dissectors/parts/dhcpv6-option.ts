import type { Field, Fields, When } from '../../core/declare/field.ts';
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
import { absoluteTimeText } from '../../core/frame/absolute-time.ts';
import { hexText, macText } from '../../core/frame/text.ts';
import { namesOf } from '../names.ts';
import { nameText, skipName } from './dns-name.ts';
import { type Find, u16, u32 } from './vector.ts';

/** Messages from a server. */
const ADVERTISE = 2;
const REPLY = 7;

const CLIENT = 1;
const SERVER = 2;
const ADDRESSES = 3;
const TEMPORARY = 4;
const ADDRESS = 5;
const STATUS = 13;
const CLIENT_NAME = 39;
const PREFIXES = 25;
const PREFIX = 26;

/** Seconds from 1970 to 2000, where the time of a DUID begins (RFC 8415, 11.2). */
const YEAR_2000 = 946_684_800;
const types = namesOf('dhcpv6-options');

const is =
  (...codes: number[]): When =>
  (view, at) =>
    codes.includes(u16(view, at));
const valueAt =
  (codes: readonly number[], skip = 0): Find =>
  (view, at, end) =>
    at + 4 + skip < end && codes.includes(u16(view, at)) ? at + 4 + skip : -1;
const rest: Find = (_view, at, end) => end - at;

/** Where the part of a DUID of one kind lies that begins `skip` bytes into it. */
const duid =
  (kinds: readonly number[], skip: number, size: number): Find =>
  (view, at, end) => {
    const place = at + 4 + skip;
    const isDuid = at + 6 <= end && (u16(view, at) === CLIENT || u16(view, at) === SERVER);
    return isDuid && kinds.includes(u16(view, at + 4)) && place + size <= end ? place : -1;
  };
const list = (code: number, size: number, item: Fields, title: string) =>
  repeated({
    from: valueAt([code]),
    next: (_view, at, end) => (at + size <= end ? at + size : -1),
    item,
    title,
  });
const addresses = (code: number, name: string) => list(code, 16, header({ address: ipv6(name) }), name);

/** A name in DNS's form, never compressed; one that does not end is only a first part (RFC 4704, 4.2). */
const plainName = (view: Uint8Array, at: number, length: number): string => {
  const end = at + length;
  const isWhole = length > 0 && view[end - 1] === 0;
  if (isWhole) return `${nameText(view, at, end, at)}.`;
  return nameText(Uint8Array.from([...view.subarray(at, end), 0]), 0, length + 1, 0);
};
const names = (code: number, name: string) =>
  repeated({
    from: valueAt([code]),
    next: skipName,
    item: header({ name: located((_view, at) => at, text(name, rest, { format: plainName })) }),
    title: name,
  });

const isTopLevel = (view: Uint8Array, at: number, end: number): boolean =>
  at + 5 < end && u16(view, at) === CLIENT_NAME && at + 6 + view[at + 5]! === end - 1 && view[end - 1] === 0;
/** The flags of a name mean one thing from a client and another from a server (RFC 4704, 4.1). */
const nameFlag = (name: string, mask: number, server: boolean): Field =>
  located(
    (view, at, end, frame, layer) => {
      const type = view[frame.layerOffset[layer]!];
      return server === (type === ADVERTISE || type === REPLY) ? valueAt([CLIENT_NAME])(view, at, end) : -1;
    },
    masked(flag(name), mask, 1),
  );

const own = {
  type: uint16('dhcpv6.option.type', { values: types }),
  length: uint16('dhcpv6.option.length', { unit: 'bytes' }),
  duid: located(valueAt([CLIENT, SERVER]), bytes('dhcpv6.duid.bytes', rest)),
  duidType: located(
    duid([1, 2, 3, 4], 0, 2),
    uint16('dhcpv6.duid.type', {
      values: { 1: 'Link-layer address and time', 2: 'Enterprise', 3: 'Link-layer address', 4: 'UUID' },
    }),
  ),
  duidHardware: located(duid([1], 2, 2), uint16('dhcpv6.duidllt.hwtype', { values: namesOf('arp-hardware') })),
  duidTime: located(
    duid([1], 4, 4),
    uint32('dhcpv6.duidllt.time', { format: (view, at) => absoluteTimeText(u32(view, at) + YEAR_2000, 0) }),
  ),
  duidAddress: located(duid([1], 8, 1), text('dhcpv6.duidllt.link_layer_addr', rest, { format: macText })),
  duidPlainHardware: located(duid([3], 2, 2), uint16('dhcpv6.duidll.hwtype', { values: namesOf('arp-hardware') })),
  duidPlainAddress: located(duid([3], 4, 1), text('dhcpv6.duidll.link_layer_addr', rest, { format: macText })),
  duidEnterprise: located(duid([2], 2, 4), uint32('dhcpv6.duiden.enterprise')),
  duidIdentifier: located(duid([2], 6, 1), bytes('dhcpv6.duiden.identifier', rest)),
  duidUuid: located(duid([4], 2, 1), bytes('dhcpv6.duiduuid.bytes', rest)),
  association: located(valueAt([ADDRESSES, PREFIXES]), text('dhcpv6.iaid', 4, { format: hexText })),
  renew: optional(is(ADDRESSES, PREFIXES), uint32('dhcpv6.iaid.t1', { unit: 's' }), 8),
  rebind: optional(is(ADDRESSES, PREFIXES), uint32('dhcpv6.iaid.t2', { unit: 's' }), 12),
  temporary: located(valueAt([TEMPORARY]), text('dhcpv6.iata', 4, { format: hexText })),
  address: optional(is(ADDRESS), ipv6('dhcpv6.iaaddr.ip'), 4),
  addressPreferred: optional(is(ADDRESS), uint32('dhcpv6.iaaddr.pref_lifetime', { unit: 's' }), 20),
  addressValid: optional(is(ADDRESS), uint32('dhcpv6.iaaddr.valid_lifetime', { unit: 's' }), 24),
  prefixPreferred: optional(is(PREFIX), uint32('dhcpv6.iaprefix.pref_lifetime', { unit: 's' }), 4),
  prefixValid: optional(is(PREFIX), uint32('dhcpv6.iaprefix.valid_lifetime', { unit: 's' }), 8),
  prefixLength: optional(is(PREFIX), uint8('dhcpv6.iaprefix.pref_len', { unit: 'bits' }), 12),
  prefix: optional(is(PREFIX), ipv6('dhcpv6.iaprefix.pref_addr'), 13),
  requested: list(
    6,
    2,
    header({ code: uint16('dhcpv6.requested_option_code', { values: types }) }),
    'Requested option',
  ),
  preference: optional(is(7), uint8('dhcpv6.option_preference'), 4),
  elapsed: optional(is(8), uint16('dhcpv6.elapsed_time', { scale: 10, unit: 'ms' }), 4),
  unicast: optional(is(12), ipv6('dhcpv6.unicast'), 4),
  status: optional(is(STATUS), uint16('dhcpv6.status_code', { values: namesOf('dhcpv6-status') }), 4),
  statusText: located(valueAt([STATUS], 2), text('dhcpv6.status_msg', rest)),
  vendor: optional(is(16), uint32('dhcpv6.vendorclass.enterprise'), 4),
  vendorData: repeated({
    from: valueAt([16], 4),
    next: (view, at, end) => (at + 2 <= end ? at + 2 + u16(view, at) : -1),
    item: header({ data: located((_view, at) => at + 2, text('dhcpv6.vendorclass.data', rest)) }),
    title: 'Vendor class',
  }),
  interface: located(valueAt([18]), bytes('dhcpv6.interface_id', rest)),
  reconfigure: optional(is(19), uint8('dhcpv6.reconf_msg'), 4),
  sipServers: addresses(22, 'dhcpv6.sip_server_a'),
  sipNames: names(21, 'dhcpv6.sip_server_domain_search_fqdn'),
  nameServers: addresses(23, 'dhcpv6.dns_server'),
  search: names(24, 'dhcpv6.search_list_entry'),
  nisServers: addresses(27, 'dhcpv6.nis_server'),
  timeServers: addresses(31, 'dhcpv6.sntp_server'),
  refresh: optional(is(32), uint32('dhcpv6.lifetime', { unit: 's' }), 4),
  remoteEnterprise: optional(is(37), uint32('dhcpv6.remoteid.enterprise'), 4),
  remote: located(valueAt([37], 4), bytes('dhcpv6.remoteid_enterprise_id', rest)),
  subscriber: located(valueAt([38]), text('dhcpv6.subscriber_id', rest)),
  nameFlags: optional(is(CLIENT_NAME), uint8('dhcpv6.client_fqdn_flags', { display: 'hex' }), 4),
  topLevel: located(
    (view, at, end) => (isTopLevel(view, at, end) ? at + 5 : -1),
    text('dhcpv6.tld', rest, { format: plainName }),
  ),
  name: located(
    (view, at, end) => (isTopLevel(view, at, end) ? -1 : valueAt([CLIENT_NAME], 1)(view, at, end)),
    text('dhcpv6.client_domain', rest, { format: plainName }),
  ),
};

const nameFlags = {
  nameClientNone: nameFlag('dhcpv6.clientfqdn.client.n', 4, false),
  nameClientServer: nameFlag('dhcpv6.clientfqdn.client.s', 1, false),
  nameServerNone: nameFlag('dhcpv6.clientfqdn.server.n', 4, true),
  nameServerOverrides: nameFlag('dhcpv6.clientfqdn.server.o', 2, true),
  nameServerServer: nameFlag('dhcpv6.clientfqdn.server.s', 1, true),
};

/** Where the options inside an option begin, by its type. */
const inside: Find = (view, at, end) => {
  if (at + 2 > end) return -1;
  const code = u16(view, at);
  const fixed =
    code === ADDRESSES || code === PREFIXES
      ? 12
      : code === TEMPORARY
        ? 4
        : code === ADDRESS
          ? 24
          : code === PREFIX
            ? 25
            : -1;
  return fixed < 0 ? -1 : at + 4 + fixed;
};

/** Where the option after the one at `at` begins. */
export const nextDhcpv6Option: Find = (view, at, end) => (at + 4 <= end ? at + 4 + u16(view, at + 2) : -1);

const nested = (item: Fields) => repeated({ from: inside, next: nextDhcpv6Option, item, title: 'Option' });
const innermost = header(own);

/** One option of DHCPv6, with those inside it: RFC 8415 section 21, 3646, 4075, 4649, 4580, 4704. */
export const dhcpv6Option = header({
  ...own,
  ...nameFlags,
  options: nested(header({ ...own, options: nested(innermost) })),
});
