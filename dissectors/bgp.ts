import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import { bytes, header, located, optional, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import { bgpOpen } from './parts/bgp-open.ts';
import { bgpUpdate } from './parts/bgp-update.ts';
import { u16 } from './parts/vector.ts';
import { tcpPort } from './tables.ts';

const HEADER = 19;
const NOTIFICATION = 3;
const ROUTE_REFRESH = 5;
const TYPES = { 1: 'OPEN', 2: 'UPDATE', 3: 'NOTIFICATION', 4: 'KEEPALIVE', 5: 'ROUTE-REFRESH', 6: 'CAPABILITY' };
/** RFC 4271 section 4.5: minor codes have a meaning of their own under each major one. */
const MINOR = ['', '', 'open', 'update', 'expired', 'state', 'cease', 'capability'];

/** A marker of ones, then a length and a type that fit; as far as the bytes go. */
function isMessage(view: Uint8Array, at: number, end: number): boolean {
  if (at + 16 > end) return false;
  for (let i = at; i < at + 16; i += 1) if (view[i] !== 0xff) return false;
  if (at + 18 <= end && u16(view, at + 16) < HEADER) return false;
  return at + HEADER > end || (view[at + 18]! >= 1 && view[at + 18]! <= 6);
}
const next: Locate = (view, at, end) => (at + HEADER <= end && isMessage(view, at, end) ? at + u16(view, at + 16) : -1);
const is =
  (type: number): When =>
  (view, at) =>
    view[at + 18] === type;
const minor = (name: string, majors: (major: number) => boolean) =>
  optional((view, at) => view[at + 18] === NOTIFICATION && majors(view[at + HEADER]!), uint8(name), HEADER + 1);

const message = header({
  marker: bytes('bgp.marker', 16),
  length: uint16('bgp.length', { unit: 'bytes' }),
  type: uint8('bgp.type', { values: TYPES }),
  ...bgpOpen,
  ...bgpUpdate,
  major: optional(is(NOTIFICATION), uint8('bgp.notify.major_error'), HEADER),
  minorHeader: minor('bgp.notify.minor_error', (major) => major === 1),
  ...Object.fromEntries(
    MINOR.flatMap((name, major) =>
      name === '' ? [] : [[name, minor(`bgp.notify.minor_error_${name}`, (one) => one === major)]],
    ),
  ),
  minorUnknown: minor('bgp.notify.minor_error_unknown', (major) => major === 0 || major >= MINOR.length),
  data: located(
    (view, at, end) => (view[at + 18] === NOTIFICATION && at + HEADER + 2 < end ? at + HEADER + 2 : -1),
    bytes('bgp.notify.minor_data', (_view, at, end) => end - at),
  ),
  refreshFamily: optional(is(ROUTE_REFRESH), uint16('bgp.route_refresh.afi'), HEADER),
  refreshSubtype: optional(is(ROUTE_REFRESH), uint8('bgp.route_refresh.subtype'), HEADER + 2),
  refreshSubsequent: optional(is(ROUTE_REFRESH), uint8('bgp.route_refresh.safi'), HEADER + 3),
});

const fields = header({ messages: repeated({ from: (_view, at) => at, next, item: message, title: 'Message' }) });

/** Border Gateway Protocol 4, RFC 4271, one message after another. */
export const bgp = defineDissector({
  name: 'bgp',
  title: 'Border Gateway Protocol',
  claims: [tcpPort.at(179)],
  fields,
  accept: isMessage,
});
