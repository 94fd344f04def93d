import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { header, ipv6, optional, uint16, uint24 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { etherType, linkTypes } from './tables.ts';

const SIZE = 44;

/** Groups have the highest queue pair number, which says nothing more. */
const isUnicast: When = (bytes, at) => (bytes[at + 21]! & bytes[at + 22]! & bytes[at + 23]!) !== 0xff;

const fields = header({
  // The first 20 bytes are a source that the interface does not give.
  destinationQueue: optional(
    isUnicast,
    uint24('ipoib.daddr.qpn', { title: 'Destination queue pair', display: 'hex' }),
    21,
  ),
  destination: optional(() => true, ipv6('ipoib.dgid', { title: 'Destination' }), 24),
  type: optional(() => true, uint16('ipoib.type', { display: 'hex', values: namesOf('ethertypes') }), 40),
  reserved: optional(() => true, uint16('ipoib.reserved', { display: 'hex' }), 42),
});

/** IP over InfiniBand, RFC 4391, behind the pseudo header of LINKTYPE_IPOIB. */
export const ipoib = defineDissector({
  name: 'ipoib',
  title: 'IP over InfiniBand',
  level: 'link',
  claims: [linkTypes.at(242)],
  fields,
  tables: [etherType],
  minimum: SIZE,
  dissect(frame, bytes, at) {
    return frame.next(etherType, fields.type.readAt(bytes, at + 40), at + SIZE);
  },
});
