import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate, When } from '../core/declare/field.ts';
import { header, located, optional, uint8, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { linkTypes, pppProtocol } from './tables.ts';

/** The one address of RFC 1662's framing, which no protocol number begins with; a control byte follows, 03. */
const ALL_STATIONS = 0xff;
/** First bytes of Cisco's framing (unicast, broadcast), which is recorded as PPP too. */
const CISCO_ADDRESSES: readonly number[] = [0x0f, 0x8f];
const CISCO_HDLC = 104;

const isCisco = (bytes: Uint8Array, at: number) => CISCO_ADDRESSES.includes(bytes[at]!);
/** Where the protocol number begins: behind address and control where these are not compressed away (RFC 1661, 6.6). */
const protocolAt = (bytes: Uint8Array, at: number) => (bytes[at] === ALL_STATIONS ? at + 2 : at);
const framed: When = (bytes, at) => bytes[at] === ALL_STATIONS;
/** The low bit of a number's last byte is 1, so an odd first byte is all there is (RFC 1661, 6.5). */
const protocol =
  (compressed: boolean): Locate =>
  (bytes, at, end) => {
    const place = at < end ? protocolAt(bytes, at) : end;
    return place < end && !isCisco(bytes, at) && ((bytes[place]! & 1) === 1) === compressed ? place : -1;
  };
const number = { title: 'Protocol', display: 'hex', digits: 4, values: namesOf('ppp-protocols') } as const;
const long: Field = uint16('ppp.protocol', number);

const fields = header({
  address: optional(framed, uint8('ppp.address', { display: 'hex' }), 0),
  control: optional(framed, uint8('ppp.control', { display: 'hex' }), 1),
  compressed: located(protocol(true), uint8('ppp.protocol', number)),
  protocol: located(protocol(false), long),
});

/** Point-to-Point Protocol, RFC 1661, with or without the framing of RFC 1662. */
export const ppp = defineDissector({
  name: 'ppp',
  title: 'Point-to-Point Protocol',
  level: 'link',
  claims: [linkTypes.at(9), linkTypes.at(50)],
  fields,
  tables: [pppProtocol, linkTypes],
  minimum: 1,
  dissect(frame, bytes, at) {
    if (isCisco(bytes, at)) return frame.next(linkTypes, CISCO_HDLC, at);
    const place = protocolAt(bytes, at);
    if (place >= frame.end) return frame.short(place, 1);
    if ((bytes[place]! & 1) === 1) return frame.next(pppProtocol, bytes[place]!, place + 1);
    if (place + 2 > frame.end) return frame.short(place, 2);
    return frame.next(pppProtocol, long.readAt(bytes, place), place + 2);
  },
});
