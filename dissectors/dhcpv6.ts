import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { header, ipv6, optional, repeated, uint8, uint24 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { dhcpv6Option, nextDhcpv6Option } from './parts/dhcpv6-option.ts';
import { type Find, u16 } from './parts/vector.ts';
import { relayedDhcpv6, udpPort } from './tables.ts';

const FIXED = 4;
const RELAY_FIXED = 34;
const RELAYED_MESSAGE = 9;
const HIGHEST_TYPE = 36;

const isRelay: When = (view, at) => view[at] === 12 || view[at] === 13;
const optionsAt = (view: Uint8Array, at: number) => at + (view[at] === 12 || view[at] === 13 ? RELAY_FIXED : FIXED);

const fields = header({
  type: uint8('dhcpv6.msgtype', { title: 'Message type', values: namesOf('dhcpv6-messages') }),
  id: optional(
    (view, at, end, frame, layer) => !isRelay(view, at, end, frame, layer),
    uint24('dhcpv6.xid', { title: 'Transaction id', display: 'hex' }),
    1,
  ),
  hops: optional(isRelay, uint8('dhcpv6.hopcount'), 1),
  link: optional(isRelay, ipv6('dhcpv6.linkaddr'), 2),
  peer: optional(isRelay, ipv6('dhcpv6.peeraddr'), 18),
  options: repeated({
    from: (view, at, end) => (at < end ? optionsAt(view, at) : -1),
    next: nextDhcpv6Option,
    item: dhcpv6Option,
    title: 'Option',
  }),
});

/** The first options fit into what is there, as far as it was captured. */
function hasOptions(view: Uint8Array, from: number, end: number, contained: number): boolean {
  let place = from;
  for (let count = 0; count < 3 && place < contained; count += 1) {
    if (place + 4 > end) return end < contained;
    if (u16(view, place) === 0) return false;
    place += 4 + u16(view, place + 2);
  }
  return place <= contained;
}

/** Dynamic Host Configuration Protocol for IPv6, RFC 8415. A relayed message is a layer of its own. */
export const dhcpv6 = defineDissector({
  name: 'dhcpv6',
  title: 'Dynamic Host Configuration Protocol for IPv6',
  claims: [udpPort.at(546), udpPort.at(547), relayedDhcpv6.at(0)],
  tables: [relayedDhcpv6],
  fields,
  minimum: FIXED,
  accept: (view, at, end, frame) =>
    at + FIXED <= end &&
    view[at]! >= 1 &&
    view[at]! <= HIGHEST_TYPE &&
    hasOptions(view, optionsAt(view, at), end, frame.contained),
  dissect(frame, view, at) {
    if (view[at] !== 12 && view[at] !== 13) return;
    const next: Find = nextDhcpv6Option;
    for (let place = optionsAt(view, at); place > 0 && place + 4 <= frame.end; place = next(view, place, frame.end)) {
      if (u16(view, place) !== RELAYED_MESSAGE) continue;
      frame.next(relayedDhcpv6, 0, place + 4, Math.min(place + 4 + u16(view, place + 2), frame.contained));
      return;
    }
  },
});
