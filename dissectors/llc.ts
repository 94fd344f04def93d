import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { header, optional, uint8, uint16, uint16le, uint24 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { bridgedPid, ciscoPid, etherType, linuxType, llcSap } from './tables.ts';

const ENCAPSULATED_ETHERNET = 0x000000;
const CISCO_ENCAPSULATED_ETHERNET = 0x0000f8;
const CISCO = 0x00000c;
const BRIDGED = 0x0080c2;

/** Unnumbered frames have one byte of control, numbered and supervisory ones two. */
const unnumbered: When = (bytes, at) => (bytes[at + 2]! & 3) === 3;
const numbered: When = (bytes, at) => (bytes[at + 2]! & 3) !== 3;
const snap: When = (bytes, at) => bytes[at] === 0xaa && bytes[at + 1] === 0xaa && bytes[at + 2] === 3;
const organization = (bytes: Uint8Array, at: number) => (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!;
const holdsType = (oui: number) => oui === ENCAPSULATED_ETHERNET || oui === CISCO_ENCAPSULATED_ETHERNET;

const isOther = (oui: number) => !holdsType(oui) && oui !== CISCO;

const fields = header({
  destination: uint8('llc.dsap', { title: 'Destination service access point', display: 'hex' }),
  source: uint8('llc.ssap', { title: 'Source service access point', display: 'hex' }),
  unnumbered: optional(unnumbered, uint8('llc.control', { display: 'hex', digits: 4 }), 2),
  numbered: optional(numbered, uint16le('llc.control', { display: 'hex' }), 2),
  organization: optional(snap, uint24('llc.oui', { title: 'Organization', display: 'decimal-hex' }), 3),
  type: optional(
    (...its) => snap(...its) && holdsType(organization(its[0], its[1])),
    uint16('llc.type', { display: 'hex', values: namesOf('ethertypes') }),
    6,
  ),
  ciscoProtocol: optional(
    (...its) => snap(...its) && organization(its[0], its[1]) === CISCO,
    uint16('llc.cisco_pid', { title: 'Protocol id (Cisco)', display: 'hex' }),
    6,
  ),
  otherProtocol: optional(
    (...its) => snap(...its) && isOther(organization(its[0], its[1])),
    uint16('llc.pid', { title: 'Protocol id', display: 'hex' }),
    6,
  ),
});

/** IEEE 802.2 logical link control, with the Sub-Network Access Protocol (SNAP) where its header says so. */
export const llc = defineDissector({
  name: 'llc',
  title: 'Logical link control',
  level: 'link',
  claims: [linuxType.at(4)],
  fields,
  tables: [llcSap, etherType, ciscoPid, bridgedPid],
  minimum: 3,
  dissect(frame, bytes, at) {
    const { end } = frame;
    if (!snap(bytes, at, end, frame, frame.layer)) {
      return frame.next(llcSap, fields.destination.read(bytes, at), at + ((bytes[at + 2]! & 3) === 3 ? 3 : 4));
    }
    if (at + 8 > end) return frame.short(at, 8);
    const oui = organization(bytes, at);
    const number = fields.type.readAt(bytes, at + 6);
    if (holdsType(oui)) return frame.next(etherType, number, at + 8);
    if (oui === CISCO) return frame.next(ciscoPid, number, at + 8);
    return oui === BRIDGED && frame.next(bridgedPid, number, at + 8);
  },
});
