import type { Locate, When } from '../../core/declare/field.ts';
import { bytes, header, located, optional, uint8, uint16, uint32 } from '../../core/declare/kinds.ts';

const FIRST_LONG = 32;

/** The option after the one at `at`: below 32 they are single bytes, others count type and length too. */
export const nextDccpOption: Locate = (view, at, end) => {
  if (view[at]! < FIRST_LONG) return at + 1;
  const length = at + 1 < end ? view[at + 1]! : 0;
  return length < 2 || at + length > end ? -1 : at + length;
};

const is =
  (type: number, ...lengths: number[]): When =>
  (view, at) =>
    view[at] === type && lengths.includes(view[at + 1]!);
const value =
  (...types: number[]): Locate =>
  (view, at, end) =>
    at + 2 < end && types.includes(view[at]!) ? at + 2 : -1;
const rest: Locate = (_view, at, end) => end - at;

/** One DCCP option, RFC 4340 section 5.8; CCID 3, RFC 4342 section 8. */
export const dccpOption = header({
  // Its bytes are the whole option, as Wireshark highlights it.
  type: located((_view, at) => at, { ...uint8('dccp.option_type'), measure: rest }),
  feature: optional(
    (view, at) => view[at]! >= 32 && view[at]! <= 35,
    uint8('dccp.feature_number', { title: 'Feature' }),
    2,
  ),
  cookie: located(value(36), bytes('dccp.init_cookie', rest)),
  vector0: located(value(38), bytes('dccp.ack_vector.nonce_0', rest)),
  vector1: located(value(39), bytes('dccp.ack_vector.nonce_1', rest)),
  dropped: located(value(40), bytes('dccp.data_dropped', rest)),
  timestamp: optional(is(41, 6), uint32('dccp.timestamp', { unit: '10 us' }), 2),
  echo: optional(is(42, 6, 8, 10), uint32('dccp.timestamp_echo', { unit: '10 us' }), 2),
  echoElapsedShort: optional(is(42, 8), uint16('dccp.elapsed_time', { unit: '10 us' }), 6),
  echoElapsedLong: optional(is(42, 10), uint32('dccp.elapsed_time', { unit: '10 us' }), 6),
  elapsedShort: optional(is(43, 4), uint16('dccp.elapsed_time', { unit: '10 us' }), 2),
  elapsedLong: optional(is(43, 6), uint32('dccp.elapsed_time', { unit: '10 us' }), 2),
  dataChecksum: optional(is(44, 6), uint32('dccp.checksum_data', { display: 'hex' }), 2),
  lossRate: optional(is(192, 6), uint32('dccp.ccid3_loss_event_rate'), 2),
  receiveRate: optional(is(194, 6), uint32('dccp.ccid3_receive_rate'), 2),
});
