import { defineDissector } from '../core/declare/dissector.ts';
import { bytes, header, located, optional, repeated, text, uint8, uint16, uint32 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { firstOption, hasCode, nextOption, ofType, pppControl, restFrom, toEnd } from './parts/ppp-option.ts';
import { u16 } from './parts/vector.ts';
import { pppProtocol } from './tables.ts';

const HEADER = 4;
const PROTOCOL_REJECT = 8;
const ECHO = [9, 10, 11] as const;
const IDENTIFICATION = 12;
const TIME_REMAINING = 13;
const protocols = namesOf('ppp-protocols');
const KNOWN: readonly number[] = [1, 2, 3, 4, 5, 7, 8, 10, 13, 17, 19];

const option = header({
  type: uint8('lcp.opt.type', { values: namesOf('lcp-options') }),
  length: uint8('lcp.opt.length', { unit: 'bytes' }),
  maximumUnit: optional(ofType(1, 4), uint16('lcp.opt.mru', { title: 'Maximum receive unit', unit: 'bytes' }), 2),
  controlMap: optional(ofType(2, 6), uint32('lcp.opt.asyncmap', { display: 'hex' }), 2),
  authentication: optional(
    ofType(3, 4),
    uint16('lcp.opt.auth_protocol', { title: 'Authentication protocol', display: 'hex', values: protocols }),
    2,
  ),
  algorithm: optional(
    (...its) => ofType(3, 5)(...its) && u16(its[0], its[1] + 2) === 0xc223,
    uint8('lcp.opt.algorithm', { values: { 5: 'MD5', 6: 'SHA-1', 128: 'MS-CHAP', 129: 'MS-CHAP-2' } }),
    4,
  ),
  quality: optional(
    ofType(4, 4),
    uint16('lcp.opt.quality_protocol', { title: 'Quality protocol', display: 'hex', values: protocols }),
    2,
  ),
  reporting: optional(ofType(4, 8), uint32('lcp.opt.reporting_period', { unit: '10 ms' }), 4),
  magicNumber: optional(ofType(5, 6), uint32('lcp.opt.magic_number', { display: 'hex' }), 2),
  padding: optional(ofType(10, 3), uint8('lcp.opt.maximum', { title: 'Largest padding', unit: 'bytes' }), 2),
  callback: optional(ofType(13, 3), uint8('lcp.opt.operation', { title: 'Callback operation' }), 2),
  reconstructed: optional(ofType(17, 4), uint16('lcp.opt.mrru', { title: 'Maximum reconstructed unit' }), 2),
  endpoint: optional(ofType(19, 3), uint8('lcp.opt.ep_disc_class', { title: 'Endpoint class' }), 2),
  other: located(
    (view, at, end) => (at + 2 < end && view[at + 1]! > 2 && !KNOWN.includes(view[at]!) ? at + 2 : -1),
    bytes('lcp.opt.data', toEnd, { title: 'Value' }),
  ),
});

const fields = header({
  ...pppControl,
  options: repeated({ from: firstOption, next: nextOption, item: option, title: 'Option' }),
  rejected: optional(
    hasCode(PROTOCOL_REJECT),
    uint16('lcp.rej_proto', { title: 'Rejected protocol', display: 'hex', values: protocols }),
    HEADER,
  ),
  magic: optional(
    hasCode(...ECHO, IDENTIFICATION, TIME_REMAINING),
    uint32('lcp.magic_number', { title: 'Magic number', display: 'hex' }),
    HEADER,
  ),
  seconds: optional(hasCode(TIME_REMAINING), uint32('lcp.secs_remaining', { unit: 's' }), HEADER + 4),
  message: located(restFrom(HEADER + 4, IDENTIFICATION), text('lcp.message', toEnd)),
  remainingMessage: located(restFrom(HEADER + 8, TIME_REMAINING), text('lcp.message', toEnd)),
  echoed: located(restFrom(HEADER + 4, ...ECHO), bytes('lcp.data', toEnd)),
  terminated: located(restFrom(HEADER, 5, 6), bytes('ppp.data', toEnd)),
});

/** PPP Link Control Protocol, RFC 1661, 1570, 1990. A packet that a protocol reject returns is a quoted one. */
export const lcp = defineDissector({
  name: 'lcp',
  title: 'PPP Link Control Protocol',
  level: 'link',
  claims: [pppProtocol.at(0xc021)],
  fields,
  tables: [pppProtocol],
  minimum: HEADER,
  dissect(frame, view, at) {
    const length = u16(view, at + 2);
    if (length < HEADER) return frame.malformed(fields.length, HEADER, length);
    frame.limit(at + length, fields.length);
    if (view[at] !== PROTOCOL_REJECT || at + HEADER + 2 >= frame.end) return;
    frame.quote();
    return frame.next(pppProtocol, u16(view, at + HEADER), at + HEADER + 2);
  },
});
