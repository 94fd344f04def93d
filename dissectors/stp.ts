import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, When } from '../core/declare/field.ts';
import {
  computed,
  flag,
  header,
  located,
  mac,
  masked,
  optional,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { u16 } from './parts/vector.ts';
import { chdlcProtocol, ciscoPid, llcSap } from './tables.ts';

const TOPOLOGY_CHANGE = 0x80;
const RAPID = 2;
/** Times are counted in this many parts of a second. */
const PARTS = 256;
const CONFIGURATION_SIZE = 35;

/** Configuration BPDUs have all fields, topology change notifications none of them. */
const isSpanningTree: When = (bytes, at) => u16(bytes, at) === 0;
const isConfiguration: When = (bytes, at) => u16(bytes, at) === 0 && bytes[at + 3] !== TOPOLOGY_CHANGE;
const isRapid: When = (bytes, at) => u16(bytes, at) === 0 && bytes[at + 3] === RAPID;
const has = (field: Field, offset: number): Field => optional(isConfiguration, field, offset);
const rapid = (name: string, mask: number): Field => optional(isRapid, masked(flag(name), mask), 4);
const seconds = (name: string, title: string, offset: number): Field =>
  has(uint16(name, { title, scale: 1 / PARTS, unit: 's' }), offset);
/** The upper four bits or the lower twelve of a bridge's priority, as they stand. */
const priority = (name: string, mask: number, offset: number, size: number, title: string): Field =>
  located(
    (bytes, at, end, frame, layer) =>
      at + offset + 2 <= end && isConfiguration(bytes, at, end, frame, layer) ? at + offset : -1,
    computed(
      name,
      'uint',
      (bytes, at, end, frame, layer) =>
        at + offset + 2 <= end && isConfiguration(bytes, at, end, frame, layer)
          ? u16(bytes, at + offset) & mask
          : Number.NaN,
      { title },
      size,
    ),
  );

const VERSIONS = { 0: 'spanning tree', 2: 'rapid spanning tree', 3: 'multiple spanning tree' };
const TYPES = { 0: 'configuration', 2: 'rapid', 128: 'topology change' };

const fields = header({
  protocol: optional(isSpanningTree, uint16('stp.protocol', { display: 'hex' }), 0),
  version: optional(isSpanningTree, uint8('stp.version', { values: VERSIONS }), 2),
  type: optional(isSpanningTree, uint8('stp.type', { display: 'hex', values: TYPES }), 3),
  flags: has(uint8('stp.flags', { display: 'hex' }), 4),
  acknowledgment: has(masked(flag('stp.flags.tcack', { title: 'Topology change acknowledgment' }), 0x80), 4),
  agreement: rapid('stp.flags.agreement', 0x40),
  forwarding: rapid('stp.flags.forwarding', 0x20),
  learning: rapid('stp.flags.learning', 0x10),
  portRole: optional(isRapid, masked(uint8('stp.flags.port_role'), 0x0c), 4),
  proposal: rapid('stp.flags.proposal', 0x02),
  change: has(masked(flag('stp.flags.tc', { title: 'Topology change' }), 0x01), 4),
  rootPriority: priority('stp.root.prio', 0xf000, 5, 1, 'Root priority'),
  rootExtension: priority('stp.root.ext', 0x0fff, 5, 2, 'Root system id extension'),
  root: has(mac('stp.root.hw', { title: 'Root' }), 7),
  cost: has(uint32('stp.root.cost', { title: 'Root path cost' }), 13),
  bridgePriority: priority('stp.bridge.prio', 0xf000, 17, 1, 'Bridge priority'),
  bridgeExtension: priority('stp.bridge.ext', 0x0fff, 17, 2, 'Bridge system id extension'),
  bridge: has(mac('stp.bridge.hw', { title: 'Bridge' }), 19),
  port: has(uint16('stp.port', { display: 'hex' }), 25),
  age: seconds('stp.msg_age', 'Message age', 27),
  mostAge: seconds('stp.max_age', 'Maximum age', 29),
  hello: seconds('stp.hello', 'Hello time', 31),
  delay: seconds('stp.forward', 'Forward delay', 33),
  version1Length: optional(isRapid, uint8('stp.version_1_length', { title: 'Version 1 length' }), 35),
});

/**
 * Spanning tree and rapid spanning tree, IEEE 802.1D-2004 clause 9; also as Cisco sends it for each VLAN. Other protocol
 * numbers than 0 (GARP's 1) are not read.
 */
export const stp = defineDissector({
  name: 'stp',
  title: 'Spanning Tree Protocol',
  level: 'link',
  claims: [
    llcSap.at(0x42),
    ...[0x0108, 0x0109, 0x010b, 0x010c].map((pid) => ciscoPid.at(pid)),
    chdlcProtocol.at(0x4242),
  ],
  fields,
  minimum: 4,
  dissect(frame, bytes, at) {
    if (!isConfiguration(bytes, at, frame.end, frame, frame.layer)) return;
    if (at + CONFIGURATION_SIZE > frame.end) frame.short(at, CONFIGURATION_SIZE);
  },
});
