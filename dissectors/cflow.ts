import { defineDissector } from '../core/declare/dissector.ts';
import type { Field } from '../core/declare/field.ts';
import {
  bytes,
  header,
  ipv4,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { absoluteTimeText } from '../core/frame/absolute-time.ts';
import { nextSet, set9, set10 } from './parts/flow-set.ts';
import { u16, u32 } from './parts/vector.ts';
import { sctpPort, tcpPort, udpPort } from './tables.ts';

const HEADER_5 = 24;
const HEADER_9 = 20;
const HEADER_10 = 16;
const RECORD_5 = 48;
/** Records of version 5 in a datagram. */
const MOST_RECORDS = 30;

type Test = (view: Uint8Array, at: number) => boolean;
const is =
  (...versions: number[]): Test =>
  (view, at) =>
    versions.includes(u16(view, at));
const only = (versions: readonly number[], offset: number, field: Field): Field =>
  optional(is(...versions), field, offset);

/** Milliseconds as a tool prints a span of time: seconds with nine decimals. */
const span = (view: Uint8Array, at: number): string => (u32(view, at) / 1000).toFixed(9);
const milliseconds = (name: string): Field => uint32(name, { unit: 'ms', format: span });
const moment = (nanoseconds: boolean): Field =>
  uint32('cflow.timestamp', {
    title: 'Time (seconds since 1970)',
    format: (view, at) => absoluteTimeText(u32(view, at), nanoseconds ? u32(view, at + 4) : 0),
  });

/** A flow record of version 5. */
const record = header({
  source: ipv4('cflow.srcaddr'),
  destination: ipv4('cflow.dstaddr'),
  nextHop: ipv4('cflow.nexthop'),
  input: uint16('cflow.inputint', { title: 'Input interface' }),
  output: uint16('cflow.outputint', { title: 'Output interface' }),
  packets: uint32('cflow.packets'),
  octets: uint32('cflow.octets', { unit: 'bytes' }),
  start: milliseconds('cflow.timestart'),
  end: milliseconds('cflow.timeend'),
  sourcePort: uint16('cflow.srcport'),
  destinationPort: uint16('cflow.dstport'),
  padding: bytes('cflow.padding', 1),
  flags: uint8('cflow.tcpflags', { display: 'hex' }),
  protocol: uint8('cflow.protocol'),
  service: uint8('cflow.tos', { display: 'hex' }),
  sourceSystem: uint16('cflow.srcas'),
  destinationSystem: uint16('cflow.dstas'),
  sourceMask: uint8('cflow.srcmask', { unit: 'bits' }),
  destinationMask: uint8('cflow.dstmask', { unit: 'bits' }),
  tail: bytes('cflow.padding', 2),
});

const sets = (version: number, size: number, item: Parameters<typeof repeated>[0]['item']) =>
  repeated({
    from: (view, at, end) => (at + size < end && u16(view, at) === version ? at + size : -1),
    next: nextSet,
    item,
    title: 'Set',
  });

const fields = header({
  version: uint16('cflow.version'),
  count: only([5, 9], 2, uint16('cflow.count')),
  length: only([10], 2, uint16('cflow.len', { unit: 'bytes' })),
  uptime: only([5, 9], 4, milliseconds('cflow.sysuptime')),
  exactTime: located((view, at, end) => (at + 16 <= end && is(5)(view, at) ? at + 8 : -1), moment(true)),
  time: only([9], 8, moment(false)),
  exportMoment: only([10], 4, moment(false)),
  seconds: only([5, 9], 8, uint32('cflow.unix_secs', { unit: 's' })),
  exportTime: only([10], 4, uint32('cflow.exporttime', { unit: 's' })),
  nanoseconds: only([5], 12, uint32('cflow.unix_nsecs', { unit: 'ns' })),
  sequence: located(
    (view, at, end) =>
      at + 2 > end ? -1 : is(5)(view, at) ? at + 16 : is(9)(view, at) ? at + 12 : is(10)(view, at) ? at + 8 : -1,
    uint32('cflow.sequence'),
  ),
  engineType: only([5], 20, uint8('cflow.engine_type')),
  engine: only([5], 21, uint8('cflow.engine_id')),
  samplingMode: located(
    (view, at, end) => (at + HEADER_5 <= end && is(5)(view, at) ? at + 22 : -1),
    masked(uint16('cflow.samplingmode'), 0xc000),
  ),
  samplingRate: located(
    (view, at, end) => (at + HEADER_5 <= end && is(5)(view, at) ? at + 22 : -1),
    masked(uint16('cflow.samplerate'), 0x3fff),
  ),
  source: only([9], 16, uint32('cflow.source_id')),
  domain: only([10], 12, uint32('cflow.od_id', { title: 'Observation domain' })),
  records: repeated({
    from: (view, at, end) => (at + HEADER_5 < end && is(5)(view, at) ? at + HEADER_5 : -1),
    to: (view, at) => at + HEADER_5 + u16(view, at + 2) * RECORD_5,
    next: (_view, at, end) => (at + RECORD_5 <= end ? at + RECORD_5 : -1),
    item: record,
    title: 'Flow',
  }),
  sets9: sets(9, HEADER_9, set9),
  sets10: sets(10, HEADER_10, set10),
});

/** A set that fits: of templates (two numbers, of fields and of options) or of data, from 256 on. */
const isSet = (view: Uint8Array, at: number, end: number, contained: number, templates: number): boolean => {
  if (at + 4 > end) return end < contained;
  const id = u16(view, at);
  return (
    (id === templates || id === templates + 1 || id >= 256) &&
    u16(view, at + 2) >= 4 &&
    at + u16(view, at + 2) <= contained
  );
};

/** NetFlow versions 5 and 9 (RFC 3954) and IPFIX (RFC 7011): headers, the flows of version 5, and templates. */
export const cflow = defineDissector({
  name: 'cflow',
  title: 'NetFlow and IPFIX',
  claims: [udpPort.at(2055), udpPort.at(9996), udpPort.at(4739), tcpPort.at(4739), sctpPort.at(4739)],
  fields,
  minimum: HEADER_10,
  accept(view, at, end, frame) {
    if (at + HEADER_10 > end) return false;
    const { contained } = frame;
    const size = u16(view, at + 2);
    switch (u16(view, at)) {
      case 5:
        return size > 0 && size <= MOST_RECORDS && contained - at === HEADER_5 + size * RECORD_5;
      case 9:
        return size > 0 && at + HEADER_9 <= end && isSet(view, at + HEADER_9, end, contained, 0);
      case 10:
        if (size < HEADER_10 || at + size > contained) return false;
        return size === HEADER_10 || isSet(view, at + HEADER_10, end, at + size, 2);
      default:
        return false;
    }
  },
  dissect(frame, view, at) {
    if (u16(view, at) === 10) frame.limit(at + u16(view, at + 2), fields.length as Field);
  },
});
