import type { Field, Locate, When } from '../../core/declare/field.ts';
import { bytes, flag, located, masked, optional, text, uint8, uint16, uint32 } from '../../core/declare/kinds.ts';
import { u16, u24 } from './vector.ts';

const ORGANIZATION = 127;
const IEEE_8021 = 0x0080c2;
const IEEE_8023 = 0x00120f;
/** Type and length, organization and subtype. */
const HEADER = 6;

const own =
  (oui: number, size: number, ...subtypes: readonly number[]): When =>
  (view, at, end) =>
    at + HEADER <= end &&
    view[at]! >>> 1 === ORGANIZATION &&
    u24(view, at + 2) === oui &&
    (subtypes.length === 0 || subtypes.includes(view[at + 5]!)) &&
    (u16(view, at) & 0x1ff) >= 4 + size;
const bridge = (subtype: number, field: Field, skip = 0): Field =>
  optional(own(IEEE_8021, skip + field.size, subtype), field, HEADER + skip);
const station = (subtype: number, field: Field, skip = 0): Field =>
  optional(own(IEEE_8023, skip + field.size, subtype), field, HEADER + skip);
const counted =
  (subtype: number, skip: number): Locate =>
  (view, at, end, frame, layer) =>
    at + HEADER + skip < end &&
    own(IEEE_8021, skip + 2, subtype)(view, at, end, frame, layer) &&
    view[at + HEADER + skip]! > 0
      ? at + HEADER + skip + 1
      : -1;
const before: Locate = (view, at) => view[at - 1]!;

/** Capabilities of autonegotiation, lowest bit first, as RFC 4836 counts them. */
const ADVERTISED = [
  '1000base_tfd',
  '1000base_t',
  '1000base_xfd',
  '1000base_x',
  'fdx_bpause',
  'fdx_spause',
  'fdx_apause',
  'fdx_pause',
  '100base_t2fd',
  '100base_t2',
  '100base_txfd',
  '100base_tx',
  '100base_t4',
  '10base_tfd',
  '10base_t',
  'other',
];
const advertised = 'lldp.ieee.802_3.pmd_auto_neg_advertised_caps';
const advertisedFlags = Object.fromEntries(
  ADVERTISED.map((name, i) => [`advertised ${name}`, station(1, masked(flag(`${advertised}.${name}`), 1 << i, 2), 1)]),
);

/** Units of the IEEE 802.1 and 802.3 organizations (IEEE 802.1Q annex D, 802.3 clause 79). */
export const lldpOrganization = {
  bridgeSubtype: optional(own(IEEE_8021, 0), uint8('lldp.ieee.802_1.subtype', { display: 'hex' }), 5),
  portVlan: bridge(1, uint16('lldp.ieee.802_1.port_vlan.id', { title: 'Port VLAN', display: 'decimal-hex' })),
  protocolFlags: bridge(2, uint8('lldp.ieee.802_1.port_and_vlan_id_flag', { display: 'hex' })),
  protocolSupported: bridge(2, masked(flag('lldp.ieee.802_1.port_and_vlan_id_flag.supported'), 2)),
  protocolEnabled: bridge(2, masked(flag('lldp.ieee.802_1.port_and_vlan_id_flag.enabled'), 4)),
  protocolVlan: bridge(2, uint16('lldp.ieee.802_1.port_proto_vlan.id', { display: 'decimal-hex' }), 1),
  vlan: bridge(3, uint16('lldp.ieee.802_1.vlan.id', { title: 'VLAN', display: 'decimal-hex' })),
  vlanNameLength: bridge(3, uint8('lldp.ieee.802_1.vlan.name_len'), 2),
  vlanName: located(counted(3, 2), text('lldp.ieee.802_1.vlan.name', before, { title: 'VLAN name' })),
  protocolLength: bridge(4, uint8('lldp.ieee.802_1.proto.id_length')),
  protocol: located(counted(4, 0), bytes('lldp.ieee.802_1.proto.id', before, { title: 'Protocol' })),
  stationSubtype: optional(own(IEEE_8023, 0), uint8('lldp.ieee.802_3.subtype', { display: 'hex' }), 5),
  negotiation: station(1, uint8('lldp.ieee.802_3.mac_phy_auto_neg_status', { display: 'hex' })),
  negotiationSupported: station(1, masked(flag('lldp.ieee.802_3.mac_phy_auto_neg_status.supported'), 1)),
  negotiationEnabled: station(1, masked(flag('lldp.ieee.802_3.mac_phy_auto_neg_status.enabled'), 2)),
  advertised: station(1, uint16(advertised, { display: 'hex' }), 1),
  ...advertisedFlags,
  attachment: station(1, uint16('lldp.ieee.802_3.pmd_mau_type', { title: 'Attachment unit type', display: 'hex' }), 3),
  power: station(2, uint8('lldp.ieee.802_3.mdi_power_support', { display: 'hex' })),
  powerPair: station(2, uint8('lldp.ieee.802_3.mdi_pse_pair'), 1),
  powerClass: station(2, uint8('lldp.ieee.802_3.mdi_power_class'), 2),
  aggregation: station(3, uint8('lldp.ieee.802_3.aggregation_status', { display: 'hex' })),
  aggregationPort: station(3, uint32('lldp.ieee.802_3.aggregated_port_id'), 1),
  largestFrame: station(4, uint16('lldp.ieee.802_3.max_frame_size', { title: 'Largest frame', unit: 'bytes' })),
};
