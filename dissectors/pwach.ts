import { defineDissector } from '../core/declare/dissector.ts';
import { bits, header, uint8, uint16, unused } from '../core/declare/kinds.ts';
import { etherType, mplsPayload, pseudowireChannel } from './tables.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

const fields = header({
  first: unused(4),
  version: bits('pwach.ver', 4),
  reserved: uint8('pwach.res', { display: 'hex' }),
  type: uint16('pwach.channel_type', {
    title: 'Channel type',
    display: 'hex',
    values: { 7: 'BFD', 33: 'IPv4', 87: 'IPv6' },
  }),
});

/** Pseudowire associated channel header, RFC 4385 section 5; as generic associated channel RFC 5586. */
export const pwach = defineDissector({
  name: 'pwach',
  title: 'Pseudowire associated channel',
  level: 'link',
  claims: [mplsPayload.at(1)],
  fields,
  tables: [pseudowireChannel, etherType],
  dissect(frame, bytes, at) {
    const type = fields.type.read(bytes, at);
    if (type === 0x21) return frame.next(etherType, IPV4, at + 4);
    if (type === 0x57) return frame.next(etherType, IPV6, at + 4);
    return frame.next(pseudowireChannel, type, at + 4);
  },
});
