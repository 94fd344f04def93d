import { type AnalysisValue, defineAnalysis } from '../../../core/declare/analysis.ts';
import {
  CONNECTION_SLOTS,
  CONNECTION_TIMES,
  createSegments,
  shiftConnection,
  type TcpSegments,
  takeSegment,
} from '../states/tcp-connection.ts';

const flag = (name: string, description: string): AnalysisValue => ({
  name: `tcp.analysis.${name}`,
  description,
  type: 'boolean',
});

/** In the order of `VALUE` in states/tcp-connection.ts. */
const values: readonly AnalysisValue[] = [
  flag('retransmission', 'The segment was sent before, of whatever kind of retransmission.'),
  flag('fast_retransmission', 'A retransmission within 20 ms of the second or a later duplicate ACK that asks for it.'),
  flag('spurious_retransmission', 'A retransmission of what the other side has acknowledged already.'),
  flag(
    'out_of_order',
    'Data below the highest sent before that fills a hole, soon behind it: within the handshake round trip, or 3 ms.',
  ),
  flag('duplicate_ack', 'A segment without data that repeats acknowledgment number and window of the one before.'),
  flag('lost_segment', 'Data before this segment was not seen.'),
  flag('ack_lost_segment', 'It acknowledges data that was not seen.'),
  flag('zero_window', 'It announces a window of nothing.'),
  flag('zero_window_probe', 'One byte sent into a window of nothing.'),
  flag('zero_window_probe_ack', 'The answer to a probe, with a window of nothing still.'),
  flag('window_update', 'A segment without data that changes the window only.'),
  flag('window_full', 'Its data fills the window of the other side.'),
  flag('keep_alive', 'At most one byte, just before what is to be sent next.'),
  flag('keep_alive_ack', 'The answer to a keep-alive.'),
  {
    name: 'tcp.analysis.duplicate_ack_num',
    description: 'How many duplicate ACKs in a row it makes; on duplicate ACKs only.',
    type: 'number',
    integer: true,
  },
  {
    name: 'tcp.analysis.initial_rtt',
    description: 'Time from the SYN to the ACK that ends the handshake; on that ACK and every later segment.',
    type: 'duration',
  },
  {
    name: 'tcp.analysis.ack_rtt',
    description: 'Time since the segment that it acknowledges the end of; on such acknowledgments only.',
    type: 'duration',
  },
  {
    name: 'tcp.analysis.bytes_in_flight',
    description:
      'Bytes sent and not acknowledged after this segment; on segments with data, where no hole makes it unknown.',
    type: 'number',
    unit: 'bytes',
    integer: true,
  },
  {
    name: 'tcp.analysis.push_bytes_sent',
    description: 'Bytes sent since the last segment with PSH, this one included; on segments with data.',
    type: 'number',
    unit: 'bytes',
    integer: true,
  },
  {
    name: 'tcp.window_size',
    description: 'Window announced, scaled as the handshake agreed; as sent where the handshake was not seen.',
    type: 'number',
    unit: 'bytes',
    integer: true,
  },
];

/**
 * How well a TCP connection goes, by the rules of Wireshark 4.0 ("TCP Analysis" in its User's Guide) and under its names.
 * Each way of the connection is followed by sequence and acknowledgment numbers; both ways must be in one flow.
 */
export const tcpAnalysis = defineAnalysis<TcpSegments>({
  name: 'tcp',
  description: 'Retransmissions, order, windows, keep-alives and round trips of TCP, by the rules of Wireshark 4.0.',
  memory:
    'About 450 bytes per flow, and 24 bytes for each segment not acknowledged yet, of which it keeps 256 per direction.',
  inputs: [
    'tcp.flags',
    'tcp.seq_raw',
    'tcp.ack_raw',
    'payload.length',
    'tcp.window_size_value',
    'tcp.options.wscale.shift',
    'time',
  ],
  values,
  slots: CONNECTION_SLOTS,
  times: CONNECTION_TIMES,
  create: createSegments,
  update: takeSegment,
  shift: shiftConnection,
});
