import { defineDissector } from '../core/declare/dissector.ts';
import { bits, bytes, header, uint8, uint16, unused } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

const NO_NEXT_HEADER = 59;

const fields = header({
  next: uint8('hip.proto', { title: 'Next header', values: namesOf('ip-protocols') }),
  length: uint8('hip.hdr_len', { title: 'Length (8-byte units behind the first)' }),
  fixed: unused(1),
  type: bits('hip.packet_type', 7),
  version: bits('hip.version', 4),
  rest: unused(4),
  checksum: uint16('hip.checksum', { display: 'hex' }),
  controls: uint16('hip.controls', { display: 'hex' }),
  sender: bytes('hip.hit_sndr', 16, { title: "Sender's host identity tag" }),
  receiver: bytes('hip.hit_rcvr', 16, { title: "Receiver's host identity tag" }),
});

/** Host Identity Protocol, RFC 7401 section 5.1. */
export const hip = defineDissector({
  name: 'hip',
  title: 'Host Identity Protocol',
  level: 'network',
  claims: [ipProtocol.at(139)],
  fields,
  tables: [ipv6Extension, ipProtocol],
  dissect(frame, view, at) {
    const end = at + 8 + fields.length.read(view, at) * 8;
    if (end > frame.contained) return frame.malformed(fields.length, end - at, frame.contained - at);
    const next = fields.next.read(view, at);
    if (next === NO_NEXT_HEADER) return;
    frame.extend(next, end);
    return nextHeader(frame, next, end);
  },
});
