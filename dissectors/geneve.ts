import { defineDissector } from '../core/declare/dissector.ts';
import {
  bytes,
  computed,
  flag,
  header,
  located,
  masked,
  part,
  repeated,
  uint8,
  uint16,
  uint24,
} from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { etherType, linkTypes, udpPort } from './tables.ts';

const FIXED = 8;
const ETHERNET = 0x6558;
const LOWEST_TYPE = 0x0600;

const optionsLength = (view: Uint8Array, at: number) => (view[at]! & 0x3f) * 4;
const optionLength = (view: Uint8Array, at: number) => (view[at + 3]! & 0x1f) * 4;

const option = header({
  whole: located(
    (_view, at) => at,
    bytes('geneve.option', (view, at) => 4 + optionLength(view, at), { title: 'Option' }),
  ),
  class: uint16('geneve.option.class', { display: 'hex' }),
  type: uint8('geneve.option.type', { display: 'hex' }),
  critical: part(masked(flag('geneve.option.type.critical'), 0x80)),
  flags: masked(uint8('geneve.option.flags', { display: 'hex' }), 0xe0),
  reserved: part(masked(flag('geneve.option.flags.reserved'), 0xe0)),
  length: located(
    (_view, at) => at + 3,
    computed(
      'geneve.option.length',
      'uint',
      (view, at, end) => (at + 4 <= end ? 4 + optionLength(view, at) : Number.NaN),
      { title: 'Length with its header', unit: 'bytes' },
      1,
    ),
  ),
  value: located(
    (_view, at) => at + 4,
    bytes('geneve.option.unknown.data', (view, at) => optionLength(view, at - 4), { title: 'Value' }),
  ),
});

const fields = header({
  version: masked(uint8('geneve.version'), 0xc0),
  optionsLength: part(
    masked(uint8('geneve.option.length', { title: 'Length of options', scale: 4, unit: 'bytes' }), 0x3f),
  ),
  flags: uint8('geneve.flags', { display: 'hex' }),
  maintenance: part(masked(flag('geneve.flags.oam'), 0x80)),
  critical: part(masked(flag('geneve.flags.critical'), 0x40)),
  reservedFlags: part(masked(flag('geneve.flags.reserved'), 0x3f)),
  type: uint16('geneve.proto_type', { title: 'Protocol', display: 'hex', values: namesOf('ethertypes') }),
  identifier: uint24('geneve.vni', { title: 'Network identifier', display: 'hex' }),
  reserved: uint8('geneve.reserved', { display: 'hex' }),
  all: located(
    (view, at, end) => (at + FIXED < end && optionsLength(view, at) > 0 ? at + FIXED : -1),
    bytes('geneve.options', (view, at) => optionsLength(view, at - FIXED)),
  ),
  options: repeated({
    from: (view, at, end) => (at + FIXED < end && optionsLength(view, at) > 0 ? at + FIXED : -1),
    to: (view, at) => at + FIXED + optionsLength(view, at),
    next: (view, at, end) => {
      const next = at + 4 > end ? -1 : at + 4 + optionLength(view, at);
      return next > end ? -1 : next;
    },
    item: option,
    title: 'Option',
  }),
});

/** Generic Network Virtualization Encapsulation, RFC 8926. */
export const geneve = defineDissector({
  name: 'geneve',
  title: 'Generic Network Virtualization Encapsulation',
  level: 'tunnel',
  claims: [udpPort.at(6081)],
  fields,
  key: { symmetric: ['geneve.vni'] },
  tables: [etherType, linkTypes],
  minimum: FIXED,
  accept(view, at, end) {
    if (at + FIXED > end || view[at]! >>> 6 !== 0 || (view[at + 1]! & 0x3f) !== 0 || view[at + 7] !== 0) return false;
    return fields.type.read(view, at) >= LOWEST_TYPE;
  },
  dissect(frame, view, at) {
    const payload = at + FIXED + optionsLength(view, at);
    if (payload > frame.contained) {
      return frame.malformed(fields.optionsLength, payload - at, frame.contained - at);
    }
    const type = fields.type.read(view, at);
    return type === ETHERNET ? frame.next(linkTypes, 1, payload) : frame.next(etherType, type, payload);
  },
});
