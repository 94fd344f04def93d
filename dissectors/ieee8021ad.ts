import { defineDissector } from '../core/declare/dissector.ts';
import { bits, header, uint16 } from '../core/declare/kinds.ts';
import { handTypeOrLength } from '../core/frame/type-or-length.ts';
import { namesOf } from './names.ts';
import { etherType, linuxType } from './tables.ts';

const fields = header({
  priority: bits('ieee8021ad.priority', 3),
  dropEligible: bits('ieee8021ad.dei', 1, { title: 'Drop eligible' }),
  id: bits('ieee8021ad.id', 12, { title: 'VLAN id' }),
  // Wireshark shows it under the name of 802.1ah's.
  type: uint16('ieee8021ah.etype', { title: 'Type', display: 'hex', values: namesOf('ethertypes') }),
});

/** IEEE 802.1ad service tag (Q-in-Q). */
export const ieee8021ad = defineDissector({
  name: 'ieee8021ad',
  title: '802.1ad service tag',
  level: 'link',
  claims: [etherType.at(0x88a8)],
  fields,
  key: { symmetric: ['ieee8021ad.id'] },
  tables: [etherType, linuxType],
  listed: [etherType, 'type'],
  dissect(frame, bytes, at) {
    return handTypeOrLength(frame, bytes, at + 4, fields.type.read(bytes, at), etherType, linuxType, fields.type);
  },
});
