import type { Fields, Locate, When } from '../../core/declare/field.ts';
import {
  bytes,
  header,
  located,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../../core/declare/kinds.ts';
import { utcText } from '../../core/frame/time-text.ts';
import { namesOf } from '../names.ts';
import { clientExtension } from './tls-client-extension.ts';
import { clientText, digestOf, serverText } from './tls-fingerprint.ts';
import { keyExchange } from './tls-key-exchange.ts';
import { serverExtension } from './tls-server-extension.ts';
import { after, before1, before2, before3, inside, u16, u24, u32, vector } from './vector.ts';

const HELLO_REQUEST = 0;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const VERIFY_REQUEST = 3;
const NEW_TICKET = 4;
const CERTIFICATE = 11;
const CERTIFICATE_STATUS = 22;
const SUPPORTED_VERSIONS = 43;
/** Content type of a record: a hello behind it answers a retry. */
const CHANGE_CIPHER_SPEC = 20;

/** Handshake types, IANA "TLS HandshakeType". */
export const HANDSHAKE_TYPES: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 25, 67,
];

/**
 * One handshake message of TLS (`p` is `tls`) or DTLS, whose header has `body` bytes: RFC 5246 section 7.4, RFC 8446
 * section 4, RFC 6347 section 4.2.2. Key exchanges have no field that says which kind they are: see `keyExchange`.
 */
export function handshakeMessage(p: 'tls' | 'dtls', body: number): Fields {
  const h = `${p}.handshake`;
  const isDatagram = p === 'dtls';
  /** In DTLS only what is not a fragment of a message has a body to read. */
  const isWhole = (view: Uint8Array, at: number) => !isDatagram || u24(view, at + 1) === u24(view, at + 9);
  const is =
    (...types: number[]): When =>
    (view, at) =>
      types.includes(view[at]!) && isWhole(view, at);
  /** `offset` bytes into the body of such a message. */
  const bodyOf =
    (type: number, offset: number): ((view: Uint8Array, at: number, end: number) => number) =>
    (view, at, end) =>
      view[at] === type && at + body + offset <= end && isWhole(view, at) ? at + body + offset : -1;
  const either = (one: Locate, other: Locate): Locate => {
    return (view, at, end, frame, layer) =>
      view[at] === CLIENT_HELLO ? one(view, at, end, frame, layer) : other(view, at, end, frame, layer);
  };
  const clientSession = bodyOf(CLIENT_HELLO, 34);
  const serverSession = bodyOf(SERVER_HELLO, 34);
  const cookie = after(clientSession, 1);
  const cookieBytes = inside(cookie, 1);
  const verifyCookie = bodyOf(VERIFY_REQUEST, 2);
  const verifyCookieBytes = inside(verifyCookie, 1);
  const ciphers = isDatagram ? after(cookie, 1) : cookie;
  const compressions = after(ciphers, 2);
  const clientExtensions = after(compressions, 1);
  const suite = after(serverSession, 1);
  const behindSuite = (count: number) => (view: Uint8Array, at: number, end: number) => {
    const place = suite(view, at, end);
    return place < 0 ? -1 : place + count;
  };
  const serverExtensions = behindSuite(3);
  const nextExtension: Locate = (view, at, end) => (at + 4 <= end ? at + 4 + u16(view, at + 2) : -1);
  const random = is(CLIENT_HELLO, SERVER_HELLO);
  /** Until TLS 1.3 the random bytes began with a time. */
  const timed: When = (view, at, end, frame, layer) =>
    view[at] === CLIENT_HELLO
      ? isDatagram
        ? isWhole(view, at)
        : view[frame.layerOffset[layer]!] !== CHANGE_CIPHER_SPEC
      : view[at] === SERVER_HELLO && isWhole(view, at) && !chooses13(view, serverExtensions(view, at, end), end);
  const bodyLength: Locate = (_view, at, end) => end - at;
  const client = (view: Uint8Array, at: number, length: number) => clientText(view, at, length, isDatagram);
  const fingerprint = (type: number): Locate => {
    return (view, at, end) => (view[at] === type && at + body + 38 <= end && isWhole(view, at) ? at + body : -1);
  };
  const ticket = bodyOf(NEW_TICKET, 4);
  const certificates = bodyOf(CERTIFICATE, 0);
  const status = bodyOf(CERTIFICATE_STATUS, 1);
  return header({
    type: uint8(`${h}.type`, { values: namesOf('tls-handshake-types') }),
    size: uint24(`${h}.length`, { unit: 'bytes' }),
    ...(isDatagram
      ? {
          sequence: uint16(`${h}.message_seq`, { title: 'Message sequence' }),
          fragmentOffset: uint24(`${h}.fragment_offset`, { unit: 'bytes' }),
          fragmentLength: uint24(`${h}.fragment_length`, { unit: 'bytes' }),
        }
      : {}),
    version: optional(
      is(CLIENT_HELLO, SERVER_HELLO, VERIFY_REQUEST),
      uint16(`${h}.version`, { display: 'hex', values: namesOf('tls-versions') }),
      body,
    ),
    random: optional(random, bytes(`${h}.random`, 32), body + 2),
    randomTime: optional(
      timed,
      bytes(`${h}.random_time`, 4, { format: (view, at) => utcText(u32(view, at), 0) }),
      body + 2,
    ),
    randomBytes: optional(timed, bytes(`${h}.random_bytes`, 28), body + 6),
    sessionLength: located(either(clientSession, serverSession), uint8(`${h}.session_id_length`, { unit: 'bytes' })),
    session: located(either(inside(clientSession, 1), inside(serverSession, 1)), bytes(`${h}.session_id`, before1)),
    ...(isDatagram
      ? {
          cookieLength: located(
            (view, at, end) => (view[at] === VERIFY_REQUEST ? verifyCookie : cookie)(view, at, end),
            uint8(`${h}.cookie_length`, { unit: 'bytes' }),
          ),
          cookie: located(
            (view, at, end) => (view[at] === VERIFY_REQUEST ? verifyCookieBytes : cookieBytes)(view, at, end),
            bytes(`${h}.cookie`, before1),
          ),
        }
      : {}),
    ciphersLength: located(ciphers, uint16(`${h}.cipher_suites_length`, { unit: 'bytes' })),
    ciphers: vector(
      ciphers,
      2,
      2,
      header({ suite: uint16(`${h}.ciphersuite`, { display: 'hex', values: namesOf('tls-cipher-suites') }) }),
      'Cipher suite',
    ),
    suite: located(suite, uint16(`${h}.ciphersuite`, { display: 'hex', values: namesOf('tls-cipher-suites') })),
    compressionsLength: located(compressions, uint8(`${h}.comp_methods_length`, { unit: 'bytes' })),
    compressions: vector(compressions, 1, 1, header({ method: uint8(`${h}.comp_method`) }), 'Compression method'),
    compression: located(behindSuite(2), uint8(`${h}.comp_method`)),
    extensionsLength: located(
      either(clientExtensions, serverExtensions),
      uint16(`${h}.extensions_length`, { unit: 'bytes' }),
    ),
    clientExtensions: vector(clientExtensions, 2, nextExtension, clientExtension(p), 'Extension'),
    serverExtensions: vector(serverExtensions, 2, nextExtension, serverExtension(p), 'Extension'),
    clientText: located(
      fingerprint(CLIENT_HELLO),
      text(`${h}.ja3_full`, bodyLength, { title: 'JA3 full string', format: client }),
    ),
    client: located(
      fingerprint(CLIENT_HELLO),
      text(`${h}.ja3`, bodyLength, { title: 'JA3', format: digestOf(client) }),
    ),
    serverText: located(
      fingerprint(SERVER_HELLO),
      text(`${h}.ja3s_full`, bodyLength, { title: 'JA3S full string', format: serverText }),
    ),
    server: located(
      fingerprint(SERVER_HELLO),
      text(`${h}.ja3s`, bodyLength, { title: 'JA3S', format: digestOf(serverText) }),
    ),
    ticketLifetime: optional(is(NEW_TICKET), uint32(`${h}.session_ticket_lifetime_hint`, { unit: 's' }), body),
    ticketLength: located(ticket, uint16(`${h}.session_ticket_length`, { unit: 'bytes' })),
    ticket: located(inside(ticket, 2), bytes(`${h}.session_ticket`, before2)),
    certificatesLength: located(certificates, uint24(`${h}.certificates_length`, { unit: 'bytes' })),
    certificates: vector(
      certificates,
      3,
      (view, at, end) => (at + 3 <= end ? at + 3 + u24(view, at) : -1),
      header({
        size: uint24(`${h}.certificate_length`, { unit: 'bytes' }),
        certificate: located((_v, at) => at + 3, bytes(`${h}.certificate`, before3)),
      }),
      'Certificate',
    ),
    ...keyExchange(p, body),
    statusType: optional(is(CERTIFICATE_STATUS), uint8(`${h}.extensions_status_request_type`), body),
    statusLength: located(status, uint24(`${h}.ocsp_response_len`, { unit: 'bytes' })),
  });
}

/** True when the extensions whose length stands at `at` say that the server chose TLS 1.3 or a draft of it. */
function chooses13(view: Uint8Array, at: number, end: number): boolean {
  if (at < 0 || at + 2 > end) return false;
  for (let place = at + 2; place + 6 <= end; place += 4 + u16(view, place + 2)) {
    if (u16(view, place) === SUPPORTED_VERSIONS) return view[place + 4] === 0x7f || u16(view, place + 4) === 0x0304;
  }
  return false;
}

/**
 * True when the bytes from `at` to `end`, of which those before `readable` were captured, are whole messages or the
 * beginning of one, as nothing encrypted looks.
 */
export function areMessages(view: Uint8Array, at: number, end: number, readable: number): boolean {
  if (at + 4 > readable || at + 4 + u24(view, at + 1) > end) return false;
  for (let place = at; place + 4 <= readable; place += 4 + u24(view, place + 1)) {
    const type = view[place]!;
    if (!HANDSHAKE_TYPES.includes(type)) return false;
    if (type === HELLO_REQUEST && (place !== at || place + 4 !== end)) return false;
  }
  return true;
}

/** The same for DTLS, whose records hold whole messages or fragments of known length. */
export function areDatagramMessages(view: Uint8Array, at: number, end: number, readable: number): boolean {
  for (let place = at; place + 12 <= readable; place += 12 + u24(view, place + 9)) {
    if (!HANDSHAKE_TYPES.includes(view[place]!)) return false;
    if (u24(view, place + 6) + u24(view, place + 9) > u24(view, place + 1)) return false;
    if (place + 12 + u24(view, place + 9) > end) return false;
  }
  return true;
}

/** Handshake messages from a place on, one after another. */
export function handshakeMessages(from: Locate, p: 'tls' | 'dtls', body: number) {
  return repeated({
    from,
    // A message that goes on in the next record is not shown, except for the hello that began it.
    next: (view, at, end, frame) => {
      if (at + body > end) return -1;
      const next = at + body + u24(view, p === 'dtls' ? at + 9 : at + 1);
      return next > end && end !== frame.capturedEnd && view[at] !== CLIENT_HELLO ? -1 : next;
    },
    item: handshakeMessage(p, body),
    title: 'Handshake message',
  });
}
