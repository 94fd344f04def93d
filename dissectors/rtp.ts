import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import {
  bits,
  bytes,
  flag,
  header,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { type Find, u16, u32 } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const FIXED = 12;
const VERSION = 2;
/** Extensions of one byte of header each, RFC 8285, section 4.2. */
const ONE_BYTE = 0xbede;
/** Payload types from here on are dynamic. */
const FIRST_DYNAMIC = 96;
/** Bytes of payload that fit into an unfragmented packet. */
const LONGEST = 1500;

const hasPadding: When = (view, at) => (view[at]! & 0x20) !== 0;
const sourcesEnd = (view: Uint8Array, at: number) => at + FIXED + (view[at]! & 15) * 4;
const extension: Find = (view, at, end) => {
  const place = sourcesEnd(view, at);
  return (view[at]! & 0x10) !== 0 && place + 4 <= end ? place : -1;
};
const payloadAt: Find = (view, at, end) => {
  const place = sourcesEnd(view, at);
  if ((view[at]! & 0x10) === 0) return place;
  return place + 4 <= end ? place + 4 + u16(view, place + 2) * 4 : end;
};
/** Bytes of padding at the end of the packet, as its last byte says; 0 where it was not captured. */
const paddingSize = (view: Uint8Array, at: number, end: number, contained: number): number =>
  (view[at]! & 0x20) === 0 || end < contained ? 0 : view[end - 1]!;

const fields = header({
  version: bits('rtp.version', 2),
  padding: flag('rtp.padding'),
  extension: flag('rtp.ext'),
  sources: bits('rtp.cc', 4, { title: 'Contributing sources' }),
  marker: flag('rtp.marker'),
  type: bits('rtp.p_type', 7, { title: 'Payload type', values: namesOf('rtp-payload-types') }),
  sequence: uint16('rtp.seq', { title: 'Sequence number' }),
  timestamp: uint32('rtp.timestamp'),
  source: uint32('rtp.ssrc', { title: 'Synchronization source', display: 'hex' }),
  contributing: repeated({
    from: (_view, at) => at + FIXED,
    to: (view, at) => sourcesEnd(view, at),
    next: (_view, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ source: uint32('rtp.csrc.item', { display: 'hex' }) }),
    title: 'Contributing source',
  }),
  profile: located(extension, uint16('rtp.ext.profile', { display: 'hex' })),
  extensionLength: located(
    (view, at, end) => {
      const place = extension(view, at, end);
      return place < 0 ? -1 : place + 2;
    },
    uint16('rtp.ext.len', { title: 'Extension length (4-byte words)' }),
  ),
  elements: repeated({
    from: (view, at, end) => {
      const place = extension(view, at, end);
      return place < 0 || u16(view, place) !== ONE_BYTE ? -1 : place + 4;
    },
    to: payloadAt,
    next: (view, at) => (view[at] === 0 ? at + 1 : at + 2 + (view[at]! & 15)),
    item: header({
      id: optional((view, at) => view[at] !== 0, masked(uint8('rtp.ext.rfc5285.id'), 0xf0), 0),
      length: optional((view, at) => view[at] !== 0, masked(uint8('rtp.ext.rfc5285.len'), 15), 0),
      data: located(
        (view, at) => (view[at] === 0 ? -1 : at + 1),
        bytes('rtp.ext.rfc5285.data', (_view, at, end) => end - at),
      ),
    }),
    title: 'Extension',
  }),
  payload: located(
    (view, at, end) => (payloadAt(view, at, end) < end ? payloadAt(view, at, end) : -1),
    bytes('rtp.payload', (view, place, end, frame, layer) => {
      return end - place - paddingSize(view, frame.layerOffset[layer]!, end, frame.layerEnd[layer]!);
    }),
  ),
  paddingCount: located(
    (view, at, end, frame, layer) =>
      hasPadding(view, at, end, frame, layer) && end === frame.layerEnd[layer] ? end - 1 : -1,
    uint8('rtp.padding.count', { unit: 'bytes' }),
  ),
});

/** Bytes of payload that a static audio type sends in some milliseconds: the unit, and what may follow it. */
const STATIC_UNITS: Readonly<Record<number, number>> = { 0: 40, 3: 33, 4: 24, 5: 40, 8: 40, 9: 40, 15: 20, 18: 10 };

const isEvenHigh = (port: number) => port > 1023 && port % 2 === 0;

/**
 * One packet alone proves little, so a guess takes only plain ones: version 2 without padding, extension and contributing
 * sources, between even ports above 1023 (section 11), of a static audio type in whole units or of a dynamic type, with a
 * time and a source that are not 0.
 */
function looksLikeAudio(view: Uint8Array, at: number, _end: number, frame: Frame): boolean {
  if (view[at] !== VERSION << 6 || !isEvenHigh(frame.sourcePort) || !isEvenHigh(frame.destinationPort)) return false;
  const type = view[at + 1]! & 0x7f;
  const unit = type >= FIRST_DYNAMIC ? 1 : STATIC_UNITS[type];
  const size = frame.contained - at - FIXED;
  if (unit === undefined || size <= 0 || size > LONGEST || size % unit !== 0) return false;
  return u32(view, at + 4) !== 0 && u32(view, at + 8) !== 0;
}

/** Real-time Transport Protocol, RFC 3550. By `--decode-as`, or guessed where the packet leaves little doubt. */
export const rtp = defineDissector({
  name: 'rtp',
  title: 'Real-time Transport Protocol',
  claims: [udpPort.guess((view, at, end, frame) => at + FIXED <= end && looksLikeAudio(view, at, end, frame))],
  fields,
  accept(view, at, end, frame) {
    if (at + FIXED > end || view[at]! >> 6 !== VERSION) return false;
    const headerEnd = hasExtensionCut(view, at, end) ? end : payloadAt(view, at, end);
    return headerEnd <= frame.contained;
  },
});

/** The extension's length was not captured. */
const hasExtensionCut = (view: Uint8Array, at: number, end: number) =>
  (view[at]! & 0x10) !== 0 && sourcesEnd(view, at) + 4 > end;
