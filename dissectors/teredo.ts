import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, computed, header, ipv4, located, uint8 } from '../core/declare/kinds.ts';
import { u16 } from './parts/vector.ts';
import { etherType, udpPort } from './tables.ts';

const IPV6 = 0x86dd;
const AUTHENTICATION = 0x0001;
const ORIGIN = 0x0000;
const ORIGIN_SIZE = 8;
/** Nonce and confirmation, behind identifier and value. */
const NONCE_SIZE = 8;

/** Where the authentication indication ends; `at` where there is none, -1 when it is cut. */
function authenticationEnd(view: Uint8Array, at: number, end: number): number {
  if (at + 4 > end || u16(view, at) !== AUTHENTICATION) return at;
  const after = at + 4 + view[at + 2]! + view[at + 3]! + NONCE_SIZE + 1;
  return after <= end ? after : -1;
}
/** Where the IPv6 packet begins, behind the indications; -1 when one is cut. */
function packetAt(view: Uint8Array, at: number, end: number): number {
  const next = authenticationEnd(view, at, end);
  if (next < 0 || next + 2 > end || u16(view, next) !== ORIGIN) return next;
  return next + ORIGIN_SIZE <= end ? next + ORIGIN_SIZE : -1;
}
const authentication =
  (skip: (view: Uint8Array, at: number) => number): Locate =>
  (view, at, end) =>
    authenticationEnd(view, at, end) > at ? at + skip(view, at) : -1;
const origin =
  (skip: number): Locate =>
  (view, at, end) => {
    const next = authenticationEnd(view, at, end);
    return next >= 0 && next + ORIGIN_SIZE <= end && u16(view, next) === ORIGIN ? next + skip : -1;
  };
/** Port and address are inverted, so that no translator on the way changes them. */
const port: Locate = (view, at, end, frame, layer) => {
  const place = origin(2)(view, at, end, frame, layer);
  return place < 0 ? Number.NaN : u16(view, place) ^ 0xffff;
};
const inverted = (view: Uint8Array, at: number) => [0, 1, 2, 3].map((i) => view[at + i]! ^ 0xff).join('.');

const fields = header({
  identifierLength: located(
    authentication(() => 2),
    uint8('teredo.auth.idlen', { title: 'Identifier length' }),
  ),
  valueLength: located(
    authentication(() => 3),
    uint8('teredo.auth.aulen', { title: 'Authentication length' }),
  ),
  identifier: located(
    authentication((view, at) => (view[at + 2]! > 0 ? 4 : -at - 1)),
    bytes('teredo.auth.id', (view, at) => view[at - 2]!, { title: 'Client identifier' }),
  ),
  value: located(
    authentication((view, at) => (view[at + 3]! > 0 ? 4 + view[at + 2]! : -at - 1)),
    bytes('teredo.auth.value', (view, _at, _end, frame, layer) => view[frame.layerOffset[layer]! + 3]!),
  ),
  nonce: located(
    authentication((view, at) => 4 + view[at + 2]! + view[at + 3]!),
    bytes('teredo.auth.nonce', NONCE_SIZE),
  ),
  confirmation: located(
    authentication((view, at) => 4 + view[at + 2]! + view[at + 3]! + NONCE_SIZE),
    bytes('teredo.auth.conf', 1),
  ),
  port: located(origin(2), computed('teredo.orig.port', 'uint', port, { title: 'Origin port' }, 2)),
  address: located(origin(4), ipv4('teredo.orig.addr', { title: 'Origin address', format: inverted })),
});

/** Teredo: IPv6 over UDP through NATs, RFC 4380. */
export const teredo = defineDissector({
  name: 'teredo',
  title: 'Teredo',
  level: 'tunnel',
  claims: [udpPort.at(3544)],
  fields,
  tables: [etherType],
  minimum: 0,
  accept(view, at, end) {
    const packet = packetAt(view, at, end);
    return packet >= 0 && packet <= end && (packet === end ? packet > at : view[packet]! >>> 4 === 6);
  },
  dissect(frame, view, at) {
    const packet = packetAt(view, at, frame.end);
    return packet < frame.contained && frame.next(etherType, IPV6, packet);
  },
});
