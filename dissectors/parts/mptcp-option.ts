import type { Field, Locate, Repeated, When } from '../../core/declare/field.ts';
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
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../core/declare/kinds.ts';

const KIND = 30;
const CAPABLE = 0;
const JOIN = 1;
const SEQUENCE = 2;
const ADD_ADDRESS = 3;
const REMOVE_ADDRESS = 4;
const PRIORITY = 5;
const FAIL = 6;
const FAST_CLOSE = 7;
const RESET = 8;
const SUBTYPES = {
  0: 'Capable',
  1: 'Join',
  2: 'Data sequence signal',
  3: 'Add address',
  4: 'Remove address',
  5: 'Priority',
  6: 'Fail',
  7: 'Fast close',
  8: 'Reset',
};

const subtype = (view: Uint8Array, at: number) => view[at + 2]! >>> 4;
const is =
  (type: number, ...lengths: number[]): When =>
  (view, at) =>
    view[at] === KIND && subtype(view, at) === type && (lengths.length === 0 || lengths.includes(view[at + 1]!));
const one = (name: string, mask: number, title: string): Field =>
  masked(uint8(`tcp.options.mptcp.${name}`, { title }), mask);

// A data sequence signal says by flags what it holds: first the acknowledgment, then the mapping.
const ACK_PRESENT = 1;
const ACK_LONG = 2;
const MAPPING_PRESENT = 4;
const SEQUENCE_LONG = 8;
const hasFlags = (view: Uint8Array, at: number, end: number, mask: number, value: number) =>
  at + 4 <= end && view[at] === KIND && subtype(view, at) === SEQUENCE && (view[at + 3]! & mask) === value;
const ackSize = (view: Uint8Array, at: number) =>
  (view[at + 3]! & ACK_PRESENT) === 0 ? 0 : (view[at + 3]! & ACK_LONG) === 0 ? 4 : 8;
const mappingAt = (view: Uint8Array, at: number) => at + 4 + ackSize(view, at);
const sequenceSize = (view: Uint8Array, at: number) => ((view[at + 3]! & SEQUENCE_LONG) === 0 ? 4 : 8);
const ack = (long: boolean): Locate => {
  const wanted = ACK_PRESENT | (long ? ACK_LONG : 0);
  return (view, at, end) => (hasFlags(view, at, end, ACK_PRESENT | ACK_LONG, wanted) ? at + 4 : -1);
};
const dataSequence = (long: boolean): Locate => {
  const wanted = MAPPING_PRESENT | (long ? SEQUENCE_LONG : 0);
  return (view, at, end) =>
    hasFlags(view, at, end, MAPPING_PRESENT | SEQUENCE_LONG, wanted) ? mappingAt(view, at) : -1;
};
const behindSequence =
  (skip: number): Locate =>
  (view, at, end) =>
    hasFlags(view, at, end, MAPPING_PRESENT, MAPPING_PRESENT)
      ? mappingAt(view, at) + sequenceSize(view, at) + skip
      : -1;
/** Both have a checksum only where their length leaves room for it. */
const checksum: Locate = (view, at, end, frame, layer) => {
  if (at + 4 > end || view[at] !== KIND) return -1;
  if (subtype(view, at) === CAPABLE) return view[at + 1] === 24 ? at + 22 : -1;
  const place = behindSequence(6)(view, at, end, frame, layer);
  return place >= 0 && place + 2 === at + view[at + 1]! ? place : -1;
};

// An added address: version 0 states the IP version, version 1 an echo; the length tells the address either way.
const V4 = [8, 10, 16, 18];
const V6 = [20, 22, 28, 30];
const WITH_PORT = [10, 18, 22, 30];
const behindAddress = (view: Uint8Array, at: number) => at + (V4.includes(view[at + 1]!) ? 8 : 20);
const added =
  (lengths: readonly number[], place: (view: Uint8Array, at: number) => number): Locate =>
  (view, at, end) =>
    at + 4 <= end && view[at] === KIND && subtype(view, at) === ADD_ADDRESS && lengths.includes(view[at + 1]!)
      ? place(view, at)
      : -1;
const hasOtherFlags = (view: Uint8Array, at: number) => {
  const type = subtype(view, at);
  return view[at] === KIND && (type === PRIORITY || type === RESET || (type === JOIN && view[at + 1] !== 24));
};
const name = (last: string) => `tcp.options.mptcp.${last}`;

/** Multipath TCP, RFC 8684 section 3, and version 0, RFC 6824. Offsets count from the option's kind. */
export const multipath: Record<string, Field | Repeated> = {
  multipath: optional(
    (view, at) => view[at] === KIND,
    masked(uint8(name('subtype'), { title: 'MPTCP subtype', values: SUBTYPES }), 0xf0),
    2,
  ),
  multipathVersion: optional(is(CAPABLE), one('version', 0x0f, 'MPTCP version'), 2),
  multipathFlags: optional(
    (view, at) => view[at] === KIND && [CAPABLE, SEQUENCE].includes(subtype(view, at)),
    uint8(name('flags'), { title: 'MPTCP flags', display: 'hex' }),
    3,
  ),
  // The other messages have their flags in the byte of the subtype.
  multipathOtherFlags: optional(hasOtherFlags, uint8(name('flags'), { title: 'MPTCP flags', display: 'hex' }), 2),
  checksumRequired: optional(is(CAPABLE), one('checksumreq.flags', 0x80, 'Checksum required'), 3),
  extensibility: optional(is(CAPABLE), one('extensibility.flag', 0x40, 'Extensibility'), 3),
  noMoreSubflows: optional(
    (view, at) => view[at] === KIND && subtype(view, at) === CAPABLE && (view[at + 2]! & 15) > 0,
    one('nomoresubflows.flag', 0x20, 'No subflows to this address'),
    3,
  ),
  sha1: optional(
    (view, at) => view[at] === KIND && subtype(view, at) === CAPABLE && (view[at + 2]! & 15) === 0,
    one('sha1.flag', 1, 'HMAC-SHA1'),
    3,
  ),
  sha256: optional(
    (view, at) => view[at] === KIND && subtype(view, at) === CAPABLE && (view[at + 2]! & 15) > 0,
    one('sha256.flag', 1, 'HMAC-SHA256'),
    3,
  ),
  senderKey: optional(is(CAPABLE, 12, 20, 22, 24), uint64(name('sendkey'), { title: 'Sender key' }), 4),
  receiverKey: optional(is(CAPABLE, 20, 22, 24), uint64(name('recvkey'), { title: 'Receiver key' }), 12),
  firstLength: optional(is(CAPABLE, 22, 24), uint16(name('datalvllen'), { unit: 'bytes' }), 20),
  backup: optional(is(JOIN, 12, 16), one('backup.flag', 1, 'Backup'), 2),
  joinAddress: optional(is(JOIN, 12, 16), uint8(name('addrid'), { title: 'Address id' }), 3),
  receiverToken: optional(is(JOIN, 12), uint32(name('recvtok')), 4),
  senderRandom: optional(is(JOIN, 12), uint32(name('sendrand')), 8),
  senderDigest: optional(is(JOIN, 16), uint64(name('sendtrunchmac')), 4),
  answerRandom: optional(is(JOIN, 16), uint32(name('sendrand')), 12),
  joinDigest: optional(is(JOIN, 24), bytes(name('sendhmac'), 20), 4),
  dataFin: optional(is(SEQUENCE), one('datafin.flag', 0x10, 'Data FIN'), 3),
  sequenceLong: optional(is(SEQUENCE), one('dseqn8.flag', SEQUENCE_LONG, 'Sequence number of 8 bytes'), 3),
  sequencePresent: optional(is(SEQUENCE), one('dseqnpresent.flag', MAPPING_PRESENT, 'Sequence number present'), 3),
  ackLong: optional(is(SEQUENCE), one('dataack8.flag', ACK_LONG, 'Acknowledgment of 8 bytes'), 3),
  ackPresent: optional(is(SEQUENCE), one('dataackpresent.flag', ACK_PRESENT, 'Acknowledgment present'), 3),
  dataAck: located(ack(true), uint64(name('rawdataack'), { title: 'Data acknowledgment' })),
  dataAckShort: located(ack(false), uint32(name('rawdataack'), { title: 'Data acknowledgment' })),
  dataSequence: located(dataSequence(true), uint64(name('rawdataseqno'), { title: 'Data sequence number' })),
  dataSequenceShort: located(dataSequence(false), uint32(name('rawdataseqno'), { title: 'Data sequence number' })),
  subflowSequence: located(behindSequence(0), uint32(name('subflowseqno'))),
  dataLength: located(behindSequence(4), uint16(name('datalvllen'), { unit: 'bytes' })),
  checksum: located(checksum, uint16(name('checksum'), { display: 'hex' })),
  addedAddress: optional(is(ADD_ADDRESS), uint8(name('addrid'), { title: 'Address id' }), 3),
  address4: located(
    added(V4, (_view, at) => at + 4),
    ipv4(name('ipv4')),
  ),
  address6: located(
    added(V6, (_view, at) => at + 4),
    ipv6(name('ipv6')),
  ),
  port: located(added(WITH_PORT, behindAddress), uint16(name('port'))),
  addressDigest: located(
    added([16, 18, 28, 30], (view, at) => at + view[at + 1]! - 8),
    uint64(name('addaddrtrunchmac')),
  ),
  removed: repeated({
    from: (view, at, end) => (at + 3 < end && view[at] === KIND && subtype(view, at) === REMOVE_ADDRESS ? at + 3 : -1),
    next: (_view, at) => at + 1,
    item: header({ id: uint8(name('addrid'), { title: 'Address id' }) }),
    title: 'Removed address',
  }),
  priority: optional(is(PRIORITY), one('backup.flag', 1, 'Backup'), 2),
  priorityAddress: optional(is(PRIORITY, 4), uint8(name('addrid'), { title: 'Address id' }), 3),
  failSequence: optional(is(FAIL, 12), uint64(name('rawdataseqno'), { title: 'Data sequence number' }), 4),
  closeKey: optional(is(FAST_CLOSE, 12), uint64(name('recvkey'), { title: 'Receiver key' }), 4),
  resetU: optional(is(RESET), masked(flag(name('flag_U.flag')), 8), 2),
  resetV: optional(is(RESET), masked(flag(name('flag_V.flag')), 4), 2),
  resetW: optional(is(RESET), masked(flag(name('flag_W.flag')), 2), 2),
  resetT: optional(is(RESET), masked(flag(name('flag_T.flag'), { title: 'Transient' }), 1), 2),
  resetReason: optional(is(RESET), uint8(name('rst_reason'), { title: 'Reset reason', display: 'hex' }), 3),
};
