import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate, When } from '../core/declare/field.ts';
import {
  bytes,
  header,
  int32,
  located,
  masked,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint16le,
  uint32,
} from '../core/declare/kinds.ts';
import { absoluteTimeText } from '../core/frame/absolute-time.ts';
import { u16le } from './parts/little-endian.ts';
import { u16, u32 } from './parts/vector.ts';
import { etherType, linkTypes } from './tables.ts';

const FIXED = 4;
const UNIT_HEADER = 4;
const PAYLOAD = 9;
const TYPE_BITS = 0x7fff;
/** Ethertypes by family: the packet begins with its network header. */
const TYPES: Readonly<Record<number, number>> = { 2: 0x0800, 10: 0x86dd };
const KNOWN: readonly number[] = [1, 3, 4, 5, 6, 7, PAYLOAD, 10, 11, 14];

/**
 * Lengths and types are in the byte order of the machine that captured. The length tells which: the other order makes it
 * longer than any unit of less than 256 bytes, and the first units are such.
 */
const isLittle = (view: Uint8Array, first: number, end: number) =>
  first + UNIT_HEADER > end || u16le(view, first) <= u16(view, first);
const lengthOf = (view: Uint8Array, start: number, at: number, end: number) =>
  isLittle(view, start + FIXED, end) ? u16le(view, at) : u16(view, at);
const typeOf = (view: Uint8Array, start: number, at: number, end: number) =>
  (isLittle(view, start + FIXED, end) ? u16le(view, at + 2) : u16(view, at + 2)) & TYPE_BITS;

const ordered =
  (little: boolean): When =>
  (view, at, end, frame, layer) =>
    at + UNIT_HEADER <= end && isLittle(view, frame.layerOffset[layer]! + FIXED, end) === little;
const is =
  (...types: readonly number[]): When =>
  (view, at, end, frame, layer) =>
    at + UNIT_HEADER <= end && types.includes(typeOf(view, frame.layerOffset[layer]!, at, end));
const value = (type: number, field: Field, skip = 0): Field => optional(is(type), field, UNIT_HEADER + skip);
const content: Locate = (view, at, end, frame, layer) =>
  lengthOf(view, frame.layerOffset[layer]!, at - UNIT_HEADER, end) - UNIT_HEADER;
const time = (view: Uint8Array, at: number) => absoluteTimeText(u32(view, at + 4), u32(view, at + 12) * 1000);

const unit = header({
  whole: located(
    (_view, at) => at,
    bytes('nflog.tlv', (view, at, end, frame, layer) => lengthOf(view, frame.layerOffset[layer]!, at, end), {
      title: 'Unit',
    }),
  ),
  length: optional(ordered(true), uint16le('nflog.tlv_length', { title: 'Length', unit: 'bytes' }), 0),
  lengthBig: optional(ordered(false), uint16('nflog.tlv_length', { title: 'Length', unit: 'bytes' }), 0),
  type: optional(ordered(true), masked(uint16le('nflog.tlv_type', { title: 'Type' }), TYPE_BITS), 2),
  typeBig: optional(ordered(false), masked(uint16('nflog.tlv_type', { title: 'Type' }), TYPE_BITS), 2),
  protocol: value(1, uint16('nflog.protocol', { display: 'hex' })),
  hook: value(1, uint8('nflog.hook'), 2),
  timestamp: value(3, bytes('nflog.timestamp', 16, { format: time })),
  input: value(4, uint32('nflog.ifindex_indev', { title: 'Input interface' })),
  output: value(5, uint32('nflog.ifindex_outdev', { title: 'Output interface' })),
  physicalInput: value(6, uint32('nflog.ifindex_physindev', { title: 'Physical input interface' })),
  physicalOutput: value(7, uint32('nflog.ifindex_physoutdev', { title: 'Physical output interface' })),
  prefix: located(
    (view, at, end, frame, layer) => (is(10)(view, at, end, frame, layer) ? at + UNIT_HEADER : -1),
    text('nflog.prefix', content),
  ),
  user: value(11, int32('nflog.uid', { title: 'User id' })),
  group: value(14, int32('nflog.gid', { title: 'Group id' })),
  other: located(
    (view, at, end, frame, layer) => (is(...KNOWN)(view, at, end, frame, layer) ? -1 : at + UNIT_HEADER),
    bytes('nflog.tlv_value', content, { title: 'Value' }),
  ),
});

/** The next unit begins at a multiple of four bytes. */
const nextUnit = (view: Uint8Array, start: number, at: number, end: number) => {
  const length = at + UNIT_HEADER <= end ? lengthOf(view, start, at, end) : 0;
  return length < UNIT_HEADER || at + length > end ? -1 : at + ((length + 3) & ~3);
};

const fields = header({
  family: uint8('nflog.family', { values: { 2: 'IPv4', 7: 'bridge', 10: 'IPv6' } }),
  version: uint8('nflog.version'),
  resource: uint16('nflog.res_id', { title: 'Resource' }),
  units: repeated({
    from: (_view, at) => at + FIXED,
    next: (view, at, end, frame, layer) => nextUnit(view, frame.layerOffset[layer]!, at, end),
    item: unit,
    title: 'Unit',
  }),
});

/** Linux netfilter log: LINKTYPE_NFLOG of the tcpdump group, attributes of linux/netfilter/nfnetlink_log.h. */
export const nflog = defineDissector({
  name: 'nflog',
  title: 'Linux netfilter log',
  level: 'link',
  claims: [linkTypes.at(239)],
  fields,
  tables: [etherType],
  minimum: FIXED,
  dissect(frame, view, at) {
    const type = TYPES[view[at]!];
    const { contained } = frame;
    for (let place = at + FIXED; place + UNIT_HEADER <= frame.end; ) {
      const length = lengthOf(view, at, place, frame.end);
      if (length < UNIT_HEADER) return frame.malformed(fields.resource, UNIT_HEADER, length);
      if (typeOf(view, at, place, frame.end) === PAYLOAD) {
        const end = Math.min(place + length, contained);
        return type !== undefined && frame.next(etherType, type, place + UNIT_HEADER, end);
      }
      place += (length + 3) & ~3;
    }
  },
});
