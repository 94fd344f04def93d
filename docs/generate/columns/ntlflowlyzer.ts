import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { is, not, type Tool, type ToolColumn } from './tool.ts';

/** Its words for statistics, with our aggregate. `statistics.pstdev` and `pvariance` are those of the population. */
const STATISTICS = [
  ['max', 'max'],
  ['min', 'min'],
  ['mean', 'mean'],
  ['std', 'stddev_pop'],
  ['variance', 'variance_pop'],
  ['median', 'median'],
  ['skewness', 'skewness'],
  ['cov', 'cv'],
  ['mode', 'mode'],
] as const;

const COV = 'with the sample standard deviation: that of the population in its `cov`';
const noteOf = (statistic: string) => (statistic === 'cov' ? { note: COV } : {});
const HEADER = 'transport.length - payload.length';

const FLAGS = [
  ['fin', 'fin'],
  ['psh', 'push'],
  ['urg', 'urg'],
  ['ece', 'ece'],
  ['syn', 'syn'],
  ['ack', 'ack'],
  ['cwr', 'cwr'],
  ['rst', 'reset'],
] as const;

/** What it takes differences of, as the end of the columns' names. */
const DELTAS = [
  ['packets_delta_time', 'time', 'ms', 'its own leaves out whole seconds'],
  ['packets_delta_len', 'network.length', undefined, undefined],
  ['header_bytes_delta_len', HEADER, undefined, undefined],
  ['payload_bytes_delta_len', 'payload.length', undefined, undefined],
] as const;

const lengths: readonly ToolColumn[] = DIRECTIONS.flatMap(({ prefix, and }) => [
  is(`${prefix}total_payload_bytes`, `sum(payload.length${and})`),
  ...STATISTICS.map(([name, aggregate]) =>
    is(`${prefix}payload_bytes_${name}`, `${aggregate}(payload.length${and})`, noteOf(name)),
  ),
  is(`${prefix}total_header_bytes`, `sum(${HEADER}${and})`),
  ...STATISTICS.map(([name, aggregate]) =>
    is(`${prefix}${name}_header_bytes`, `${aggregate}(${HEADER}${and})`, noteOf(name)),
  ),
  is(`${prefix}avg_segment_size`, `mean(payload.length${and})`),
]);

const periods: readonly ToolColumn[] = [
  ...(['min', 'max', 'mean', 'std'] as const).map((name) =>
    is(`active_${name}`, `active_${name}`, { note: 'its own leaves out the last period' }),
  ),
  ...['median', 'skewness', 'cov', 'mode', 'variance'].map((name) =>
    not(`active_${name}`, 'of periods there are mean, deviation, shortest and longest'),
  ),
  ...STATISTICS.map(([name, aggregate]) => is(`idle_${name}`, `${aggregate}(gap(time), gap(time) > 5s)`, noteOf(name))),
];

const gaps: readonly ToolColumn[] = DIRECTIONS.flatMap(({ prefix, and }) => {
  // Four of its names have no s.
  const word = (name: string): string =>
    prefix === '' && ['std', 'max', 'min', 'total'].includes(name) ? 'packet' : 'packets';
  return [
    is(`${prefix}${word('total')}_IAT_total`, `sum(gap(time)${and})`),
    ...STATISTICS.map(([name, aggregate]) =>
      is(`${prefix}${word(name)}_IAT_${name}`, `${aggregate}(gap(time)${and})`, noteOf(name)),
    ),
  ];
});

const flags: readonly ToolColumn[] = DIRECTIONS.flatMap(({ prefix, only, and }) => [
  ...FLAGS.flatMap(([name, field]) => [
    is(`${prefix}${name}_flag_counts`, `count(tcp.flags.${field}${and})`),
    is(`${prefix}${name}_flag_percentage_in_total`, `count(tcp.flags.${field}${and}) / frames`),
  ]),
  ...(prefix === ''
    ? []
    : FLAGS.map(([name, field]) =>
        is(`${prefix}${name}_flag_percentage_in_${prefix}packets`, `count(tcp.flags.${field}${and}) / count(${only})`),
      )),
]);

const bulks: readonly ToolColumn[] = (['fwd', 'bwd'] as const).flatMap((side) => [
  is(`avg_${side}_bytes_per_bulk`, `${side}_bulk_bytes_mean`),
  is(side === 'fwd' ? 'avg_fwd_packets_per_bulk' : 'avg_bwd_packets_bulk_rate', `${side}_bulk_frames_mean`),
  is(`avg_${side}_bulk_rate`, `${side}_bulk_bytes_per_second`),
  is(`${side}_bulk_state_count`, `${side}_bulks`),
  is(`${side}_bulk_total_size`, `${side}_bulk_bytes`),
  is(`${side}_bulk_per_packet`, `${side}_bulk_frames`),
  is(`${side}_bulk_duration`, `${side}_bulk_time`),
]);

const deltas: readonly ToolColumn[] = DIRECTIONS.flatMap(({ prefix, and }) =>
  DELTAS.flatMap(([what, value, unit, note]) =>
    STATISTICS.map(([name, aggregate]) => {
      const given = [note, name === 'cov' ? COV : undefined].filter((one) => one !== undefined).join('; ');
      const inUnit = unit !== undefined && !['skewness', 'cov', 'variance'].includes(name) ? { unit } : {};
      return is(`${name}_${prefix}${what}`, `${aggregate}(gap(${value})${and})`, {
        ...inUnit,
        ...(given === '' ? {} : { note: given }),
      });
    }),
  ),
);

const NO_PAIRS = 'entropies of whole payloads: see `byte_entropy(payload)`, `mean(byte_entropy(payload))`';

/** NTLFlowLyzer, the successor of CICFlowMeter. */
export const ntlflowlyzer: Tool = {
  name: 'NTLFlowLyzer',
  version: 'ahlashkari/NTLFlowLyzer, 2024',
  about:
    'TCP only; it takes 0 where we leave a value empty, prints four decimals, and its directional payload statistics `max`, `min`, `mean` and `std` are those of both directions. `min_bwd_packets_delta_time` and `max_bwd_packets_delta_time` are each written twice.',
  columns: [
    is('flow_id', 'text(src_ip, "_", src_port, "_", dst_ip, "_", dst_port)', {
      note: 'its own adds protocol and time',
    }),
    is('timestamp', 'start'),
    is('src_ip', 'src_ip'),
    is('src_port', 'src_port'),
    is('dst_ip', 'dst_ip'),
    is('dst_port', 'dst_port'),
    is('protocol', 'protocol', { note: 'its own has the name' }),
    is('duration', 'duration'),
    is('packets_count', 'frames'),
    is('fwd_packets_count', 'fwd_frames'),
    is('bwd_packets_count', 'bwd_frames'),
    ...lengths,
    is('fwd_init_win_bytes', 'first(tcp.window_size_value, forward)'),
    is('bwd_init_win_bytes', 'first(tcp.window_size_value, backward)'),
    ...periods,
    is('bytes_rate', 'payload_bytes_per_second'),
    is('fwd_bytes_rate', 'fwd_payload_bytes_per_second'),
    is('bwd_bytes_rate', 'bwd_payload_bytes_per_second'),
    is('packets_rate', 'frames_per_second'),
    is('fwd_packets_rate', 'fwd_frames_per_second'),
    is('bwd_packets_rate', 'bwd_frames_per_second'),
    is('down_up_rate', 'frames_ratio'),
    ...bulks,
    ...flags,
    ...gaps,
    is('subflow_fwd_packets', 'subflow_fwd_frames', {
      note: 'divided by the number of sub-flows: by that of gaps there',
    }),
    is('subflow_bwd_packets', 'subflow_bwd_frames', { note: 'the same' }),
    is('subflow_fwd_bytes', 'subflow_fwd_payload_bytes', { note: 'the same' }),
    is('subflow_bwd_bytes', 'subflow_bwd_payload_bytes', { note: 'the same' }),
    is(
      'delta_start',
      'nth(time, 1, not tcp.flags.syn and payload.length > 0) - first(time, not tcp.flags.syn, forward)',
      { note: 'from the ACK of the handshake to the first payload' },
    ),
    is('handshake_duration', 'first(time, not tcp.flags.syn, forward) - first(time, tcp.flags.syn)'),
    is('handshake_state', 'count(tcp.flags.syn, forward) > 0 and count(tcp.flags.syn, tcp.flags.ack, backward) > 0', {
      note: 'whether both SYNs were seen; `conn_state` says more',
    }),
    ...deltas,
    not('label', 'rules for labels: `--labels`'),
    not('bientropy_*, binary_*, hex_*, ngram_*, reyni_*, utf8_*, mutual_information_*', NO_PAIRS),
  ],
};
