import { defineDissector } from '../core/declare/dissector.ts';
import { header, masked, part, uint16 } from '../core/declare/kinds.ts';
import { ipProtocol, linkTypes } from './tables.ts';

const VERSION = 3;

const fields = header({
  version: masked(uint16('etherip.ver', { title: 'Version' }), 0xf000),
  reserved: part(masked(uint16('etherip.reserved', { display: 'hex' }), 0x0fff)),
});

/** Ethernet within IP, RFC 3378. */
export const etherip = defineDissector({
  name: 'etherip',
  title: 'Ethernet within IP',
  level: 'tunnel',
  claims: [ipProtocol.at(97)],
  fields,
  tables: [linkTypes],
  dissect(frame, bytes, at) {
    const version = fields.version.read(bytes, at);
    if (version !== VERSION) frame.malformed(fields.version, VERSION, version);
    return frame.next(linkTypes, 1, at + 2);
  },
});
