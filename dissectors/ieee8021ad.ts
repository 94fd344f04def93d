import { defineDissector } from '../core/declare/dissector.ts';
import { bits, bytes, header, located, uint16 } from '../core/declare/kinds.ts';
import { isTag, trailerFrom } from '../core/frame/trailer.ts';
import { handTypeOrLength } from '../core/frame/type-or-length.ts';
import { namesOf } from './names.ts';
import { etherType, linuxType } from './tables.ts';

const fields = header({
  priority: bits('ieee8021ad.priority', 3),
  dropEligible: bits('ieee8021ad.dei', 1, { title: 'Drop eligible' }),
  id: bits('ieee8021ad.id', 12, { title: 'VLAN id' }),
  // Wireshark shows it under the name of 802.1ah's.
  type: uint16('ieee8021ah.etype', { title: 'Type', display: 'hex', values: namesOf('ethertypes') }),
  trailer: located(
    (view, at, end, frame, layer) =>
      at + 4 > end || isTag((view[at + 2]! << 8) | view[at + 3]!) ? -1 : trailerFrom(view, at, end, frame, layer),
    bytes('ieee8021ah.trailer', (_view, at, end) => end - at),
  ),
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
  dissect(frame, view, at) {
    return handTypeOrLength(frame, view, at + 4, fields.type.read(view, at), etherType, linuxType, fields.type);
  },
});
