import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bits, bytes, flag, header, located, optional, uint16 } from '../core/declare/kinds.ts';
import { isTag, trailerFrom } from '../core/frame/trailer.ts';
import { handTypeOrLength, holdsLength, holdsType } from '../core/frame/type-or-length.ts';
import { namesOf } from './names.ts';
import { etherType, linuxType } from './tables.ts';

/** What stands behind the payload belongs to the innermost tag. */
const trailerHere: Locate = (view, at, end, frame, layer) =>
  at + 4 > end || isTag((view[at + 2]! << 8) | view[at + 3]!) ? -1 : trailerFrom(view, at, end, frame, layer);

const fields = header({
  priority: bits('vlan.priority', 3),
  dropEligible: flag('vlan.dei', { title: 'Drop eligible' }),
  id: bits('vlan.id', 12, { title: 'VLAN id' }),
  type: optional(
    holdsType(2),
    uint16('vlan.etype', { title: 'Type', display: 'hex', values: namesOf('ethertypes') }),
    2,
  ),
  length: optional(holdsLength(2), uint16('vlan.len', { title: 'Length', unit: 'bytes' }), 2),
  trailer: located(
    trailerHere,
    bytes('vlan.trailer', (_view, at, end) => end - at),
  ),
});

/** IEEE 802.1Q customer tag, stacked without limit but the depth of the frame; 9100 to 9300 are older numbers for it. */
export const vlan = defineDissector({
  name: 'vlan',
  title: '802.1Q virtual LAN',
  level: 'link',
  claims: [0x8100, 0x9100, 0x9200, 0x9300].map(etherType.at),
  fields,
  key: { symmetric: ['vlan.id'] },
  tables: [etherType, linuxType],
  listed: [etherType, 'type'],
  minimum: 4,
  dissect(frame, view, at) {
    const value = fields.type.readAt(view, at + 2);
    return handTypeOrLength(frame, view, at + 4, value, etherType, linuxType, fields.type);
  },
});
