import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, When } from '../core/declare/field.ts';
import {
  bytes,
  header,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../core/declare/kinds.ts';
import { ntpTimeText } from './parts/ntp-time.ts';
import { type Find, u16 } from './parts/vector.ts';
import { tcpPort, udpPort } from './tables.ts';

const TIME_PACKET = 48;
const CONTROL_HEADER = 12;
const PRIVATE_HEADER = 8;
const CONTROL = 6;
const PRIVATE = 7;
/** Key identifier and digest of 16 or 20 bytes. */
const LONGEST_CODE = 24;

const mode = (view: Uint8Array, at: number) => view[at]! & 7;
const isTime: When = (view, at) => mode(view, at) < CONTROL;
const isControl: When = (view, at) => mode(view, at) === CONTROL;
const isPrivate: When = (view, at) => mode(view, at) === PRIVATE;
const timed = (offset: number, field: Field): Field => optional(isTime, field, offset);
const control = (offset: number, field: Field): Field => optional(isControl, field, offset);
const privately = (offset: number, field: Field): Field => optional(isPrivate, field, offset);
const moment = (name: string, title: string): Field => uint64(name, { title, format: ntpTimeText });
const rest: Find = (_view, at, end) => end - at;

/** Extension fields stand behind the times as long as more follows than a code can be (RFC 7822). */
function extensionsEnd(view: Uint8Array, at: number, end: number): number {
  let place = at + TIME_PACKET;
  while (end - place > LONGEST_CODE && u16(view, place + 2) >= 16 && place + u16(view, place + 2) <= end)
    place += u16(view, place + 2);
  return place;
}
const codeAt =
  (skip: number): Find =>
  (view, at, end) => {
    if (mode(view, at) >= CONTROL || at + TIME_PACKET >= end) return -1;
    const place = extensionsEnd(view, at, end) + skip;
    return place < end ? place : -1;
  };

const fields = header({
  flags: uint8('ntp.flags', { display: 'hex' }),
  leap: optional(
    (view, at) => mode(view, at) < PRIVATE,
    masked(uint8('ntp.flags.li', { title: 'Leap indicator' }), 0xc0),
    0,
  ),
  isResponse: privately(0, masked(uint8('ntp.priv.flags.r'), 0x80)),
  isContinued: privately(0, masked(uint8('ntp.priv.flags.more'), 0x40)),
  version: located((_view, at) => at, masked(uint8('ntp.flags.vn', { title: 'Version' }), 0x38)),
  mode: located(
    (_view, at) => at,
    masked(
      uint8('ntp.flags.mode', {
        title: 'Mode',
        values: {
          1: 'Symmetric active',
          2: 'Symmetric passive',
          3: 'Client',
          4: 'Server',
          5: 'Broadcast',
          6: 'Control message',
          7: 'Private',
        },
      }),
      7,
    ),
  ),
  stratum: timed(1, uint8('ntp.stratum')),
  poll: timed(2, uint8('ntp.ppoll', { title: 'Poll interval (power of 2)' })),
  precision: timed(3, uint8('ntp.precision', { title: 'Precision (power of 2, two’s complement)' })),
  delay: timed(4, uint32('ntp.rootdelay', { title: 'Root delay (65536 a second)' })),
  dispersion: timed(8, uint32('ntp.rootdispersion', { title: 'Root dispersion (65536 a second)' })),
  reference: timed(12, bytes('ntp.refid', 4, { title: 'Reference id' })),
  referenceTime: timed(16, moment('ntp.reftime', 'Reference time (seconds since 1900 times 2^32)')),
  originTime: timed(24, moment('ntp.org', 'Origin time (seconds since 1900 times 2^32)')),
  receiveTime: timed(32, moment('ntp.rec', 'Receive time (seconds since 1900 times 2^32)')),
  transmitTime: timed(40, moment('ntp.xmt', 'Transmit time (seconds since 1900 times 2^32)')),
  extensions: repeated({
    from: (view, at, end) => (at + TIME_PACKET < end && mode(view, at) < CONTROL ? at + TIME_PACKET : -1),
    to: extensionsEnd,
    next: (view, at) => at + u16(view, at + 2),
    item: header({
      type: uint16('ntp.ext.type', { display: 'hex' }),
      length: uint16('ntp.ext.length', { unit: 'bytes' }),
      value: located((_view, at) => at + 4, bytes('ntp.ext.value', rest)),
    }),
    title: 'Extension field',
  }),
  key: located(codeAt(0), bytes('ntp.keyid', 4)),
  code: located(codeAt(4), bytes('ntp.mac', rest)),
  controlFlags: control(1, uint8('ntp.ctrl.flags2', { display: 'hex' })),
  controlResponse: control(1, masked(uint8('ntp.ctrl.flags2.r'), 0x80)),
  controlError: control(1, masked(uint8('ntp.ctrl.flags2.error'), 0x40)),
  controlMore: control(1, masked(uint8('ntp.ctrl.flags2.more'), 0x20)),
  controlOperation: control(1, masked(uint8('ntp.ctrl.flags2.opcode'), 0x1f)),
  controlSequence: control(2, uint16('ntp.ctrl.sequence')),
  controlStatus: control(4, uint16('ntp.ctrl.status', { display: 'hex' })),
  controlAssociation: control(6, uint16('ntp.ctrl.associd')),
  controlOffset: control(8, uint16('ntp.ctrl.offset')),
  controlCount: control(10, uint16('ntp.ctrl.count', { unit: 'bytes' })),
  privateSequence: privately(1, uint8('ntp.priv.auth_seq')),
  privateAuthenticated: privately(1, masked(uint8('ntp.priv.auth'), 0x80)),
  privateNumber: privately(1, masked(uint8('ntp.priv.seq'), 0x7f)),
  privateImplementation: privately(2, uint8('ntp.priv.impl')),
  privateRequest: privately(3, uint8('ntp.priv.reqcode')),
  privateError: privately(4, masked(uint8('ntp.priv.err', { display: 'hex', digits: 2 }), 0xf0)),
  privateItems: privately(4, masked(uint16('ntp.priv.numitems'), 0x0fff)),
  privateReserved: privately(6, masked(uint8('ntp.priv.reserved', { display: 'hex', digits: 2 }), 0xf0)),
  privateSize: privately(6, masked(uint16('ntp.priv.itemsize', { unit: 'bytes' }), 0x0fff)),
});

/** Network Time Protocol, RFC 5905 and 4330; control messages (RFC 9327) and private ones (mode 7) by their headers. */
export const ntp = defineDissector({
  name: 'ntp',
  title: 'Network Time Protocol',
  claims: [udpPort.at(123), tcpPort.at(123)],
  fields,
  minimum: PRIVATE_HEADER,
  accept(view, at, end, frame) {
    if (at + 4 > end) return false;
    const version = (view[at]! >>> 3) & 7;
    if (version < 1 || version > 4) return false;
    const length = frame.contained - at;
    if (mode(view, at) === PRIVATE) return length >= PRIVATE_HEADER;
    if (mode(view, at) === CONTROL) return at + CONTROL_HEADER <= end && controlFits(view, at, length);
    return length >= TIME_PACKET && view[at + 1]! <= 16 && hasTail(view, at, end, frame.contained);
  },
  dissect(frame, view, at) {
    const size = mode(view, at) < CONTROL ? TIME_PACKET : mode(view, at) === CONTROL ? CONTROL_HEADER : PRIVATE_HEADER;
    if (at + size > frame.end) frame.short(at, size);
  },
});

/** The data fit behind the header of a control message. */
const controlFits = (view: Uint8Array, at: number, length: number) =>
  length >= CONTROL_HEADER && CONTROL_HEADER + u16(view, at + 10) <= length;

/** Nothing follows the times, or whole extension fields and a code. */
function hasTail(view: Uint8Array, at: number, end: number, contained: number): boolean {
  const behind = contained - at - TIME_PACKET;
  if (behind <= LONGEST_CODE || end < contained) return true;
  return contained - extensionsEnd(view, at, end) <= LONGEST_CODE;
}
