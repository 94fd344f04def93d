import type { Field, Fields, Repeated } from '../../core/declare/field.ts';
import {
  bytes,
  computed,
  flag,
  header,
  int32,
  ipv4,
  located,
  mac,
  masked,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { nameText } from './dns-name.ts';
import type { Find } from './vector.ts';

const PAD = 0;
const MESSAGE_TYPE = 53;
const REQUEST_LIST = 55;
const CLIENT_ID = 61;
const CLIENT_NAME = 81;
const RELAY_AGENT = 82;
const END = 255;

const types = namesOf('dhcp-options');
const isValued = (code: number) => code !== PAD && code !== END;

/** Where the value of an option begins; -1 where it has another code or no value. */
const valueOf =
  (code: number, skip = 0): Find =>
  (view, at, end) =>
    view[at] === code && at + 2 + skip < end ? at + 2 + skip : -1;
const rest: Find = (_view, at, end) => end - at;

/** Text up to a byte 0 (NVT ASCII with or without one, RFC 2132, section 2). */
const untilNull: Find = (view, at, end) => {
  let place = at;
  while (place < end && view[place] !== 0) place += 1;
  return place - at;
};
/** Bytes of text with the byte 0 that ends it. */
export const terminated = (name: string, size: Find): Field =>
  text(name, size, {
    format: (view, at, length) => decoder.decode(view.subarray(at, at + untilNull(view, at, at + length))),
  });
const decoder = new TextDecoder();

const list = (code: number, size: number, item: Fields, title: string): Repeated =>
  repeated({
    from: valueOf(code),
    next: (_view, at, end) => (at + size <= end ? at + size : -1),
    item,
    title,
  });

const named = <T>(names: Readonly<Record<number, string>>, make: (code: number, name: string) => T) =>
  Object.fromEntries(Object.entries(names).map(([code, name]) => [name, make(Number(code), `dhcp.option.${name}`)]));
const one = (field: (name: string) => Field) => (code: number, name: string) =>
  optional((view, at) => view[at] === code, field(name), 2);

/** Options that are one address or several. */
const addresses = named(
  {
    1: 'subnet_mask',
    3: 'router',
    4: 'time_server',
    5: 'name_server',
    6: 'domain_name_server',
    7: 'log_server',
    8: 'quotes_server',
    9: 'lpr_server',
    10: 'impress_server',
    11: 'resource_location_server',
    16: 'swap_server',
    28: 'broadcast_address',
    32: 'router_solicitation_address',
    41: 'nis_server',
    42: 'ntp_server',
    44: 'netbios_over_tcpip_name_server',
    45: 'netbios_over_tcpip_dd_name_server',
    48: 'xwindows_system_font_server',
    49: 'xwindows_system_display_manager',
    50: 'requested_ip_address',
    54: 'dhcp_server_id',
    65: 'nis_plus_server',
    68: 'mobile_ip_home_agent',
    69: 'smtp_server',
    70: 'pop3_server',
    71: 'nntp_server',
    72: 'default_www_server',
    73: 'default_finger_server',
    74: 'default_irc_server',
    75: 'streettalk_server',
    76: 'streettalk_da_server',
    150: 'tftp_server_address',
  },
  (code, name) => list(code, 4, header({ address: ipv4(name) }), name),
);
const texts = named(
  {
    12: 'hostname',
    14: 'merit_dump_file',
    15: 'domain_name',
    17: 'root_path',
    18: 'extension_path',
    40: 'nis_domain',
    47: 'netbios_over_tcpip_scope',
    56: 'message',
    60: 'vendor_class_id',
    62: 'novell_netware_ip_domain',
    64: 'nis_plus_domain',
    66: 'tftp_server_name',
    67: 'bootfile_name',
    86: 'novell_ds_tree_name',
    87: 'novell_ds_context',
    252: 'private_proxy_autodiscovery',
  },
  (code, name) => located(valueOf(code), terminated(name, rest)),
);
const flags = named(
  {
    19: 'ip_forwarding',
    20: 'non_local_source_routing',
    27: 'all_subnets_are_local',
    29: 'perform_mask_discovery',
    30: 'mask_supplier',
    31: 'perform_router_discover',
    34: 'trailer_encapsulation',
    36: 'ethernet_encapsulation',
    39: 'tcp_keepalive_garbage',
  },
  one((name) => masked(flag(name), 0xff, 1)),
);
const bytesOfOne = named(
  { 23: 'default_ip_ttl', 37: 'tcp_default_ttl', 46: 'netbios_over_tcpip_node_type', 52: 'option_overload' },
  one((name) => uint8(name)),
);
const words = named(
  {
    13: 'boot_file_size',
    22: 'max_datagram_reassembly_size',
    26: 'interface_mtu',
    57: 'dhcp_max_message_size',
    93: 'client_system_architecture',
  },
  one((name) => uint16(name)),
);
const spans = named(
  {
    24: 'path_mtu_aging_timeout',
    35: 'arp_cache_timeout',
    38: 'tcp_keepalive_interval',
    51: 'ip_address_lease_time',
    58: 'renewal_time_value',
    59: 'rebinding_time_value',
  },
  one((name) => uint32(name, { unit: 's' })),
);

const isEthernet: Find = (view, at, end) =>
  view[at] === CLIENT_ID && view[at + 1] === 7 && at + 9 <= end && view[at + 2] === 1 ? at + 3 : -1;
const fqdnFlag = (name: string, mask: number) => located(valueOf(CLIENT_NAME), masked(flag(name), mask, 1));
/** Bit 4 of the flags: the name is in DNS's form (RFC 4702, 2.1). */
const isCanonical = (view: Uint8Array, nameAt: number) => (view[nameAt - 3]! & 4) !== 0;

/** One suboption of a relay agent's information, RFC 3046. */
const relaySuboption = header({
  type: uint8('dhcp.option.agent_information_option.suboption'),
  length: uint8('dhcp.option.suboption_length', { unit: 'bytes' }),
  circuit: located(valueOf(1), bytes('dhcp.option.agent_information_option.agent_circuit_id', rest)),
  remote: located(valueOf(2), bytes('dhcp.option.agent_information_option.agent_remote_id', rest)),
  link: optional((view, at) => view[at] === 5, ipv4('dhcp.option.agent_information_option.link_selection'), 2),
  subscriber: located(valueOf(6), terminated('dhcp.option.agent_information_option.subscriber_id', rest)),
  server: optional((view, at) => view[at] === 11, ipv4('dhcp.option.agent_information_option.server_id_override'), 2),
});

/** One option of DHCP: RFC 2132, 3046, 4702, 3397, 3442. Zeros between options are one item. */
export const dhcpOption = header({
  type: optional((view, at) => isValued(view[at]!), uint8('dhcp.option.type', { values: types }), 0),
  // Wireshark shows the type of the end option as 0.
  endType: located(
    (view, at) => (view[at] === END ? at : -1),
    computed('dhcp.option.type', 'uint', (view, at) => (view[at] === END ? 0 : Number.NaN)),
  ),
  length: optional((view, at) => isValued(view[at]!), uint8('dhcp.option.length', { unit: 'bytes' }), 1),
  value: located(
    (view, at, end) => (isValued(view[at]!) && at + 2 < end ? at + 2 : -1),
    bytes('dhcp.option.value', rest),
  ),
  padding: located((view, at) => (view[at] === PAD ? at : -1), bytes('dhcp.option.padding', rest)),
  end: optional((view, at) => view[at] === END, uint8('dhcp.option.end'), 0),
  message: optional(
    (view, at) => view[at] === MESSAGE_TYPE,
    uint8('dhcp.option.dhcp', { title: 'Message type', values: namesOf('dhcp-messages') }),
    2,
  ),
  ...addresses,
  ...texts,
  ...flags,
  ...bytesOfOne,
  ...words,
  ...spans,
  timeOffset: optional((view, at) => view[at] === 2, int32('dhcp.option.time_offset', { unit: 's' }), 2),
  plateaus: list(25, 2, header({ size: uint16('dhcp.option.path_mtu_plateau_table_item') }), 'Plateau'),
  filters: list(
    21,
    8,
    header({ address: ipv4('dhcp.option.policy_filter.ip'), mask: ipv4('dhcp.option.policy_filter.subnet_mask') }),
    'Filter',
  ),
  routes: list(
    33,
    8,
    header({ address: ipv4('dhcp.option.static_route.ip'), router: ipv4('dhcp.option.static_route.router') }),
    'Route',
  ),
  requested: list(
    REQUEST_LIST,
    1,
    header({ item: uint8('dhcp.option.request_list_item', { values: types }) }),
    'Requested option',
  ),
  clientHardware: located(
    (view, at, end) => (isEthernet(view, at, end) < 0 ? -1 : at + 2),
    uint8('dhcp.hw.type', { display: 'hex', values: namesOf('arp-hardware') }),
  ),
  clientAddress: located(isEthernet, mac('dhcp.hw.mac_addr')),
  nameFlags: located(valueOf(CLIENT_NAME), uint8('dhcp.fqdn.flags', { display: 'hex' })),
  nameReserved: located(valueOf(CLIENT_NAME), masked(uint8('dhcp.fqdn.mbz', { display: 'hex', digits: 2 }), 0xf0)),
  nameNoUpdate: fqdnFlag('dhcp.fqdn.n', 8),
  nameEncoding: fqdnFlag('dhcp.fqdn.e', 4),
  nameOverride: fqdnFlag('dhcp.fqdn.o', 2),
  nameServerUpdates: fqdnFlag('dhcp.fqdn.s', 1),
  nameCode: located(valueOf(CLIENT_NAME, 1), uint8('dhcp.fqdn.rcode1')),
  namePointerCode: located(valueOf(CLIENT_NAME, 2), uint8('dhcp.fqdn.rcode2')),
  name: located(
    valueOf(CLIENT_NAME, 3),
    text('dhcp.fqdn.name', rest, {
      format: (view, at, length) =>
        isCanonical(view, at) ? nameText(view, at, at + length, at) : decoder.decode(view.subarray(at, at + length)),
    }),
  ),
  relay: repeated({
    from: valueOf(RELAY_AGENT),
    next: (view, at, end) => (at + 2 <= end ? at + 2 + view[at + 1]! : -1),
    item: relaySuboption,
    title: 'Relay agent information',
  }),
});
