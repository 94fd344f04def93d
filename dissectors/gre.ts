import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import {
  bytes,
  computed,
  flag,
  header,
  located,
  masked,
  optional,
  part,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { addWords, foldSum } from '../core/frame/checksum.ts';
import { namesOf } from './names.ts';
import {
  ACKNOWLEDGMENT,
  announced,
  CHECKSUM,
  greHeaderEnd,
  isEnhanced,
  isPlain,
  isPlainHeader,
  KEY,
  nextRoute,
  ROUTING,
  redirectAt,
  routesAt,
  SEQUENCE,
  WCCP,
} from './parts/gre-header.ts';
import { u16 } from './parts/vector.ts';
import { etherType, greProtocol, ipProtocol, linkTypes, udpPort } from './tables.ts';

const FIXED = 4;
const ETHERNET = 0x6558;
const PPP = 0x880b;
const IPV4 = 0x0800;

/** 1 for a right checksum over header and payload, 0 for a wrong one, 2 where not all of it was captured. */
const checksumStatus: Locate = (view, at, end, frame, layer) => {
  if (at + FIXED + 2 > end || (u16(view, at) & CHECKSUM) === 0) return Number.NaN;
  if (frame.layerEnd[layer]! > end) return 2;
  return foldSum(addWords(view, at, end)) === 0xffff ? 1 : 0;
};
const ifEnhanced =
  (locate: Locate): Locate =>
  (...its) =>
    isEnhanced(...its) ? locate(...its) : -1;
const unlessEnhanced =
  (locate: Locate): Locate =>
  (...its) =>
    isEnhanced(...its) ? -1 : locate(...its);
const reserved = (mask: number) => masked(uint16('gre.flags.reserved'), mask);

const fields = header({
  flags: uint16('gre.flags_and_version', { display: 'hex' }),
  hasChecksum: part(masked(flag('gre.flags.checksum'), CHECKSUM, 2)),
  hasRouting: part(masked(flag('gre.flags.routing'), ROUTING, 2)),
  hasKey: part(masked(flag('gre.flags.key'), KEY, 2)),
  hasSequence: part(masked(flag('gre.flags.sequence_number'), SEQUENCE, 2)),
  strictRoute: part(masked(flag('gre.flags.strict_source_route'), 0x0800, 2)),
  recursion: part(masked(uint16('gre.flags.recursion_control'), 0x0700)),
  hasAcknowledgment: optional(isEnhanced, masked(flag('gre.flags.ack'), ACKNOWLEDGMENT, 2), 0),
  reservedEnhanced: optional(isEnhanced, reserved(0x0078), 0),
  reserved: optional(isPlain, reserved(0x00f8), 0),
  version: part(masked(uint16('gre.flags.version'), 0x0007)),
  protocol: uint16('gre.proto', { title: 'Protocol', display: 'hex', values: namesOf('ethertypes') }),
  checksum: located(announced(CHECKSUM), uint16('gre.checksum', { display: 'hex' })),
  checksumStatus: computed('gre.checksum.status', 'uint', checksumStatus, {
    values: { 0: 'wrong', 1: 'right', 2: 'not verified' },
  }),
  offset: located(announced(CHECKSUM, 2), uint16('gre.offset')),
  payloadLength: located(
    ifEnhanced(announced(KEY)),
    uint16('gre.key.payload_length', { title: 'Payload length', unit: 'bytes' }),
  ),
  call: located(ifEnhanced(announced(KEY, 2)), uint16('gre.key.call_id', { title: 'Call id' })),
  key: located(unlessEnhanced(announced(KEY)), uint32('gre.key', { display: 'hex' })),
  sequence: located(announced(SEQUENCE), uint32('gre.sequence_number')),
  acknowledgment: located(ifEnhanced(announced(ACKNOWLEDGMENT)), uint32('gre.ack_number', { title: 'Acknowledgment' })),
  routes: repeated({
    from: routesAt,
    to: (view, at, end) => greHeaderEnd(view, at, end),
    next: nextRoute,
    item: header({
      family: uint16('gre.routing.address_family'),
      offset: uint8('gre.routing.sre_offset'),
      length: uint8('gre.routing.src_length', { unit: 'bytes' }),
      addresses: located(
        (view, at, end) => (at + 4 < end && view[at + 3]! > 0 ? at + 4 : -1),
        bytes('gre.routing.information', (view, at) => view[at - 1]!),
      ),
    }),
    title: 'Source route',
  }),
  dynamicService: located(redirectAt(0), masked(flag('gre.wccp.dynamic_service'), 0x01)),
  alternativeUsed: located(redirectAt(0), masked(flag('gre.wccp.alternative_bucket_used'), 0x02)),
  redirectInvalid: located(redirectAt(0), masked(flag('gre.wccp.redirect_header_valid'), 0x04)),
  service: located(redirectAt(1), uint8('gre.wccp.service_id')),
  alternativeBucket: located(redirectAt(2), uint8('gre.wccp.alternative_bucket')),
  primaryBucket: located(redirectAt(3), uint8('gre.wccp.primary_bucket')),
});

/**
 * Generic Routing Encapsulation, RFC 2784, 2890 and 1701, and its version 1, which PPTP uses (RFC 2637). A protocol type
 * of 0 is a keepalive.
 */
export const gre = defineDissector({
  name: 'gre',
  title: 'Generic Routing Encapsulation',
  level: 'tunnel',
  claims: [ipProtocol.at(47), udpPort.checked(4754, isPlainHeader)],
  fields,
  key: { symmetric: ['gre.key'] },
  tables: [greProtocol, etherType, linkTypes],
  minimum: FIXED,
  dissect(frame, view, at) {
    const payload = greHeaderEnd(view, at, frame.end);
    if (payload < 0 || payload > frame.end)
      return frame.short(payload < 0 ? frame.end : at, payload < 0 ? 4 : payload - at);
    const { contained } = frame;
    let end = contained;
    if (isEnhanced(view, at, end, frame, frame.layer) && (u16(view, at) & KEY) !== 0) {
      end = Math.min(payload + fields.payloadLength.readAt(view, at + FIXED), contained);
    }
    if (payload >= end) return;
    const protocol = fields.protocol.read(view, at);
    if (frame.next(greProtocol, protocol, payload, end)) return;
    if (protocol === ETHERNET) return frame.next(linkTypes, 1, payload, end);
    if (protocol === PPP) return frame.next(linkTypes, 9, payload, end);
    if (protocol === WCCP) {
      const redirect = redirectAt(0)(view, at, frame.end, frame, frame.layer);
      return frame.next(etherType, IPV4, redirect < 0 ? payload : redirect + 4, end);
    }
    return frame.next(etherType, protocol, payload, end);
  },
});
