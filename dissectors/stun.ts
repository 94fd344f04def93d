import { defineDissector } from '../core/declare/dissector.ts';
import type { Field } from '../core/declare/field.ts';
import { bytes, computed, header, located, masked, repeated, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { COOKIE, messageStart, nextStunAttribute, stunAttribute } from './parts/stun-attribute.ts';
import { type Find, u16 } from './parts/vector.ts';
import { stunMessage, tcpPort, udpPort } from './tables.ts';

const HEADER = 20;
const CHANNEL_HEADER = 4;
/** Numbers of channels, RFC 8656, section 12. */
const FIRST_CHANNEL = 0x4000;
const LAST_CHANNEL = 0x4fff;

/** The layer is data of a channel and no message. */
const isChannel = (view: Uint8Array, at: number) => view[at]! >= 0x40 && view[at]! <= 0x4f;
/** Where the message begins; -1 for data of a channel. */
const message: Find = (view, at, end) =>
  at + CHANNEL_HEADER > end || isChannel(view, at) ? -1 : messageStart(at, view);
const inHeader = (offset: number, field: Field): Field =>
  located((view, at, end) => {
    const place = message(view, at, end);
    return place < 0 ? -1 : place + offset;
  }, field);
const bits = (name: string, mask: number, title: string, names?: string): Field =>
  inHeader(
    0,
    masked(
      uint16(name, { title, display: 'hex', digits: 4, ...(names === undefined ? {} : { values: namesOf(names) }) }),
      mask,
    ),
  );

const fields = header({
  channel: located((view, at) => (isChannel(view, at) ? at : -1), uint16('stun.channel', { display: 'hex' })),
  channelLength: located((view, at) => (isChannel(view, at) ? at + 2 : -1), uint16('stun.length', { unit: 'bytes' })),
  frameLength: located(
    (view, at, end) => (message(view, at, end) === at + 2 ? at : -1),
    uint16('stun.tcp_frame_length', { unit: 'bytes' }),
  ),
  type: inHeader(0, uint16('stun.type', { display: 'hex' })),
  class: bits('stun.type.class', 0x0110, 'Class'),
  method: bits('stun.type.method', 0x3eef, 'Method', 'stun-methods'),
  length: inHeader(2, uint16('stun.length', { unit: 'bytes' })),
  cookie: inHeader(4, bytes('stun.cookie', 4)),
  id: inHeader(8, bytes('stun.id', 12, { title: 'Transaction id' })),
  version: computed('stun.network_version', 'uint', (view, at, end) => {
    const place = message(view, at, end);
    return place < 0 || place + HEADER > end || u16(view, place + 2) === 0 ? Number.NaN : 3;
  }),
  attributes: repeated({
    from: (view, at, end) => {
      const place = message(view, at, end);
      return place < 0 || place + HEADER > end ? -1 : place + HEADER;
    },
    to: (view, at, end) => {
      const place = message(view, at, end);
      return place + HEADER + u16(view, place + 2);
    },
    next: nextStunAttribute,
    item: stunAttribute,
    title: 'Attribute',
  }),
});

/** A message header: two bits 0, a length in whole words that fits, the cookie. */
function isMessage(view: Uint8Array, at: number, end: number, contained: number): boolean {
  if (at + HEADER > end || view[at]! >= 0x40) return false;
  const length = u16(view, at + 2);
  return (
    (length & 3) === 0 && at + HEADER + length <= contained && COOKIE.every((byte, i) => view[at + 4 + i] === byte)
  );
}

/**
 * Session Traversal Utilities for NAT, RFC 8489, with the relaying of RFC 8656 (TURN) and its channels. Recognised by
 * its cookie on any port.
 */
export const stun = defineDissector({
  name: 'stun',
  title: 'Session Traversal Utilities for NAT',
  claims: [udpPort.at(3478), tcpPort.at(3478), udpPort.guess(), tcpPort.guess(), stunMessage.at(0)],
  fields,
  tables: [stunMessage],
  minimum: CHANNEL_HEADER,
  accept(view, at, end, frame) {
    const { contained } = frame;
    if (isMessage(view, at, end, contained) || isFramed(view, at, end, contained)) return true;
    if (at + CHANNEL_HEADER > end) return false;
    const channel = u16(view, at);
    const after = at + CHANNEL_HEADER + u16(view, at + 2);
    return channel >= FIRST_CHANNEL && channel <= LAST_CHANNEL && after <= contained && after + 4 > contained;
  },
  dissect(frame, view, at) {
    const { contained } = frame;
    const place = message(view, at, frame.end);
    if (place < 0 || place + HEADER > frame.end) return;
    const end = place + HEADER + u16(view, place + 2);
    if (end < contained && frame.control >= 0) frame.next(stunMessage, 0, end, contained);
    frame.limit(end, fields.length);
  },
});

/** Over a stream a message may have two bytes of length before it (RFC 4571). */
const isFramed = (view: Uint8Array, at: number, end: number, contained: number) =>
  at + 2 + HEADER <= end && u16(view, at) === HEADER + u16(view, at + 4) && isMessage(view, at + 2, end, contained);
