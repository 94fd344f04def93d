import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import {
  bits,
  flag,
  header,
  located,
  optional,
  repeated,
  uint8,
  uint16,
  uint24,
  uint32,
  uint48,
} from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { dccpOption, nextDccpOption } from './parts/dccp-option.ts';
import { dccpPort, ipProtocol } from './tables.ts';

/** With sequence numbers of 24 and of 48 bits. */
const SHORT = 12;
const LONG = 16;
const REQUEST = 0;
const RESPONSE = 1;
const DATA = 2;
const RESET = 7;
const TYPES = {
  0: 'Request',
  1: 'Response',
  2: 'Data',
  3: 'Ack',
  4: 'DataAck',
  5: 'CloseReq',
  6: 'Close',
  7: 'Reset',
  8: 'Sync',
  9: 'SyncAck',
};
/** Where the type's own part ends, with an acknowledgment of the same width as the sequence number (RFC 4340 section 5). */
const OWN = [4, 12, 0, 8, 8, 8, 8, 12, 8, 8];

const typeOf = (view: Uint8Array, at: number) => (view[at + 8]! >>> 1) & 15;
const isLong = (view: Uint8Array, at: number) => (view[at + 8]! & 1) === 1;
const headerEnd = (view: Uint8Array, at: number) => at + view[at + 4]! * 4;
const acknowledges = (view: Uint8Array, at: number) => {
  const type = typeOf(view, at);
  return type !== REQUEST && type !== DATA && type <= 9;
};
const long: When = (view, at) => isLong(view, at);
const longAcknowledgment: When = (view, at) => isLong(view, at) && acknowledges(view, at);
const shortAcknowledgment: When = (view, at) => !isLong(view, at) && acknowledges(view, at);
/** The options stand between the type's own part and where the data offset points. */
const optionsAt: Locate = (view, at, end) => {
  if (at + SHORT > end) return -1;
  const own = OWN[typeOf(view, at)];
  if (own === undefined) return -1;
  const from = at + (isLong(view, at) ? LONG + own : SHORT + (own === 0 ? 0 : own - 4));
  return from < headerEnd(view, at) && from < end ? from : -1;
};
const is =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(typeOf(view, at));

const fields = header({
  sourcePort: uint16('dccp.srcport', { title: 'Source port', aliases: ['dccp.port'] }),
  destinationPort: uint16('dccp.dstport', { title: 'Destination port', aliases: ['dccp.port'] }),
  dataOffset: uint8('dccp.data_offset', { title: 'Data offset (4-byte words)' }),
  ccval: bits('dccp.ccval', 4, { title: 'Congestion control value' }),
  coverage: bits('dccp.cscov', 4, { title: 'Checksum coverage' }),
  checksum: uint16('dccp.checksum', { display: 'hex' }),
  reserved: bits('dccp.res1', 3, { title: 'Reserved', display: 'hex' }),
  type: bits('dccp.type', 4, { title: 'Packet type', values: TYPES }),
  extended: flag('dccp.x', { title: 'Extended sequence numbers' }),
  reservedLong: optional(long, uint8('dccp.res2', { title: 'Reserved', display: 'hex' }), 9),
  sequenceLong: optional(long, uint48('dccp.seq_raw', { title: 'Sequence number' }), 10),
  sequenceShort: optional((view, at) => !isLong(view, at), uint24('dccp.seq_raw', { title: 'Sequence number' }), 9),
  acknowledgmentReserved: optional(longAcknowledgment, uint16('dccp.ack_res', { display: 'hex' }), 16),
  acknowledgmentLong: optional(longAcknowledgment, uint48('dccp.ack_raw', { title: 'Acknowledgment number' }), 18),
  acknowledgmentReservedShort: optional(shortAcknowledgment, uint8('dccp.ack_res', { display: 'hex', digits: 4 }), 12),
  acknowledgmentShort: optional(shortAcknowledgment, uint24('dccp.ack_raw', { title: 'Acknowledgment number' }), 13),
  service: located((view, at, end) => {
    const type = at + SHORT <= end ? typeOf(view, at) : -1;
    return type === REQUEST ? at + LONG : type === RESPONSE ? at + LONG + 8 : -1;
  }, uint32('dccp.service_code')),
  resetCode: optional(is(RESET), uint8('dccp.reset_code'), 24),
  resetData1: optional(is(RESET), uint8('dccp.data1'), 25),
  resetData2: optional(is(RESET), uint8('dccp.data2'), 26),
  resetData3: optional(is(RESET), uint8('dccp.data3'), 27),
  options: repeated({
    from: optionsAt,
    to: (view, at) => headerEnd(view, at),
    next: nextDccpOption,
    item: dccpOption,
    title: 'Option',
  }),
});

/** A header that is not wholly there: the ports need no more than their own four bytes. */
function cut(frame: Frame, view: Uint8Array, at: number): void {
  if (at + 4 <= frame.end) frame.ports(fields.sourcePort.read(view, at), fields.destinationPort.read(view, at));
  frame.short(at, SHORT);
  frame.payload(at + 5 <= frame.end ? headerEnd(view, at) : -1);
}

/** Datagram Congestion Control Protocol, RFC 4340. */
export const dccp = defineDissector({
  name: 'dccp',
  title: 'Datagram Congestion Control Protocol',
  level: 'transport',
  claims: [ipProtocol.at(33)],
  fields,
  key: { pairs: [['dccp.srcport', 'dccp.dstport']] },
  tables: [dccpPort],
  minimum: 0,
  dissect(frame, view, at) {
    if (at + SHORT > frame.end) return cut(frame, view, at);
    const source = fields.sourcePort.read(view, at);
    const destination = fields.destinationPort.read(view, at);
    frame.ports(source, destination);
    const payload = headerEnd(view, at);
    const own = OWN[typeOf(view, at)] ?? 0;
    const least = isLong(view, at) ? LONG + own : SHORT + (own === 0 ? 0 : own - 4);
    if (payload < at + least || payload > frame.contained) {
      const wrong = payload < at + least;
      frame.malformed(fields.dataOffset, wrong ? least : payload - at, wrong ? payload - at : frame.contained - at);
      return frame.payload(payload < at + least ? -1 : payload);
    }
    frame.payload(payload);
    return payload < frame.end && frame.either(dccpPort, source, destination, payload);
  },
});
