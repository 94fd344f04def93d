import type { Field, Fields, Locate, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv4,
  ipv6,
  located,
  mac,
  masked,
  optional,
  part,
  text,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../../core/declare/kinds.ts';
import { lldpOrganization } from './lldp-organization.ts';
import { u16 } from './vector.ts';

const CHASSIS = 1;
const PORT = 2;
const TIME_TO_LIVE = 3;
const PORT_DESCRIPTION = 4;
const SYSTEM_NAME = 5;
const SYSTEM_DESCRIPTION = 6;
const CAPABILITIES = 7;
const MANAGEMENT = 8;
const ORGANIZATION = 127;
/** Subtypes of chassis ids and of port ids. */
const CHASSIS_MAC = 4;
const CHASSIS_NETWORK = 5;
const PORT_MAC = 3;
const PORT_NETWORK = 4;
/** Address families (IANA). */
const IPV4 = 1;
const IPV6 = 2;
const NAMES = [
  'other',
  'repeater',
  'bridge',
  'wlan_access_pt',
  'router',
  'telephone',
  'docsis_cable_device',
  'station_only',
];

const typeOf = (view: Uint8Array, at: number) => view[at]! >>> 1;
/** Where the value of a unit ends. */
const valueEnd = (view: Uint8Array, at: number) => at + 2 + (u16(view, at) & 0x1ff);

/** The unit has this type and reaches `size` bytes into its value. */
const is =
  (type: number, size = 0): When =>
  (view, at) =>
    typeOf(view, at) === type && at + 2 + size <= valueEnd(view, at);
/** A chassis or port id of this subtype. */
const id =
  (type: number, subtype: number, size: number): When =>
  (view, at, end, frame, layer) =>
    is(type, size)(view, at, end, frame, layer) && view[at + 2] === subtype;
/** A network address of this family in an id. */
const network =
  (type: number, subtype: number, family: number, size: number): When =>
  (view, at, end, frame, layer) =>
    id(type, subtype, size)(view, at, end, frame, layer) && view[at + 3] === family;
const rest =
  (when: When, skip: number): Locate =>
  (view, at, end, frame, layer) =>
    at + skip < end && when(view, at, end, frame, layer) ? at + skip : -1;
const toEnd: Locate = (_view, at, end) => end - at;
const words = (type: number, name: string): Field => located(rest(is(type, 1), 2), text(name, toEnd));
const capabilities = (name: string, offset: number): Fields =>
  Object.fromEntries([
    [name, optional(is(CAPABILITIES, 4), uint16(name, { display: 'hex' }), offset)],
    ...NAMES.map((one, i) => [
      `${name}.${one}`,
      optional(is(CAPABILITIES, 4), masked(flag(`${name}.${one}`), 1 << i, 2), offset),
    ]),
  ]);

/** Of a management address: its family's place is fixed, what follows the address is not. */
const managed = (family: number, size: number): When => {
  return (view, at, end, frame, layer) =>
    is(MANAGEMENT, 2 + size)(view, at, end, frame, layer) && view[at + 2] === size + 1 && view[at + 3] === family;
};
const afterAddress =
  (skip: number): Locate =>
  (view, at, end, frame, layer) =>
    at + 3 <= end && is(MANAGEMENT, 1)(view, at, end, frame, layer) ? at + 3 + view[at + 2]! + skip : -1;
const otherAddress: Locate = (view, at, end, frame, layer) => {
  if (at + 4 >= end || !is(MANAGEMENT, 3)(view, at, end, frame, layer)) return -1;
  return managed(IPV4, 4)(view, at, end, frame, layer) || managed(IPV6, 16)(view, at, end, frame, layer) ? -1 : at + 4;
};
const plainChassis: When = (view, at, end, frame, layer) =>
  is(CHASSIS, 2)(view, at, end, frame, layer) && view[at + 2] !== CHASSIS_MAC && view[at + 2] !== CHASSIS_NETWORK;
const plainPort: When = (view, at, end, frame, layer) =>
  is(PORT, 2)(view, at, end, frame, layer) && view[at + 2] !== PORT_MAC && view[at + 2] !== PORT_NETWORK;
const CHASSIS_SUBTYPES = {
  1: 'chassis component',
  2: 'interface alias',
  3: 'port component',
  4: 'MAC address',
  5: 'network address',
  6: 'interface name',
  7: 'locally assigned',
};
const PORT_SUBTYPES = {
  1: 'interface alias',
  2: 'port component',
  3: 'MAC address',
  4: 'network address',
  5: 'interface name',
  6: 'agent circuit id',
  7: 'locally assigned',
};

/** One unit of type, length and value (IEEE 802.1AB-2016, clause 8). */
export const lldpUnit = header({
  type: masked(uint16('lldp.tlv.type'), 0xfe00),
  length: part(masked(uint16('lldp.tlv.len', { title: 'Length', unit: 'bytes' }), 0x01ff)),
  chassisSubtype: optional(is(CHASSIS, 1), uint8('lldp.chassis.subtype', { values: CHASSIS_SUBTYPES }), 2),
  chassisMac: optional(id(CHASSIS, CHASSIS_MAC, 7), mac('lldp.chassis.id.mac', { title: 'Chassis id' }), 3),
  chassisFamily: optional(id(CHASSIS, CHASSIS_NETWORK, 2), uint8('lldp.network_address.subtype'), 3),
  chassisIpv4: optional(network(CHASSIS, CHASSIS_NETWORK, IPV4, 6), ipv4('lldp.chassis.id.ip4'), 4),
  chassisIpv6: optional(network(CHASSIS, CHASSIS_NETWORK, IPV6, 18), ipv6('lldp.chassis.id.ip6'), 4),
  chassis: located(rest(plainChassis, 3), bytes('lldp.chassis.id', toEnd, { title: 'Chassis id' })),
  portSubtype: optional(is(PORT, 1), uint8('lldp.port.subtype', { values: PORT_SUBTYPES }), 2),
  portMac: optional(id(PORT, PORT_MAC, 7), mac('lldp.port.id.mac', { title: 'Port id' }), 3),
  portFamily: optional(id(PORT, PORT_NETWORK, 2), uint8('lldp.network_address.subtype'), 3),
  portIpv4: optional(network(PORT, PORT_NETWORK, IPV4, 6), ipv4('lldp.port.id.ip4'), 4),
  portIpv6: optional(network(PORT, PORT_NETWORK, IPV6, 18), ipv6('lldp.port.id.ip6'), 4),
  port: located(rest(plainPort, 3), text('lldp.port.id', toEnd, { title: 'Port id' })),
  timeToLive: optional(is(TIME_TO_LIVE, 2), uint16('lldp.time_to_live', { unit: 's' }), 2),
  portDescription: words(PORT_DESCRIPTION, 'lldp.port.desc'),
  systemName: words(SYSTEM_NAME, 'lldp.tlv.system.name'),
  systemDescription: words(SYSTEM_DESCRIPTION, 'lldp.tlv.system.desc'),
  ...capabilities('lldp.tlv.system_cap', 2),
  ...capabilities('lldp.tlv.enable_system_cap', 4),
  addressLength: optional(is(MANAGEMENT, 1), uint8('lldp.mgn.address.len'), 2),
  addressFamily: optional(is(MANAGEMENT, 2), uint8('lldp.mgn.address.subtype'), 3),
  addressIpv4: optional(managed(IPV4, 4), ipv4('lldp.mgn.addr.ip4', { title: 'Management address' }), 4),
  addressIpv6: optional(managed(IPV6, 16), ipv6('lldp.mgn.addr.ip6', { title: 'Management address' }), 4),
  address: located(
    otherAddress,
    bytes('lldp.mgn.addr.hex', (view, at) => view[at - 2]! - 1, { title: 'Management address' }),
  ),
  interfaceSubtype: located(afterAddress(0), uint8('lldp.mgn.interface.subtype')),
  interfaceNumber: located(afterAddress(1), uint32('lldp.mgn.interface.number')),
  objectLength: located(afterAddress(5), uint8('lldp.mgn.obj.len')),
  organization: optional(is(ORGANIZATION, 4), uint24('lldp.orgtlv.oui', { title: 'Organization' }), 2),
  ...lldpOrganization,
});
