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
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { list, plainOptions, rest, terminated, valueAt } from './dhcp-plain-option.ts';
import { nameText } from './dns-name.ts';
import { spanning } from './spanning.ts';
import type { Find } from './vector.ts';

const decoder = new TextDecoder();

const PAD = 0;
const MESSAGE_TYPE = 53;
const REQUEST_LIST = 55;
const CLIENT_ID = 61;
const CLIENT_NAME = 81;
const RELAY_AGENT = 82;
const END = 255;

const types = namesOf('dhcp-options');
const isValued = (code: number) => code !== PAD && code !== END;

const isEthernet: Find = (view, at, end) =>
  view[at] === CLIENT_ID && view[at + 1] === 7 && at + 9 <= end && view[at + 2] === 1 ? at + 3 : -1;
const fqdnFlag = (name: string, mask: number) => located(valueAt(CLIENT_NAME), masked(flag(name), mask, 1));
/** Bit 4 of the flags: the name is in DNS's form (RFC 4702, 2.1). */
const isCanonical = (view: Uint8Array, nameAt: number) => (view[nameAt - 3]! & 4) !== 0;

/** One suboption of a relay agent's information, RFC 3046. */
const relaySuboption = header({
  type: uint8('dhcp.option.agent_information_option.suboption'),
  length: uint8('dhcp.option.suboption_length', { unit: 'bytes' }),
  circuit: located(valueAt(1), bytes('dhcp.option.agent_information_option.agent_circuit_id', rest)),
  remote: located(valueAt(2), bytes('dhcp.option.agent_information_option.agent_remote_id', rest)),
  link: optional((view, at) => view[at] === 5, ipv4('dhcp.option.agent_information_option.link_selection'), 2),
  subscriber: located(valueAt(6), terminated('dhcp.option.agent_information_option.subscriber_id', rest)),
  server: optional((view, at) => view[at] === 11, ipv4('dhcp.option.agent_information_option.server_id_override'), 2),
});

/** One option of DHCP: RFC 2132, 3046, 4702, 3397, 3442. Zeros between options are one item. */
export const dhcpOption = header({
  type: optional((view, at) => isValued(view[at]!), spanning(uint8('dhcp.option.type', { values: types }), rest), 0),
  // Wireshark shows the type of the end option as 0.
  endType: located(
    (view, at) => (view[at] === END ? at : -1),
    computed('dhcp.option.type', 'uint', (view, at) => (view[at] === END ? 0 : Number.NaN), {}, 1),
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
  ...plainOptions,
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
  nameFlags: located(valueAt(CLIENT_NAME), uint8('dhcp.fqdn.flags', { display: 'hex' })),
  nameReserved: located(valueAt(CLIENT_NAME), masked(uint8('dhcp.fqdn.mbz', { display: 'hex', digits: 2 }), 0xf0)),
  nameNoUpdate: fqdnFlag('dhcp.fqdn.n', 8),
  nameEncoding: fqdnFlag('dhcp.fqdn.e', 4),
  nameOverride: fqdnFlag('dhcp.fqdn.o', 2),
  nameServerUpdates: fqdnFlag('dhcp.fqdn.s', 1),
  nameCode: located(valueAt(CLIENT_NAME, 1), uint8('dhcp.fqdn.rcode1')),
  namePointerCode: located(valueAt(CLIENT_NAME, 2), uint8('dhcp.fqdn.rcode2')),
  name: located(
    valueAt(CLIENT_NAME, 3),
    text('dhcp.fqdn.name', rest, {
      format: (view, at, length) =>
        isCanonical(view, at) ? nameText(view, at, at + length, at) : decoder.decode(view.subarray(at, at + length)),
    }),
  ),
  relay: repeated({
    from: valueAt(RELAY_AGENT),
    next: (view, at, end) => (at + 2 <= end ? at + 2 + view[at + 1]! : -1),
    item: relaySuboption,
    title: 'Relay agent information',
  }),
});
