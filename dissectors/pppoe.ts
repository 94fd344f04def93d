import { defineDissector } from '../core/declare/dissector.ts';
import { bits, header, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { pppoeTag } from './parts/pppoe-tag.ts';
import { u16 } from './parts/vector.ts';
import { etherType, linkTypes } from './tables.ts';

const FIXED = 6;
const PPP = 9;
const END_OF_LIST = 0;
const CODES = { 0: 'session data', 7: 'PADO', 9: 'PADI', 25: 'PADR', 101: 'PADS', 167: 'PADT' };

const common = {
  version: bits('pppoe.version', 4),
  type: bits('pppoe.type', 4),
  code: uint8('pppoe.code', { display: 'hex', values: CODES }),
  session: uint16('pppoe.session_id', { title: 'Session', display: 'hex' }),
  length: uint16('pppoe.payload_length', { title: 'Payload length', unit: 'bytes' }),
};

const session = header(common);

const discovery = header({
  ...common,
  tags: repeated({
    from: (_view, at) => at + FIXED,
    next: (view, at, end) => {
      if (at + 4 > end || u16(view, at) === END_OF_LIST) return -1;
      const next = at + 4 + u16(view, at + 2);
      return next <= end ? next : -1;
    },
    item: pppoeTag,
    title: 'Tag',
  }),
});

/** Brings the layer's end to the length field's: what is behind it is the padding of the frame. */
function limit(frame: Frame, bytes: Uint8Array, at: number): void {
  frame.limit(at + FIXED + session.length.read(bytes, at), session.length);
}

/** PPP over Ethernet, discovery stage, RFC 2516. */
export const pppoeDiscovery = defineDissector({
  name: 'pppoed',
  title: 'PPP over Ethernet, discovery',
  level: 'link',
  claims: [etherType.at(0x8863)],
  fields: discovery,
  minimum: FIXED,
  dissect: limit,
});

/** PPP over Ethernet, session stage, RFC 2516. */
export const pppoeSession = defineDissector({
  name: 'pppoes',
  title: 'PPP over Ethernet, session',
  level: 'link',
  claims: [etherType.at(0x8864), linkTypes.at(51)],
  fields: session,
  key: { symmetric: ['pppoe.session_id'] },
  tables: [linkTypes],
  dissect(frame, bytes, at) {
    limit(frame, bytes, at);
    return frame.next(linkTypes, PPP, at + FIXED);
  },
});
