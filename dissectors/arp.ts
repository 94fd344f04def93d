import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, computed, header, ipv4, located, mac, uint8, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { etherType } from './tables.ts';

const FIXED = 8;
const OPCODES = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  5: 'DRARP request',
  6: 'DRARP reply',
  7: 'DRARP error',
  8: 'InARP request',
  9: 'InARP reply',
};

// The sizes of addresses are fields: 6 and 4 are the rule, not the law.
const hardwareSize = (view: Uint8Array, at: number) => view[at + 4]!;
const protocolSize = (view: Uint8Array, at: number) => view[at + 5]!;
/** Ethernet or IEEE 802 networks (RFC 1042), whose addresses are of one kind. */
const isEthernet = (view: Uint8Array, at: number) =>
  hardwareSize(view, at) === 6 && view[at]! === 0 && (view[at + 1] === 1 || view[at + 1] === 6);
const isIpv4 = (view: Uint8Array, at: number) =>
  protocolSize(view, at) === 4 && view[at + 2] === 8 && view[at + 3] === 0;

type Place = (view: Uint8Array, at: number) => number;
const places: readonly Place[] = [
  (_view, at) => at + FIXED,
  (view, at) => at + FIXED + hardwareSize(view, at),
  (view, at) => at + FIXED + hardwareSize(view, at) + protocolSize(view, at),
  (view, at) => at + FIXED + 2 * hardwareSize(view, at) + protocolSize(view, at),
];
const when = (place: Place, condition: (view: Uint8Array, at: number) => boolean): Locate => {
  return (view, at, end) => (at + FIXED <= end && condition(view, at) ? place(view, at) : -1);
};
const otherHardware = (view: Uint8Array, at: number) => !isEthernet(view, at) && hardwareSize(view, at) > 0;
const otherProtocol = (view: Uint8Array, at: number) => !isIpv4(view, at) && protocolSize(view, at) > 0;
const sizeOfHardware: Locate = (view, _at, _end, frame, layer) => hardwareSize(view, frame.layerOffset[layer]!);
const sizeOfProtocol: Locate = (view, _at, _end, frame, layer) => protocolSize(view, frame.layerOffset[layer]!);

/** True, or absent, as Wireshark has it, when it does not hold or there are no IPv4 addresses to compare. */
const compare = (test: (view: Uint8Array, source: number, destination: number) => boolean): Locate => {
  return (view, at, end) => {
    if (at + FIXED > end || !isIpv4(view, at)) return Number.NaN;
    const destination = places[3]!(view, at);
    return destination + 4 <= end && test(view, places[1]!(view, at), destination) ? 1 : Number.NaN;
  };
};
const equal = (view: Uint8Array, one: number, other: number) =>
  view[one] === view[other] &&
  view[one + 1] === view[other + 1] &&
  view[one + 2] === view[other + 2] &&
  view[one + 3] === view[other + 3];
const isZero = (view: Uint8Array, at: number) => (view[at]! | view[at + 1]! | view[at + 2]! | view[at + 3]!) === 0;

const fields = header({
  hardwareType: uint16('arp.hw.type'),
  protocolType: uint16('arp.proto.type', { display: 'hex', values: namesOf('ethertypes') }),
  hardwareSize: uint8('arp.hw.size', { unit: 'bytes' }),
  protocolSize: uint8('arp.proto.size', { unit: 'bytes' }),
  opcode: uint16('arp.opcode', { values: OPCODES }),
  gratuitous: computed('arp.isgratuitous', 'boolean', compare(equal), { title: 'Is gratuitous' }),
  probe: computed(
    'arp.isprobe',
    'boolean',
    compare((view, source) => isZero(view, source)),
    { title: 'Is probe' },
  ),
  sourceMac: located(when(places[0]!, isEthernet), mac('arp.src.hw_mac', { title: 'Sender MAC address' })),
  sourceHardware: located(when(places[0]!, otherHardware), bytes('arp.src.hw', sizeOfHardware)),
  sourceIp: located(when(places[1]!, isIpv4), ipv4('arp.src.proto_ipv4', { title: 'Sender IP address' })),
  sourceProtocol: located(when(places[1]!, otherProtocol), bytes('arp.src.proto', sizeOfProtocol)),
  destinationMac: located(when(places[2]!, isEthernet), mac('arp.dst.hw_mac', { title: 'Target MAC address' })),
  destinationHardware: located(when(places[2]!, otherHardware), bytes('arp.dst.hw', sizeOfHardware)),
  destinationIp: located(when(places[3]!, isIpv4), ipv4('arp.dst.proto_ipv4', { title: 'Target IP address' })),
  destinationProtocol: located(when(places[3]!, otherProtocol), bytes('arp.dst.proto', sizeOfProtocol)),
});

/** Address Resolution Protocol, RFC 826; with RARP (RFC 903) and InARP (RFC 2390), which share its layout. */
export const arp = defineDissector({
  name: 'arp',
  title: 'Address Resolution Protocol',
  level: 'network',
  claims: [etherType.at(0x0806), etherType.at(0x8035)],
  fields,
  dissect(frame, view, at) {
    const size = FIXED + 2 * (hardwareSize(view, at) + protocolSize(view, at));
    if (at + size > frame.contained) return frame.short(at, size);
    frame.limit(at + size, fields.hardwareSize);
    if (at + size > frame.end) frame.short(at, size);
    return frame.payload(at + size);
  },
});
