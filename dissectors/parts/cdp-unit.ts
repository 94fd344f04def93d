import type { Field, Locate, When } from '../../core/declare/field.ts';
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
  repeated,
  text,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { u16, u32 } from './vector.ts';

const HEADER = 4;
const NEW_LINE = 0x0a;
const ADDRESSES: readonly number[] = [0x0002, 0x0016];
const SOFTWARE = 0x0005;
const PREFIXES = 0x0007;
const HELLO = 0x0008;
const CLUSTER = 0x00000c_0112;
const POWER_AVAILABLE = 0x001a;
const DEFAULT_ROUTE_SIZE = 4;
const CAPABILITIES = [
  'router',
  'trans_bridge',
  'src_bridge',
  'switch',
  'host',
  'igmp_capable',
  'repeater',
  'voip_phone',
  'remote',
  'cvta',
  'mac_relay',
];

/** The unit has this type and reaches `size` bytes into its value. */
const is =
  (type: number, size = 0): When =>
  (view, at) =>
    u16(view, at) === type && u16(view, at + 2) >= HEADER + size;
const value = (type: number, field: Field, skip = 0): Field =>
  optional(is(type, skip + field.size), field, HEADER + skip);
const toEnd: Locate = (_view, at, end) => end - at;
const words = (type: number, name: string, title: string): Field =>
  located(
    (view, at, end, frame, layer) => (at + HEADER <= end && is(type)(view, at, end, frame, layer) ? at + HEADER : -1),
    text(name, toEnd, { title }),
  );
const isCluster: When = (view, at, end, frame, layer) =>
  is(HELLO, 32)(view, at, end, frame, layer) && u32(view, at + 4) * 256 + view[at + 8]! === CLUSTER;
const cluster = (field: Field, skip: number): Field => optional(isCluster, field, HEADER + skip);
/** The one route of a stub to its hub is an address without a mask. */
const isDefaultRoute: When = (view, at) =>
  u16(view, at) === PREFIXES && u16(view, at + 2) === HEADER + DEFAULT_ROUTE_SIZE;
const isAddressList = (view: Uint8Array, at: number) => ADDRESSES.includes(u16(view, at));
/** Behind the protocol of an address, which has a length of its own. */
const protocolEnd = (view: Uint8Array, at: number) => at + 2 + view[at + 1]!;
const isIpv4 = (view: Uint8Array, at: number, end: number) =>
  at + 5 <= end && view[at] === 1 && view[at + 1] === 1 && view[at + 2] === 0xcc && u16(view, at + 3) === 4;

/** The SNAP header of IPv6. */
const isIpv6 = (view: Uint8Array, at: number, end: number) =>
  at + 12 <= end &&
  view[at + 1] === 8 &&
  u32(view, at + 2) === 0xaaaa0300 &&
  u32(view, at + 6) === 0x000086dd &&
  u16(view, at + 10) === 16;

const address = header({
  type: uint8('cdp.protocol_type', { display: 'hex' }),
  length: uint8('cdp.protocol_length'),
  protocol: located(
    (view, at, end) => (at + 2 < end && view[at + 1]! > 0 ? at + 2 : -1),
    bytes('cdp.protocol', (view, at) => view[at - 1]!),
  ),
  addressLength: located((view, at) => protocolEnd(view, at), uint16('cdp.address_length')),
  ipv4: located(
    (view, at, end) => (isIpv4(view, at, end) ? at + 5 : -1),
    ipv4('cdp.nrgyz.ip_address', { title: 'Address' }),
  ),
  ipv6: located(
    (view, at, end) => (isIpv6(view, at, end) ? at + 12 : -1),
    ipv6('cdp.nrgyz.ipv6_address', { title: 'Address' }),
  ),
  other: located(
    (view, at, end) =>
      !isIpv4(view, at, end) && !isIpv6(view, at, end) && protocolEnd(view, at) + 2 < end
        ? protocolEnd(view, at) + 2
        : -1,
    bytes('cdp.address', toEnd),
  ),
});

/** One unit of type, length and value; the length counts type and length too. */
export const cdpUnit = header({
  type: uint16('cdp.tlv.type', { display: 'hex', values: namesOf('cdp-types') }),
  length: uint16('cdp.tlv.len', { title: 'Length', unit: 'bytes' }),
  device: words(0x0001, 'cdp.deviceid', 'Device id'),
  addressCount: optional(
    (view, at) => isAddressList(view, at) && u16(view, at + 2) >= HEADER + 4,
    uint32('cdp.number_of_addresses'),
    HEADER,
  ),
  addresses: repeated({
    from: (view, at, end) => (at + 8 < end && isAddressList(view, at) ? at + 8 : -1),
    next: (view, at, end) => {
      const place = at + 2 <= end ? protocolEnd(view, at) : end;
      const next = place + 2 <= end ? place + 2 + u16(view, place) : -1;
      return next > end ? -1 : next;
    },
    item: address,
    title: 'Address',
  }),
  port: words(0x0003, 'cdp.portid', 'Port id'),
  capabilities: value(0x0004, uint32('cdp.capabilities', { display: 'hex' })),
  ...Object.fromEntries(
    CAPABILITIES.map((name, i) => [name, value(0x0004, masked(flag(`cdp.capabilities.${name}`), 1 << i, 4))]),
  ),
  software: repeated({
    from: (view, at, end) => (at + HEADER <= end && u16(view, at) === SOFTWARE ? at + HEADER : -1),
    next: (view, at, end) => {
      let place = at;
      while (place < end && view[place] !== NEW_LINE) place += 1;
      return Math.min(place + 1, end);
    },
    item: header({
      line: located((_view, at) => at, text('cdp.software_version', toEnd, { format: lineText })),
    }),
    title: 'Line',
  }),
  platform: words(0x0006, 'cdp.platform', 'Platform'),
  route: optional(isDefaultRoute, ipv4('cdp.odr_default_gateway', { title: 'Default gateway' }), HEADER),
  helloOrganization: value(HELLO, uint24('cdp.oui', { title: 'Organization' })),
  helloProtocol: value(HELLO, uint16('cdp.protocol_id', { display: 'hex' }), 3),
  clusterMaster: cluster(ipv4('cdp.cluster.master_ip', { title: 'Cluster master' }), 5),
  clusterAddress: cluster(ipv4('cdp.cluster.ip'), 9),
  clusterVersion: cluster(uint8('cdp.cluster.version', { display: 'hex' }), 13),
  clusterSubVersion: cluster(uint8('cdp.cluster.sub_version', { display: 'hex' }), 14),
  clusterStatus: cluster(uint8('cdp.cluster.status', { display: 'hex' }), 15),
  clusterUnknown: cluster(uint8('cdp.cluster.unknown', { display: 'hex' }), 16),
  clusterCommander: cluster(mac('cdp.cluster.commander_mac'), 17),
  clusterSwitch: cluster(mac('cdp.cluster.switch_mac'), 23),
  clusterUnknown2: cluster(uint8('cdp.cluster.unknown', { display: 'hex' }), 29),
  clusterVlan: cluster(uint16('cdp.cluster.management_vlan'), 30),
  domain: words(0x0009, 'cdp.vtp_management_domain', 'VTP domain'),
  nativeVlan: value(0x000a, uint16('cdp.native_vlan')),
  duplex: value(0x000b, flagByte('cdp.duplex')),
  voiceVlan: optional(
    (view, at, end, frame, layer) =>
      [0x000e, 0x000f].includes(u16(view, at)) && is(u16(view, at), 3)(view, at, end, frame, layer),
    uint16('cdp.voice_vlan'),
    HEADER + 1,
  ),
  consumption: value(0x0010, uint16('cdp.power_consumption', { unit: 'mW' })),
  unit: value(0x0011, uint32('cdp.mtu', { unit: 'bytes' })),
  trust: value(0x0012, uint8('cdp.trust_bitmap', { display: 'hex' })),
  untrusted: value(0x0013, uint8('cdp.untrusted_port_cos', { display: 'hex' })),
  system: words(0x0014, 'cdp.system_name', 'System name'),
  request: value(POWER_AVAILABLE, uint16('cdp.request_id')),
  management: value(POWER_AVAILABLE, uint16('cdp.management_id'), 2),
  powers: repeated({
    from: (view, at, end) => (at + 8 < end && u16(view, at) === POWER_AVAILABLE ? at + 8 : -1),
    next: (_view, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ power: uint32('cdp.power_available', { unit: 'mW' }) }),
    title: 'Power',
  }),
});

/** A line without the line break that ends it. */
function lineText(view: Uint8Array, at: number, length: number): string {
  const end = length > 0 && view[at + length - 1] === NEW_LINE ? at + length - 1 : at + length;
  return new TextDecoder().decode(view.subarray(at, end));
}

/** A whole byte as a boolean. */
function flagByte(name: string): Field {
  return masked(flag(name), 0xff);
}
