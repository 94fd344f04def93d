import { defineDissector } from '../core/declare/dissector.ts';
import { flag, header, masked, part, uint8, uint16, uint24 } from '../core/declare/kinds.ts';
import { linkTypes, udpPort } from './tables.ts';

const ETHERNET = 1;
const SIZE = 8;
/** Identifier present, which RFC 7348 requires. */
const IDENTIFIER = 0x08;
/** Bits of the first byte that neither RFC 7348, group policy nor the generic protocol extension use. */
const UNUSED = 0x71;

const fields = header({
  flags: uint16('vxlan.flags', { display: 'hex' }),
  hasPolicy: part(masked(flag('vxlan.flag_g', { title: 'Group policy' }), 0x8000, 2)),
  hasIdentifier: part(masked(flag('vxlan.flag_i', { title: 'Identifier present' }), 0x0800, 2)),
  dontLearn: part(masked(flag('vxlan.flag_d', { title: "Don't learn" }), 0x0040, 2)),
  applied: part(masked(flag('vxlan.flag_a', { title: 'Policy applied' }), 0x0008, 2)),
  reserved: part(masked(uint16('vxlan.flags_reserved', { display: 'hex' }), 0x77b7)),
  policy: uint16('vxlan.gbp', { title: 'Group policy id' }),
  identifier: uint24('vxlan.vni', { title: 'Network identifier' }),
  reserved8: uint8('vxlan.reserved8', { title: 'Reserved' }),
});

/** Virtual eXtensible Local Area Network, RFC 7348, with group policy (draft-smith-vxlan-group-policy). */
export const vxlan = defineDissector({
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network',
  level: 'tunnel',
  claims: [udpPort.at(4789), udpPort.at(8472)],
  fields,
  key: { symmetric: ['vxlan.vni'] },
  tables: [linkTypes],
  accept: (bytes, at, end) =>
    at + SIZE <= end && (bytes[at]! & IDENTIFIER) !== 0 && (bytes[at]! & UNUSED) === 0 && bytes[at + 7] === 0,
  dissect(frame, _bytes, at) {
    return frame.next(linkTypes, ETHERNET, at + SIZE);
  },
});
