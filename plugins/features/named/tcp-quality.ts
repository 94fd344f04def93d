import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** Name, value of the analysis, and what is counted. */
const COUNTS = [
  ['retransmissions', 'retransmission', 'Retransmitted TCP segments, of every kind,'],
  ['fast_retransmissions', 'fast_retransmission', 'Fast retransmissions'],
  ['spurious_retransmissions', 'spurious_retransmission', 'Retransmissions of what was acknowledged already,'],
  ['out_of_order', 'out_of_order', 'TCP segments out of order'],
  ['duplicate_acks', 'duplicate_ack', 'Duplicate TCP acknowledgments'],
  ['lost_segments', 'lost_segment', 'TCP segments behind a hole in what was seen'],
  ['acks_of_lost', 'ack_lost_segment', 'Acknowledgments of data that was not seen'],
  ['zero_windows', 'zero_window', 'TCP segments that announce a window of nothing'],
  ['window_full', 'window_full', 'TCP segments that fill the window of the other side'],
  ['keep_alives', 'keep_alive', 'TCP keep-alives'],
] as const;

const ROUND_TRIPS = ['mean', 'min', 'max'] as const;

const feature = (name: string, description: string, value: string): Feature =>
  defineFeature({ name, description, value });

/** How well TCP connections went, by `tcp.analysis.*`: counts are 0 in other flows, everything else is empty. */
export const tcpQualityFeatures: readonly Feature[] = [
  ...COUNTS.flatMap(([name, value, what]) =>
    DIRECTIONS.map(({ prefix, words, and }) =>
      feature(`${prefix}${name}`, `${what} ${words}.`, `count(tcp.analysis.${value}${and})`),
    ),
  ),
  feature(
    'handshake_rtt',
    'Time from the SYN to the ACK that ends the TCP handshake.',
    'first(tcp.analysis.initial_rtt)',
  ),
  feature(
    'handshake_server_rtt',
    'Part of handshake_rtt between the place of capture and the server: from the SYN to the SYN+ACK.',
    'first(tcp.analysis.ack_rtt, tcp.flags.syn, tcp.flags.ack)',
  ),
  feature(
    'handshake_client_rtt',
    'Part of handshake_rtt between the place of capture and the client: from the SYN+ACK to the ACK.',
    'first(tcp.analysis.initial_rtt) - first(tcp.analysis.ack_rtt, tcp.flags.syn, tcp.flags.ack)',
  ),
  ...DIRECTIONS.flatMap(({ prefix, words, and }) =>
    ROUND_TRIPS.map((aggregate) =>
      feature(
        `${prefix}ack_rtt_${aggregate}`,
        `Time from a TCP segment to its acknowledgment, of acknowledgments ${words}: ${aggregate}.`,
        `${aggregate}(tcp.analysis.ack_rtt${and})`,
      ),
    ),
  ),
  ...DIRECTIONS.map(({ prefix, words, and }) =>
    feature(
      `${prefix}bytes_in_flight_max`,
      `Most TCP bytes sent and not acknowledged at one time ${words}.`,
      `max(tcp.analysis.bytes_in_flight${and})`,
    ),
  ),
  ...DIRECTIONS.map(({ prefix, words, and }) =>
    feature(`${prefix}window_max`, `Largest TCP window ${words}, scaled.`, `max(tcp.window_size${and})`),
  ),
  ...DIRECTIONS.filter(({ only }) => only !== '').map(({ prefix, words, and }) =>
    feature(
      `${prefix}window_scale`,
      `Window scale that the SYN offers ${words}: the window is shifted left by so many bits.`,
      `first(tcp.options.wscale.shift, tcp.flags.syn${and})`,
    ),
  ),
];
