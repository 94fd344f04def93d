import { defineDissector } from '../core/declare/dissector.ts';
import { header, uint16 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { ipProtocol, udpPort } from './tables.ts';

const FIXED = 8;

const fields = header({
  sourcePort: uint16('udp.srcport', { title: 'Source port', aliases: ['udp.port'] }),
  destinationPort: uint16('udp.dstport', { title: 'Destination port', aliases: ['udp.port'] }),
  coverage: uint16('udp.checksum_coverage', { unit: 'bytes' }),
  checksum: uint16('udp.checksum', { display: 'hex' }),
});

/** A header that is not wholly there: the ports need no more than their own four bytes. */
function cut(frame: Frame, view: Uint8Array, at: number): void {
  if (at + 4 <= frame.end) frame.ports(fields.sourcePort.read(view, at), fields.destinationPort.read(view, at));
  frame.short(at, FIXED);
  frame.payload(at + FIXED);
}

/**
 * Lightweight User Datagram Protocol, RFC 3828. It has UDP's ports; how long the datagram is, IP says, and the length's
 * place holds how much of it the checksum covers: 0 for all, else 8 at least.
 */
export const udplite = defineDissector({
  name: 'udplite',
  title: 'Lightweight User Datagram Protocol',
  level: 'transport',
  claims: [ipProtocol.at(136)],
  fields,
  key: { pairs: [['udp.srcport', 'udp.dstport']] },
  tables: [udpPort],
  minimum: 0,
  dissect(frame, view, at) {
    if (at + FIXED > frame.end) return cut(frame, view, at);
    const source = fields.sourcePort.read(view, at);
    const destination = fields.destinationPort.read(view, at);
    frame.ports(source, destination);
    frame.payload(at + FIXED);
    const coverage = fields.coverage.read(view, at);
    const length = frame.contained - at;
    if ((coverage > 0 && coverage < FIXED) || (coverage > length && !frame.fragmented)) {
      frame.malformed(fields.coverage, Math.max(coverage, FIXED), Math.min(coverage, length));
    }
    return at + FIXED < frame.end && frame.either(udpPort, source, destination, at + FIXED);
  },
});
