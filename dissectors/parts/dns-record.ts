import type { Field, Fields } from '../../core/declare/field.ts';
import {
  bytes,
  computed,
  flag,
  header,
  located,
  masked,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { readableEnd } from '../../core/frame/values.ts';
import { namesOf } from '../names.ts';
import {
  behindNames,
  domainName,
  labelCount,
  messageStart,
  nameAt,
  nameLength,
  nameText,
  skipName,
} from './dns-name.ts';
import { ednsOption } from './dns-option.ts';
import { commonData, rest } from './dns-rdata.ts';
import { securityData } from './dns-security.ts';
import { serviceData } from './dns-service.ts';
import { spanning } from './spanning.ts';
import { type Find, u16 } from './vector.ts';

/** True or false about an item. */
type Test = (view: Uint8Array, at: number, end: number) => boolean;

const SERVICE = 33;
const OPTIONS = 41;
const types = { values: namesOf('dns-types') };
const classes = { display: 'hex', values: namesOf('dns-classes') } as const;

/** Behind the name of a record or question; -1 when name or the `size` bytes from there on are cut. */
const behind = (skip: number): Find => behindNames(0, 1, skip);
const typeOf = (view: Uint8Array, at: number, end: number): number => {
  const place = skipName(view, at, end);
  return place < 0 || place + 2 > end ? -1 : u16(view, place);
};
const only =
  (when: Test, skip: number): Find =>
  (view, at, end) =>
    when(view, at, end) ? behind(skip)(view, at, end) : -1;
const isOptions: Test = (view, at, end) => typeOf(view, at, end) === OPTIONS;
const isNotOptions: Test = (view, at, end) => {
  const type = typeOf(view, at, end);
  return type >= 0 && type !== OPTIONS;
};

/** What is worked out of the question's name. */
const ofName = (
  name: string,
  title: string,
  value: (view: Uint8Array, at: number, end: number, base: number) => number,
): Field =>
  located(
    nameAt(0),
    spanning(
      computed(
        name,
        'uint',
        (view, at, end, frame, layer) =>
          behind(4)(view, at, end) > end || skipName(view, at, end) < 0
            ? Number.NaN
            : value(view, at, readableEnd(frame, layer), messageStart(frame, layer)),
        { title },
      ),
      (view, at, end) => skipName(view, at, end) - at,
    ),
  );

/**
 * A question (RFC 1035, 4.1.2). In multicast DNS the class's first bit asks for a reply to the asker alone (RFC 6762,
 * 5.4).
 */
export const question = (multicast: boolean): Fields =>
  header({
    name: located(nameAt(0), domainName('dns.qry.name', { title: 'Name' })),
    nameLength: ofName('dns.qry.name.len', 'Length of the name', nameLength),
    labels: ofName('dns.count.labels', 'Labels of the name', labelCount),
    type: located(behind(0), uint16('dns.qry.type', { title: 'Type', ...types })),
    class: located(behind(2), classField('dns.qry.class', multicast)),
    ...(multicast ? { unicast: located(behind(2), masked(flag('dns.qry.qu'), 0x8000, 2)) } : {}),
  });

const classField = (name: string, multicast: boolean): Field => {
  const field = uint16(name, { title: 'Class', digits: 4, ...classes });
  return multicast ? masked(field, 0x7fff) : field;
};

/** One of the first labels of a service's name, or the rest of it (RFC 2782). */
const servicePart = (name: string, part: 0 | 1 | 2): Field =>
  text(name, (view, at, end) => skipName(view, at, end) - at, {
    format: (view, at, _length, frame, layer) => {
      const labels = nameText(view, at, readableEnd(frame, layer), messageStart(frame, layer)).split('.');
      return part < 2 ? (labels[part] ?? '') : labels.slice(2).join('.');
    },
  });
const isService = (name: Field): Field =>
  located((view, at, end) => (typeOf(view, at, end) === SERVICE ? at : -1), name);

/** Where the option after the one at `at` begins; -1 for one that reaches past the data. */
const nextOption: Find = (view, at, end) => {
  const next = at + 4 <= end ? at + 4 + u16(view, at + 2) : -1;
  return next > end ? -1 : next;
};

/** Types whose data has fields. */
const KNOWN = new Set([
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 21, 24, 28, 29, 33, 35, 36, 37, 39, 41, 43, 44, 46, 47, 48,
  49, 50, 51, 52, 59, 60, 64, 65, 99, 108, 249, 250, 257, 32769,
]);

/**
 * A record (RFC 1035, 4.1.3). In multicast DNS the class's first bit says that other records of the name are to be
 * forgotten (RFC 6762, 10.2).
 */
export const record = (multicast: boolean): Fields =>
  header({
    name: located(
      (view, at, end) => (typeOf(view, at, end) === SERVICE ? -1 : nameAt(0)(view, at, end)),
      domainName('dns.resp.name', { title: 'Name' }),
    ),
    serviceName: isService(servicePart('dns.srv.service', 0)),
    serviceProtocol: isService(servicePart('dns.srv.proto', 1)),
    serviceDomain: isService(servicePart('dns.srv.name', 2)),
    type: located(behind(0), uint16('dns.resp.type', { title: 'Type', ...types })),
    class: located(only(isNotOptions, 2), classField('dns.resp.class', multicast)),
    payloadSize: located(
      only(isOptions, 2),
      multicast
        ? masked(uint16('dns.rr.udp_payload_size', { display: 'hex', digits: 4, unit: 'bytes' }), 0x7fff)
        : uint16('dns.rr.udp_payload_size', { unit: 'bytes' }),
    ),
    ...(multicast ? { flush: located(behind(2), masked(flag('dns.resp.cache_flush'), 0x8000, 2)) } : {}),
    lifetime: located(only(isNotOptions, 4), uint32('dns.resp.ttl', { title: 'Time to live', unit: 's' })),
    extendedCode: located(only(isOptions, 4), uint8('dns.resp.ext_rcode', { display: 'hex' })),
    version: located(only(isOptions, 5), uint8('dns.resp.edns0_version')),
    flags: located(only(isOptions, 6), uint16('dns.resp.z', { title: 'EDNS flags', display: 'hex' })),
    acceptsSecurity: located(only(isOptions, 6), masked(flag('dns.resp.z.do'), 0x8000, 2)),
    reserved: located(only(isOptions, 6), masked(uint16('dns.resp.z.reserved', { display: 'hex', digits: 4 }), 0x7fff)),
    length: located(behind(8), uint16('dns.resp.len', { title: 'Length of the data', unit: 'bytes' })),
    ...commonData,
    ...serviceData,
    ...securityData,
    options: repeated({
      from: only(isOptions, 10),
      next: nextOption,
      item: ednsOption,
      title: 'Option',
    }),
    data: located(
      only((view, at, end) => !KNOWN.has(typeOf(view, at, end)) && behind(10)(view, at, end) < end, 10),
      bytes('dns.data', rest),
    ),
  });

/** Where the question after the one at `at` begins; -1 when it is not wholly there. */
export const nextQuestion: Find = (view, at, end) => {
  const place = skipName(view, at, end);
  return place < 0 || place + 4 > end ? -1 : place + 4;
};

/** Where the record after the one at `at` begins; -1 when it is not wholly there. */
export const nextRecord: Find = (view, at, end) => {
  const place = skipName(view, at, end);
  if (place < 0 || place + 10 > end) return -1;
  const next = place + 10 + u16(view, place + 8);
  return next > end ? -1 : next;
};
