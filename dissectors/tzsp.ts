import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate, When } from '../core/declare/field.ts';
import {
  bytes,
  header,
  int8,
  int16,
  located,
  mac,
  optional,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { linkTypes, udpPort } from './tables.ts';

const FIXED = 4;
const PADDING = 0;
const END = 1;
/** Packet received and packet to transmit: what has tags and a frame. */
const HIGHEST_WITH_FRAME = 1;
const HIGHEST_TYPE = 5;
const KEEP_ALIVE = 4;
/** LINKTYPE numbers of the encapsulations that are read. */
const LINK_TYPES: Readonly<Record<number, number>> = { 1: 1, 18: 105 };
const ENCAPSULATIONS: readonly number[] = [0, 1, 2, 18, 119, 127];
const KNOWN: readonly number[] = [10, 11, 12, 13, 14, 17, 18, 41, 60];

const is =
  (tag: number, length: number): When =>
  (view, at) =>
    view[at] === tag && view[at + 1] === length;
const value = (tag: number, field: Field): Field => optional(is(tag, field.size), field, 2);
/** The tag after the one at `at`; padding and end have no length. */
const nextTag: Locate = (view, at, end) => {
  const tag = view[at]!;
  if (tag === PADDING) return at + 1;
  if (tag === END) return end;
  const next = at + 2 <= end ? at + 2 + view[at + 1]! : -1;
  return next > end ? -1 : next;
};
/** Where the tags end and the frame begins; -1 when their list breaks off. */
function tagsEnd(view: Uint8Array, at: number, end: number): number {
  for (let place = at; place < end; ) {
    const tag = view[place]!;
    if (tag === END) return place + 1;
    if (tag !== PADDING && place + 2 > end) return -1;
    place += tag === PADDING ? 1 : 2 + view[place + 1]!;
  }
  return -1;
}

const fields = header({
  version: uint8('tzsp.version'),
  type: uint8('tzsp.type', { values: { 0: 'received packet', 1: 'packet to transmit', 4: 'keep-alive' } }),
  encapsulation: uint16('tzsp.encap', { title: 'Encapsulation', values: { 1: 'Ethernet', 18: 'IEEE 802.11' } }),
  tags: repeated({
    from: (view, at, end) => (at + FIXED < end && view[at + 1] !== KEEP_ALIVE ? at + FIXED : -1),
    to: (view, at, end) => {
      const to = tagsEnd(view, at + FIXED, end);
      return to < 0 ? end : to;
    },
    next: nextTag,
    item: header({
      tag: uint8('tzsp.option_tag', { title: 'Tag' }),
      length: optional((view, at) => view[at]! > END, uint8('tzsp.option_length', { title: 'Length' }), 1),
      signal: value(10, int8('tzsp.wlan.signal', { unit: 'dBm' })),
      silence: value(11, int8('tzsp.wlan.silence', { unit: 'dBm' })),
      rate: value(12, uint8('tzsp.wlan.rate')),
      time: value(13, uint32('tzsp.wlan.time', { display: 'hex' })),
      message: value(14, uint8('tzsp.wlan.status.msg_type', { title: 'Message type', display: 'hex' })),
      channel: value(18, uint8('tzsp.wlan.channel')),
      longChannel: value(18, uint16('tzsp.wlan.channel')),
      originalLength: value(41, int16('tzsp.original_length', { unit: 'bytes' })),
      sensor: value(60, mac('tzsp.sensormac', { title: 'Sensor' })),
      unknown: located(
        (view, at, end) => (at + 2 < end && view[at]! > END && !KNOWN.includes(view[at]!) ? at + 2 : -1),
        bytes('tzsp.unknown', (view, at) => view[at - 1]!, { title: 'Value' }),
      ),
    }),
    title: 'Tag',
  }),
});

/** TaZmen Sniffer Protocol: captured frames in UDP, with what the radio told about them. */
export const tzsp = defineDissector({
  name: 'tzsp',
  title: 'TaZmen Sniffer Protocol',
  level: 'tunnel',
  claims: [udpPort.at(37008)],
  fields,
  tables: [linkTypes],
  minimum: FIXED,
  accept(view, at, end) {
    if (at + FIXED > end || view[at] !== 1 || view[at + 1]! > HIGHEST_TYPE || view[at + 2] !== 0) return false;
    return ENCAPSULATIONS.includes(view[at + 3]!);
  },
  dissect(frame, view, at) {
    if (view[at + 1]! > HIGHEST_WITH_FRAME) return;
    const payload = tagsEnd(view, at + FIXED, frame.end);
    if (payload < 0) return frame.short(frame.end, 1);
    const linkType = LINK_TYPES[view[at + 3]!];
    return linkType !== undefined && payload < frame.end && frame.next(linkTypes, linkType, payload);
  },
});
