import { defineDissector } from '../core/declare/dissector.ts';
import { bytes, header, located, uint8, uint32 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

/** The length counts 4-byte words less two, unlike all other extension headers'. */
const sizeOf = (view: Uint8Array, at: number) => (view[at + 1]! + 2) * 4;

const fields = header({
  next: uint8('ah.next_header', { values: namesOf('ip-protocols') }),
  length: uint8('ah.length', { title: 'Length (4-byte words less 2)' }),
  reserved: bytes('ah.reserved', 2),
  index: uint32('ah.spi', { title: 'Security parameters index', display: 'hex' }),
  sequence: uint32('ah.sequence'),
  check: located(
    (view, at, end) => (at + 12 <= end && sizeOf(view, at) > 12 ? at + 12 : -1),
    bytes('ah.icv', (view, _at, _end, frame, layer) => sizeOf(view, frame.layerOffset[layer]!) - 12, {
      title: 'Integrity check value',
    }),
  ),
});

/** IP authentication header, RFC 4302. */
export const ah = defineDissector({
  name: 'ah',
  title: 'Authentication header',
  level: 'network',
  claims: [ipProtocol.at(51)],
  fields,
  key: {},
  tables: [ipv6Extension, ipProtocol],
  dissect(frame, view, at) {
    const size = sizeOf(view, at);
    if (size < 12) return frame.malformed(fields.length, 12, size);
    if (at + size > frame.contained) return frame.malformed(fields.length, size, frame.contained - at);
    const next = fields.next.read(view, at);
    frame.extend(next, at + size);
    return nextHeader(frame, next, at + size);
  },
});
