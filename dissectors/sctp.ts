import { defineDissector } from '../core/declare/dissector.ts';
import { header, repeated, uint16, uint32 } from '../core/declare/kinds.ts';
import { MALFORMED } from '../core/frame/anomaly.ts';
import type { Frame } from '../core/frame/frame.ts';
import { DATA, I_DATA, sctpChunk } from './parts/sctp-chunk.ts';
import { nextPadded } from './parts/sctp-parameter.ts';
import { u16, u32 } from './parts/vector.ts';
import { ipProtocol, sctpPayload, sctpPort } from './tables.ts';

const FIXED = 12;
/** Both ends of a message in one chunk. */
const UNFRAGMENTED = 3;

const fields = header({
  sourcePort: uint16('sctp.srcport', { title: 'Source port', aliases: ['sctp.port'] }),
  destinationPort: uint16('sctp.dstport', { title: 'Destination port', aliases: ['sctp.port'] }),
  tag: uint32('sctp.verification_tag', { display: 'hex' }),
  checksum: uint32('sctp.checksum', { title: 'CRC32c', display: 'hex' }),
  chunks: repeated({ from: (_view, at) => at + FIXED, next: nextPadded, item: sctpChunk, title: 'Chunk' }),
});

/** A header that is not wholly there: the ports need no more than their own four bytes. */
function cut(frame: Frame, view: Uint8Array, at: number): void {
  if (at + 4 <= frame.end) frame.ports(fields.sourcePort.read(view, at), fields.destinationPort.read(view, at));
  frame.short(at, FIXED);
  frame.payload(at + FIXED);
}

/** Hands on the message in a chunk, by its payload protocol or by the ports. */
function handOn(frame: Frame, view: Uint8Array, at: number, end: number, source: number, destination: number): void {
  const payload = at + (view[at] === DATA ? 16 : 20);
  if (payload >= end || payload > frame.end || (view[at + 1]! & UNFRAGMENTED) !== UNFRAGMENTED) return;
  if (frame.next(sctpPayload, u32(view, payload - 4), payload, end)) return;
  const low = Math.min(source, destination);
  const high = Math.max(source, destination);
  if (!frame.next(sctpPort, low, payload, end) && low !== high) frame.next(sctpPort, high, payload, end);
}

/** Stream Control Transmission Protocol, RFC 9260. */
export const sctp = defineDissector({
  name: 'sctp',
  title: 'Stream Control Transmission Protocol',
  level: 'transport',
  claims: [ipProtocol.at(132)],
  fields,
  key: { pairs: [['sctp.srcport', 'sctp.dstport']] },
  tables: [sctpPayload, sctpPort],
  minimum: 0,
  dissect(frame, view, at) {
    if (at + FIXED > frame.end) return cut(frame, view, at);
    const source = fields.sourcePort.read(view, at);
    const destination = fields.destinationPort.read(view, at);
    frame.ports(source, destination);
    frame.payload(at + FIXED);
    for (let chunk = at + FIXED; chunk + 4 <= frame.end; ) {
      const length = u16(view, chunk + 2);
      if (length < 4 || chunk + length > frame.contained) {
        return frame.anomaly(MALFORMED, chunk, Math.max(length, 4), length < 4 ? length : frame.contained - chunk);
      }
      const type = view[chunk]!;
      if ((type === DATA || type === I_DATA) && chunk + 16 <= frame.end) {
        handOn(frame, view, chunk, chunk + length, source, destination);
      }
      chunk += (length + 3) & ~3;
    }
  },
});
