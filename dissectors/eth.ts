import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, flag, header, located, mac, optional, part, uint16, unused } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { payloadEndIn } from '../core/frame/trailer.ts';
import { handTypeOrLength, holdsLength, holdsNeither, holdsType } from '../core/frame/type-or-length.ts';
import { namesOf } from './names.ts';
import { etherType, linkTypes, linuxType } from './tables.ts';

const PLACE = 12;
/** A frame shorter than this, without its check sequence, is padded. */
const SHORTEST = 60;

/** Bytes behind the payload are padding as far as the shortest frame reaches, if they are zero, and else a trailer. */
function paddingEnd(view: Uint8Array, frame: Frame, from: number, end: number): number {
  const to = Math.min(frame.start + SHORTEST, end);
  for (let at = from; at < to; at += 1) if (view[at] !== 0) return from;
  return Math.max(from, to);
}
const paddingFrom: Locate = (view, _at, end, frame, layer) => {
  const from = payloadEndIn(frame, layer);
  return from >= 0 && paddingEnd(view, frame, from, end) > from ? from : -1;
};
const trailerFrom: Locate = (view, _at, end, frame, layer) => {
  const from = payloadEndIn(frame, layer);
  const trailer = from < 0 ? end : paddingEnd(view, frame, from, end);
  return trailer < end ? trailer : -1;
};

const fields = header({
  destination: mac('eth.dst', { title: 'Destination', aliases: ['eth.addr'] }),
  beforeDestinationBits: part(unused(6)),
  destinationLocal: part(flag('eth.dst.lg', { title: 'Locally administered', aliases: ['eth.lg'] })),
  destinationGroup: part(flag('eth.dst.ig', { title: 'Group address', aliases: ['eth.ig'] })),
  source: mac('eth.src', { title: 'Source', aliases: ['eth.addr'] }),
  beforeSourceBits: part(unused(6)),
  sourceLocal: part(flag('eth.src.lg', { title: 'Locally administered', aliases: ['eth.lg'] })),
  sourceGroup: part(flag('eth.src.ig', { title: 'Group address', aliases: ['eth.ig'] })),
  type: optional(holdsType(PLACE), uint16('eth.type', { display: 'hex', values: namesOf('ethertypes') }), PLACE),
  length: optional(holdsLength(PLACE), uint16('eth.len', { title: 'Length', unit: 'bytes' }), PLACE),
  neither: optional(holdsNeither(PLACE), uint16('eth.invalid_lentype', { display: 'hex' }), PLACE),
  padding: located(
    paddingFrom,
    bytes('eth.padding', (view, at, end, frame) => paddingEnd(view, frame, at, end) - at),
  ),
  trailer: located(
    trailerFrom,
    bytes('eth.trailer', (_view, at, end) => end - at),
  ),
});

/** Ethernet II and IEEE 802.3, without preamble and frame check sequence. */
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
    return handTypeOrLength(frame, view, at + 14, value, etherType, linuxType, fields.type);
  },
});
