import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate } from '../core/declare/field.ts';
import { flag, header, located, masked, repeated, uint16, uint32 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { looksLikeEthernet } from './parts/ethernet-guess.ts';
import {
  CONTROL,
  flagsAt,
  inControl3,
  inVersion2,
  isL2tp,
  LENGTH,
  OFFSET,
  PRIORITY,
  pairsAt,
  SEQUENCE,
  VERSION_2,
  version2Place,
  versionOf,
} from './parts/l2tp-header.ts';
import { l2tpPair } from './parts/l2tp-pair.ts';
import { u16 } from './parts/vector.ts';
import { ipProtocol, linkTypes, udpPort } from './tables.ts';

const ETHERNET = 1;
const PPP = 9;
/** Of a data message of version 3: cookies and sublayer between session id and frame, which only the control channel tells. */
const HIDDEN_SIZES = [0, 4, 8, 12] as const;

const flagField = (field: Field, versions: readonly number[] = [2, 3]): Field =>
  located((view, at, end, frame, layer) => {
    const place = flagsAt(view, at, end, frame, layer);
    return place >= 0 && versions.includes(versionOf(view, place)) ? place : -1;
  }, field);
const bit = (name: string, mask: number, versions?: readonly number[]) =>
  flagField(masked(flag(name), mask, 2), versions);
/** Of a data message of version 3. */
const inData3 =
  (overUdp: number, overIp: number): Locate =>
  (view, at, end, frame, layer) => {
    const place = flagsAt(view, at, end, frame, layer);
    if (place < 0) return overIp < 0 ? -1 : at + overIp;
    if (place > at) return overIp < 0 ? -1 : at + overIp;
    return versionOf(view, place) === 3 && (u16(view, place) & CONTROL) === 0 ? at + overUdp : -1;
  };

const fields = header({
  session3OverIp: located(
    (view, at, end, frame, layer) => (flagsAt(view, at, end, frame, layer) === at ? -1 : at),
    uint32('l2tp.sid', { title: 'Session id', display: 'hex' }),
  ),
  flags: flagField(uint16('l2tp.flags', { display: 'hex' })),
  type: flagField(masked(uint16('l2tp.type', { values: { 0: 'data', 1: 'control' } }), CONTROL)),
  hasLength: bit('l2tp.length_bit', LENGTH),
  hasSequence: bit('l2tp.seq_bit', SEQUENCE),
  hasOffset: bit('l2tp.offset_bit', OFFSET, [2]),
  priority: bit('l2tp.priority', PRIORITY, [2]),
  version: flagField(masked(uint16('l2tp.version'), 0x000f)),
  length: located(inVersion2(0), uint16('l2tp.length', { unit: 'bytes' })),
  tunnel: located(inVersion2(1), uint16('l2tp.tunnel', { title: 'Tunnel id' })),
  session: located(inVersion2(2), uint16('l2tp.session', { title: 'Session id' })),
  sent: located(inVersion2(3), uint16('l2tp.Ns', { title: 'Number sent' })),
  received: located(inVersion2(4), uint16('l2tp.Nr', { title: 'Number expected' })),
  offset: located(inVersion2(5), uint16('l2tp.offset', { title: 'Offset size' })),
  length3: located(inControl3(2), uint16('l2tp.length', { unit: 'bytes' })),
  connection: located(inControl3(4), uint32('l2tp.ccid', { title: 'Control connection id', display: 'hex' })),
  sent3: located(inControl3(8), uint16('l2tp.Ns', { title: 'Number sent' })),
  received3: located(inControl3(10), uint16('l2tp.Nr', { title: 'Number expected' })),
  reserved: located(inData3(2, -1), uint16('l2tp.res', { title: 'Reserved', display: 'hex' })),
  session3: located(inData3(4, -1), uint32('l2tp.sid', { title: 'Session id', display: 'hex' })),
  pairs: repeated({
    from: pairsAt,
    next: (view, at, end) => {
      const length = at + 6 > end ? 0 : u16(view, at) & 0x03ff;
      return length < 6 || at + length > end ? -1 : at + length;
    },
    item: l2tpPair,
    title: 'Attribute-value pair',
  }),
});

/** Hands on PPP behind the header of version 2, past its offset. */
function data2(frame: Frame, view: Uint8Array, at: number): boolean {
  const bits = u16(view, at);
  let payload = version2Place(view, at, VERSION_2.length);
  if ((bits & OFFSET) !== 0) payload += payload <= frame.end ? u16(view, payload - 2) : 0;
  return payload < frame.end && frame.next(linkTypes, PPP, payload);
}

/** Hands on the frame of a version 3 pseudowire where it is plainly Ethernet. */
function data3(frame: Frame, view: Uint8Array, from: number): boolean {
  for (const hidden of HIDDEN_SIZES) {
    if (looksLikeEthernet(view, from + hidden, frame.end)) return frame.next(linkTypes, ETHERNET, from + hidden);
  }
  return false;
}

/** Layer 2 Tunneling Protocol, version 2 (RFC 2661) and version 3 (RFC 3931), the latter also over IP itself. */
export const l2tp = defineDissector({
  name: 'l2tp',
  title: 'Layer 2 Tunneling Protocol',
  level: 'tunnel',
  claims: [udpPort.checked(1701, isL2tp), ipProtocol.at(115)],
  fields,
  tables: [linkTypes],
  minimum: 4,
  dissect(frame, view, at) {
    const flags = flagsAt(view, at, frame.end, frame, frame.layer);
    if (flags < 0) return data3(frame, view, at + 4);
    const version = versionOf(view, flags);
    if (version === 3 && (view[flags]! & 0x80) === 0) return data3(frame, view, flags + 8);
    if (version === 2 && version2Place(view, flags, VERSION_2.length) > frame.end) return frame.short(frame.end, 2);
    if ((u16(view, flags) & LENGTH) !== 0) frame.limit(flags + u16(view, flags + 2), fields.length);
    if (version === 2 && (view[flags]! & 0x80) === 0) return data2(frame, view, flags);
  },
});
