import { defineDissector } from '../core/declare/dissector.ts';
import { bits, header, ipv6 as ipv6Address, part, uint8, uint16 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { etherType, ipProtocol, ipv6Extension, linkTypes, nextHeader, nullFamily, pppProtocol } from './tables.ts';

const FIXED = 40;
const HOP_BY_HOP = 0;
const JUMBO = 0xc2;

const fields = header({
  version: bits('ipv6.version', 4, { aliases: ['ip.version'] }),
  trafficClass: bits('ipv6.tclass', 8, { title: 'Traffic class', display: 'hex', digits: 8 }),
  codepoint: part(bits('ipv6.tclass.dscp', 6)),
  congestion: part(bits('ipv6.tclass.ecn', 2)),
  flowLabel: bits('ipv6.flow', 20, { title: 'Flow label', display: 'hex' }),
  payloadLength: uint16('ipv6.plen', { title: 'Payload length', unit: 'bytes' }),
  next: uint8('ipv6.nxt', { title: 'Next header', values: namesOf('ip-protocols') }),
  hopLimit: uint8('ipv6.hlim', { title: 'Hop limit' }),
  source: ipv6Address('ipv6.src', { title: 'Source', aliases: ['ipv6.addr'] }),
  destination: ipv6Address('ipv6.dst', { title: 'Destination', aliases: ['ipv6.addr'] }),
});

/** Payload length of a jumbogram (RFC 2675), in the hop-by-hop header that begins at `at`; 0 where there is none. */
function jumboLength(frame: Frame, bytes: Uint8Array, at: number): number {
  if (at + 8 > frame.end) return 0;
  const end = Math.min(at + 8 + bytes[at + 1]! * 8, frame.end);
  for (let option = at + 2; option + 6 <= end; option += bytes[option] === 0 ? 1 : 2 + bytes[option + 1]!) {
    if (bytes[option] !== JUMBO || bytes[option + 1] !== 4) continue;
    return (
      bytes[option + 2]! * 0x1000000 + ((bytes[option + 3]! << 16) | (bytes[option + 4]! << 8) | bytes[option + 5]!)
    );
  }
  return 0;
}

/** Internet Protocol, version 6, RFC 8200. */
export const ipv6 = defineDissector({
  name: 'ipv6',
  title: 'Internet Protocol, version 6',
  level: 'network',
  claims: [
    etherType.at(0x86dd),
    linkTypes.at(229),
    ...[10, 24, 28, 30].map(nullFamily.at),
    pppProtocol.at(0x0057),
    ipProtocol.at(41),
  ],
  fields,
  key: { pairs: [['ipv6.src', 'ipv6.dst']] },
  tables: [ipv6Extension, ipProtocol],
  dissect(frame, bytes, at) {
    const version = bytes[at]! >>> 4;
    if (version !== 6) {
      frame.malformed(fields.version, 6, version);
      return frame.limit(at + 1, fields.version); // nothing behind it holds
    }
    const next = fields.next.read(bytes, at);
    const payload = fields.payloadLength.read(bytes, at);
    // A payload length of 0 is a jumbogram's or segmentation offload's: then the packet is as long as the frame.
    const length = payload === 0 && next === HOP_BY_HOP ? jumboLength(frame, bytes, at + FIXED) : payload;
    if (length !== 0) frame.limit(at + FIXED + length, fields.payloadLength);
    frame.network(at + 8, 16, next, at + FIXED);
    return nextHeader(frame, next, at + FIXED);
  },
});
