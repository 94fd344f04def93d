import { defineDissector } from '../core/declare/dissector.ts';
import { header, located, mac, repeated, uint16le } from '../core/declare/kinds.ts';
import { u16le } from './parts/little-endian.ts';
import { etherType } from './tables.ts';

const REPLY = 1;
const FORWARD = 2;
const FUNCTIONS = { 1: 'reply', 2: 'forward data' };

const fields = header({
  skip: uint16le('loop.skipcount', { title: 'Skip count', unit: 'bytes' }),
  relevant: located(
    (view, at, end) => {
      const place = at + 2 <= end ? at + 2 + u16le(view, at) : end;
      return place + 2 <= end ? place : -1;
    },
    uint16le('loop.relevant_function', { values: FUNCTIONS }),
  ),
  functions: repeated({
    from: (_view, at) => at + 2,
    next: (view, at, end) => (at + 2 > end ? -1 : u16le(view, at) === FORWARD ? at + 8 : end),
    item: header({
      function: uint16le('loop.function', { values: FUNCTIONS }),
      address: located(
        (view, at, end) => (at + 8 <= end && u16le(view, at) === FORWARD ? at + 2 : -1),
        mac('loop.forwarding_address', { title: 'Forward to' }),
      ),
      receipt: located(
        (view, at, end) => (at + 4 <= end && u16le(view, at) === REPLY ? at + 2 : -1),
        uint16le('loop.receipt_number'),
      ),
    }),
    title: 'Function',
  }),
});

/** Configuration test protocol of Ethernet, version 2.0, section 8: frames that stations send back. */
export const loop = defineDissector({
  name: 'loop',
  title: 'Configuration test protocol',
  level: 'link',
  claims: [etherType.at(0x9000)],
  fields,
  minimum: 4,
});
