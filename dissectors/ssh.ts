import { createHash } from 'node:crypto';
import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, FieldOptions, Locate, When } from '../core/declare/field.ts';
import { bytes, header, located, optional, repeated, text, uint8, uint32 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { before4, type Find, u32 } from './parts/vector.ts';
import { tcpPort } from './tables.ts';

const PORT = 22;
const KEX_INIT = 20;
/** What can stand unencrypted: transport and key exchange messages (RFC 4250 section 4.1.2). */
const isPlain = (code: number) => (code >= 1 && code <= 6) || code === 20 || code === 21 || (code >= 30 && code <= 49);
const GROUP_REQUEST = 34;
/** RFC 4253 section 6.1. */
const LONGEST = 35_000;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Where the line that begins at `at` ends, without its line break; -1 when none of 255 bytes is one. */
function lineEnd(view: Uint8Array, at: number, end: number): number {
  const limit = Math.min(at + 255, end);
  for (let place = at; place < limit; place += 1) {
    if (view[place] === LINE_FEED) return place > at && view[place - 1] === CARRIAGE_RETURN ? place - 1 : place;
  }
  return end === limit ? end : -1;
}
/** `SSH-` and a digit, as far as the bytes go. */
const isBanner = (view: Uint8Array, at: number, end: number) =>
  at + 5 <= end &&
  view[at] === 0x53 &&
  view[at + 1] === 0x53 &&
  view[at + 2] === 0x48 &&
  view[at + 3] === 0x2d &&
  (view[at + 4] === 0x31 || view[at + 4] === 0x32) &&
  lineEnd(view, at, end) > 0;
/** A binary packet that is not encrypted: length, padding and message code agree. */
const isPacket = (view: Uint8Array, at: number, end: number): boolean => {
  if (at + 6 > end) return false;
  const length = u32(view, at);
  const padding = view[at + 4]!;
  return (
    length >= 12 &&
    length <= LONGEST &&
    (length + 4) % 8 === 0 &&
    padding >= 4 &&
    padding < length - 1 &&
    isPlain(view[at + 5]!)
  );
};
const packetsAt: Locate = (view, at, end) => {
  if (!isBanner(view, at, end)) return at;
  let place = lineEnd(view, at, end);
  while (place < end && (view[place] === CARRIAGE_RETURN || view[place] === LINE_FEED)) place += 1;
  return place;
};

/** The name lists of a KEXINIT in wire order, RFC 4253 section 7.1. */
const LISTS = [
  'kex_algorithms',
  'server_host_key_algorithms',
  'encryption_algorithms_client_to_server',
  'encryption_algorithms_server_to_client',
  'mac_algorithms_client_to_server',
  'mac_algorithms_server_to_client',
  'compression_algorithms_client_to_server',
  'compression_algorithms_server_to_client',
  'languages_client_to_server',
  'languages_server_to_client',
] as const;
/** Where the length of a name list stands; -1 when it was not captured. With the number of lists, the place behind them. */
const listAt =
  (index: number): Find =>
  (view, at, end) => {
    if (at + 6 > end || view[at + 5] !== KEX_INIT) return -1;
    let place = at + 22;
    for (let i = 0; i < index; i += 1) {
      if (place + 4 > end) return -1;
      place += 4 + u32(view, place);
    }
    return place <= end ? place : -1;
  };
const lists: Record<string, Field> = Object.fromEntries(
  LISTS.flatMap((name, index) => [
    [`${name}_length`, located(listAt(index), uint32(`ssh.${name}_length`, { unit: 'bytes' }))],
    [
      name,
      located(
        (view, at, end) => {
          const place = listAt(index)(view, at, end);
          return place < 0 || place + 4 > end ? -1 : place + 4;
        },
        text(`ssh.${name}`, before4),
      ),
    ],
  ]),
);

type Format = NonNullable<FieldOptions['format']>;
const latin = (view: Uint8Array, from: number, to: number) => String.fromCharCode(...view.subarray(from, to));
/** The lists that HASSH (github.com/salesforce/hassh) joins: key exchange, then encryption, MAC and compression one way. */
const hassh =
  (first: number): Format =>
  (view, at, length) =>
    [0, first, first + 2, first + 4]
      .map((index) => {
        const place = listAt(index)(view, at - 22, at - 22 + length + 22);
        return place < 0 ? '' : latin(view, place + 4, place + 4 + u32(view, place));
      })
      .join(';');
const digest =
  (format: Format): Format =>
  (view, at, length, frame, layer) =>
    createHash('md5')
      .update(format(view, at, length, frame, layer))
      .digest('hex');
/** All ten lists must be there. */
const fingerprint =
  (fromServer: boolean): Locate =>
  (view, at, end, frame) =>
    isServer(frame) === fromServer && listAt(LISTS.length)(view, at, end) >= 0 ? at + 22 : -1;
/** The server has the lower port. */
const isServer = (frame: Frame) => frame.sourcePort < frame.destinationPort;
const rest: Locate = (_view, at, end) => end - at;

const isInit: When = (view, at) => view[at + 5] === KEX_INIT;
const isRequest: When = (view, at) => view[at + 5] === GROUP_REQUEST;
const paddingAt: Locate = (view, at, end) => {
  if (at + 6 > end) return -1;
  const place = at + 4 + u32(view, at) - view[at + 4]!;
  return place < end ? place : -1;
};

const packet = header({
  length: uint32('ssh.packet_length', { unit: 'bytes' }),
  paddingLength: uint8('ssh.padding_length', { unit: 'bytes' }),
  code: uint8('ssh.message_code', { values: namesOf('ssh-messages') }),
  cookie: optional(isInit, bytes('ssh.cookie', 16), 6),
  ...lists,
  follows: located(listAt(LISTS.length), uint8('ssh.first_kex_packet_follows')),
  reserved: located(
    (view, at, end) => {
      const place = listAt(LISTS.length)(view, at, end);
      return place < 0 ? -1 : place + 1;
    },
    bytes('ssh.kex.reserved', 4),
  ),
  clientText: located(fingerprint(false), text('ssh.kex.hassh_algorithms', rest, { format: hassh(2) })),
  client: located(fingerprint(false), text('ssh.kex.hassh', rest, { format: digest(hassh(2)) })),
  serverText: located(fingerprint(true), text('ssh.kex.hasshserver_algorithms', rest, { format: hassh(3) })),
  server: located(fingerprint(true), text('ssh.kex.hasshserver', rest, { format: digest(hassh(3)) })),
  groupMinimum: optional(isRequest, uint32('ssh.dh_gex.min', { unit: 'bits' }), 6),
  groupBits: optional(isRequest, uint32('ssh.dh_gex.nbits', { unit: 'bits' }), 10),
  groupMaximum: optional(isRequest, uint32('ssh.dh_gex.max', { unit: 'bits' }), 14),
  padding: located(paddingAt, bytes('ssh.padding_string', rest)),
});

const fields = header({
  protocol: located(
    (view, at, end) => (isBanner(view, at, end) ? at : -1),
    text('ssh.protocol', (view, at, end) => lineEnd(view, at, end) - at),
  ),
  packets: repeated({
    from: packetsAt,
    next: (view, at, end) => (isPacket(view, at, end) ? at + 4 + u32(view, at) : -1),
    item: packet,
    title: 'Packet',
  }),
});

/**
 * Secure Shell: version line, RFC 4253 section 4.2, and packets before encryption begins. Encrypted packets look like
 * nothing and are not recognised.
 */
export const ssh = defineDissector({
  name: 'ssh',
  title: 'Secure Shell',
  claims: [tcpPort.at(PORT)],
  fields,
  minimum: 5,
  accept: (view, at, end) => isBanner(view, at, end) || isPacket(view, at, end),
});
