import type { Field, Fields, Repeated } from '../../core/declare/field.ts';
import {
  flag,
  header,
  ipv4,
  located,
  masked,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { textUntilNull } from './token.ts';
import type { Find } from './vector.ts';

/** Where the value of an option begins; -1 where it has another code or no value. */
export const valueAt =
  (code: number, skip = 0): Find =>
  (view, at, end) =>
    view[at] === code && at + 2 + skip < end ? at + 2 + skip : -1;
/** All bytes from a place on. */
export const rest: Find = (_view, at, end) => end - at;

/** Bytes of text with the byte 0 that may end it (RFC 2132, section 2). */
export const terminated = (name: string, size: Find): Field => text(name, size, { format: textUntilNull });

/** Values of one size one after another. */
export const list = (code: number, size: number, item: Fields, title: string): Repeated =>
  repeated({
    from: valueAt(code),
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
  (code, name) => located(valueAt(code), terminated(name, rest)),
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

/** Options whose whole value is one number, address or text, or several. */
export const plainOptions = { ...addresses, ...texts, ...flags, ...bytesOfOne, ...words, ...spans };
