import { defineDissector } from '../core/declare/dissector.ts';
import { header, uint8, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { chdlcProtocol, ciscoPid, etherType, linkTypes } from './tables.ts';

/** Here the number of Cisco's own keepalive, which elsewhere is RARP's. */
const SERIAL_LINE_ARP = 0x8035;

const fields = header({
  address: uint8('chdlc.address', { display: 'hex', values: { 15: 'unicast', 143: 'multicast' } }),
  control: uint8('chdlc.control', { display: 'hex' }),
  protocol: uint16('chdlc.protocol', { display: 'hex', values: namesOf('ethertypes') }),
});

/** Cisco's HDLC framing: an Ethertype behind an address, or numbers of Cisco's own. */
export const chdlc = defineDissector({
  name: 'chdlc',
  title: 'Cisco HDLC',
  level: 'link',
  claims: [linkTypes.at(104)],
  fields,
  tables: [chdlcProtocol, etherType, ciscoPid],
  dissect(frame, bytes, at) {
    const protocol = fields.protocol.read(bytes, at);
    if (frame.next(chdlcProtocol, protocol, at + 4) || protocol === SERIAL_LINE_ARP) return;
    return frame.next(etherType, protocol, at + 4) || frame.next(ciscoPid, protocol, at + 4);
  },
});
