import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, header, ipv4, located, mac, optional, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { etherType, linkTypes, linuxType } from './tables.ts';

const ADDRESS = 6;
const PACKET_TYPES = { 0: 'to us', 1: 'broadcast', 2: 'multicast', 3: 'to another host', 4: 'sent by us' };
const addressLength = (view: Uint8Array, at: number) => (view[at + 4]! << 8) | view[at + 5]!;
const address = (wanted: (length: number) => boolean): Locate => {
  return (view, at, end) => (at + ADDRESS <= end && wanted(addressLength(view, at)) ? at + ADDRESS : -1);
};
const measured: Locate = (view, _at, _end, frame, layer) => Math.min(addressLength(view, frame.layerOffset[layer]!), 8);

const fields = header({
  packetType: uint16('sll.pkttype', { title: 'Packet type', values: PACKET_TYPES }),
  hardwareType: uint16('sll.hatype', { title: 'Link-layer address type' }),
  addressLength: uint16('sll.halen', { title: 'Link-layer address length', unit: 'bytes' }),
  mac: located(
    address((length) => length === 6),
    mac('sll.src.eth', { title: 'Source' }),
  ),
  ip: located(
    address((length) => length === 4),
    ipv4('sll.src.ipv4', { title: 'Source' }),
  ),
  other: located(
    address((length) => length !== 6 && length !== 4 && length > 0),
    bytes('sll.src.other', measured),
  ),
  type: optional(
    (view, at) => view[at + 14]! >= 6,
    uint16('sll.etype', { title: 'Protocol', display: 'hex', values: namesOf('ethertypes') }),
    14,
  ),
  other802: optional((view, at) => view[at + 14]! < 6, uint16('sll.ltype', { title: 'Protocol', display: 'hex' }), 14),
});

/** Linux cooked capture, of the "any" device: LINKTYPE_LINUX_SLL of the tcpdump group. */
export const sll = defineDissector({
  name: 'sll',
  title: 'Linux cooked capture',
  level: 'link',
  claims: [linkTypes.at(113)],
  fields,
  tables: [etherType, linuxType],
  listed: [etherType, 'type'],
  minimum: 16,
  dissect(frame, view, at) {
    const number = fields.type.readAt(view, at + 14);
    return frame.next(number < 0x600 ? linuxType : etherType, number, at + 16);
  },
});
