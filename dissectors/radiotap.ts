import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { header, located, repeated, uint8, uint16le, uint32le } from '../core/declare/kinds.ts';
import { u16le } from './parts/little-endian.ts';
import { presence, radiotapField } from './parts/radiotap-field.ts';
import { dataStart, fieldFrom, firstOf, found } from './parts/radiotap-walk.ts';
import { linkTypes } from './tables.ts';

const FIXED = 8;
const IEEE_80211 = 105;
const FLAGS = 1;
const CHECKED = 0x10;
const CHECK_LENGTH = 4;

const headerEnd = (bytes: Uint8Array, at: number, end: number) => Math.min(at + u16le(bytes, at + 2), end);
/** True when the frame ends in a check sequence: the flags say so. */
const isChecked = (bytes: Uint8Array, at: number, end: number): boolean => {
  const place = firstOf(bytes, at, headerEnd(bytes, at, end), FLAGS);
  return place >= 0 && (bytes[place]! & CHECKED) !== 0;
};
const checkPlace: Locate = (bytes, at, end, frame, layer) =>
  at + FIXED <= end && isChecked(bytes, at, end) ? frame.layerEnd[layer]! - CHECK_LENGTH : -1;

const fields = header({
  version: uint8('radiotap.version'),
  padding: uint8('radiotap.pad'),
  length: uint16le('radiotap.length', { title: 'Header length', unit: 'bytes' }),
  present: repeated({
    from: (_bytes, at) => at + 4,
    to: (bytes, at, end) => dataStart(bytes, at, headerEnd(bytes, at, end)),
    next: (_bytes, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: presence,
    title: 'Present',
  }),
  data: repeated({
    from: (bytes, at, end) =>
      at + FIXED <= end && fieldFrom(bytes, at, headerEnd(bytes, at, end), at) ? found.place : -1,
    to: headerEnd,
    next: (bytes, at, end, frame, layer) =>
      fieldFrom(bytes, frame.layerOffset[layer]!, end, at + 1) ? found.place : end,
    item: radiotapField,
    title: 'Datum',
  }),
  check: located(checkPlace, uint32le('wlan.fcs', { title: 'Frame check sequence', display: 'hex' })),
});

/**
 * Radiotap: what the radio told about an IEEE 802.11 frame (radiotap.org). Its flags say whether the frame still has its
 * check sequence, which is no payload.
 */
export const radiotap = defineDissector({
  name: 'radiotap',
  // Wireshark lists what it makes of the header, the radio information, as a layer of its own.
  protocol: 'radiotap:wlan_radio',
  title: 'Radiotap',
  level: 'link',
  claims: [linkTypes.at(127)],
  fields,
  tables: [linkTypes],
  minimum: FIXED,
  dissect(frame, bytes, at) {
    const length = fields.length.read(bytes, at);
    if (length < FIXED) return frame.malformed(fields.length, FIXED, length);
    if (at + length > frame.contained) return frame.malformed(fields.length, length, frame.contained - at);
    const { contained } = frame;
    const end = isChecked(bytes, at, frame.end) ? contained - CHECK_LENGTH : contained;
    return frame.next(linkTypes, IEEE_80211, at + length, end);
  },
});
