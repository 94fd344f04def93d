import { defineDissector } from '../core/declare/dissector.ts';
import { header, masked, part, uint8, uint16, uint24 } from '../core/declare/kinds.ts';
import { etherType, linkTypes, nextOverlay, overlayProtocol, udpPort } from './tables.ts';

const SIZE = 8;
const IDENTIFIER = 0x08;
const NEXT_PROTOCOL = 0x04;
/** Version and reserved bits, which are 0. */
const UNUSED = 0xf0;
const HIGHEST_PROTOCOL = 7;

const fields = header({
  flags: uint8('vxlan.flags', { display: 'hex' }),
  version: part(masked(uint8('vxlan.ver'), 0x30)),
  hasIdentifier: part(masked(uint8('vxlan.i_bit', { title: 'Identifier present' }), IDENTIFIER)),
  hasProtocol: part(masked(uint8('vxlan.p_bit', { title: 'Next protocol present' }), NEXT_PROTOCOL)),
  maintenance: part(masked(uint8('vxlan.o_bit', { title: 'Operations and maintenance' }), 0x01)),
  reservedFlags: part(masked(uint8('vxlan.flags_reserved', { title: 'Reserved' }), 0xc2)),
  reserved16: uint16('vxlan.reserved_16', { title: 'Reserved' }),
  protocol: uint8('vxlan.next_proto', {
    title: 'Next protocol',
    values: { 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH', 5: 'MPLS' },
  }),
  identifier: uint24('vxlan.vni', { title: 'Network identifier' }),
  reserved8: uint8('vxlan.reserved8', { title: 'Reserved' }),
});

/** VXLAN with the Generic Protocol Extension, draft-ietf-nvo3-vxlan-gpe: it says what it carries. */
export const vxlanGpe = defineDissector({
  name: 'vxlan-gpe',
  title: 'VXLAN, Generic Protocol Extension',
  level: 'tunnel',
  claims: [udpPort.at(4790)],
  fields,
  key: { symmetric: ['vxlan.vni'] },
  tables: [overlayProtocol, etherType, linkTypes],
  accept(bytes, at, end) {
    if (at + SIZE > end || bytes[at + 7] !== 0) return false;
    const flags = bytes[at]!;
    return (flags & UNUSED) === 0 && (flags & NEXT_PROTOCOL) !== 0 && bytes[at + 3]! <= HIGHEST_PROTOCOL;
  },
  dissect(frame, bytes, at) {
    return nextOverlay(frame, fields.protocol.read(bytes, at), at + SIZE);
  },
});
