import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Fields } from '../core/declare/field.ts';
import {
  flag,
  header,
  int24,
  located,
  masked,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { ntpTimeText } from './parts/ntp-time.ts';
import { type Find, u16 } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const SENDER = 200;
const RECEIVER = 201;
const DESCRIPTION = 202;
const BYE = 203;
const APPLICATION = 204;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const EXTENDED = 207;
const HEADER = 4;
const BLOCK = 24;

const typeOf = (view: Uint8Array, at: number) => view[at + 1]!;
const is =
  (...types: number[]) =>
  (view: Uint8Array, at: number) =>
    types.includes(typeOf(view, at));
const count = (view: Uint8Array, at: number) => view[at]! & 0x1f;
const packetEnd: Find = (view, at) => at + HEADER + u16(view, at + 2) * 4;

/** A report on what was received of one source (RFC 3550, 6.4.1). */
const report = header({
  source: uint32('rtcp.ssrc.identifier', { display: 'hex' }),
  fraction: uint8('rtcp.ssrc.fraction', { title: 'Fraction lost (of 256)' }),
  lost: int24('rtcp.ssrc.cum_nr', { title: 'Packets lost in all' }),
  cycles: located((_view, at) => at + 8, uint16('rtcp.ssrc.high_cycles')),
  highest: located((_view, at) => at + 10, uint16('rtcp.ssrc.high_seq')),
  extended: uint32('rtcp.ssrc.ext_high', { title: 'Highest sequence number, extended' }),
  jitter: uint32('rtcp.ssrc.jitter'),
  lastReport: uint32('rtcp.ssrc.lsr'),
  delay: uint32('rtcp.ssrc.dlsr'),
});
const reports = (type: number, offset: number) =>
  repeated({
    from: (view, at, end) => (at + HEADER <= end && typeOf(view, at) === type ? at + offset : -1),
    to: (view, at) => at + offset + count(view, at) * BLOCK,
    next: (_view, at, end) => (at + BLOCK <= end ? at + BLOCK : -1),
    item: report,
    title: 'Report',
  });

/** An item of a description; type 0 ends the chunk and fills it up to whole words. */
const item = header({
  type: uint8('rtcp.sdes.type', { values: namesOf('rtcp-sdes') }),
  length: optional((view, at) => view[at] !== 0, uint8('rtcp.sdes.length', { unit: 'bytes' }), 1),
  text: located(
    (view, at, end) => (view[at] !== 0 && at + 2 < end ? at + 2 : -1),
    text('rtcp.sdes.text', (_view, at, end) => end - at),
  ),
});
const nextItem: Find = (view, at, end) => (view[at] === 0 ? at + 1 : at + 1 < end ? at + 2 + view[at + 1]! : -1);
const chunkEnd: Find = (view, at, end) => {
  let place = at + 4;
  while (place < end && view[place] !== 0) place = nextItem(view, place, end) < 0 ? end : nextItem(view, place, end);
  return Math.min(at + ((place - at + 4) & ~3), end);
};
const chunk = header({
  source: uint32('rtcp.ssrc.identifier', { display: 'hex' }),
  items: repeated({
    from: (_view, at) => at + 4,
    to: (view, at, end) => {
      let place = at + 4;
      while (place < end && view[place] !== 0)
        place = nextItem(view, place, end) < 0 ? end : nextItem(view, place, end);
      return Math.min(place + 1, end);
    },
    next: nextItem,
    item,
    title: 'Item',
  }),
});

/** Why a source leaves, behind the sources (RFC 3550, 6.6). */
const reason: Find = (view, at, end) => {
  if (at + HEADER > end || typeOf(view, at) !== BYE) return -1;
  const place = at + HEADER + count(view, at) * 4;
  return place < Math.min(packetEnd(view, at, end), end) ? place : -1;
};

const sender = (offset: number, field: Field): Field => optional(is(SENDER), field, offset);

/** One packet of a compound: RFC 3550 section 6, 4585, 3611. */
const packet: Fields = header({
  version: located((_view, at) => at, masked(uint8('rtcp.version'), 0xc0)),
  padding: located((_view, at) => at, masked(flag('rtcp.padding'), 0x20)),
  receptions: located(
    (view, at) => (is(SENDER, RECEIVER)(view, at) ? at : -1),
    masked(uint8('rtcp.rc', { title: 'Reports' }), 0x1f),
  ),
  sources: located(
    (view, at) => (is(DESCRIPTION, BYE)(view, at) ? at : -1),
    masked(uint8('rtcp.sc', { title: 'Sources' }), 0x1f),
  ),
  subtype: located((view, at) => (is(APPLICATION)(view, at) ? at : -1), masked(uint8('rtcp.app.subtype'), 0x1f)),
  transportFormat: located(
    (view, at) => (is(TRANSPORT_FEEDBACK)(view, at) ? at : -1),
    masked(uint8('rtcp.rtpfb.fmt'), 0x1f),
  ),
  payloadFormat: located(
    (view, at) => (is(PAYLOAD_FEEDBACK)(view, at) ? at : -1),
    masked(uint8('rtcp.psfb.fmt'), 0x1f),
  ),
  type: located(
    (_view, at) => at + 1,
    uint8('rtcp.pt', { title: 'Packet type', values: namesOf('rtcp-packet-types') }),
  ),
  length: located((_view, at) => at + 2, uint16('rtcp.length', { title: 'Length (4-byte words behind the first)' })),
  from: optional(
    is(SENDER, RECEIVER, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK, EXTENDED),
    uint32('rtcp.senderssrc', { display: 'hex' }),
    4,
  ),
  media: optional(is(TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK), uint32('rtcp.mediassrc', { display: 'hex' }), 8),
  high: sender(8, uint32('rtcp.timestamp.ntp.msw')),
  low: sender(12, uint32('rtcp.timestamp.ntp.lsw')),
  time: sender(8, uint64('rtcp.timestamp.ntp', { title: 'Time (seconds since 1900 times 2^32)', format: ntpTimeText })),
  rtpTime: sender(16, uint32('rtcp.timestamp.rtp')),
  packets: sender(20, uint32('rtcp.sender.packetcount')),
  octets: sender(24, uint32('rtcp.sender.octetcount', { unit: 'bytes' })),
  senderReports: reports(SENDER, 28),
  receiverReports: reports(RECEIVER, 8),
  descriptions: repeated({
    from: (view, at, end) => (at + HEADER <= end && typeOf(view, at) === DESCRIPTION ? at + HEADER : -1),
    next: chunkEnd,
    item: chunk,
    title: 'Description',
  }),
  leaving: repeated({
    from: (view, at, end) => (at + HEADER <= end && typeOf(view, at) === BYE ? at + HEADER : -1),
    to: (view, at) => at + HEADER + count(view, at) * 4,
    next: (_view, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ source: uint32('rtcp.ssrc.identifier', { display: 'hex' }) }),
    title: 'Source',
  }),
  reasonLength: located(reason, uint8('rtcp.sdes.length', { unit: 'bytes' })),
  reason: located(
    (view, at, end) => {
      const place = reason(view, at, end);
      return place < 0 || place + 1 >= end ? -1 : place + 1;
    },
    text('rtcp.sdes.text', (view, at, end) => Math.min(view[at - 1]!, end - at)),
  ),
});

const fields = header({
  packets: repeated({
    from: (_view, at) => at,
    next: (view, at, end) => (at + HEADER <= end ? packetEnd(view, at, end) : -1),
    item: packet,
    title: 'Packet',
  }),
});

/** All packets are of version 2, of a type that exists, and fill what the headers promise, as far as it was captured. */
function isCompound(view: Uint8Array, at: number, end: number, frame: Frame): boolean {
  let place = at;
  while (place < frame.contained) {
    if (place + HEADER > end) return end < frame.contained && place > at;
    if (view[place]! >> 6 !== 2 || typeOf(view, place) < SENDER || typeOf(view, place) > EXTENDED) return false;
    place = packetEnd(view, place, end);
  }
  return place === frame.contained;
}

/**
 * RTP Control Protocol, RFC 3550, section 6. By `--decode-as`, or guessed: a compound that begins with a report (6.1)
 * whose packets fill the datagram.
 */
export const rtcp = defineDissector({
  name: 'rtcp',
  title: 'RTP Control Protocol',
  claims: [
    udpPort.guess((view, at, end) => at + 8 <= end && (typeOf(view, at) === SENDER || typeOf(view, at) === RECEIVER)),
  ],
  fields,
  minimum: HEADER,
  accept: isCompound,
});
