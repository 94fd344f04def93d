import { defineDissector } from '../core/declare/dissector.ts';
import { etherType, linkTypes } from './tables.ts';

/** A capture without link layer: the first four bits say which IP it is. 101 is the number, 12 and 14 are some BSDs'. */
export const raw = defineDissector({
  name: 'raw',
  title: 'Raw IP',
  level: 'link',
  claims: [101, 12, 14].map(linkTypes.at),
  fields: {},
  tables: [etherType],
  minimum: 1,
  dissect(frame, bytes, at) {
    const version = bytes[at]! >>> 4;
    return version === 4 ? frame.next(etherType, 0x0800, at) : version === 6 && frame.next(etherType, 0x86dd, at);
  },
});
