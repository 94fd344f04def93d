import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import { bytes, header, located, optional, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { areMessages, handshakeMessages } from './parts/tls-handshake.ts';
import { u16 } from './parts/vector.ts';
import { tcpPort } from './tables.ts';

const HEADER = 5;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEARTBEAT = 24;
/** 2^14 bytes and what compression and encryption may add (RFC 5246 section 6.2.3). */
const LONGEST = 16_384 + 2048;
/** Records of one segment in which a change of the cipher specification is looked for. */
const LOOK_BACK = 64;

const isRecord = (view: Uint8Array, at: number, end: number): boolean => {
  const type = view[at]!;
  if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT) return false;
  if (at + 3 > end || view[at + 1] !== 3 || view[at + 2]! > 4) return false;
  if (at + HEADER > end) return true;
  const length = u16(view, at + 3);
  return length > 0 && length <= LONGEST;
};

/** Handshake messages in the clear. Behind a change of the cipher specification only the hellos of a retry are. */
const messages: Locate = (view, at, end, frame, layer) => {
  if (at + HEADER + 4 > end || view[at] !== HANDSHAKE) return -1;
  const from = at + HEADER;
  if (!areMessages(view, from, from + u16(view, at + 3), end)) return -1;
  if (isHello(view[from]!)) return from;
  let record = frame.layerOffset[layer]!;
  for (let count = 0; record < at && count < LOOK_BACK; count += 1) {
    if (view[record] === CHANGE_CIPHER_SPEC) return -1;
    record += HEADER + u16(view, record + 3);
  }
  return from;
};
const isHello = (type: number) => type === CLIENT_HELLO || type === SERVER_HELLO;
const beginsHello = (view: Uint8Array, at: number, end: number) =>
  view[at] === HANDSHAKE && at + HEADER + 4 <= end && view[at + HEADER] === CLIENT_HELLO;
const isAlert: When = (view, at) => view[at] === ALERT && u16(view, at + 3) === 2;
const isHeartbeat: When = (view, at) => view[at] === HEARTBEAT;

const record = header({
  type: uint8('tls.record.content_type', { values: namesOf('tls-content-types') }),
  version: uint16('tls.record.version', { display: 'hex', values: namesOf('tls-versions') }),
  length: uint16('tls.record.length', { unit: 'bytes' }),
  data: located(
    (view, at, end) => (view[at] === APPLICATION_DATA && at + HEADER < end ? at + HEADER : -1),
    bytes('tls.app_data', (_view, at, end) => end - at, { title: 'Encrypted application data' }),
  ),
  level: optional(isAlert, uint8('tls.alert_message.level', { values: { 1: 'Warning', 2: 'Fatal' } }), HEADER),
  description: optional(isAlert, uint8('tls.alert_message.desc', { values: namesOf('tls-alerts') }), HEADER + 1),
  heartbeat: optional(isHeartbeat, uint8('tls.heartbeat_message.type'), HEADER),
  heartbeatLength: optional(isHeartbeat, uint16('tls.heartbeat_message.payload_length', { unit: 'bytes' }), HEADER + 1),
  messages: handshakeMessages(messages, 'tls', 4),
});

const fields = header({
  records: repeated({
    from: (_view, at) => at,
    // A record that goes on in the next segment is not shown, as its content is not whole; a ClientHello is.
    next: (view, at, end, frame, layer) => {
      if (at + HEADER > end || !isRecord(view, at, end)) return -1;
      const next = at + HEADER + u16(view, at + 3);
      return next <= frame.layerEnd[layer]! || beginsHello(view, at, end) ? next : -1;
    },
    item: record,
    title: 'Record',
  }),
});

/**
 * Transport Layer Security, records as far as one segment reaches: RFC 8446, 5246, 6101. Found by its ports and by its
 * own look; a segment that begins inside a record is not recognised.
 */
export const tls = defineDissector({
  name: 'tls',
  title: 'Transport Layer Security',
  claims: [...[443, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8883].map(tcpPort.at), tcpPort.guess()],
  fields,
  minimum: HEADER,
  accept: isRecord,
});
