import { defineDissector } from '../core/declare/dissector.ts';
import { flag, header, optional, uint8, unused } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

const NO_NEXT_HEADER = 59;

const fields = header({
  next: uint8('shim6.nxt', { title: 'Next header', values: namesOf('ip-protocols') }),
  length: uint8('shim6.len', { title: 'Length (8-byte units behind the first)' }),
  payload: flag('shim6.p', { title: 'Carries a payload' }),
  rest: unused(7),
  checksum: optional((bytes, at) => (bytes[at + 2]! & 0x80) === 0, uint8('shim6.type', { title: 'Message type' }), 2),
});

/** Shim6, RFC 5533 section 5. */
export const shim6 = defineDissector({
  name: 'shim6',
  title: 'Shim6',
  level: 'network',
  claims: [ipv6Extension.at(140)],
  fields,
  tables: [ipv6Extension, ipProtocol],
  minimum: 8,
  dissect(frame, bytes, at) {
    const end = at + 8 + fields.length.read(bytes, at) * 8;
    if (end > frame.contained) return frame.malformed(fields.length, end - at, frame.contained - at);
    const next = fields.next.read(bytes, at);
    if (next === NO_NEXT_HEADER) return;
    frame.extend(next, end);
    return nextHeader(frame, next, end);
  },
});
