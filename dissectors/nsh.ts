import { defineDissector } from '../core/declare/dissector.ts';
import { bytes, header, located, masked, part, repeated, uint8, uint16, uint24 } from '../core/declare/kinds.ts';
import { u16 } from './parts/vector.ts';
import { etherType, linkTypes, nextOverlay, overlayProtocol } from './tables.ts';

const FIXED = 8;
const FIXED_CONTEXT = 1;
const VARIABLE_CONTEXT = 2;
const CONTEXT_SIZE = 16;

const headerLength = (view: Uint8Array, at: number) => (view[at + 1]! & 0x3f) * 4;
const metadataLength = (view: Uint8Array, at: number) => view[at + 3]! & 0x7f;

const metadata = header({
  class: uint16('nsh.metadataclass', { title: 'Class', display: 'decimal-hex' }),
  type: uint8('nsh.metadatatype', { title: 'Type', display: 'decimal-hex' }),
  unassigned: masked(uint8('nsh.metadataunassignedbit', { title: 'Unassigned', display: 'hex' }), 0x80),
  length: part(masked(uint8('nsh.metadatalen', { title: 'Length', display: 'hex' }), 0x7f)),
  value: located(
    (view, at, end) => (metadataLength(view, at) > 0 && at + 4 < end ? at + 4 : -1),
    bytes('nsh.metadata', (view, at) => view[at - 1]! & 0x7f, { title: 'Value' }),
  ),
});

const fields = header({
  version: masked(uint16('nsh.version', { display: 'decimal-hex' }), 0xc000),
  maintenance: part(masked(uint16('nsh.Obit', { title: 'Operations and maintenance' }), 0x2000)),
  critical: part(masked(uint16('nsh.CBit', { title: 'Critical metadata' }), 0x1000)),
  timeToLive: part(masked(uint16('nsh.ttl', { title: 'Time to live', display: 'hex' }), 0x0fc0)),
  length: part(masked(uint16('nsh.length', { title: 'Length (4-byte words)', display: 'decimal-hex' }), 0x003f)),
  metadataType: uint8('nsh.mdtype', { title: 'Metadata type', display: 'decimal-hex' }),
  protocol: uint8('nsh.nextproto', {
    title: 'Next protocol',
    display: 'decimal-hex',
    values: { 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH', 5: 'MPLS' },
  }),
  path: uint24('nsh.spi', { title: 'Service path', display: 'decimal-hex' }),
  index: uint8('nsh.si', { title: 'Service index', display: 'decimal-hex' }),
  context: repeated({
    from: (view, at, end) => (at + FIXED <= end && view[at + 2] === FIXED_CONTEXT ? at + FIXED : -1),
    to: (_view, at) => at + FIXED + CONTEXT_SIZE,
    next: (_view, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ word: bytes('nsh.contextheader', 4) }),
    title: 'Context',
  }),
  metadata: repeated({
    from: (view, at, end) => (at + FIXED <= end && view[at + 2] === VARIABLE_CONTEXT ? at + FIXED : -1),
    to: (view, at) => at + headerLength(view, at),
    next: (view, at, end) => (at + 4 <= end ? at + 4 + ((metadataLength(view, at) + 3) & ~3) : -1),
    item: metadata,
    title: 'Metadata',
  }),
});

/** Network Service Header, RFC 8300. */
export const nsh = defineDissector({
  name: 'nsh',
  title: 'Network Service Header',
  level: 'tunnel',
  claims: [etherType.at(0x894f)],
  fields,
  tables: [overlayProtocol, etherType, linkTypes],
  minimum: FIXED,
  dissect(frame, view, at) {
    const length = headerLength(view, at);
    const least = view[at + 2] === FIXED_CONTEXT ? FIXED + CONTEXT_SIZE : FIXED;
    if (length < least || u16(view, at) >>> 14 !== 0) return frame.malformed(fields.length, least, length);
    if (at + length > frame.contained) return frame.malformed(fields.length, length, frame.contained - at);
    return nextOverlay(frame, fields.protocol.read(view, at), at + length);
  },
});
