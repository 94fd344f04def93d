import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import {
  bytes,
  computed,
  flag,
  header,
  ipv4,
  located,
  mac,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { dhcpOption } from './parts/dhcp-option.ts';
import { terminated } from './parts/dhcp-plain-option.ts';
import { type Find, u16, u32 } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const FIXED = 236;
const FLAGS_END = 12;
const COOKIE = 0x63825363;
const CLIENT_ADDRESS = 28;
const CLIENT_ADDRESS_SIZE = 16;
const END = 255;

const hasCookie = (view: Uint8Array, at: number, end: number) =>
  at + FIXED + 4 <= end && u32(view, at + FIXED) === COOKIE;
const isMac: When = (view, at) => view[at + 1] === 1 && view[at + 2] === 6;
const spare: Find = (view, at) => {
  const used = view[at + 2]!;
  return used < CLIENT_ADDRESS_SIZE && used > 0 ? at + CLIENT_ADDRESS + used : -1;
};

/** Some clients write the seconds least significant byte first; told, as Wireshark does, by a low byte of 0. */
const seconds: Find = (view, at) => {
  const value = u16(view, at + 8);
  return value > 0 && (value & 0xff) === 0 ? value >>> 8 : value;
};

/** Zeros are one item as far as they reach. */
const nextOption: Find = (view, at, end) => {
  if (view[at] === END) return at + 1;
  if (view[at] === 0) {
    let place = at;
    while (place < end && view[place] === 0) place += 1;
    return place;
  }
  return at + 2 <= end ? at + 2 + view[at + 1]! : -1;
};

/** The end option. */
const endOption: Find = (view, at, end) => {
  let place = at + FIXED + 4;
  while (place < end && view[place] !== END) {
    const next = nextOption(view, place, end);
    if (next < 0) return end;
    place = next;
  }
  return place;
};

/** Behind the end option: all that follows where it begins with a zero, as Wireshark has it, damaged or not. */
const optionsEnd: Find = (view, at, end) => {
  const behind = endOption(view, at, end) + 1;
  return behind < end && view[behind] === 0 ? end : Math.min(behind, end);
};
const next: Locate = (view, at, end, frame, layer) => {
  const padded = view[at] === 0 && view[at - 1] === END && at > endOption(view, frame.layerOffset[layer]!, end);
  return padded ? end : nextOption(view, at, end);
};

const fields = header({
  type: uint8('dhcp.type', { values: { 1: 'Request', 2: 'Reply' } }),
  hardware: uint8('dhcp.hw.type', { display: 'hex', values: namesOf('arp-hardware') }),
  hardwareLength: uint8('dhcp.hw.len', { unit: 'bytes' }),
  hops: uint8('dhcp.hops'),
  id: uint32('dhcp.id', { title: 'Transaction id', display: 'hex' }),
  seconds: located((_view, at, end) => (at + 10 <= end ? at + 8 : -1), computed('dhcp.secs', 'uint', seconds, {}, 2)),
  flags: optional(() => true, uint16('dhcp.flags', { display: 'hex' }), 10),
  broadcast: located((_view, at) => at + 10, masked(flag('dhcp.flags.bc'), 0x8000, 2)),
  reserved: located(
    (_view, at) => at + 10,
    masked(uint16('dhcp.flags.reserved', { display: 'hex', digits: 4 }), 0x7fff),
  ),
  client: optional(() => true, ipv4('dhcp.ip.client'), 12),
  your: optional(() => true, ipv4('dhcp.ip.your'), 16),
  server: optional(() => true, ipv4('dhcp.ip.server'), 20),
  relay: optional(() => true, ipv4('dhcp.ip.relay'), 24),
  clientMac: optional(isMac, mac('dhcp.hw.mac_addr'), CLIENT_ADDRESS),
  clientAddress: located(
    (view, at, end, frame, layer) =>
      isMac(view, at, end, frame, layer) || view[at + 2] === 0 || view[at + 2]! > 16 ? -1 : at + CLIENT_ADDRESS,
    bytes('dhcp.hw.addr', CLIENT_ADDRESS_SIZE),
  ),
  clientPadding: located(
    spare,
    bytes('dhcp.hw.addr_padding', (_view, place, _end, frame, layer) => {
      return frame.layerOffset[layer]! + CLIENT_ADDRESS + CLIENT_ADDRESS_SIZE - place;
    }),
  ),
  serverName: located(
    (_view, at) => at + 44,
    terminated('dhcp.server', () => 64),
  ),
  file: located(
    (_view, at) => at + 108,
    terminated('dhcp.file', () => 128),
  ),
  cookie: optional((view, at, end) => hasCookie(view, at, end), ipv4('dhcp.cookie'), FIXED),
  vendor: located(
    (view, at, end) => (at + FIXED + 64 <= end && !hasCookie(view, at, end) ? at + FIXED : -1),
    bytes('dhcp.vendor_specific_options', 64),
  ),
  options: repeated({
    from: (view, at, end) => (hasCookie(view, at, end) ? at + FIXED + 4 : -1),
    to: optionsEnd,
    next,
    item: dhcpOption,
    title: 'Option',
  }),
});

/** Dynamic Host Configuration Protocol and Bootstrap Protocol, RFC 2131, 951. */
export const dhcp = defineDissector({
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol',
  claims: [udpPort.at(67), udpPort.at(68), udpPort.at(4011)],
  fields,
  accept(view, at, end, frame) {
    if (at + FLAGS_END > end || (view[at] !== 1 && view[at] !== 2) || view[at + 2]! > CLIENT_ADDRESS_SIZE) return false;
    if (at + FIXED + 4 <= end && hasCookie(view, at, end)) return true;
    // Without a cookie, or with one that was not captured: the reserved flags must be 0.
    return frame.contained - at >= FIXED && (u16(view, at + 10) & 0x7fff) === 0;
  },
  dissect(frame, _view, at) {
    if (at + FIXED > frame.end) frame.short(at, FIXED);
  },
});
