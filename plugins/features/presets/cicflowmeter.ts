import { definePreset, type Preset, type PresetColumn } from '../../../core/declare/feature.ts';
import { correctedForkColumns, originalColumns } from '../imitations/cicflowmeter/columns.ts';
import { correctedCicflowmeter } from '../imitations/cicflowmeter/corrected.ts';
import { originalCicflowmeter } from '../imitations/cicflowmeter/original.ts';

/** A column as the corrected fork names it, its value, and its unit where not the value's own. */
type Line = readonly [name: string, value: string, unit?: string];

const HEADER = 'transport.length - payload.length';

const moments = (name: string, value: string, and: string, order: readonly string[], unit: string): Line[] =>
  order.map((one) => {
    const aggregate = { Max: 'max', Min: 'min', Mean: 'mean', Std: 'stddev', Variance: 'variance', Total: 'sum' }[one];
    const squared = one === 'Variance' ? `${unit}^2` : unit;
    return [`${name} ${one}`, `default(${aggregate}(${value}${and}), 0)`, squared];
  });

const lengths = (name: string, and: string, order: readonly string[]) =>
  moments(name, 'payload.length', and, order, 'bytes');
const gaps = (name: string, and: string, order: readonly string[]) => moments(name, 'gap(time)', and, order, 'us');
const flags = (name: string, field: string): Line[] =>
  (['Fwd', 'Bwd'] as const).map((side) => [
    `${side} ${name} Flags`,
    `count(tcp.flags.${field}, ${side === 'Fwd' ? 'forward' : 'backward'})`,
  ]);
const periods = (name: string, feature: string): Line[] =>
  ['mean', 'std', 'max', 'min'].map((one) => [
    `${name} ${one[0]!.toUpperCase()}${one.slice(1)}`,
    `default(${feature}_${one}, 0)`,
    'us',
  ]);

const bulk = (side: 'Fwd' | 'Bwd'): Line[] => [
  [`${side} Bytes/Bulk Avg`, `default(${side.toLowerCase()}_bulk_bytes_mean, 0)`],
  [`${side} Packet/Bulk Avg`, `default(${side.toLowerCase()}_bulk_frames_mean, 0)`],
  [`${side} Bulk Rate Avg`, `default(${side.toLowerCase()}_bulk_bytes_per_second, 0)`],
];

const SUBFLOWS = '(count(gap(time) > 1s) + 1)';

/** The columns of the corrected fork, in its order, with corrected formulas. */
const LINES: readonly Line[] = [
  [
    'Flow ID',
    'text(src_ip, "-", dst_ip, "-", default(src_port, 0), "-", default(dst_port, 0), "-", default(protocol, 0))',
  ],
  ['Src IP', 'src_ip'],
  ['Src Port', 'default(src_port, 0)'],
  ['Dst IP', 'dst_ip'],
  ['Dst Port', 'default(dst_port, 0)'],
  ['Protocol', 'protocol'],
  ['Timestamp', 'utc(start)'],
  ['Flow Duration', 'duration', 'us'],
  ['Total Fwd Packet', 'count(forward)'],
  ['Total Bwd packets', 'count(backward)'],
  ['Total Length of Fwd Packet', 'sum(payload.length, forward)'],
  ['Total Length of Bwd Packet', 'sum(payload.length, backward)'],
  ...lengths('Fwd Packet Length', ', forward', ['Max', 'Min', 'Mean', 'Std']),
  ...lengths('Bwd Packet Length', ', backward', ['Max', 'Min', 'Mean', 'Std']),
  ['Flow Bytes/s', 'default(sum(payload.length) / duration, -1)'],
  ['Flow Packets/s', 'default(frames / duration, -1)'],
  ...gaps('Flow IAT', '', ['Mean', 'Std', 'Max', 'Min']),
  ...gaps('Fwd IAT', ', forward', ['Total', 'Mean', 'Std', 'Max', 'Min']),
  ...gaps('Bwd IAT', ', backward', ['Total', 'Mean', 'Std', 'Max', 'Min']),
  ...flags('PSH', 'push'),
  ...flags('URG', 'urg'),
  ...flags('RST', 'reset'),
  ['Fwd Header Length', `sum(${HEADER}, forward)`],
  ['Bwd Header Length', `sum(${HEADER}, backward)`],
  ['Fwd Packets/s', 'default(count(forward) / duration, 0)'],
  ['Bwd Packets/s', 'default(count(backward) / duration, 0)'],
  ...lengths('Packet Length', '', ['Min', 'Max', 'Mean', 'Std', 'Variance']),
  ['FIN Flag Count', 'count(tcp.flags.fin)'],
  ['SYN Flag Count', 'count(tcp.flags.syn)'],
  ['RST Flag Count', 'count(tcp.flags.reset)'],
  ['PSH Flag Count', 'count(tcp.flags.push)'],
  ['ACK Flag Count', 'count(tcp.flags.ack)'],
  ['URG Flag Count', 'count(tcp.flags.urg)'],
  ['CWR Flag Count', 'count(tcp.flags.cwr)'],
  ['ECE Flag Count', 'count(tcp.flags.ece)'],
  ['Down/Up Ratio', 'default(count(backward) / count(forward), 0)'],
  ['Average Packet Size', 'default(mean(payload.length), 0)'],
  ['Fwd Segment Size Avg', 'default(mean(payload.length, forward), 0)'],
  ['Bwd Segment Size Avg', 'default(mean(payload.length, backward), 0)'],
  ...bulk('Fwd'),
  ...bulk('Bwd'),
  ['Subflow Fwd Packets', `count(forward) / ${SUBFLOWS}`],
  ['Subflow Fwd Bytes', `sum(payload.length, forward) / ${SUBFLOWS}`],
  ['Subflow Bwd Packets', `count(backward) / ${SUBFLOWS}`],
  ['Subflow Bwd Bytes', `sum(payload.length, backward) / ${SUBFLOWS}`],
  ['FWD Init Win Bytes', 'default(first(tcp.window_size_value, forward), 0)'],
  ['Bwd Init Win Bytes', 'default(first(tcp.window_size_value, backward), 0)'],
  ['Fwd Act Data Pkts', 'count(payload.length > 0, forward)'],
  ['Bwd Act Data Pkts', 'count(payload.length > 0, backward)'],
  ['Fwd Seg Size Min', `default(min(${HEADER}, forward), 0)`],
  ['Bwd Seg Size Min', `default(min(${HEADER}, backward), 0)`],
  ...periods('Active', 'active'),
  ...periods('Idle', 'idle'),
  ['ICMP Code', 'default(icmp_code, -1)'],
  ['ICMP Type', 'default(icmp_type, -1)'],
  ['Fwd TCP Retrans. Count', 'count(tcp.analysis.retransmission, forward)'],
  ['Bwd TCP Retrans. Count', 'count(tcp.analysis.retransmission, backward)'],
  ['Total TCP Retrans. Count', 'count(tcp.analysis.retransmission)'],
  ['Total Connection Flow Time', 'default(max(connection.age), 0)', 'us'],
  ['Label', '"NeedManualLabel"'],
];

/** Columns of the data set of 2017 that have another name there; those of the fork that it lacks. */
const NAMES_2017: Readonly<Record<string, string>> = {
  'Src IP': 'Source IP',
  'Src Port': 'Source Port',
  'Dst IP': 'Destination IP',
  'Dst Port': 'Destination Port',
  'Total Fwd Packet': 'Total Fwd Packets',
  'Total Bwd packets': 'Total Backward Packets',
  'Total Length of Fwd Packet': 'Total Length of Fwd Packets',
  'Total Length of Bwd Packet': 'Total Length of Bwd Packets',
  'Packet Length Min': 'Min Packet Length',
  'Packet Length Max': 'Max Packet Length',
  'CWR Flag Count': 'CWE Flag Count',
  'Fwd Segment Size Avg': 'Avg Fwd Segment Size',
  'Bwd Segment Size Avg': 'Avg Bwd Segment Size',
  'Fwd Bytes/Bulk Avg': 'Fwd Avg Bytes/Bulk',
  'Fwd Packet/Bulk Avg': 'Fwd Avg Packets/Bulk',
  'Fwd Bulk Rate Avg': 'Fwd Avg Bulk Rate',
  'Bwd Bytes/Bulk Avg': 'Bwd Avg Bytes/Bulk',
  'Bwd Packet/Bulk Avg': 'Bwd Avg Packets/Bulk',
  'Bwd Bulk Rate Avg': 'Bwd Avg Bulk Rate',
  'FWD Init Win Bytes': 'Init_Win_bytes_forward',
  'Bwd Init Win Bytes': 'Init_Win_bytes_backward',
  'Fwd Act Data Pkts': 'act_data_pkt_fwd',
  'Fwd Seg Size Min': 'min_seg_size_forward',
};
const NOT_IN_2017: ReadonlySet<string> = new Set([
  ...['Fwd RST Flags', 'Bwd RST Flags', 'Bwd Act Data Pkts', 'Bwd Seg Size Min', 'ICMP Code', 'ICMP Type'],
  ...['Fwd TCP Retrans. Count', 'Bwd TCP Retrans. Count', 'Total TCP Retrans. Count', 'Total Connection Flow Time'],
]);

const LINES_2017: readonly Line[] = LINES.filter(([name]) => !NOT_IN_2017.has(name)).flatMap(([name, value, unit]) => {
  // The data set leaves out what a flow without duration has no rate for; and it has the header length twice.
  const plain = value.replace(/^default\((.*), -1\)$/, '$1');
  const line: Line = unit === undefined ? [NAMES_2017[name] ?? name, plain] : [NAMES_2017[name] ?? name, plain, unit];
  return name === 'Bwd Segment Size Avg' ? [line, ['Fwd Header Length.1', `sum(${HEADER}, forward)`]] : [line];
});

const columnOf = ([name, value, unit]: Line): PresetColumn =>
  unit === undefined ? { name, value } : { name, value, unit };

/**
 * The tool cuts a flow 120 s after its start and has no other timeout; a gap that long always cuts. A closed connection
 * stays open for late segments until a new SYN comes.
 */
const FLOW = { idleTimeout: '120s', activeTimeout: '120s', tcpLinger: '120s', tunnels: 'outer' };

/** What both presets do otherwise than the tool; the page of presets has every class of difference with its counts. */
const DIFFERENCES: readonly string[] = [
  'IPv6, and IPv4 behind other headers than Ethernet and VLAN tags, are read too.',
  'Later fragments belong to their flow, and every IP protocol has its own number, flows and lengths.',
  'Payload is what header fields say: without trailers behind VLAN tags, and whole where the snap length cut it.',
  'A flow ends 120 s after its start or its last frame, at that moment; a SYN with another sequence number begins a new one.',
  'The source is the sender of the first frame, also of a SYN-ACK; between equal addresses ports tell the direction.',
  'The last active period counts; sub-flows are one more than the gaps above 1 s between them.',
  'Retransmissions are those that Wireshark finds: repeated pure ACKs and keep-alives are none.',
  'Times are exact to the nanosecond, in UTC, and never go back.',
];

/** CICFlowMeter, corrected fork: its 94 columns. */
export const cicflowmeter: Preset = definePreset({
  name: 'cicflowmeter',
  description: 'The columns of the corrected CICFlowMeter, in its names, units and order.',
  tool: 'CICFlowMeter, corrected fork (GintsEngelen)',
  version: '4dd5319 of 2024-06-26',
  flow: FLOW,
  differences: DIFFERENCES,
  columns: LINES.map(columnOf),
  exact: { imitation: correctedCicflowmeter, columns: () => correctedForkColumns(LINES.map(columnOf)) },
});

/** The original CICFlowMeter, as it made the data set CICIDS2017: its 85 columns. */
export const cicflowmeter2017: Preset = definePreset({
  name: 'cicflowmeter-2017',
  description: 'The 85 columns of the data set CICIDS2017, in its names, units and order, computed as they should be.',
  tool: 'CICFlowMeter (ahlashkari), as it made CICIDS2017',
  version: '2017',
  flow: FLOW,
  differences: [
    ...DIFFERENCES,
    'The second Fwd Header Length is named Fwd Header Length.1, and names have no space in front.',
    'Rates of flows without duration are empty, not Infinity or NaN; flows of one packet have a row.',
    'PSH and URG are counted in every packet, the first packet once, bulks by direction; quotients keep their fraction.',
    'The timestamp is UTC with microseconds, not local time in whole seconds.',
  ],
  columns: LINES_2017.map(columnOf),
  exact: { imitation: originalCicflowmeter, columns: () => originalColumns(LINES_2017.map(columnOf), NAMES_2017) },
});
