import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, When } from '../core/declare/field.ts';
import { bytes, header, located, optional, text, uint8, uint32le, uint64le } from '../core/declare/kinds.ts';
import { udpPort } from './tables.ts';

const INITIATION = 1;
const RESPONSE = 2;
const COOKIE = 3;
const DATA = 4;
/** Whole sizes of the first three types, by type. */
const SIZES = [0, 148, 92, 64];
const SMALLEST_DATA = 32;
const KEY = 32;
const TAG = 16;

const is =
  (...types: readonly number[]): When =>
  (view, at) =>
    types.includes(view[at]!);
const base64 = (view: Uint8Array, at: number, length: number): string =>
  Buffer.from(view.buffer, view.byteOffset + at, length).toString('base64');
const hidden = (type: number, offset: number, size: number, name: string, title: string): Field =>
  optional(is(type), bytes(name, size, { title, format: () => '1' }), offset);

const fields = header({
  type: uint8('wg.type', {
    values: { 1: 'handshake initiation', 2: 'handshake response', 3: 'cookie reply', 4: 'transport data' },
  }),
  reserved: bytes('wg.reserved', 3),
  sender: optional(is(INITIATION, RESPONSE), uint32le('wg.sender', { display: 'hex' }), 4),
  receiver: optional(is(COOKIE, DATA), uint32le('wg.receiver', { display: 'hex' }), 4),
  receiverOfResponse: optional(is(RESPONSE), uint32le('wg.receiver', { display: 'hex' }), 8),
  ephemeral: optional(is(INITIATION), text('wg.ephemeral', KEY, { title: 'Ephemeral key', format: base64 }), 8),
  ephemeralOfResponse: optional(
    is(RESPONSE),
    text('wg.ephemeral', KEY, { title: 'Ephemeral key', format: base64 }),
    12,
  ),
  static: hidden(INITIATION, 40, KEY + TAG, 'wg.encrypted_static', 'Static key, encrypted'),
  timestamp: hidden(INITIATION, 88, 12 + TAG, 'wg.encrypted_timestamp', 'Timestamp, encrypted'),
  empty: hidden(RESPONSE, 44, TAG, 'wg.encrypted_empty', 'Nothing, encrypted'),
  mac1: optional(is(INITIATION), bytes('wg.mac1', TAG), 116),
  mac2: optional(is(INITIATION), bytes('wg.mac2', TAG), 132),
  mac1OfResponse: optional(is(RESPONSE), bytes('wg.mac1', TAG), 60),
  mac2OfResponse: optional(is(RESPONSE), bytes('wg.mac2', TAG), 76),
  nonce: optional(is(COOKIE), bytes('wg.nonce', 24), 8),
  cookie: optional(is(COOKIE), bytes('wg.encrypted_cookie', TAG + TAG, { title: 'Cookie, encrypted' }), 32),
  counter: optional(is(DATA), uint64le('wg.counter'), 8),
  packet: located(
    (view, at, end) => (view[at] === DATA && at + 16 < end ? at + 16 : -1),
    bytes('wg.encrypted_packet', (_view, at, end) => end - at, { title: 'Packet, encrypted', format: () => '1' }),
  ),
  keepalive: located(
    (view, at, end, frame, layer) =>
      view[at] === DATA && at + SMALLEST_DATA <= end && frame.layerEnd[layer]! === at + SMALLEST_DATA ? at + 16 : -1,
    bytes('wg.keepalive', TAG, { format: () => '1' }),
  ),
});

/** WireGuard, as its protocol page and whitepaper (section 5.4) lay its messages out. Recognised, it has no port. */
export const wg = defineDissector({
  name: 'wg',
  title: 'WireGuard',
  claims: [udpPort.guess()],
  fields,
  accept(view, at, end) {
    if (at + SMALLEST_DATA > end) return false;
    const type = view[at]!;
    if (type === 0 || type > DATA) return false;
    if ((view[at + 1]! | view[at + 2]! | view[at + 3]!) !== 0) return false;
    // A counter that had come to its upper two bytes would have carried petabytes.
    return type === DATA ? (view[at + 14]! | view[at + 15]!) === 0 : end - at === SIZES[type];
  },
});
