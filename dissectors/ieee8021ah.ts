import { defineDissector } from '../core/declare/dissector.ts';
import { header, mac, masked, part, uint16, uint32 } from '../core/declare/kinds.ts';
import { handTypeOrLength } from '../core/frame/type-or-length.ts';
import { namesOf } from './names.ts';
import { etherType, linuxType } from './tables.ts';

const fields = header({
  priority: masked(uint32('ieee8021ah.priority'), 0xe0000000),
  dropEligible: part(masked(uint32('ieee8021ah.drop', { title: 'Drop eligible' }), 0x10000000)),
  noCustomerAddress: part(masked(uint32('ieee8021ah.nca', { title: 'No customer addresses' }), 0x08000000)),
  reserved1: part(masked(uint32('ieee8021ah.res1', { title: 'Reserved 1' }), 0x04000000)),
  reserved2: part(masked(uint32('ieee8021ah.res2', { title: 'Reserved 2' }), 0x03000000)),
  service: part(masked(uint32('ieee8021ah.isid', { title: 'Service instance' }), 0x00ffffff)),
  destination: mac('ieee8021ah.cdst', { title: 'Customer destination' }),
  source: mac('ieee8021ah.csrc', { title: 'Customer source' }),
  type: uint16('ieee8021ah.etype', { title: 'Type', display: 'hex', values: namesOf('ethertypes') }),
});

/** IEEE 802.1ah backbone service instance tag (MAC-in-MAC), with the customer's addresses. */
export const ieee8021ah = defineDissector({
  name: 'ieee8021ah',
  title: '802.1ah service instance tag',
  level: 'link',
  claims: [etherType.at(0x88e7)],
  fields,
  key: { symmetric: ['ieee8021ah.isid'] },
  tables: [etherType, linuxType],
  dissect(frame, bytes, at) {
    return handTypeOrLength(frame, bytes, at + 18, fields.type.read(bytes, at), etherType, linuxType, fields.type);
  },
});
