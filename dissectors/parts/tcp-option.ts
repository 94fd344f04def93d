import type { Locate, When } from '../../core/declare/field.ts';
import {
  bytes,
  computed,
  flag,
  header,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../../core/declare/kinds.ts';
import { nextOption } from '../../core/frame/options.ts';
import { namesOf } from '../names.ts';
import { multipath } from './mptcp-option.ts';

const SACK = 5;
const EXPERIMENTS = [253, 254];

const is =
  (kind: number, length: number): When =>
  (view, at) =>
    view[at] === kind && view[at + 1] === length;
const isKind =
  (kind: number): When =>
  (view, at) =>
    view[at] === kind;
/** The value of an option: behind kind and length, as long as the length says, `skip` bytes later. */
const value = (kind: number, skip = 0): Locate => {
  return (view, at, end) => (at + 2 <= end && view[at] === kind && view[at + 1]! > 2 + skip ? at + 2 + skip : -1);
};
const rest =
  (skip = 0): Locate =>
  (view, at) =>
    view[at - 1 - skip]! - 2 - skip;

/** Shifts above 14 count as 14 (RFC 7323, 2.3). */
const windowMultiplier: Locate = (view, at, end) =>
  at + 3 <= end && view[at] === 3 && view[at + 1] === 3 ? 2 ** Math.min(view[at + 2]!, 14) : Number.NaN;
const blockCount: Locate = (view, at, end) =>
  at + 2 <= end && view[at] === SACK ? Math.floor((view[at + 1]! - 2) / 8) : Number.NaN;

/** Wireshark's rule for the end of the list: every zero behind it is shown, anything else behind it is not. */
export const nextTcpOption: Locate = (view, at, end, frame, layer) =>
  view[at] === 0 && at + 1 < end && view[at + 1] === 0 ? at + 1 : nextOption(view, at, end, frame, layer);

/** Kinds that have fields of their own, or had an assigned meaning and are shown by kind and length only. */
const KNOWN = new Set([
  2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 19, 20, 21, 22, 27, 28, 29, 30, 34, 76, 77, 78, 172, 174, 253, 254,
]);
const ecnCounters = (key: string, kind: number, names: readonly string[]) =>
  Object.fromEntries(
    names.map((name, index) => [
      `${name}${key}`,
      optional(
        (view, at) => view[at] === kind && view[at + 1]! >= 5 + index * 3,
        uint24(`tcp.options.acc_ecn.${name}`, { title: `ECN counter ${name}` }),
        2 + index * 3,
      ),
    ]),
  );

/** One TCP option. Kinds as IANA lists them; RFC 9293, 7323, 2018, 2385, 5482, 5925, 7413, 8684. */
export const tcpOption = header({
  kind: uint8('tcp.option_kind', { title: 'Kind', values: namesOf('tcp-options') }),
  length: optional((view, at) => view[at]! > 1, uint8('tcp.option_len', { title: 'Length', unit: 'bytes' }), 1),
  maximumSegment: optional(
    is(2, 4),
    uint16('tcp.options.mss_val', { title: 'Maximum segment size', unit: 'bytes' }),
    2,
  ),
  windowShift: optional(is(3, 3), uint8('tcp.options.wscale.shift', { title: 'Window shift' }), 2),
  windowMultiplier: computed('tcp.options.wscale.multiplier', 'uint', windowMultiplier, { title: 'Window multiplier' }),
  selectivePermitted: optional(is(4, 2), bytes('tcp.options.sack_perm', 2, { title: 'SACK permitted' }), 0),
  blockCount: computed('tcp.options.sack.count', 'uint', blockCount, { title: 'SACK blocks' }),
  blocks: repeated({
    from: (view, at, end) => (at + 2 <= end && view[at] === SACK ? at + 2 : -1),
    next: (_view, at, end) => (at + 8 <= end ? at + 8 : -1),
    item: header({
      left: uint32('tcp.options.sack_le', { title: 'Left edge' }),
      right: uint32('tcp.options.sack_re', { title: 'Right edge' }),
    }),
    title: 'Block',
  }),
  timestamp: optional(is(8, 10), uint32('tcp.options.timestamp.tsval', { title: 'Timestamp' }), 2),
  timestampEcho: optional(is(8, 10), uint32('tcp.options.timestamp.tsecr', { title: 'Timestamp echo' }), 6),
  digest: located(value(19), bytes('tcp.options.md5.digest', rest())),
  timeoutInMinutes: optional(is(28, 4), masked(flag('tcp.options.user_to_granularity'), 0x8000, 2), 2),
  userTimeout: optional(is(28, 4), masked(uint16('tcp.options.user_to_val', { title: 'User timeout' }), 0x7fff), 2),
  keyId: optional(isKind(29), uint8('tcp.options.ao.keyid', { title: 'Key id' }), 2),
  nextKeyId: optional(isKind(29), uint8('tcp.options.ao.rnextkeyid', { title: 'Next key id' }), 3),
  authentication: located(value(29, 2), bytes('tcp.options.ao.mac', rest(2), { title: 'Message authentication code' })),
  ...multipath,
  echo: optional(
    (view, at) => (view[at] === 6 || view[at] === 7) && view[at + 1] === 6,
    uint32('tcp.options.echo_value'),
    2,
  ),
  connectionCount: optional(
    (view, at) => view[at]! >= 11 && view[at]! <= 13 && view[at + 1] === 6,
    uint32('tcp.options.cc_value', { title: 'Connection count' }),
    2,
  ),
  // Accurate ECN in either order of its counters, each of which may be left out from the end.
  ...ecnCounters('0', 172, ['ee0b', 'eceb', 'ee1b']),
  ...ecnCounters('1', 174, ['ee1b', 'eceb', 'ee0b']),
  experiment: optional(
    (view, at) => EXPERIMENTS.includes(view[at]!),
    uint16('tcp.options.experimental.exid', { title: 'Experiment id', display: 'hex' }),
    2,
  ),
  experimentalCookie: located(
    (view, at, end, frame, layer) =>
      at + 4 <= end && EXPERIMENTS.includes(view[at]!) && view[at + 2] === 0xf9 && view[at + 3] === 0x89
        ? value(view[at]!, 2)(view, at, end, frame, layer)
        : -1,
    bytes('tcp.options.tfo.cookie', rest(2), { title: 'Fast open cookie' }),
  ),
  cookie: located(value(34), bytes('tcp.options.tfo.cookie', rest(), { title: 'Fast open cookie' })),
  unknown: located(
    (view, at, end) =>
      at + 2 < end && view[at + 1]! > 2 && at + view[at + 1]! <= end && !KNOWN.has(view[at]!) ? at + 2 : -1,
    bytes('tcp.options.unknown.payload', rest()),
  ),
});
