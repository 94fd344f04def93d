import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { bytes, header, located, masked, repeated, uint8, uint16, uint24, uint32 } from '../core/declare/kinds.ts';
import { capwapHeader, capwapHeaderLength, ENCRYPTED, isCapwap, PLAIN, preambleType } from './parts/capwap-header.ts';
import { u16, u24 } from './parts/vector.ts';
import { linkTypes, udpPort } from './tables.ts';

const FIXED = 8;
const CONTROL_SIZE = 8;
const ETHERNET = 1;
const IEEE_80211 = 105;
const BINDING_80211 = 1;
const NATIVE = 0x100;
const FRAGMENT = 0x80;
const KEEP_ALIVE = 0x08;

const control =
  (skip: number): Locate =>
  (view, at, end) => {
    const place = at + 2 <= end ? at + capwapHeaderLength(view, at) : end;
    return place < end && preambleType(view, at) === PLAIN && place + CONTROL_SIZE <= end ? place + skip : -1;
  };
const elements = control(CONTROL_SIZE);

const controlFields = header({
  ...capwapHeader,
  message: located(control(0), uint32('capwap.control.header.message_type', { title: 'Message type' })),
  enterprise: located(
    control(0),
    uint24('capwap.control.header.message_type.enterprise_number', { title: 'Enterprise' }),
  ),
  specific: located(
    control(0),
    masked(
      uint32('capwap.control.header.message_type.enterprise_specific', { title: 'Message of the enterprise' }),
      0xff,
    ),
  ),
  sequence: located(control(4), uint8('capwap.control.header.sequence_number')),
  elementsLength: located(
    control(5),
    uint16('capwap.control.header.message_element_length', { title: 'Length of elements', unit: 'bytes' }),
  ),
  controlFlags: located(control(7), uint8('capwap.control.header.flags')),
  elements: repeated({
    from: elements,
    next: (view, at, end) => {
      const next = at + 4 > end ? -1 : at + 4 + u16(view, at + 2);
      return next > end ? -1 : next;
    },
    item: header({
      type: uint16('capwap.message_element.type'),
      length: uint16('capwap.message_element.length', { unit: 'bytes' }),
      value: located(
        (view, at, end) => (at + 4 < end && u16(view, at + 2) > 0 ? at + 4 : -1),
        bytes('capwap.message_element.value', (view, at) => u16(view, at - 2)),
      ),
    }),
    title: 'Message element',
  }),
});

/** Control And Provisioning of Wireless Access Points, control channel, RFC 5415 section 4.5. */
export const capwap = defineDissector({
  name: 'capwap',
  title: 'CAPWAP, control',
  level: 'tunnel',
  claims: [udpPort.at(5246)],
  fields: controlFields,
  tables: [udpPort],
  minimum: 4,
  accept: isCapwap,
  dissect(frame, view, at) {
    if (preambleType(view, at) === ENCRYPTED) return frame.guess(udpPort, at + 4);
    const size = capwapHeaderLength(view, at);
    if (at + size + CONTROL_SIZE > frame.end) return frame.short(at + size, CONTROL_SIZE);
  },
});

/** CAPWAP, data channel, RFC 5415 section 4.4 and RFC 5416: bridged Ethernet or native frames. */
export const capwapData = defineDissector({
  name: 'capwap.data',
  title: 'CAPWAP, data',
  level: 'tunnel',
  claims: [udpPort.at(5247)],
  fields: capwapHeader,
  tables: [udpPort, linkTypes],
  minimum: 4,
  accept: isCapwap,
  dissect(frame, view, at) {
    if (preambleType(view, at) === ENCRYPTED) return frame.guess(udpPort, at + 4);
    if (at + FIXED > frame.end) return frame.short(at, FIXED);
    const bits = u24(view, at + 1);
    const payload = at + capwapHeaderLength(view, at);
    if ((bits & (FRAGMENT | KEEP_ALIVE)) !== 0 || payload >= frame.end) return;
    if ((bits & NATIVE) === 0) return frame.next(linkTypes, ETHERNET, payload);
    return ((bits >>> 9) & 31) === BINDING_80211 && frame.next(linkTypes, IEEE_80211, payload);
  },
});
