import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, When } from '../core/declare/field.ts';
import { flag, header, masked, optional, uint16, uint32 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { u16 } from './parts/vector.ts';
import { greProtocol, linkTypes } from './tables.ts';

const ETHERNET = 1;
/** A GRE header without options: only type I has no sequence number. */
const BARE_PARENT = 4;
const WITH_SUBHEADER = 0x0001;
const FRAME_TYPE = 0x7c00;

/** Type I has no header of its own; II is version 1, III is version 2 (draft-foschiano-erspan). */
function versionOf(bytes: Uint8Array, at: number, frame: Frame, layer: number): number {
  const parent = frame.layerParent[layer]!;
  const bare = parent >= 0 && at - frame.layerOffset[parent]! === BARE_PARENT;
  return bare ? -1 : bytes[at]! >>> 4;
}
const headed: When = (bytes, at, _end, frame, layer) => versionOf(bytes, at, frame, layer) >= 0;
const second: When = (bytes, at, _end, frame, layer) => versionOf(bytes, at, frame, layer) === 1;
const third: When = (bytes, at, _end, frame, layer) => versionOf(bytes, at, frame, layer) === 2;
const known: When = (...its) => second(...its) || third(...its);
/** Type III with a platform's own sub-header. */
const platform =
  (...ids: readonly number[]): When =>
  (...its) => {
    const [bytes, at, end] = its;
    if (at + 20 > end || !third(...its) || (u16(bytes, at + 10) & WITH_SUBHEADER) === 0) return false;
    return ids.length === 0 || ids.includes(bytes[at + 12]! >>> 2);
  };

const bits16 = (when: When, offset: number, name: string, mask: number, title?: string): Field =>
  optional(when, masked(uint16(name, title === undefined ? {} : { title }), mask), offset);
const bits32 = (when: When, offset: number, name: string, mask: number): Field =>
  optional(when, masked(uint32(name), mask), offset);

const fields = header({
  version: bits16(headed, 0, 'erspan.version', 0xf000),
  vlan: bits16(known, 0, 'erspan.vlan', 0x0fff, 'VLAN'),
  service: bits16(known, 2, 'erspan.cos', 0xe000, 'Class of service'),
  encapsulation: bits16(second, 2, 'erspan.encap', 0x1800, 'Encapsulation'),
  damage: bits16(third, 2, 'erspan.bso', 0x1800, 'Bad, short or oversized'),
  truncated: bits16(known, 2, 'erspan.truncated', 0x0400),
  session: bits16(known, 2, 'erspan.spanid', 0x03ff, 'Session id'),
  reserved: bits32(second, 4, 'erspan.reserved', 0xfff00000),
  index: bits32(second, 4, 'erspan.index', 0x000fffff),
  time: optional(third, uint32('erspan.timestamp'), 4),
  group: optional(third, uint16('erspan.sgt', { title: 'Security group tag' }), 8),
  isEthernet: bits16(third, 10, 'erspan.p', 0x8000, 'Ethernet frame'),
  frameType: bits16(third, 10, 'erspan.ft', FRAME_TYPE, 'Frame type'),
  hardware: bits16(third, 10, 'erspan.hw', 0x03f0, 'Hardware id'),
  direction: optional(third, masked(flag('erspan.direction'), 0x0008, 2), 10),
  granularity: bits16(third, 10, 'erspan.gra', 0x0006, 'Timestamp granularity'),
  more: bits16(third, 10, 'erspan.o', WITH_SUBHEADER, 'Sub-header'),
  platform: bits32(platform(), 12, 'erspan.platid', 0xfc000000),
  domain: bits32(platform(1), 12, 'erspan.pid1.vsmid', 0x00000fff),
  domainPort: optional(platform(1), uint32('erspan.pid1.port_index'), 16),
  port3: bits32(platform(3), 12, 'erspan.pid3.port_index', 0x00003fff),
  time3: optional(platform(3), uint32('erspan.pid3.timestamp'), 16),
  switch5: bits32(platform(5, 6), 12, 'erspan.pid5.switchid', 0x03ff0000),
  port5: bits32(platform(5, 6), 12, 'erspan.pid5.port_index', 0x0000ffff),
  time5: optional(platform(5, 6), uint32('erspan.pid5.timestamp'), 16),
  source7: bits32(platform(7), 12, 'erspan.pid7.source_index', 0x000fffff),
  time7: optional(platform(7), uint32('erspan.pid7.timestamp'), 16),
});

/** Encapsulated Remote Switch Port Analyzer, types I, II and III: mirrored frames in GRE (draft-foschiano-erspan-03). */
export const erspan = defineDissector({
  name: 'erspan',
  title: 'Encapsulated Remote Switch Port Analyzer',
  level: 'tunnel',
  claims: [greProtocol.at(0x88be), greProtocol.at(0x22eb)],
  fields,
  tables: [linkTypes],
  minimum: 2,
  dissect(frame, bytes, at) {
    const version = versionOf(bytes, at, frame, frame.layer);
    if (version < 0) return frame.next(linkTypes, ETHERNET, at);
    if (version !== 1 && version !== 2) return;
    const size = version === 1 ? 8 : 12;
    if (at + size > frame.end) return frame.short(at, size);
    if (version === 1) return frame.next(linkTypes, ETHERNET, at + size);
    const flags = u16(bytes, at + 10);
    if ((flags & FRAME_TYPE) !== 0) return;
    return frame.next(linkTypes, ETHERNET, at + size + ((flags & WITH_SUBHEADER) === 0 ? 0 : 8));
  },
});
