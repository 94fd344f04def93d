import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate, When } from '../core/declare/field.ts';
import { computed, flag, header, located, masked, optional, uint8, uint16, uint16le } from '../core/declare/kinds.ts';
import {
  addresses,
  BOTH,
  CONTROL,
  DATA,
  directionOf,
  flagsAt,
  kindAt,
  MANAGEMENT,
  subtypeOf,
  typeOf,
} from './parts/wlan-address.ts';
import { linkTypes, linuxType } from './tables.ts';

const LLC = 4;
const PS_POLL = 10;
const QUALITY = 8;
const WITHOUT_DATA = 4;
const FROM_DS = 0x02;
const PROTECTED = 0x40;
const ORDERED = 0x80;
const AGGREGATE = 0x80;
const SEQUENCE = 22;
const CONTROL_OF_HIGH_THROUGHPUT = 4;

const isData = (bytes: Uint8Array, at: number) => typeOf(bytes, at) === DATA;
const hasSequence: When = (bytes, at) => typeOf(bytes, at) === MANAGEMENT || isData(bytes, at);
const hasQuality = (bytes: Uint8Array, at: number) => isData(bytes, at) && (subtypeOf(bytes, at) & QUALITY) !== 0;
const isPoll: When = (bytes, at) => typeOf(bytes, at) === CONTROL && subtypeOf(bytes, at) === PS_POLL;
const isNoPoll: When = (...its) => !isPoll(...its);
/** Behind three or four addresses. */
const qualityAt = (bytes: Uint8Array, at: number) => at + (directionOf(bytes, at) === BOTH ? 30 : 24);
const quality = (field: Field, when: (bytes: Uint8Array, at: number) => boolean = () => true): Field =>
  located((bytes, at, end) => {
    const known = at + 2 <= end && hasQuality(bytes, at) && qualityAt(bytes, at) + 2 <= end;
    return known && when(bytes, at) ? qualityAt(bytes, at) : -1;
  }, field);
/** By an access point, which the bit from DS tells. */
const sentBy = (accessPoint: boolean) => (bytes: Uint8Array, at: number) =>
  ((directionOf(bytes, at) & FROM_DS) !== 0) === accessPoint;
const hasBody = (bytes: Uint8Array, at: number) => (subtypeOf(bytes, at) & WITHOUT_DATA) === 0;
/** Two bytes are looked at to find one of them. */
const kindPlace: Locate = (bytes, at, end) => (at + 2 <= end ? kindAt(bytes, at) : at < end ? at : -1);
/** Type and subtype as one number. */
const kind: Locate = (bytes, at, end, frame, layer) => {
  const place = kindPlace(bytes, at, end, frame, layer);
  return place < 0 ? Number.NaN : (((bytes[place]! >>> 2) & 3) << 4) | (bytes[place]! >>> 4);
};
const flagsPlace: Locate = (bytes, at, end) => (at + 2 <= end ? flagsAt(bytes, at) : -1);

const fields = header({
  control: uint16('wlan.fc', { title: 'Frame control', display: 'hex' }),
  kind: located(kindPlace, computed('wlan.fc.type_subtype', 'uint', kind, { display: 'hex', digits: 4 }, 1)),
  version: located(kindPlace, masked(uint8('wlan.fc.version'), 0x03)),
  type: located(
    kindPlace,
    masked(uint8('wlan.fc.type', { values: { 0: 'management', 1: 'control', 2: 'data', 3: 'extension' } }), 0x0c),
  ),
  subtype: located(kindPlace, masked(uint8('wlan.fc.subtype'), 0xf0)),
  flags: located(flagsPlace, uint8('wlan.flags', { display: 'hex' })),
  distribution: located(flagsPlace, masked(uint8('wlan.fc.ds', { display: 'hex' }), 0x03)),
  toDistribution: located(flagsPlace, masked(flag('wlan.fc.tods'), 0x01)),
  fromDistribution: located(flagsPlace, masked(flag('wlan.fc.fromds'), 0x02)),
  moreFragments: located(flagsPlace, masked(flag('wlan.fc.frag'), 0x04)),
  retry: located(flagsPlace, masked(flag('wlan.fc.retry'), 0x08)),
  powerManagement: located(flagsPlace, masked(flag('wlan.fc.pwrmgt'), 0x10)),
  moreData: located(flagsPlace, masked(flag('wlan.fc.moredata'), 0x20)),
  protectedFrame: located(flagsPlace, masked(flag('wlan.fc.protected'), PROTECTED)),
  order: located(flagsPlace, masked(flag('wlan.fc.order'), ORDERED)),
  duration: optional(isNoPoll, masked(uint16le('wlan.duration', { unit: 'us' }), 0x7fff), 2),
  association: optional(isPoll, masked(uint16le('wlan.aid', { title: 'Association id' }), 0x3fff), 2),
  ...addresses,
  fragment: optional(hasSequence, masked(uint16le('wlan.frag', { title: 'Fragment' }), 0x000f), SEQUENCE),
  sequence: optional(hasSequence, masked(uint16le('wlan.seq', { title: 'Sequence number' }), 0xfff0), SEQUENCE),
  quality: quality(uint16le('wlan.qos', { title: 'Quality of service', display: 'hex' })),
  traffic: quality(masked(uint16le('wlan.qos.tid', { title: 'Traffic id' }), 0x0f)),
  priority: quality(masked(uint16le('wlan.qos.priority'), 0x07)),
  endOfService: quality(masked(flag('wlan.qos.eosp'), 0x10, 2, true), sentBy(true)),
  queued: quality(masked(flag('wlan.qos.bit4'), 0x10, 2, true), sentBy(false)),
  acknowledgment: quality(masked(uint16le('wlan.qos.ack', { title: 'Ack policy', display: 'hex' }), 0x60)),
  aggregate: quality(masked(flag('wlan.qos.amsdupresent', { title: 'Aggregate' }), AGGREGATE, 2, true), hasBody),
});

/**
 * IEEE 802.11 medium access control, IEEE 802.11-2020 clause 9.2, without frame check sequence. Bodies of management and
 * control frames and of aggregates are not read, nor is what is protected.
 */
export const wlan = defineDissector({
  name: 'wlan',
  title: 'IEEE 802.11',
  level: 'link',
  claims: [linkTypes.at(105)],
  fields,
  tables: [linuxType],
  minimum: 10,
  dissect(frame, bytes, at) {
    if (!isData(bytes, at)) return;
    const bare = qualityAt(bytes, at);
    let payload = bare;
    let aggregate = false;
    if (hasQuality(bytes, at)) {
      if (bare + 2 > frame.end) return frame.short(at, bare + 2 - at);
      aggregate = (bytes[bare]! & AGGREGATE) !== 0;
      payload += 2 + ((bytes[flagsAt(bytes, at)]! & ORDERED) !== 0 ? CONTROL_OF_HIGH_THROUGHPUT : 0);
    } else if (bare > frame.end) return frame.short(at, bare - at);
    if (aggregate || !hasBody(bytes, at) || (bytes[flagsAt(bytes, at)]! & PROTECTED) !== 0) return;
    return payload < frame.contained && frame.next(linuxType, LLC, payload);
  },
});
