import { defineDissector } from '../core/declare/dissector.ts';
import { header, masked, part, repeated, uint32 } from '../core/declare/kinds.ts';
import { looksLikeEthernet } from './parts/ethernet-guess.ts';
import { etherType, ipProtocol, mplsLabel, mplsPayload, pppProtocol, udpPort } from './tables.ts';

const BOTTOM = 1;
/** The payload is an ACH, whatever its first bits are (RFC 5586, 4). */
const GENERIC_ASSOCIATED_CHANNEL = 13;
/** RFC 3429: what follows is an OAM function and no packet. */
const OAM_ALERT = 14;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** Over UDP the stack and the packet behind it are looked at, for a port alone proves nothing (RFC 7510). */
function isStackAndPacket(bytes: Uint8Array, at: number, end: number): boolean {
  let payload = at;
  do {
    if (payload + 4 > end) return false;
    payload += 4;
  } while ((bytes[payload - 2]! & BOTTOM) === 0);
  if (payload >= end) return false;
  const version = bytes[payload]! >>> 4;
  if (version === 4) return (bytes[payload]! & 15) >= 5 && payload + 20 <= end && (bytes[payload + 6]! & 0x80) === 0;
  return version === 6 ? payload + 40 <= end : looksLikeEthernet(bytes, payload + (version === 0 ? 4 : 0), end);
}

const label = header({
  label: masked(uint32('mpls.label', { title: 'Label', display: 'decimal-hex' }), 0xfffff000),
  experimental: part(masked(uint32('mpls.exp', { title: 'Traffic class' }), 0xe00)),
  bottom: part(masked(uint32('mpls.bottom', { title: 'Bottom of stack' }), 0x100)),
  timeToLive: part(masked(uint32('mpls.ttl', { title: 'Time to live' }), 0xff)),
});

const fields = {
  labels: repeated({
    from: (_bytes, at) => at,
    next: (bytes, at, end) => (at + 4 > end ? -1 : bytes[at + 2]! & BOTTOM ? end : at + 4),
    item: label,
    title: 'Label',
  }),
};

/**
 * Multiprotocol Label Switching, RFC 3032 and 5462. Nothing in a label stack says what it carries: a table by the last
 * label (for the configuration's decode-as) goes first, then the guess of RFC 4928 by the first four bits: 4 and 6 are IP
 * packets, 1 is an associated channel, 0 a pseudowire, mostly Ethernet; anything else is what recognises itself.
 */
export const mpls = defineDissector({
  name: 'mpls',
  title: 'Multiprotocol Label Switching',
  level: 'link',
  claims: [
    etherType.at(0x8847),
    etherType.at(0x8848),
    pppProtocol.at(0x0281),
    pppProtocol.at(0x0283),
    ipProtocol.at(137),
    udpPort.checked(6635, isStackAndPacket),
  ],
  fields,
  tables: [mplsLabel, mplsPayload, etherType],
  minimum: 4,
  dissect(frame, bytes, at) {
    let last = at;
    while ((bytes[last + 2]! & BOTTOM) === 0) {
      last += 4;
      if (last + 4 > frame.end) return frame.short(last, 4);
    }
    const number = label.label.readAt(bytes, last);
    const payload = last + 4;
    if (frame.next(mplsLabel, number, payload)) return;
    if (payload >= frame.end) return payload < frame.contained && frame.short(payload, 1);
    if (number === OAM_ALERT) return;
    const nibble = number === GENERIC_ASSOCIATED_CHANNEL ? 1 : bytes[payload]! >>> 4;
    if (nibble === 4) return frame.next(etherType, IPV4, payload);
    if (nibble === 6) return frame.next(etherType, IPV6, payload);
    return frame.next(mplsPayload, nibble, payload) || frame.guess(mplsPayload, payload);
  },
});
