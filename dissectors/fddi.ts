import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { header, mac, masked, optional, part, uint8 } from '../core/declare/kinds.ts';
import { linkTypes, linuxType } from './tables.ts';

const LLC = 4;
/** Class, address length and format of frames that LLC follows, synchronous and asynchronous. */
const ASYNCHRONOUS = 0x50;
const SYNCHRONOUS = 0xd0;
const FORMAT = 0xf0;

const isAsynchronous: When = (bytes, at) => (bytes[at]! & FORMAT) === ASYNCHRONOUS;
/** Captures hold addresses as the ring has them, the lowest bit of each byte first. */
const canonical = (bytes: Uint8Array, at: number) =>
  Array.from({ length: 6 }, (_, i) => {
    let turned = 0;
    for (let bit = 0; bit < 8; bit += 1) turned |= ((bytes[at + i]! >>> bit) & 1) << (7 - bit);
    return turned.toString(16).padStart(2, '0');
  }).join(':');

const fields = header({
  control: uint8('fddi.fc', { title: 'Frame control', display: 'hex' }),
  class: part(masked(uint8('fddi.fc.clf', { title: 'Class and format', display: 'hex' }), FORMAT)),
  priority: optional(isAsynchronous, masked(uint8('fddi.fc.prio'), 0x07), 0),
  destination: mac('fddi.dst', { title: 'Destination', aliases: ['fddi.addr'], format: canonical }),
  source: mac('fddi.src', { title: 'Source', aliases: ['fddi.addr'], format: canonical }),
});

/** Fiber Distributed Data Interface, ISO 9314-2, as LINKTYPE_FDDI of the tcpdump group records it. */
export const fddi = defineDissector({
  name: 'fddi',
  title: 'Fiber Distributed Data Interface',
  level: 'link',
  claims: [linkTypes.at(10)],
  fields,
  tables: [linuxType],
  dissect(frame, bytes, at) {
    const format = bytes[at]! & FORMAT;
    return (format === ASYNCHRONOUS || format === SYNCHRONOUS) && frame.next(linuxType, LLC, at + 13);
  },
});
