import { defineDissector } from '../core/declare/dissector.ts';
import { bits, header, mac, uint16, uint24 } from '../core/declare/kinds.ts';
import { handTypeOrLength } from '../core/frame/type-or-length.ts';
import { namesOf } from './names.ts';
import { etherType, linuxType } from './tables.ts';

const fields = header({
  priority: bits('ieee8021ah.priority', 3),
  dropEligible: bits('ieee8021ah.drop', 1, { title: 'Drop eligible' }),
  noCustomerAddress: bits('ieee8021ah.nca', 1, { title: 'No customer addresses' }),
  reserved1: bits('ieee8021ah.res1', 1, { title: 'Reserved 1' }),
  reserved2: bits('ieee8021ah.res2', 2, { title: 'Reserved 2' }),
  service: uint24('ieee8021ah.isid', { title: 'Service instance' }),
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
