import { defineDissector } from '../core/declare/dissector.ts';
import { header, located, uint8, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { u16 } from './parts/vector.ts';
import { etherType } from './tables.ts';

const SIZE = 8;
/** Version and length, with which the header begins; under GRE the type goes before them. */
const VERSION_1 = 0x0101;

const isLeading = (bytes: Uint8Array, at: number) => u16(bytes, at) === VERSION_1;
const typeAt = (bytes: Uint8Array, at: number) => (isLeading(bytes, at) ? at + 6 : at);
const rest = (skip: number) => (bytes: Uint8Array, at: number, end: number) =>
  at + SIZE > end ? -1 : (isLeading(bytes, at) ? at : at + 2) + skip;

const fields = header({
  version: located(rest(0), uint8('cmd.version')),
  length: located(rest(1), uint8('cmd.length')),
  options: located(rest(2), uint16('cmd.options', { display: 'hex' })),
  group: located(rest(4), uint16('cmd.sgt', { title: 'Security group tag' })),
  type: located(
    (bytes, at, end) => (at + SIZE > end ? -1 : typeAt(bytes, at)),
    uint16('cmd.type', { display: 'hex', values: namesOf('ethertypes') }),
  ),
});

/** Cisco MetaData: the security group tag before a packet (draft-smith-kandula-sxp, section 2). */
export const cmd = defineDissector({
  name: 'cmd',
  title: 'Cisco MetaData',
  level: 'link',
  claims: [etherType.at(0x8909)],
  fields,
  tables: [etherType],
  minimum: SIZE,
  dissect(frame, bytes, at) {
    return frame.next(etherType, u16(bytes, typeAt(bytes, at)), at + SIZE);
  },
});
