import type { Locate, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv4,
  ipv6,
  located,
  optional,
  part,
  repeated,
  text,
  uint8,
  uint16,
} from '../../core/declare/kinds.ts';
import { behindNames, domainName, nameAt } from './dns-name.ts';
import { behindStrings, rdata, stringAt } from './dns-rdata.ts';
import { type Find, u16 } from './vector.ts';

const isKey =
  (...keys: number[]): When =>
  (view, at) =>
    keys.includes(u16(view, at));
const value =
  (when: When): Locate =>
  (view, at, end, frame, layer) =>
    at + 4 <= end && when(view, at, end, frame, layer) ? at + 4 : -1;
const list = (key: number, size: number, item: Parameters<typeof repeated>[0]['item'], title: string) =>
  repeated({
    from: value(isKey(key)),
    next: (_view, at, end) => (at + size <= end ? at + size : -1),
    item,
    title,
  });

/** One parameter of a service binding, RFC 9460, section 2.2. */
const parameter = header({
  key: uint16('dns.svcb.svcparam.key'),
  length: uint16('dns.svcb.svcparam.value.length', { unit: 'bytes' }),
  mandatory: list(0, 2, header({ key: uint16('dns.svcb.svcparam.mandatory.key') }), 'Mandatory key'),
  protocols: repeated({
    from: value(isKey(1)),
    next: (view, at) => at + 1 + view[at]!,
    item: header({
      length: uint8('dns.svcb.svcparam.alpn.length', { unit: 'bytes' }),
      name: stringAt('dns.svcb.svcparam.alpn', (_view, at) => at),
    }),
    title: 'Protocol',
  }),
  port: optional(isKey(3), uint16('dns.svcb.svcparam.port'), 4),
  addresses: list(4, 4, header({ address: ipv4('dns.svcb.svcparam.ipv4hint.ip') }), 'IPv4 hint'),
  hello: located(
    value(isKey(5)),
    bytes('dns.svcb.svcparam.echconfig', (_view, at, end) => end - at),
  ),
  addressesSix: list(6, 16, header({ address: ipv6('dns.svcb.svcparam.ipv6hint.ip') }), 'IPv6 hint'),
  other: located(
    value((view, at) => u16(view, at) > 6 && u16(view, at + 2) > 0),
    bytes('dns.svcb.svcparam.value', (_view, at, end) => end - at),
  ),
});

/** Where the value of a CAA property begins. */
const propertyValue: Find = (view, at, end) => {
  const place = at + 2 <= end ? at + 2 + view[at + 1]! : end;
  return place < end ? place : -1;
};

/** Data of records that lead to services: RFC 2782, 3403, 8659, 9460. */
export const serviceData = {
  service: rdata(
    [33],
    header({
      priority: uint16('dns.srv.priority'),
      weight: uint16('dns.srv.weight'),
      port: uint16('dns.srv.port'),
      target: located(nameAt(6), domainName('dns.srv.target')),
    }),
    'SRV',
  ),
  authorityPointer: rdata(
    [35],
    header({
      order: uint16('dns.naptr.order'),
      preference: uint16('dns.naptr.preference'),
      flagsLength: uint8('dns.naptr.flags_length', { unit: 'bytes' }),
      flags: stringAt('dns.naptr.flags', (_view, at) => at + 4),
      serviceLength: located(behindStrings(4, 1), uint8('dns.naptr.service_length', { unit: 'bytes' })),
      service: stringAt('dns.naptr.service', behindStrings(4, 1)),
      expressionLength: located(behindStrings(4, 2), uint8('dns.naptr.regex_length', { unit: 'bytes' })),
      expression: stringAt('dns.naptr.regex', behindStrings(4, 2)),
      replacement: located(behindStrings(4, 3), domainName('dns.naptr.replacement')),
    }),
    'NAPTR',
  ),
  binding: rdata(
    [64, 65],
    header({
      priority: uint16('dns.svcb.svcpriority'),
      target: located(nameAt(2), domainName('dns.svcb.targetname')),
      parameters: repeated({
        from: behindNames(2, 1),
        next: (view, at, end) => (at + 4 <= end ? at + 4 + u16(view, at + 2) : -1),
        item: parameter,
        title: 'Parameter',
      }),
    }),
    'SVCB',
  ),
  authorization: rdata(
    [257],
    header({
      flags: uint8('dns.caa.flags', { display: 'hex' }),
      critical: part(flag('dns.caa.flags.issuer_critical')),
      tagLength: uint8('dns.caa.tag_length', { unit: 'bytes' }),
      tag: stringAt('dns.caa.tag', (_view, at) => at + 1),
      value: located(
        propertyValue,
        text('dns.caa.value', (_view, at, end) => end - at),
      ),
    }),
    'CAA',
  ),
} as const;
