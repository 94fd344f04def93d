import { defineDissector } from '../core/declare/dissector.ts';
import { bytes, flag, header, mac, masked, optional, part, text, uint8, uint16 } from '../core/declare/kinds.ts';
import { slowSubtype } from './tables.ts';

/** Bits of a state, the lowest first. */
const STATES = [
  'activity',
  'timeout',
  'aggregation',
  'synchronization',
  'collecting',
  'distributing',
  'defaulted',
  'expired',
];
const LETTERS = 'ASGSCDFE';
const STATE_AT = { actor: 17, partner: 37 };
const PADDING = 50;
const WHOLE = 109;

/** The letters of the bits that are set, the highest first. */
const stateText = (view: Uint8Array, at: number) =>
  [...LETTERS]
    .map((letter, bit) => ((view[at]! >>> bit) & 1 ? letter : '*'))
    .reverse()
    .join('');

const side = (name: 'actor' | 'partner') => ({
  [`${name} type`]: uint8('lacp.tlv_type', { display: 'hex' }),
  [`${name} length`]: uint8('lacp.tlv_length', { display: 'hex' }),
  [`${name} priority`]: uint16(`lacp.${name}.sys_priority`, { title: 'System priority' }),
  [`${name} system`]: mac(`lacp.${name}.sysid`, { title: 'System' }),
  [`${name} key`]: uint16(`lacp.${name}.key`),
  [`${name} port priority`]: uint16(`lacp.${name}.port_priority`),
  [`${name} port`]: uint16(`lacp.${name}.port`),
  [`${name} state`]: uint8(`lacp.${name}.state`, { display: 'hex' }),
  ...Object.fromEntries(
    STATES.map((state, bit) => [`${name} ${state}`, part(masked(flag(`lacp.${name}.state.${state}`), 1 << bit))]),
  ),
  [`${name} letters`]: optional(
    () => true,
    text(`lacp.${name}.state_str`, 1, { title: 'State letters', format: stateText }),
    STATE_AT[name],
  ),
  [`${name} reserved`]: bytes(`lacp.${name}.reserved`, 3),
});

const fields = header({
  version: uint8('lacp.version', { display: 'hex' }),
  ...side('actor'),
  ...side('partner'),
  collectorType: uint8('lacp.tlv_type', { display: 'hex' }),
  collectorLength: uint8('lacp.tlv_length', { display: 'hex' }),
  collectorDelay: uint16('lacp.collector.max_delay', { title: 'Collector maximum delay', unit: '10 us' }),
  collectorReserved: bytes('lacp.coll_reserved', 12),
  endType: uint8('lacp.tlv_type', { display: 'hex' }),
  endLength: uint8('lacp.tlv_length', { display: 'hex' }),
  padding: optional(() => true, bytes('lacp.pad', PADDING), WHOLE - PADDING),
});

/** Link Aggregation Control Protocol, IEEE 802.1AX-2014 clause 6.4, version 1. */
export const lacp = defineDissector({
  name: 'lacp',
  title: 'Link Aggregation Control Protocol',
  level: 'link',
  claims: [slowSubtype.at(1)],
  fields,
});
