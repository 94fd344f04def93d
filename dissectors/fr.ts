import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate, When } from '../core/declare/field.ts';
import { computed, flag, header, located, masked, optional, uint8, uint16, uint24 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { u16, u24 } from './parts/vector.ts';
import { bridgedPid, chdlcProtocol, etherType, linkTypes, networkLayerId } from './tables.ts';

const UNNUMBERED = 0x03;
const PADDING = 0x00;
const SNAP = 0x80;
const BRIDGED = 0x0080c2;
const LONGEST_ADDRESS = 4;

/** Bytes of the address, the last of which has its low bit set (Q.922, 3.3); 0 when none of four has. */
function addressLength(bytes: Uint8Array, at: number, end: number): number {
  for (let size = 2; size <= LONGEST_ADDRESS && at + size <= end; size += 1) {
    if ((bytes[at + size - 1]! & 1) === 1) return size;
  }
  return 0;
}
const isLong =
  (least: number): When =>
  (bytes, at, end) =>
    addressLength(bytes, at, end) >= least;
/** The last byte of a long address holds the low bits, or control information (its bit 2). */
const lowByte =
  (control: boolean): When =>
  (bytes, at, end) =>
    addressLength(bytes, at, end) === LONGEST_ADDRESS && ((bytes[at + 3]! & 2) !== 0) === control;

const identifier: Locate = (bytes, at, end) => {
  const size = addressLength(bytes, at, end);
  if (size === 0) return Number.NaN;
  const first = ((bytes[at]! >>> 2) << 4) | (bytes[at + 1]! >>> 4);
  if (size === 2) return first;
  const three = (first << 7) | (bytes[at + 2]! >>> 1);
  return size === LONGEST_ADDRESS && (bytes[at + 3]! & 2) === 0 ? (three << 6) | (bytes[at + 3]! >>> 2) : three;
};

const isUnnumbered = (bytes: Uint8Array, at: number, end: number) => at < end && bytes[at] === UNNUMBERED;
/** Behind the address: `find` is given the place of the control byte or of the type. */
const behind =
  (find: (bytes: Uint8Array, place: number, end: number) => number): Locate =>
  (bytes, at, end) => {
    const size = addressLength(bytes, at, end);
    return size === 0 ? -1 : find(bytes, at + size, end);
  };
/** The network layer protocol id, behind a padding byte where there is one; -1 in Cisco's form. */
const protocolPlace = (bytes: Uint8Array, place: number, end: number) =>
  isUnnumbered(bytes, place, end) && place + 2 < end ? place + 1 + (bytes[place + 1] === PADDING ? 1 : 0) : -1;
/** The SNAP header, behind its protocol id. */
const snapPlace = (bytes: Uint8Array, place: number, end: number) => {
  const id = protocolPlace(bytes, place, end);
  return id >= 0 && bytes[id] === SNAP && id + 6 <= end ? id + 1 : -1;
};
const extended = (offset: number, when: When = () => true): Field =>
  optional(when, masked(flag('fr.ea', { title: 'Last byte of the address' }), 0x01), offset);

const fields = header({
  first: uint8('fr.first_addr_octet', { display: 'hex' }),
  upper: located((_bytes, at) => at, masked(uint8('fr.upper_dlci', { display: 'hex' }), 0xfc)),
  command: located((_bytes, at) => at, masked(flag('fr.cr'), 0x02)),
  firstLast: extended(0),
  second: optional(() => true, uint8('fr.second_addr_octet', { display: 'hex' }), 1),
  middle: optional(() => true, masked(uint8('fr.second_dlci', { display: 'hex' }), 0xf0), 1),
  forward: optional(() => true, masked(flag('fr.fecn'), 0x08), 1),
  backward: optional(() => true, masked(flag('fr.becn'), 0x04), 1),
  eligible: optional(() => true, masked(flag('fr.de'), 0x02), 1),
  secondLast: extended(1),
  third: optional(isLong(3), uint8('fr.third_addr_octet', { display: 'hex' }), 2),
  thirdPart: optional(isLong(3), masked(uint8('fr.third_dlci', { display: 'hex' }), 0xfe), 2),
  thirdLast: extended(2, isLong(3)),
  lower: optional(lowByte(false), masked(uint8('fr.lower_dlci', { display: 'hex' }), 0xfc), 3),
  core: optional(lowByte(true), masked(uint8('fr.dlcore_control', { display: 'hex' }), 0xfc), 3),
  fourthLast: extended(3, isLong(4)),
  identifier: computed('fr.dlci', 'uint', identifier, { title: 'Data link connection' }),
  control: located(
    behind((bytes, place, end) => (isUnnumbered(bytes, place, end) ? place : -1)),
    uint8('fr.control', { display: 'hex' }),
  ),
  padding: located(
    behind((bytes, place, end) => {
      const id = protocolPlace(bytes, place, end);
      return id > place + 1 ? place + 1 : -1;
    }),
    uint8('fr.nlpid', { title: 'Padding', display: 'hex' }),
  ),
  protocol: located(behind(protocolPlace), uint8('fr.nlpid', { title: 'Network layer protocol', display: 'hex' })),
  organization: located(behind(snapPlace), uint24('fr.snap.oui', { title: 'Organization', display: 'decimal-hex' })),
  snapType: located(
    behind((bytes, place, end) => {
      const snap = snapPlace(bytes, place, end);
      return snap >= 0 && u24(bytes, snap) === 0 ? snap + 3 : -1;
    }),
    uint16('fr.snaptype', { title: 'Type', display: 'hex', values: namesOf('ethertypes') }),
  ),
  snapId: located(
    behind((bytes, place, end) => {
      const snap = snapPlace(bytes, place, end);
      return snap >= 0 && u24(bytes, snap) !== 0 ? snap + 3 : -1;
    }),
    uint16('fr.snap.pid', { title: 'Protocol id', display: 'hex' }),
  ),
  type: located(
    behind((bytes, place, end) => (place + 2 <= end && !isUnnumbered(bytes, place, end) ? place : -1)),
    uint16('fr.chdlctype', { title: 'Type', display: 'hex', values: namesOf('ethertypes') }),
  ),
});

/** Hands on by network layer protocol id, or by the SNAP header that it announces. */
function multiprotocol(frame: Frame, bytes: Uint8Array, place: number): boolean {
  const id = protocolPlace(bytes, place, frame.end);
  if (id < 0) return false;
  if (bytes[id] !== SNAP) return frame.next(networkLayerId, bytes[id]!, id + 1) || nextById(frame, bytes[id]!, id + 1);
  const snap = snapPlace(bytes, place, frame.end);
  if (snap < 0) return false;
  const number = u16(bytes, snap + 3);
  const oui = u24(bytes, snap);
  if (oui === BRIDGED) return frame.next(bridgedPid, number, snap + 5) || nextBridged(frame, number, snap + 5);
  return oui === 0 && frame.next(etherType, number, snap + 5);
}
function nextById(frame: Frame, id: number, at: number): boolean {
  if (id === 0xcc) return frame.next(etherType, 0x0800, at);
  if (id === 0x8e) return frame.next(etherType, 0x86dd, at);
  return id === 0xcf && frame.next(linkTypes, 9, at);
}
/** Ethernet frames with (1) and without (7) their check sequence. */
const nextBridged = (frame: Frame, id: number, at: number): boolean =>
  (id === 7 && frame.next(linkTypes, 1, at)) || (id === 1 && frame.next(linkTypes, 1, at, frame.contained - 4));

/** Frame relay: Q.922 addresses, multiprotocol encapsulation of RFC 2427, and Cisco's own. */
export const fr = defineDissector({
  name: 'fr',
  title: 'Frame relay',
  level: 'link',
  claims: [linkTypes.at(107)],
  fields,
  tables: [networkLayerId, etherType, chdlcProtocol, bridgedPid, linkTypes],
  minimum: 2,
  dissect(frame, bytes, at) {
    const size = addressLength(bytes, at, frame.end);
    if (size === 0) return frame.malformed(fields.first);
    const place = at + size;
    if (isUnnumbered(bytes, place, frame.end)) return multiprotocol(frame, bytes, place);
    if (place + 2 > frame.end) return frame.short(place, 2);
    const type = u16(bytes, place);
    if (type === 0x6558) return frame.next(linkTypes, 1, place + 2);
    return frame.next(chdlcProtocol, type, place + 2) || frame.next(etherType, type, place + 2);
  },
});
