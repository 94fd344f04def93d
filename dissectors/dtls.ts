import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { bytes, header, located, optional, repeated, uint8, uint16, uint48 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { areDatagramMessages, handshakeMessages } from './parts/tls-handshake.ts';
import { u16 } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const HEADER = 13;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEARTBEAT = 24;
const LONGEST = 16_384 + 2048;
/** DTLS 1.0 and 1.2, the latter in the records of 1.3 too. */
const VERSIONS = [0xfeff, 0xfefd];

const isRecord = (view: Uint8Array, at: number, end: number): boolean => {
  const type = view[at]!;
  if (at + 3 > end || type < CHANGE_CIPHER_SPEC || type > HEARTBEAT) return false;
  if (!VERSIONS.includes(u16(view, at + 1))) return false;
  if (at + HEADER > end) return true;
  const length = u16(view, at + 11);
  return length > 0 && length <= LONGEST;
};

const isClear = (view: Uint8Array, at: number) => u16(view, at + 3) === 0;
const messages = (view: Uint8Array, at: number, end: number): number => {
  if (at + HEADER + 12 > end || view[at] !== HANDSHAKE || !isClear(view, at)) return -1;
  const recordEnd = at + HEADER + u16(view, at + 11);
  return areDatagramMessages(view, at + HEADER, recordEnd, Math.min(recordEnd, end)) ? at + HEADER : -1;
};
const isAlert: When = (view, at) => view[at] === ALERT && u16(view, at + 11) === 2 && isClear(view, at);

const record = header({
  type: uint8('dtls.record.content_type', { values: namesOf('tls-content-types') }),
  version: uint16('dtls.record.version', { display: 'hex', values: namesOf('tls-versions') }),
  epoch: uint16('dtls.record.epoch'),
  sequence: uint48('dtls.record.sequence_number'),
  length: uint16('dtls.record.length', { unit: 'bytes' }),
  data: located(
    (view, at, end) => (view[at] === APPLICATION_DATA && at + HEADER < end ? at + HEADER : -1),
    bytes('dtls.app_data', (_view, at, end) => end - at, { title: 'Encrypted application data' }),
  ),
  level: optional(isAlert, uint8('dtls.alert_message.level', { values: { 1: 'Warning', 2: 'Fatal' } }), HEADER),
  description: optional(isAlert, uint8('dtls.alert_message.desc', { values: namesOf('tls-alerts') }), HEADER + 1),
  messages: handshakeMessages(messages, 'dtls', 12),
});

const fields = header({
  records: repeated({
    from: (_view, at) => at,
    next: (view, at, end, frame, layer) => {
      if (at + HEADER > end || !isRecord(view, at, end)) return -1;
      const next = at + HEADER + u16(view, at + 11);
      return next <= frame.layerEnd[layer]! ? next : -1;
    },
    item: record,
    title: 'Record',
  }),
});

/** Datagram Transport Layer Security, RFC 6347, 4347; hellos of RFC 9147. */
export const dtls = defineDissector({
  name: 'dtls',
  title: 'Datagram Transport Layer Security',
  claims: [...[853, 2221, 4740, 5684].map(udpPort.at), udpPort.guess()],
  fields,
  minimum: HEADER,
  accept: (view, at, end) => {
    if (!isRecord(view, at, end)) return false;
    // A handshake in the clear must look like one where it was captured whole.
    const whole = at + HEADER <= end && at + HEADER + u16(view, at + 11) <= end;
    return !whole || view[at] !== HANDSHAKE || !isClear(view, at) || messages(view, at, end) >= 0;
  },
});
