import { defineDissector } from '../core/declare/dissector.ts';
import { header, uint8 } from '../core/declare/kinds.ts';
import { etherType, slowSubtype } from './tables.ts';

const fields = header({
  subtype: uint8('slow.subtype', { display: 'hex', values: { 1: 'LACP', 2: 'marker', 3: 'OAM', 10: 'organization' } }),
});

/** Slow protocols, IEEE 802.3 annex 57A: at most ten frames a second. */
export const slow = defineDissector({
  name: 'slow',
  title: 'Slow protocols',
  level: 'link',
  claims: [etherType.at(0x8809)],
  fields,
  next: [slowSubtype, 'subtype'],
});
