import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate, When } from '../core/declare/field.ts';
import {
  flag,
  header,
  int8,
  located,
  masked,
  optional,
  part,
  repeated,
  uint8,
  uint16le,
  uint32le,
  uint64le,
} from '../core/declare/kinds.ts';
import { u16le, u32le } from './parts/little-endian.ts';
import { linkTypes } from './tables.ts';

const FIXED = 8;
const UNIT_HEADER = 4;
/** The unit that most captures of IEEE 802.11 have. */
const RADIO = 2;
const RADIO_SIZE = 20;
const CHECKED = 0x01;
const CHECK_LENGTH = 4;
const ALIGNED = 0x01;
const CHANNEL = ['turbo', 'cck', 'ofdm', '2ghz', '5ghz', 'passive', 'dynamic', 'gfsk'];
const FLAGS = ['fcs', 'tsft', 'fcs-invalid', 'phy-err'];

const headerEnd = (view: Uint8Array, at: number, end: number) => Math.min(at + u16le(view, at + 2), end);
const nextUnit = (view: Uint8Array, start: number, at: number, end: number) => {
  if (at + UNIT_HEADER > end) return -1;
  const next = at + UNIT_HEADER + u16le(view, at + 2);
  const aligned = (view[start + 1]! & ALIGNED) === 0 ? next : next + (-(next - start) & 3);
  return next > end ? -1 : aligned;
};
const isRadio: When = (view, at, end) =>
  at + UNIT_HEADER + RADIO_SIZE <= end && u16le(view, at) === RADIO && u16le(view, at + 2) === RADIO_SIZE;
const radio = (field: Field, offset: number): Field => optional(isRadio, field, UNIT_HEADER + offset);

/** True when the unit of the radio says that the frame ends in a check sequence. */
function isChecked(view: Uint8Array, at: number, end: number): boolean {
  const to = headerEnd(view, at, end);
  for (let unit = at + FIXED; unit >= 0 && unit + UNIT_HEADER + 10 <= to; unit = nextUnit(view, at, unit, to)) {
    if (u16le(view, unit) === RADIO) return (view[unit + UNIT_HEADER + 8]! & CHECKED) !== 0;
  }
  return false;
}
const checkPlace: Locate = (view, at, end, frame, layer) =>
  at + FIXED <= end && isChecked(view, at, end) ? frame.layerEnd[layer]! - CHECK_LENGTH : -1;
const common = 'ppi.80211-common';

const fields = header({
  version: uint8('ppi.version'),
  flags: uint8('ppi.flags', { display: 'hex' }),
  aligned: part(masked(flag('ppi.flags.alignment'), ALIGNED)),
  reserved: part(masked(uint8('ppi.flags.reserved', { display: 'hex' }), 0xfe)),
  length: uint16le('ppi.length', { title: 'Header length', unit: 'bytes' }),
  linkType: uint32le('ppi.dlt', { title: 'Link type' }),
  units: repeated({
    from: (_view, at) => at + FIXED,
    to: headerEnd,
    next: (view, at, end, frame, layer) => nextUnit(view, frame.layerOffset[layer]!, at, end),
    item: header({
      type: optional(isRadio, uint16le('ppi.field_type'), 0),
      length: optional(isRadio, uint16le('ppi.field_len', { unit: 'bytes' }), 2),
      time: radio(uint64le(`${common}.tsft`, { title: 'Time' }), 0),
      flags: radio(uint16le(`${common}.flags`, { display: 'hex' }), 8),
      ...Object.fromEntries(
        FLAGS.map((name, i) => [`flag ${name}`, radio(masked(flag(`${common}.flags.${name}`), 1 << i, 2, true), 8)]),
      ),
      rate: radio(uint16le(`${common}.rate`, { scale: 500, unit: 'kb/s' }), 10),
      frequency: radio(uint16le(`${common}.chan.freq`, { title: 'Channel frequency', unit: 'MHz' }), 12),
      channel: radio(uint16le(`${common}.chan.flags`, { title: 'Channel flags', display: 'hex' }), 14),
      ...Object.fromEntries(
        CHANNEL.map((name, i) => [
          `channel ${name}`,
          radio(masked(flag(`${common}.chan.flags.${name}`), 0x10 << i, 2, true), 14),
        ]),
      ),
      hopSet: radio(uint8(`${common}.fhss.hopset`, { display: 'hex' }), 16),
      hopPattern: radio(uint8(`${common}.fhss.pattern`, { display: 'hex' }), 17),
      signal: radio(int8(`${common}.dbm.antsignal`, { title: 'Antenna signal', unit: 'dBm' }), 18),
      noise: radio(int8(`${common}.dbm.antnoise`, { title: 'Antenna noise', unit: 'dBm' }), 19),
    }),
    title: 'Field',
  }),
  check: located(checkPlace, uint32le('wlan.fcs', { title: 'Frame check sequence', display: 'hex' })),
});

/** Per-packet information: what the radio told, before a frame whose link type it states (CACE Technologies, 1.0.10). */
export const ppi = defineDissector({
  name: 'ppi',
  title: 'Per-packet information',
  level: 'link',
  claims: [linkTypes.at(192)],
  fields,
  tables: [linkTypes],
  minimum: FIXED,
  dissect(frame, view, at) {
    const length = u16le(view, at + 2);
    const { contained } = frame;
    if (length < FIXED || at + length > contained) {
      return frame.malformed(fields.length, Math.max(length, FIXED), length < FIXED ? length : contained - at);
    }
    const end = isChecked(view, at, frame.end) ? contained - CHECK_LENGTH : contained;
    return frame.next(linkTypes, u32le(view, at + 4), at + length, end);
  },
});
