import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, flag, header, located, mac, masked, part, uint8, uint16, uint32 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { etherType } from './tables.ts';

const CHANNEL = 0x20;
const SEALED = 0x0c;
const FIXED = 6;
const CHANNEL_SIZE = 8;
const CHECK = 16;

const tagSize = (view: Uint8Array, at: number) => ((view[at]! & CHANNEL) === 0 ? FIXED : FIXED + CHANNEL_SIZE);
/** Where the integrity check value begins: behind the short length, if there is one, else at the end (9.7, 9.11). */
const checkAt = (view: Uint8Array, at: number, contained: number) => {
  const short = view[at + 1]! & 0x3f;
  return short === 0 ? contained - CHECK : Math.min(at + tagSize(view, at) + short, contained - CHECK);
};
const channel =
  (skip: number): Locate =>
  (view, at, end) =>
    at + FIXED + CHANNEL_SIZE <= end && (view[at]! & CHANNEL) !== 0 ? at + FIXED + skip : -1;

const fields = header({
  control: masked(uint8('macsec.TCI', { title: 'Tag control', display: 'hex' }), 0xfc),
  version: part(masked(uint8('macsec.TCI.V', { title: 'Version', display: 'hex' }), 0x80)),
  endStation: part(masked(flag('macsec.TCI.ES', { title: 'End station' }), 0x40)),
  hasChannel: part(masked(flag('macsec.TCI.SC', { title: 'Channel id present' }), CHANNEL)),
  broadcast: part(masked(flag('macsec.TCI.SCB', { title: 'Single copy broadcast' }), 0x10)),
  encrypted: part(masked(flag('macsec.TCI.E', { title: 'Encrypted' }), 0x08)),
  changed: part(masked(flag('macsec.TCI.C', { title: 'Changed text' }), 0x04)),
  association: part(masked(uint8('macsec.AN', { title: 'Association', display: 'hex' }), 0x03)),
  shortLength: uint8('macsec.SL', { title: 'Short length' }),
  number: uint32('macsec.PN', { title: 'Packet number' }),
  system: located(channel(0), mac('macsec.SCI.system_identifier')),
  port: located(channel(6), uint16('macsec.SCI.port_identifier')),
  type: located(
    (view, at, end) => {
      const place = at < end ? at + tagSize(view, at) : end;
      return place + 2 <= end && (view[at]! & SEALED) === 0 ? place : -1;
    },
    uint16('macsec.etype', { title: 'Type', display: 'hex', values: namesOf('ethertypes') }),
  ),
  check: located(
    (view, at, end, frame, layer) => {
      const place = at + FIXED <= end ? checkAt(view, at, frame.layerEnd[layer]!) : -1;
      return place >= 0 && place >= at + tagSize(view, at) && place < end ? place : -1;
    },
    bytes('macsec.ICV', CHECK, { title: 'Integrity check value' }),
  ),
});

/** MAC security, IEEE 802.1AE clause 9: what is only authenticated is read, what is encrypted is not. */
export const macsec = defineDissector({
  name: 'macsec',
  title: 'MAC security',
  level: 'link',
  claims: [etherType.at(0x88e5)],
  fields,
  tables: [etherType],
  listed: [etherType, 'type'],
  minimum: FIXED,
  accept: (view, at, end) => at >= end || (view[at]! & 0x80) === 0,
  dissect(frame, view, at) {
    const place = at + tagSize(view, at);
    const end = checkAt(view, at, frame.contained);
    if (place + 2 > end) return frame.malformed(fields.control, place + 2 + CHECK - at, frame.contained - at);
    frame.limit(end + CHECK, fields.shortLength);
    if ((view[at]! & SEALED) !== 0) return;
    if (place + 2 > frame.end) return frame.short(place, 2);
    return frame.next(etherType, fields.type.readAt(view, place), place + 2, end);
  },
});
