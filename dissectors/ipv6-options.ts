import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import {
  bits,
  bytes,
  flag,
  header,
  ipv6,
  located,
  optional,
  part,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { QUOTED } from '../core/frame/frame.ts';
import { hexText } from '../core/frame/text.ts';
import { namesOf } from './names.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

const HOME_ADDRESS = 0xc9;
const KNOWN = new Set([0, 1, 4, 5, 0xc2, HOME_ADDRESS]);

const headerEnd: Locate = (view, at) => at + 8 + view[at + 1]! * 8;
const nextOption: Locate = (view, at, end) => (view[at] === 0 ? at + 1 : at + 1 < end ? at + 2 + view[at + 1]! : end);
const is =
  (type: number, length: number): When =>
  (view, at) =>
    view[at] === type && view[at + 1] === length;
const valuePlace = (wanted: (type: number) => boolean): Locate => {
  return (view, at, end) => (at + 2 <= end && wanted(view[at]!) ? at + 2 : -1);
};
/** The value's length stands in the byte before it. */
const valueLength: Locate = (view, at) => view[at - 1]!;

const paddingText = (view: Uint8Array, at: number, length: number) =>
  length === 0 ? '<none>' : hexText(view, at, length);

const option = header({
  type: uint8('ipv6.opt.type', { display: 'hex' }),
  action: part(bits('ipv6.opt.type.action', 2)),
  mayChange: part(flag('ipv6.opt.type.change')),
  rest: part(bits('ipv6.opt.type.rest', 5, { display: 'hex' })),
  length: optional((view, at) => view[at] !== 0, uint8('ipv6.opt.length', { unit: 'bytes' }), 1),
  padding: located(
    valuePlace((type) => type === 1),
    bytes('ipv6.opt.padn', valueLength, { format: paddingText }),
  ),
  encapsulationLimit: optional(is(4, 1), uint8('ipv6.opt.tel'), 2),
  routerAlert: optional(is(5, 2), uint16('ipv6.opt.router_alert'), 2),
  jumbo: optional(is(0xc2, 4), uint32('ipv6.opt.jumbo', { unit: 'bytes' }), 2),
  homeAddress: optional(is(HOME_ADDRESS, 16), ipv6('ipv6.opt.mipv6.home_address'), 2),
  unknown: located(
    valuePlace((type) => !KNOWN.has(type)),
    bytes('ipv6.opt.unknown', valueLength),
  ),
});

const fieldsOf = (name: string) =>
  header({
    next: uint8(`${name}.nxt`, { title: 'Next header', values: namesOf('ip-protocols') }),
    length: uint8(`${name}.len`, { title: 'Length (8-byte units behind the first)' }),
    options: repeated({ from: (_view, at) => at + 2, to: headerEnd, next: nextOption, item: option, title: 'Option' }),
  });

const hopByHop = fieldsOf('ipv6.hopopts');
const destination = fieldsOf('ipv6.dstopts');

/** IPv6 hop-by-hop options, RFC 8200 section 4.3: only as the first extension header. */
export const ipv6HopByHop = defineDissector({
  name: 'ipv6.hopopts',
  title: 'IPv6 hop-by-hop options',
  level: 'network',
  claims: [ipv6Extension.at(0)],
  fields: hopByHop,
  tables: [ipv6Extension, ipProtocol],
  minimum: 8,
  dissect(frame, view, at) {
    const quoted = (frame.layerFlags[frame.layer]! & QUOTED) !== 0;
    if (!quoted && frame.layerParent[frame.layer] !== frame.networkLayer) frame.malformed(hopByHop.next);
    const end = headerEnd(view, at, frame.end, frame, frame.layer);
    if (end > frame.contained) return frame.malformed(hopByHop.length, end - at, frame.contained - at);
    const next = hopByHop.next.read(view, at);
    frame.extend(next, end);
    return nextHeader(frame, next, end);
  },
});

/** IPv6 destination options, RFC 8200 section 4.6. */
export const ipv6DestinationOptions = defineDissector({
  name: 'ipv6.dstopts',
  title: 'IPv6 destination options',
  level: 'network',
  claims: [ipv6Extension.at(60)],
  fields: destination,
  tables: [ipv6Extension, ipProtocol],
  minimum: 8,
  dissect(frame, view, at) {
    const end = headerEnd(view, at, frame.end, frame, frame.layer);
    if (end > frame.contained) return frame.malformed(destination.length, end - at, frame.contained - at);
    const next = destination.next.read(view, at);
    frame.extend(next, end);
    return nextHeader(frame, next, end);
  },
});
