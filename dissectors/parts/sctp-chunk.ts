import type { Fields, Locate, When } from '../../core/declare/field.ts';
import {
  bits,
  bytes,
  flag,
  header,
  located,
  masked,
  optional,
  part,
  repeated,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { nextPadded, paddingAt, sctpCause, sctpParameter } from './sctp-parameter.ts';
import { u16 } from './vector.ts';

export const DATA = 0;
const INIT = 1;
const INIT_ACK = 2;
const SACK = 3;
const HEARTBEAT = 4;
const HEARTBEAT_ACK = 5;
const ABORT = 6;
const SHUTDOWN = 7;
const SHUTDOWN_ACK = 8;
const ERROR = 9;
const COOKIE_ECHO = 10;
const COOKIE_ACK = 11;
const ECNE = 12;
const CWR = 13;
const SHUTDOWN_COMPLETE = 14;
const AUTH = 15;
const NR_SACK = 16;
export const I_DATA = 64;
const ASCONF_ACK = 128;
const PACKET_DROP = 129;
const RE_CONFIG = 130;
const PAD = 132;
const FORWARD_TSN = 192;
const ASCONF = 193;
const I_FORWARD_TSN = 194;

const KNOWN = new Set([
  DATA,
  INIT,
  INIT_ACK,
  SACK,
  HEARTBEAT,
  HEARTBEAT_ACK,
  ABORT,
  SHUTDOWN,
  SHUTDOWN_ACK,
  ERROR,
  COOKIE_ECHO,
  COOKIE_ACK,
  ECNE,
  CWR,
  SHUTDOWN_COMPLETE,
  AUTH,
  NR_SACK,
  I_DATA,
  ASCONF_ACK,
  PACKET_DROP,
  RE_CONFIG,
  PAD,
  FORWARD_TSN,
  ASCONF,
  I_FORWARD_TSN,
]);

/** Where the parameters of a chunk begin, by its type. */
const PARAMETERS: Readonly<Record<number, number>> = {
  [INIT]: 20,
  [INIT_ACK]: 20,
  [HEARTBEAT]: 4,
  [HEARTBEAT_ACK]: 4,
  [RE_CONFIG]: 4,
  [ASCONF]: 8,
  [ASCONF_ACK]: 8,
};

const is =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(view[at]!);
const bitOf = (name: string, mask: number, title: string, ...types: number[]) =>
  optional(is(...types), masked(flag(name, { title }), mask), 1);
/** Where a chunk's own bytes end, without its padding. */
const chunkEnd: Locate = (view, at) => at + u16(view, at + 2);
const rest: Locate = (_view, at, end) => end - at;
/** Bytes of a chunk from `skip` on. */
const from =
  (type: number, skip: number): Locate =>
  (view, at, end) =>
    view[at] === type && at + skip < end && u16(view, at + 2) > skip ? at + skip : -1;
const upTo =
  (skip: number): Locate =>
  (view, at) =>
    u16(view, at - skip + 2) - skip;
const inChunk = (start: Locate, item: Fields, next: Locate, title: string) =>
  repeated({ from: start, to: chunkEnd, next, item, title });
const each =
  (size: number): Locate =>
  (_view, at, end) =>
    at + size <= end ? at + size : -1;

/** Blocks and repeated numbers of a selective acknowledgment, whose counts stand before them. */
function acknowledgment(name: string, type: number, raw: string): Fields {
  const head = type === NR_SACK ? 20 : 16;
  const gaps = (view: Uint8Array, at: number) => at + head + u16(view, at + 12) * 4;
  const notRenegable = (view: Uint8Array, at: number) =>
    gaps(view, at) + (type === NR_SACK ? u16(view, at + 14) * 4 : 0);
  const within = (place: (view: Uint8Array, at: number) => number): Locate => {
    return (view, at, end) => (view[at] === type && at + head <= end ? place(view, at) : -1);
  };
  const block = (prefix: string) =>
    header({ start: uint16(`sctp.${prefix}_start`), end: uint16(`sctp.${prefix}_end`) });
  const count = (field: string, offset: number) => optional(is(type), uint16(`sctp.${name}_${field}`), offset);
  return {
    nonce: optional(is(type), masked(uint8(`sctp.${name}_nounce_sum`, { title: 'Nonce sum' }), 1), 1),
    cumulative: optional(is(type), uint32(`sctp.${name}_cumulative_tsn_ack${raw}`, { title: 'Cumulative TSN' }), 4),
    window: optional(is(type), uint32(`sctp.${name}_a_rwnd`, { title: 'Receiver window', unit: 'bytes' }), 8),
    gapCount: count('number_of_gap_blocks', 12),
    ...(type === NR_SACK ? { otherCount: count('number_of_nr_gap_blocks', 14) } : {}),
    duplicateCount: count('number_of_duplicated_tsns', type === NR_SACK ? 16 : 14),
    gaps: repeated({
      from: within((_view, at) => at + head),
      to: (view, at) => gaps(view, at),
      next: each(4),
      item: block(`${name}_gap_block`),
      title: 'Gap block',
    }),
    ...(type === NR_SACK
      ? {
          others: repeated({
            from: within(gaps),
            to: (view, at) => notRenegable(view, at),
            next: each(4),
            item: block(`${name}_nr_gap_block`),
            title: 'Non-renegable gap block',
          }),
        }
      : {}),
    duplicates: inChunk(
      within(notRenegable),
      header({ tsn: uint32(`sctp.${name}_duplicate_tsn`) }),
      each(4),
      'Duplicate TSN',
    ),
  };
}

const initiation = (name: string, type: number): Fields => ({
  tag: optional(is(type), uint32('sctp.initiate_tag', { display: 'hex' }), 4),
  ownTag: optional(is(type), uint32(`sctp.${name}_initiate_tag`, { title: 'Initiate tag', display: 'hex' }), 4),
  credit: optional(is(type), uint32(`sctp.${name}_credit`, { title: 'Receiver window', unit: 'bytes' }), 8),
  outbound: optional(is(type), uint16(`sctp.${name}_nr_out_streams`, { title: 'Outbound streams' }), 12),
  inbound: optional(is(type), uint16(`sctp.${name}_nr_in_streams`, { title: 'Inbound streams' }), 14),
  initial: optional(is(type), uint32(`sctp.${name}_initial_tsn`, { title: 'Initial TSN' }), 16),
});
const prefixed = (prefix: string, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [`${prefix}_${key}`, field]));

/** One chunk: RFC 9260 section 3, RFC 3758, 4820, 4895, 5061, 6525, 8260. The next begins at a multiple of four bytes. */
export const sctpChunk = header({
  type: uint8('sctp.chunk_type', { values: namesOf('sctp-chunks') }),
  stop: part(flag('sctp.chunk_bit_1', { title: 'Skip when unknown' })),
  report: part(flag('sctp.chunk_bit_2', { title: 'Report when unknown' })),
  typeRest: part(bits('', 6)),
  flags: uint8('sctp.chunk_flags', { display: 'hex' }),
  length: uint16('sctp.chunk_length', { unit: 'bytes' }),
  ending: bitOf('sctp.data_e_bit', 1, 'Ending fragment', DATA, I_DATA),
  beginning: bitOf('sctp.data_b_bit', 2, 'Beginning fragment', DATA, I_DATA),
  unordered: bitOf('sctp.data_u_bit', 4, 'Unordered', DATA, I_DATA),
  immediate: bitOf('sctp.data_i_bit', 8, 'Acknowledge at once', DATA, I_DATA),
  tsn: optional(is(DATA, I_DATA), uint32('sctp.data_tsn_raw', { title: 'Transmission sequence number' }), 4),
  stream: optional(is(DATA, I_DATA), uint16('sctp.data_sid', { title: 'Stream id', display: 'hex' }), 8),
  streamSequence: optional(is(DATA), uint16('sctp.data_ssn', { title: 'Stream sequence number' }), 10),
  reserved: optional(is(I_DATA), uint16('sctp.data_reserved'), 10),
  message: optional(is(I_DATA), uint32('sctp.data_mid', { title: 'Message id' }), 12),
  payload: optional(is(DATA), uint32('sctp.data_payload_proto_id', { title: 'Payload protocol' }), 12),
  firstPayload: optional(
    (view, at) => view[at] === I_DATA && (view[at + 1]! & 2) !== 0,
    uint32('sctp.data_payload_proto_id', { title: 'Payload protocol' }),
    16,
  ),
  fragment: optional(
    (view, at) => view[at] === I_DATA && (view[at + 1]! & 2) === 0,
    uint32('sctp.data_fsn', { title: 'Fragment sequence number' }),
    16,
  ),
  ...prefixed('init', initiation('init', INIT)),
  ...prefixed('initAck', initiation('initack', INIT_ACK)),
  ...prefixed('sack', acknowledgment('sack', SACK, '_raw')),
  ...prefixed('nrSack', acknowledgment('nr_sack', NR_SACK, '')),
  sequence: optional(is(ASCONF), uint32('sctp.asconf_seq_nr_number', { display: 'hex' }), 4),
  sequenceAck: optional(is(ASCONF_ACK), uint32('sctp.asconf_ack_seq_nr_number', { display: 'hex' }), 4),
  abortTag: bitOf('sctp.abort_t_bit', 1, 'Tag of the sender', ABORT),
  shutdown: optional(is(SHUTDOWN), uint32('sctp.shutdown_cumulative_tsn_ack', { title: 'Cumulative TSN' }), 4),
  cookie: located(from(COOKIE_ECHO, 4), bytes('sctp.cookie', upTo(4))),
  congestion: optional(is(ECNE), uint32('sctp.ecne_lowest_tsn'), 4),
  reduced: optional(is(CWR), uint32('sctp.cwr_lowest_tsn'), 4),
  completeTag: bitOf('sctp.shutdown_complete_t_bit', 1, 'Tag of the sender', SHUTDOWN_COMPLETE),
  sharedKey: optional(is(AUTH), uint16('sctp.shared_key_id'), 4),
  hmacId: optional(is(AUTH), uint16('sctp.hmac_id'), 6),
  hmac: located(from(AUTH, 8), bytes('sctp.hmac', upTo(8))),
  forwarded: optional(is(FORWARD_TSN), uint32('sctp.forward_tsn_tsn'), 4),
  skipped: inChunk(
    from(FORWARD_TSN, 8),
    header({ stream: uint16('sctp.forward_tsn_sid'), sequence: uint16('sctp.forward_tsn_ssn') }),
    each(4),
    'Skipped stream',
  ),
  iForwarded: optional(is(I_FORWARD_TSN), uint32('sctp.i_forward_tsn_tsn'), 4),
  paddingData: located(from(PAD, 4), bytes('sctp.padding_data', upTo(4))),
  parameters: inChunk(
    (view, at, end) => {
      const skip = PARAMETERS[view[at]!];
      return skip === undefined || at + skip >= end ? -1 : at + skip;
    },
    sctpParameter,
    nextPadded,
    'Parameter',
  ),
  causes: inChunk(
    (view, at, end) => ((view[at] === ABORT || view[at] === ERROR) && at + 4 < end ? at + 4 : -1),
    sctpCause,
    nextPadded,
    'Cause',
  ),
  unknown: located(
    (view, at, end) => (at + 4 < end && !KNOWN.has(view[at]!) && u16(view, at + 2) > 4 ? at + 4 : -1),
    bytes('sctp.chunk_value', upTo(4)),
  ),
  padding: located(paddingAt, bytes('sctp.chunk_padding', rest)),
});
