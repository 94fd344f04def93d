import { defineDissector } from '../core/declare/dissector.ts';
import type { Field } from '../core/declare/field.ts';
import { flag, header, ipv4, masked, optional, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { firstOption, nextOption, ofType, pppControl } from './parts/ppp-option.ts';
import { u16 } from './parts/vector.ts';
import { pppProtocol } from './tables.ts';

const HEADER = 4;
const VAN_JACOBSON = 0x002d;

const address = (type: number, name: string, title: string): Field =>
  optional(ofType(type, 6), ipv4(name, { title }), 2);

const option = header({
  type: uint8('ipcp.opt.type', { values: namesOf('ipcp-options') }),
  length: uint8('ipcp.opt.length', { unit: 'bytes' }),
  source: optional(ofType(1, 10), ipv4('ipcp.opt.src_address', { title: 'Source' }), 2),
  destination: optional(ofType(1, 10), ipv4('ipcp.opt.dst_address', { title: 'Destination' }), 6),
  compression: optional(
    ofType(2, 4),
    uint16('ipcp.opt.compress_proto', {
      title: 'Compression protocol',
      display: 'hex',
      values: namesOf('ppp-protocols'),
    }),
    2,
  ),
  slots: optional(
    (...its) => ofType(2, 6)(...its) && u16(its[0], its[1] + 2) === VAN_JACOBSON,
    uint8('ipcp.opt.max_slot_id', { title: 'Maximum slot id' }),
    4,
  ),
  compressesSlot: optional(
    (...its) => ofType(2, 6)(...its) && u16(its[0], its[1] + 2) === VAN_JACOBSON,
    masked(flag('ipcp.opt.comp_slot_id', { title: 'Slot id compressed' }), 1),
    5,
  ),
  address: address(3, 'ipcp.opt.ip_address', 'Address'),
  home: address(4, 'ipcp.opt.mobilenodehomeaddress', 'Home address'),
  nameServer: address(129, 'ipcp.opt.pri_dns_address', 'Primary DNS server'),
  netbiosServer: address(130, 'ipcp.opt.pri_nbns_address', 'Primary NetBIOS name server'),
  secondNameServer: address(131, 'ipcp.opt.sec_dns_address', 'Secondary DNS server'),
  secondNetbiosServer: address(132, 'ipcp.opt.sec_nbns_address', 'Secondary NetBIOS name server'),
});

const fields = header({
  ...pppControl,
  options: repeated({ from: firstOption, next: nextOption, item: option, title: 'Option' }),
});

/** PPP Internet Protocol Control Protocol, RFC 1332, 1877, 2290. */
export const ipcp = defineDissector({
  name: 'ipcp',
  title: 'PPP IP Control Protocol',
  level: 'link',
  claims: [pppProtocol.at(0x8021)],
  fields,
  minimum: HEADER,
  dissect(frame, view, at) {
    const length = u16(view, at + 2);
    if (length < HEADER) return frame.malformed(fields.length, HEADER, length);
    frame.limit(at + length, fields.length);
  },
});
