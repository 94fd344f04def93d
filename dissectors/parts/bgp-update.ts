import type { Field, Fields, Locate, When } from '../../core/declare/field.ts';
import {
  bits,
  bytes,
  flag,
  header,
  ipv4,
  ipv6,
  located,
  optional,
  part,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { ipv4Text, ipv6Text } from '../../core/frame/text.ts';
import { namesOf } from '../names.ts';
import { u16 } from './vector.ts';

const UPDATE = 2;
const HEADER = 19;

const ORIGIN = 1;
const AS_PATH = 2;
const NEXT_HOP = 3;
const DISCRIMINATOR = 4;
const LOCAL_PREFERENCE = 5;
const AGGREGATOR = 7;
const COMMUNITIES = 8;
const ORIGINATOR = 9;
const CLUSTERS = 10;
const REACHABLE = 14;
const UNREACHABLE = 15;
const AS4_PATH = 17;
const AS4_AGGREGATOR = 18;

const IPV4 = 1;
const IPV6 = 2;

const isExtended = (view: Uint8Array, at: number) => (view[at]! & 0x10) !== 0;
const valueAt = (view: Uint8Array, at: number) => at + (isExtended(view, at) ? 4 : 3);
const valueEnd = (view: Uint8Array, at: number) =>
  isExtended(view, at) ? at + 4 + u16(view, at + 2) : at + 3 + view[at + 2]!;
/** Bytes of the value of an attribute of such a type from `skip` on, where `size` of them are there. */
const value =
  (type: number, skip = 0, size = 1): Locate =>
  (view, at, end) => {
    if (at + 4 > end || view[at + 1] !== type) return -1;
    const place = valueAt(view, at) + skip;
    return place + size > end ? -1 : place;
  };
const ofLength =
  (type: number, length: number, skip = 0): Locate =>
  (view, at, end) =>
    at + 4 <= end && view[at + 1] === type && valueEnd(view, at) - valueAt(view, at) === length
      ? valueAt(view, at) + skip
      : -1;
const each =
  (size: number): Locate =>
  (_view, at, end) =>
    at + size <= end ? at + size : -1;

/** A prefix takes as many bytes as its bits need; the rest of the address is zeros. */
const prefixBytes = (bits: number) => (bits + 7) >> 3;
const padded = new Uint8Array(16);
function prefixField(name: string, size: 4 | 16): Field {
  return bytes(name, (view, at) => prefixBytes(view[at - 1]!), {
    format: (view, at, length) => {
      padded.fill(0);
      for (let i = 0; i < Math.min(length, size); i += 1) padded[i] = view[at + i]!;
      return size === 4 ? ipv4Text(padded, 0) : ipv6Text(padded, 0);
    },
  });
}
const prefix = (name: string, size: 4 | 16): Fields =>
  header({
    length: uint8('bgp.prefix_length', { unit: 'bits' }),
    prefix: located((_view, at) => at + 1, prefixField(name, size)),
  });
const nextPrefix =
  (size: number): Locate =>
  (view, at) =>
    view[at]! > size * 8 ? -1 : at + 1 + prefixBytes(view[at]!);

/** Bytes of an AS number in a path: 4 where only these fill the path to the byte (RFC 6793 has no flag for it). */
function numberSize(view: Uint8Array, at: number): 2 | 4 {
  const end = valueEnd(view, at);
  const fills = (size: number) => {
    let place = valueAt(view, at);
    while (place + 2 <= end) place += 2 + view[place + 1]! * size;
    return place === end;
  };
  return view[at + 1] === AS4_PATH || (fills(4) && !fills(2)) ? 4 : 2;
}
const path = (size: 2 | 4) =>
  repeated({
    from: (view, at, end) => {
      const type = at + 4 <= end ? view[at + 1]! : 0;
      const isPath = type === AS_PATH || type === AS4_PATH;
      return isPath && valueEnd(view, at) <= end && numberSize(view, at) === size ? valueAt(view, at) : -1;
    },
    next: (view, at, end) => (at + 2 <= end ? at + 2 + view[at + 1]! * size : -1),
    item: header({
      type: uint8('bgp.update.path_attribute.as_path_segment.type'),
      count: uint8('bgp.update.path_attribute.as_path_segment.length', { title: 'Number of ASes' }),
      numbers: repeated({
        from: (_view, at) => at + 2,
        next: each(size),
        item: header({
          number: (size === 2 ? uint16 : uint32)(`bgp.update.path_attribute.as_path_segment.as${size}`),
        }),
        title: 'AS',
      }),
    }),
    title: 'Segment',
  });

const family = (type: number, afi: number): When => {
  const place = value(type, 0, 3);
  return (view, at, end, frame, layer) => {
    const found = place(view, at, end, frame, layer);
    return found >= 0 && u16(view, found) === afi && view[found + 2] === 1;
  };
};
/** Unicast prefixes in the multiprotocol attributes, RFC 4760. */
const multiprotocol = (type: number, afi: number, size: 4 | 16, name: string) => {
  const matches = family(type, afi);
  return repeated({
    from: (view, at, end, frame, layer) => {
      if (!matches(view, at, end, frame, layer)) return -1;
      const start = valueAt(view, at) + 3;
      if (type === UNREACHABLE) return start;
      return start < end ? start + 2 + view[start]! : -1;
    },
    next: nextPrefix(size),
    item: prefix(name, size),
    title: 'Prefix',
  });
};
const base = 'bgp.update.path_attribute';
const nextHop = (afi: number, size: number, field: Field): Field => {
  const matches = family(REACHABLE, afi);
  return located(
    (view, at, end, frame, layer) =>
      matches(view, at, end, frame, layer) && valueAt(view, at) + 4 <= end && view[valueAt(view, at) + 3] === size
        ? valueAt(view, at) + 4
        : -1,
    field,
  );
};

/** One path attribute: RFC 4271 section 4.3, RFC 1997, 4456, 4760, 6793. */
const attribute = header({
  flags: uint8(`${base}.flags`, { display: 'hex' }),
  optional: part(flag(`${base}.flags.optional`)),
  transitive: part(flag(`${base}.flags.transitive`)),
  partial: part(flag(`${base}.flags.partial`)),
  extended: part(flag(`${base}.flags.extended_length`)),
  unused: part(bits(`${base}.flags.unused`, 4, { display: 'hex' })),
  type: uint8(`${base}.type_code`, { values: namesOf('bgp-attributes') }),
  length: optional((view, at) => !isExtended(view, at), uint8(`${base}.length`, { unit: 'bytes' }), 2),
  longLength: optional((view, at) => isExtended(view, at), uint16(`${base}.length`, { unit: 'bytes' }), 2),
  origin: located(value(ORIGIN), uint8(`${base}.origin`, { values: { 0: 'IGP', 1: 'EGP', 2: 'Incomplete' } })),
  path2: path(2),
  path4: path(4),
  nextHop: located(ofLength(NEXT_HOP, 4), ipv4(`${base}.next_hop`)),
  discriminator: located(ofLength(DISCRIMINATOR, 4), uint32(`${base}.multi_exit_disc`)),
  preference: located(ofLength(LOCAL_PREFERENCE, 4), uint32(`${base}.local_pref`)),
  aggregator: located(ofLength(AGGREGATOR, 6), uint16(`${base}.aggregator_as`)),
  aggregatorOrigin: located(ofLength(AGGREGATOR, 6, 2), ipv4(`${base}.aggregator_origin`)),
  aggregatorLong: located(ofLength(AGGREGATOR, 8), uint32(`${base}.aggregator_as`)),
  aggregatorLongOrigin: located(ofLength(AGGREGATOR, 8, 4), ipv4(`${base}.aggregator_origin`)),
  aggregator4: located(ofLength(AS4_AGGREGATOR, 8), uint32(`${base}.aggregator_as`)),
  aggregator4Origin: located(ofLength(AS4_AGGREGATOR, 8, 4), ipv4(`${base}.aggregator_origin`)),
  communities: repeated({
    from: value(COMMUNITIES),
    next: each(4),
    item: header({
      wellKnown: optional(
        (view, at) => isWellKnown(view, at),
        uint32(`${base}.community_wellknown`, { display: 'hex' }),
        0,
      ),
      system: optional((view, at) => !isWellKnown(view, at), uint16(`${base}.community_as`), 0),
      value: optional((view, at) => !isWellKnown(view, at), uint16(`${base}.community_value`), 2),
    }),
    title: 'Community',
  }),
  originator: located(ofLength(ORIGINATOR, 4), ipv4(`${base}.originator_id`)),
  clusters: repeated({
    from: value(CLUSTERS),
    next: each(4),
    item: header({ id: ipv4('bgp.path_attribute.cluster_id') }),
    title: 'Cluster',
  }),
  reachFamily: located(value(REACHABLE, 0, 2), uint16(`${base}.mp_reach_nlri.afi`)),
  reachSubsequent: located(value(REACHABLE, 2), uint8(`${base}.mp_reach_nlri.safi`)),
  reachHop4: nextHop(IPV4, 4, ipv4(`${base}.mp_reach_nlri.next_hop.ipv4`)),
  reachHop6: nextHop(IPV6, 16, ipv6(`${base}.mp_reach_nlri.next_hop.ipv6`)),
  reach4: multiprotocol(REACHABLE, IPV4, 4, 'bgp.mp_reach_nlri_ipv4_prefix'),
  reach6: multiprotocol(REACHABLE, IPV6, 16, 'bgp.mp_reach_nlri_ipv6_prefix'),
  unreachFamily: located(value(UNREACHABLE, 0, 2), uint16(`${base}.mp_unreach_nlri.afi`)),
  unreachSubsequent: located(value(UNREACHABLE, 2), uint8(`${base}.mp_unreach_nlri.safi`)),
  unreach4: multiprotocol(UNREACHABLE, IPV4, 4, 'bgp.mp_unreach_nlri_ipv4_prefix'),
  unreach6: multiprotocol(UNREACHABLE, IPV6, 16, 'bgp.mp_unreach_nlri_ipv6_prefix'),
});

/** NO_EXPORT and its like, RFC 1997: all of 0xffff; 0x0000 is reserved too. */
function isWellKnown(view: Uint8Array, at: number): boolean {
  const system = u16(view, at);
  return system === 0xffff || system === 0;
}

const isUpdate = (view: Uint8Array, at: number, end: number) =>
  at + HEADER + 4 <= end && view[at + HEADER - 1] === UPDATE;
/** Where the length of the path attributes stands: behind the withdrawn routes. */
const attributesLength: Locate = (view, at, end) => {
  if (!isUpdate(view, at, end)) return -1;
  const place = at + HEADER + 2 + u16(view, at + HEADER);
  return place + 2 > end ? -1 : place;
};
const attributesEnd: Locate = (view, at, end, frame, layer) => {
  const place = attributesLength(view, at, end, frame, layer);
  return place < 0 ? -1 : place + 2 + u16(view, place);
};

/** What an UPDATE message says, RFC 4271 section 4.3. Offsets count from the message's own header. */
export const bgpUpdate = {
  withdrawnLength: located(
    (view, at, end) => (isUpdate(view, at, end) ? at + HEADER : -1),
    uint16('bgp.update.withdrawn_routes.length', { unit: 'bytes' }),
  ),
  withdrawn: repeated({
    from: (view, at, end) => (isUpdate(view, at, end) ? at + HEADER + 2 : -1),
    to: (view, at) => at + HEADER + 2 + u16(view, at + HEADER),
    next: nextPrefix(4),
    item: prefix('bgp.withdrawn_prefix', 4),
    title: 'Withdrawn route',
  }),
  attributesLength: located(attributesLength, uint16('bgp.update.path_attributes.length', { unit: 'bytes' })),
  attributes: repeated({
    from: (view, at, end, frame, layer) => {
      const place = attributesLength(view, at, end, frame, layer);
      return place < 0 ? -1 : place + 2;
    },
    to: attributesEnd,
    next: (view, at, end) => (at + 4 <= end ? valueEnd(view, at) : at + 3 <= end && view[at + 2] === 0 ? at + 3 : -1),
    item: attribute,
    title: 'Path attribute',
  }),
  reachable: repeated({
    from: attributesEnd,
    next: nextPrefix(4),
    item: prefix('bgp.nlri_prefix', 4),
    title: 'Route',
  }),
};
