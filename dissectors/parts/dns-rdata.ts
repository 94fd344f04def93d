import type { Field, Fields, Repeated } from '../../core/declare/field.ts';
import {
  bytes,
  header,
  ipv4,
  ipv6,
  located,
  mac,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { behindNames, domainName, nameAt, skipName } from './dns-name.ts';
import type { Find } from './vector.ts';

/** Type, class, lifetime and length of a record, behind its name. */
const BEHIND_NAME = 10;

const rdataAt =
  (types: readonly number[]): Find =>
  (view, at, end) => {
    const place = skipName(view, at, end);
    if (place < 0 || place + BEHIND_NAME > end) return -1;
    return types.includes((view[place]! << 8) | view[place + 1]!) ? place + BEHIND_NAME : -1;
  };

/** What stands in the data of records of these types: an item of its own, from the first byte of the data on. */
export const rdata = (types: readonly number[], item: Fields, title: string): Repeated =>
  repeated({ from: rdataAt(types), next: (_view, _at, end) => end, item, title });

/** Strings of a byte of length each, one after another (RFC 1035, 3.3: character-string). */
export const strings = (lengthName: string, name: string): Repeated =>
  repeated({
    from: (_view, at) => at,
    next: (view, at) => at + 1 + view[at]!,
    item: header({ length: uint8(lengthName, { unit: 'bytes' }), text: stringAt(name, (_view, at) => at) }),
    title: 'String',
  });

/** The text of a character-string whose byte of length stands where `find` says. */
export const stringAt = (name: string, find: Find): Field =>
  located(
    (view, at, end) => {
      const place = find(view, at, end);
      return place < 0 || place >= end ? -1 : place + 1;
    },
    text(name, (view, at) => view[at - 1]!),
  );

/** The place behind `count` character-strings. */
export const behindStrings =
  (skip: number, count: number): Find =>
  (view, at, end) => {
    let place = at + skip;
    for (let i = 0; i < count; i += 1) {
      if (place >= end) return -1;
      place += 1 + view[place]!;
    }
    return place < end ? place : -1;
  };

/** All bytes from a place on. */
export const rest: Find = (_view, at, end) => end - at;

const name = (types: readonly number[], field: string, title: string) =>
  rdata(types, header({ name: located(nameAt(0), domainName(field)) }), title);
const numberAndName = (type: number, number: string, field: string, title: string) =>
  rdata([type], header({ number: uint16(number), name: located(nameAt(2), domainName(field)) }), title);

/** Data of the common types of record: RFC 1035, 1183, 3596, 6672, 7043. */
export const commonData = {
  address: rdata([1], header({ address: ipv4('dns.a', { title: 'Address' }) }), 'A'),
  nameServer: name([2], 'dns.ns', 'NS'),
  mailDestination: name([3], 'dns.md', 'MD'),
  mailForwarder: name([4], 'dns.mf', 'MF'),
  canonical: name([5], 'dns.cname', 'CNAME'),
  authority: rdata(
    [6],
    header({
      primary: located(nameAt(0), domainName('dns.soa.mname', { title: 'Primary name server' })),
      mailbox: located(behindFirst, domainName('dns.soa.rname', { title: "Responsible authority's mailbox" })),
      serial: located(behindNames(0, 2), uint32('dns.soa.serial_number')),
      refresh: located(behindNames(0, 2, 4), uint32('dns.soa.refresh_interval', { unit: 's' })),
      retry: located(behindNames(0, 2, 8), uint32('dns.soa.retry_interval', { unit: 's' })),
      expire: located(behindNames(0, 2, 12), uint32('dns.soa.expire_limit', { unit: 's' })),
      minimum: located(behindNames(0, 2, 16), uint32('dns.soa.minimum_ttl', { unit: 's' })),
    }),
    'SOA',
  ),
  mailbox: name([7], 'dns.mb', 'MB'),
  mailGroup: name([8], 'dns.mg', 'MG'),
  mailRename: name([9], 'dns.mr', 'MR'),
  nothing: rdata([10], header({ data: located((_view, at) => at, bytes('dns.null', rest)) }), 'NULL'),
  pointer: name([12], 'dns.ptr.domain_name', 'PTR'),
  host: rdata(
    [13],
    header({
      processorLength: uint8('dns.hinfo.cpu_length', { unit: 'bytes' }),
      processor: stringAt('dns.hinfo.cpu', (_view, at) => at),
      systemLength: located(behindStrings(0, 1), uint8('dns.hinfo.os_length', { unit: 'bytes' })),
      system: stringAt('dns.hinfo.os', behindStrings(0, 1)),
    }),
    'HINFO',
  ),
  mailInformation: rdata(
    [14],
    header({
      responsible: located(nameAt(0), domainName('dns.minfo.r')),
      errors: located(behindFirst, domainName('dns.minfo.e')),
    }),
    'MINFO',
  ),
  exchange: numberAndName(15, 'dns.mx.preference', 'dns.mx.mail_exchange', 'MX'),
  text: rdata([16], { strings: strings('dns.txt.length', 'dns.txt') }, 'TXT'),
  responsible: rdata(
    [17],
    header({
      mailbox: located(nameAt(0), domainName('dns.rp.mailbox')),
      text: located(behindFirst, domainName('dns.rp.txt_rr')),
    }),
    'RP',
  ),
  database: numberAndName(18, 'dns.afsdb.subtype', 'dns.afsdb.hostname', 'AFSDB'),
  route: numberAndName(21, 'dns.rt.subtype', 'dns.rt.intermediate_host', 'RT'),
  addressSix: rdata([28], header({ address: ipv6('dns.aaaa', { title: 'Address' }) }), 'AAAA'),
  location: rdata(
    [29],
    header({
      version: uint8('dns.loc.version'),
      size: uint8('dns.loc.size'),
      horizontal: uint8('dns.loc.horizontal_precision'),
      vertical: uint8('dns.loc.vertical_precision'),
      latitude: uint32('dns.loc.latitude'),
      longitude: uint32('dns.loc.longitude'),
      altitude: uint32('dns.loc.altitude'),
    }),
    'LOC',
  ),
  exchanger: numberAndName(36, 'dns.kx.preference', 'dns.kx.key_exchange', 'KX'),
  delegation: name([39], 'dns.dname', 'DNAME'),
  policy: rdata([99], { strings: strings('dns.spf.length', 'dns.spf') }, 'SPF'),
  hardware: rdata([108], header({ address: mac('dns.eui48') }), 'EUI48'),
} as const;

function behindFirst(view: Uint8Array, at: number, end: number): number {
  const place = skipName(view, at, end);
  return place < 0 || skipName(view, place, end) < 0 ? -1 : place;
}
