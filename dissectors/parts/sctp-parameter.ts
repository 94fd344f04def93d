import type { Locate, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv4,
  ipv6,
  located,
  masked,
  optional,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { u16 } from './vector.ts';

const HEARTBEAT = 1;
const IPV4 = 5;
const IPV6 = 6;
const STATE_COOKIE = 7;
const UNRECOGNIZED = 8;
const COOKIE_PRESERVATIVE = 9;
const HOST_NAME = 11;
const ADDRESS_TYPES = 12;
const OUTGOING_RESET = 13;
const INCOMING_RESET = 14;
const STREAM_RESET = 15;
const RESPONSE = 16;
const ADD_OUTGOING = 17;
const ADD_INCOMING = 18;
const RANDOM = 0x8002;
const CHUNK_LIST = 0x8003;
const HMAC_ALGORITHMS = 0x8004;
const PADDING = 0x8005;
const EXTENSIONS = 0x8008;
const FORWARD_TSN = 0xc000;
/** Add, delete, make primary. */
const ADDRESS_CHANGES = [0xc001, 0xc002, 0xc004];
const SUCCESS = 0xc005;
const ADAPTATION = 0xc006;

const KNOWN = new Set([
  HEARTBEAT,
  IPV4,
  IPV6,
  STATE_COOKIE,
  UNRECOGNIZED,
  COOKIE_PRESERVATIVE,
  HOST_NAME,
  ADDRESS_TYPES,
  OUTGOING_RESET,
  INCOMING_RESET,
  STREAM_RESET,
  RESPONSE,
  ADD_OUTGOING,
  ADD_INCOMING,
  RANDOM,
  CHUNK_LIST,
  HMAC_ALGORITHMS,
  PADDING,
  EXTENSIONS,
  FORWARD_TSN,
  ...ADDRESS_CHANGES,
  SUCCESS,
  ADAPTATION,
]);

/** Where the item after one with type and length in two bytes each begins: padded to four bytes. */
export const nextPadded: Locate = (view, at, end, frame) => {
  // One that the capture cut is there as far as it goes.
  if (at + 4 > end) return end === frame.capturedEnd && end < frame.wireEnd ? end : -1;
  const length = u16(view, at + 2);
  return length < 4 ? -1 : at + ((length + 3) & ~3);
};

const is =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(u16(view, at));
const hasType = (view: Uint8Array, at: number, end: number, type: number) => at + 4 < end && u16(view, at) === type;
const value =
  (type: number): Locate =>
  (view, at, end) =>
    hasType(view, at, end, type) && u16(view, at + 2) > 4 ? at + 4 : -1;
/** Length of a value that begins behind type and length. */
const valueLength: Locate = (view, at) => u16(view, at - 2) - 4;
/** The values of a list that is the whole parameter, or its rest from `skip` on. */
const list = (type: number, skip: number, size: number, item: ReturnType<typeof header>, title: string) =>
  repeated({
    from: (view, at, end) => (hasType(view, at, end, type) ? at + skip : -1),
    to: (view, at) => at + u16(view, at + 2),
    next: (_view, at, end) => (at + size <= end ? at + size : -1),
    item,
    title,
  });

/** Bytes that fill an item up to a multiple of four: where they begin. */
export const paddingAt: Locate = (view, at, end) => {
  if (at + 4 > end) return -1;
  const length = u16(view, at + 2);
  return length % 4 === 0 || at + length >= end ? -1 : at + length;
};
const rest: Locate = (_view, at, end) => end - at;

/** A bit of the type, in whose two bytes it is shown. */
const bitOfType = (name: string, mask: number, title: string) =>
  optional(() => true, masked(flag(name, { title }), mask, 2), 0);

const parameter = {
  type: uint16('sctp.parameter_type', { display: 'hex', values: namesOf('sctp-parameters') }),
  length: uint16('sctp.parameter_length', { unit: 'bytes' }),
  skip: bitOfType('sctp.parameter_bit_1', 0x8000, 'Skip when unknown'),
  report: bitOfType('sctp.parameter_bit_2', 0x4000, 'Report when unknown'),
  heartbeat: located(value(HEARTBEAT), bytes('sctp.parameter_heartbeat_information', valueLength)),
  ipv4: optional(is(IPV4), ipv4('sctp.parameter_ipv4_address'), 4),
  ipv6: optional(is(IPV6), ipv6('sctp.parameter_ipv6_address'), 4),
  cookie: located(value(STATE_COOKIE), bytes('sctp.parameter_state_cookie', valueLength)),
  preservative: optional(is(COOKIE_PRESERVATIVE), uint32('sctp.parameter_cookie_preservative_incr', { unit: 'ms' }), 4),
  hostName: located(value(HOST_NAME), text('sctp.parameter_hostname', valueLength)),
  addressTypes: list(
    ADDRESS_TYPES,
    4,
    2,
    header({ type: uint16('sctp.parameter_supported_address_type') }),
    'Address type',
  ),
  request: optional(
    is(OUTGOING_RESET, INCOMING_RESET, STREAM_RESET, ADD_OUTGOING, ADD_INCOMING),
    uint32('sctp.parameter_reconfig_request_sequence_number'),
    4,
  ),
  response: optional(is(RESPONSE), uint32('sctp.parameter_reconfig_response_sequence_number'), 4),
  result: optional(is(RESPONSE), uint32('sctp.parameter_reconfig_response_result'), 8),
  answered: optional(is(OUTGOING_RESET), uint32('sctp.parameter_reconfig_response_sequence_number'), 8),
  lastTsn: optional(is(OUTGOING_RESET), uint32('sctp.parameter_senders_last_assigned_tsn'), 12),
  outgoingStreams: list(OUTGOING_RESET, 16, 2, header({ stream: uint16('sctp.parameter_reconfig_sid') }), 'Stream'),
  incomingStreams: list(INCOMING_RESET, 8, 2, header({ stream: uint16('sctp.parameter_reconfig_sid') }), 'Stream'),
  addedOutgoing: optional(is(ADD_OUTGOING), uint16('sctp.parameter_add_outgoing_streams_number'), 8),
  addedIncoming: optional(is(ADD_INCOMING), uint16('sctp.parameter_add_incoming_streams_number'), 8),
  random: located(value(RANDOM), bytes('sctp.random_number', valueLength)),
  authenticated: list(CHUNK_LIST, 4, 1, header({ type: uint8('sctp.chunk_type_to_auth') }), 'Chunk type'),
  algorithms: list(HMAC_ALGORITHMS, 4, 2, header({ id: uint16('sctp.hmac_id') }), 'HMAC'),
  extensions: list(EXTENSIONS, 4, 1, header({ type: uint8('sctp.supported_chunk_type') }), 'Chunk type'),
  adaptation: optional(is(ADAPTATION), uint32('sctp.adaptation_layer_indication', { display: 'hex' }), 4),
  unknown: located(
    (view, at, end) => (at + 4 < end && !KNOWN.has(u16(view, at)) && u16(view, at + 2) > 4 ? at + 4 : -1),
    bytes('sctp.parameter_value', valueLength),
  ),
  padding: located(paddingAt, bytes('sctp.parameter_padding', rest)),
};

/** One parameter of an SCTP chunk: RFC 9260 section 3.3, RFC 4895, 5061, 6525. Changes of addresses hold another. */
export const sctpParameter = header({
  ...parameter,
  correlation: optional(is(...ADDRESS_CHANGES, SUCCESS), uint32('sctp.correlation_id', { display: 'hex' }), 4),
  address: repeated({
    from: (view, at, end) => (at + 8 <= end && ADDRESS_CHANGES.includes(u16(view, at)) ? at + 8 : -1),
    next: nextPadded,
    item: header(parameter),
    title: 'Address',
  }),
});

/** One cause in an ABORT or ERROR chunk: RFC 9260 section 3.3.10. */
export const sctpCause = header({
  code: uint16('sctp.cause_code', { display: 'hex', values: namesOf('sctp-causes') }),
  length: uint16('sctp.cause_length', { unit: 'bytes' }),
  stream: optional((view, at) => u16(view, at) === 1, uint16('sctp.cause_stream_identifier'), 4),
  streamReserved: optional((view, at) => u16(view, at) === 1, uint16('sctp.cause_reserved'), 6),
  staleness: optional((view, at) => u16(view, at) === 3, uint32('sctp.cause_measure_of_staleness', { unit: 'us' }), 4),
  tsn: optional((view, at) => u16(view, at) === 9, uint32('sctp.cause_tsn'), 4),
  information: located(
    (view, at, end) =>
      at + 4 < end && [4, 7, 10, 12, 13].includes(u16(view, at)) && u16(view, at + 2) > 4 ? at + 4 : -1,
    bytes('sctp.cause_information', valueLength),
  ),
  padding: located(paddingAt, bytes('sctp.cause_padding', rest)),
});
