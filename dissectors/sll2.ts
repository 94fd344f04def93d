import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, header, ipv4, located, mac, optional, uint8, uint16, uint32 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { etherType, linkTypes, linuxType } from './tables.ts';

const ADDRESS = 12;
const PACKET_TYPES = { 0: 'to us', 1: 'broadcast', 2: 'multicast', 3: 'to another host', 4: 'sent by us' };
const address = (wanted: (length: number) => boolean): Locate => {
  return (view, at, end) => (at + ADDRESS <= end && wanted(view[at + 11]!) ? at + ADDRESS : -1);
};
const measured: Locate = (view, _at, _end, frame, layer) => Math.min(view[frame.layerOffset[layer]! + 11]!, 8);

const fields = header({
  type: optional(
    (view, at) => view[at]! >= 6,
    uint16('sll.etype', { title: 'Protocol', display: 'hex', values: namesOf('ethertypes') }),
    0,
  ),
  other802: optional((view, at) => view[at]! < 6, uint16('sll.ltype', { title: 'Protocol', display: 'hex' }), 0),
  interface: optional(() => true, uint32('sll.ifindex', { title: 'Interface index' }), 4),
  hardwareType: optional(() => true, uint16('sll.hatype', { title: 'Link-layer address type' }), 8),
  packetType: optional(() => true, uint8('sll.pkttype', { title: 'Packet type', values: PACKET_TYPES }), 10),
  addressLength: optional(() => true, uint8('sll.halen', { title: 'Link-layer address length', unit: 'bytes' }), 11),
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
});

/** Linux cooked capture, version 2, with the interface: LINKTYPE_LINUX_SLL2 of the tcpdump group. */
export const sll2 = defineDissector({
  name: 'sll2',
  protocol: 'sll',
  title: 'Linux cooked capture, version 2',
  level: 'link',
  claims: [linkTypes.at(276)],
  fields,
  tables: [etherType, linuxType],
  listed: [etherType, 'type'],
  minimum: 20,
  dissect(frame, view, at) {
    const number = fields.type.readAt(view, at);
    return frame.next(number < 0x600 ? linuxType : etherType, number, at + 20);
  },
});
