import { defineDissector } from '../core/declare/dissector.ts';
import { bytes, header, located, uint16 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { ipProtocol, udpPort } from './tables.ts';

const FIXED = 8;

const fields = header({
  sourcePort: uint16('udp.srcport', { title: 'Source port', aliases: ['udp.port'] }),
  destinationPort: uint16('udp.dstport', { title: 'Destination port', aliases: ['udp.port'] }),
  length: uint16('udp.length', { unit: 'bytes' }),
  checksum: uint16('udp.checksum', { display: 'hex' }),
  payload: located(
    (_view, at, end) => (at + FIXED < end ? at + FIXED : -1),
    bytes('udp.payload', (_view, at, end) => end - at),
  ),
});

/** A header that is not wholly there: the ports need no more than their own four bytes. */
function cut(frame: Frame, view: Uint8Array, at: number): void {
  if (at + 4 <= frame.end) frame.ports(fields.sourcePort.read(view, at), fields.destinationPort.read(view, at));
  if (at + 6 <= frame.end) limit(frame, fields.length.read(view, at), at);
  frame.short(at, FIXED);
  frame.payload(at + FIXED);
}

/** Brings the layer's end to the length field's; false when that says less than the header. */
function limit(frame: Frame, length: number, at: number): boolean {
  const end = at + length;
  if (length >= FIXED) {
    // The first fragment carries less than the datagram, which is no fault.
    if (end <= frame.contained || !frame.fragmented) frame.limit(end, fields.length);
    return true;
  }
  // Without a length the datagram is an IPv6 jumbogram (RFC 2675).
  if (length === 0 && frame.contained - at > 0xffff) return true;
  frame.malformed(fields.length, FIXED, length);
  return false;
}

/** User Datagram Protocol, RFC 768. */
export const udp = defineDissector({
  name: 'udp',
  title: 'User Datagram Protocol',
  level: 'transport',
  claims: [ipProtocol.at(17)],
  fields,
  key: { pairs: [['udp.srcport', 'udp.dstport']] },
  tables: [udpPort],
  minimum: 0,
  dissect(frame, view, at) {
    if (at + FIXED > frame.end) return cut(frame, view, at);
    const source = fields.sourcePort.read(view, at);
    const destination = fields.destinationPort.read(view, at);
    frame.ports(source, destination);
    if (!limit(frame, fields.length.read(view, at), at)) return frame.payload(at + FIXED, at + FIXED);
    frame.payload(at + FIXED);
    return at + FIXED < frame.end && frame.either(udpPort, source, destination, at + FIXED);
  },
});
