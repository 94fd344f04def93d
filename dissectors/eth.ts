import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, flag, header, located, mac, optional, part, uint16, unused } from '../core/declare/kinds.ts';
import { isTag, paddingFrom, paddingLength, trailerFrom } from '../core/frame/trailer.ts';
import { handTypeOrLength, holdsLength, holdsNeither, holdsType } from '../core/frame/type-or-length.ts';
import { namesOf } from './names.ts';
import { etherType, linkTypes, linuxType } from './tables.ts';

const PLACE = 12;
/** What stands behind the payload belongs to the tag, where there is one. */
const trailerHere: Locate = (view, at, end, frame, layer) =>
  at + 14 > end || isTag((view[at + PLACE]! << 8) | view[at + PLACE + 1]!)
    ? -1
    : trailerFrom(view, at, end, frame, layer);

const fields = header({
  destination: mac('eth.dst', { title: 'Destination', aliases: ['eth.addr'] }),
  beforeDestinationBits: part(unused(6)),
  destinationLocal: part(flag('eth.dst.lg', { title: 'Locally administered', aliases: ['eth.lg'] })),
  destinationGroup: part(flag('eth.dst.ig', { title: 'Group address', aliases: ['eth.ig'] })),
  source: mac('eth.src', { title: 'Source', aliases: ['eth.addr'] }),
  beforeSourceBits: part(unused(6)),
  sourceLocal: part(flag('eth.src.lg', { title: 'Locally administered', aliases: ['eth.lg'] })),
  sourceGroup: part(flag('eth.src.ig', { title: 'Group address', aliases: ['eth.ig'] })),
  type: optional(holdsType(PLACE, true), uint16('eth.type', { display: 'hex', values: namesOf('ethertypes') }), PLACE),
  length: optional(holdsLength(PLACE, true), uint16('eth.len', { title: 'Length', unit: 'bytes' }), PLACE),
  neither: optional(holdsNeither(PLACE), uint16('eth.invalid_lentype', { display: 'hex' }), PLACE),
  padding: located(paddingFrom, bytes('eth.padding', paddingLength)),
  trailer: located(
    trailerHere,
    bytes('eth.trailer', (_view, at, end) => end - at),
  ),
});

/** Ethernet II and IEEE 802.3, without preamble and frame check sequence. A length of zero, which no frame has, is a type. */
export const eth = defineDissector({
  name: 'eth',
  title: 'Ethernet',
  level: 'link',
  claims: [linkTypes.at(1)],
  fields,
  key: { pairs: [['eth.src', 'eth.dst']] },
  tables: [etherType, linuxType],
  listed: [etherType, 'type'],
  minimum: 14,
  dissect(frame, view, at) {
    const value = fields.type.readAt(view, at + PLACE);
    if (value === 0) return frame.next(etherType, 0, at + 14);
    return handTypeOrLength(frame, view, at + 14, value, etherType, linuxType, fields.type);
  },
});
