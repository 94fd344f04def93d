import type { PresetColumn } from '../../../../core/declare/feature.ts';

type Column = Exclude<PresetColumn, string> & { readonly value: string };

const HEADER = 'transport.length - payload.length';
const SUBFLOW_GAPS = 'count(gap(time) > 1s)';

const bit = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 } as const;
const flag = (name: keyof typeof bit): string => `cicflowmeter.tcp_flags & ${bit[name]} != 0`;

/** Smallest header of a side, as the program has it: 0 unless the flow's first frame is of that side. */
const leastHeader = (side: 'forward' | 'backward'): string =>
  `default(min(${HEADER}, ${side}) * count(${side}, index == 0), 0)`;

const periods = (name: string, of: (aggregate: string) => string): [string, string][] =>
  (
    [
      ['Mean', 'mean'],
      ['Std', 'stddev'],
      ['Max', 'max'],
      ['Min', 'min'],
    ] as const
  ).map(([suffix, aggregate]) => [`${name} ${suffix}`, `default(${of(aggregate)}, 0)`]);

/** What both forks compute otherwise than it should be. */
const BOTH: readonly (readonly [string, string])[] = [
  ['Flow ID', 'first(cicflowmeter.flow_id)'],
  ['Fwd Packets/s', 'default(greatest(count(forward) / duration, 0), 0)'],
  ['Bwd Packets/s', 'default(greatest(count(backward) / duration, 0), 0)'],
  ...(Object.keys(bit) as (keyof typeof bit)[]).map((name) => [`${name} Flag Count`, `count(${flag(name)})`] as const),
  ['FWD Init Win Bytes', 'default(first(cicflowmeter.window, forward, index == 0), 0)'],
  ['Fwd Seg Size Min', leastHeader('forward')],
];

/** The formulas of the corrected fork that are not those of the preset's columns. */
const CORRECTED: ReadonlyMap<string, string> = new Map([
  ...BOTH,
  ...(['PSH', 'URG', 'RST'] as const).flatMap((name): [string, string][] => [
    [`Fwd ${name} Flags`, `count(${flag(name)}, forward)`],
    [`Bwd ${name} Flags`, `count(${flag(name)}, backward)`],
  ]),
  ['Subflow Fwd Packets', `default(count(forward) / ${SUBFLOW_GAPS}, 0)`],
  ['Subflow Fwd Bytes', `default(sum(payload.length, forward) / ${SUBFLOW_GAPS}, 0)`],
  ['Subflow Bwd Packets', `default(count(backward) / ${SUBFLOW_GAPS}, 0)`],
  ['Subflow Bwd Bytes', `default(sum(payload.length, backward) / ${SUBFLOW_GAPS}, 0)`],
  ['Bwd Init Win Bytes', 'default(first(cicflowmeter.window, backward, cicflowmeter.window != 0), 0)'],
  ['Bwd Seg Size Min', leastHeader('backward')],
  ...periods('Active', (aggregate) => `closed_period_${aggregate}(time, 5s)`),
  ['ICMP Code', 'first(cicflowmeter.icmp_code)'],
  ['ICMP Type', 'first(cicflowmeter.icmp_type)'],
  ['Fwd TCP Retrans. Count', 'count(cicflowmeter.retransmission == 1, forward)'],
  ['Bwd TCP Retrans. Count', 'count(cicflowmeter.retransmission == 1, backward)'],
  ['Total TCP Retrans. Count', 'count(cicflowmeter.retransmission == 1)'],
  ['Total Connection Flow Time', 'cicflowmeter.connection_time'],
]);

/** The formulas of the original that are not those of the preset's columns. */
const ORIGINAL: ReadonlyMap<string, string> = new Map([
  ...BOTH,
  ['Timestamp', 'first(cicflowmeter.timestamp)'],
  ...(['PSH', 'URG'] as const).flatMap((name): [string, string][] => [
    [`Fwd ${name} Flags`, `count(${flag(name)}, forward, index == 0)`],
    [`Bwd ${name} Flags`, `count(${flag(name)}, backward, index == 0)`],
  ]),
  ['Packet Length Mean', 'cicflowmeter.length_mean'],
  ['Packet Length Std', 'cicflowmeter.length_std'],
  ['Packet Length Variance', 'cicflowmeter.length_variance'],
  ['Average Packet Size', 'cicflowmeter.average_size'],
  ['Down/Up Ratio', 'floor(default(count(backward) / count(forward), 0))'],
  ['Fwd Bytes/Bulk Avg', '0'],
  ['Fwd Packet/Bulk Avg', '0'],
  ['Fwd Bulk Rate Avg', '0'],
  ['Bwd Bytes/Bulk Avg', 'cicflowmeter.bulk_bytes'],
  ['Bwd Packet/Bulk Avg', 'cicflowmeter.bulk_frames'],
  ['Bwd Bulk Rate Avg', 'cicflowmeter.bulk_rate'],
  ['Subflow Fwd Packets', `floor(default(count(forward) / ${SUBFLOW_GAPS}, 0))`],
  ['Subflow Fwd Bytes', `floor(default(sum(payload.length, forward) / ${SUBFLOW_GAPS}, 0))`],
  ['Subflow Bwd Packets', `floor(default(count(backward) / ${SUBFLOW_GAPS}, 0))`],
  ['Subflow Bwd Bytes', `floor(default(sum(payload.length, backward) / ${SUBFLOW_GAPS}, 0))`],
  ['Bwd Init Win Bytes', 'default(last(cicflowmeter.window, backward), 0)'],
  ['Fwd Act Data Pkts', 'count(payload.length > 0, forward, index > 0)'],
  ...periods('Active', (aggregate) => `closed_period_${aggregate}(time, 5s)`),
]);

/** Columns that the program holds as doubles. */
const DOUBLE =
  /(?<!Init Win )(\/s|Mean|Std|Variance|Avg.*|Ratio|Total Length.*|IAT.*|Packet Length.*|(Active|Idle) .*|Average Packet Size|Subflow.*)$/;

function replaced(columns: readonly PresetColumn[], formulas: ReadonlyMap<string, string>): PresetColumn[] {
  return columns.map((one) => {
    const column = one as Column;
    const value = formulas.get(column.name) ?? column.value;
    return DOUBLE.test(column.name) ? { ...column, value, form: 'java' } : { ...column, value };
  });
}

const nameOf = (column: PresetColumn): string => (typeof column === 'string' ? column : column.name);

/** The last columns before `Label`, which the preset may leave out. */
const LAST = [...CORRECTED.keys()].slice(-4);

/** The preset's columns with the formulas of the corrected fork, in its order. */
export function correctedForkColumns(columns: readonly PresetColumn[]): PresetColumn[] {
  const names = new Set(columns.map(nameOf));
  const missing = LAST.filter((name) => !names.has(name)).map((name) => ({ name, value: '' }));
  const label = columns.findIndex((column) => nameOf(column) === 'Label');
  return replaced([...columns.slice(0, label), ...missing, ...columns.slice(label)], CORRECTED);
}

/**
 * The preset's columns with the formulas of the original.
 * @param names what the preset calls columns that the program names otherwise
 */
export function originalColumns(
  columns: readonly PresetColumn[],
  names: Readonly<Record<string, string>>,
): PresetColumn[] {
  const formulas = new Map([...ORIGINAL].map(([name, value]) => [names[name] ?? name, value]));
  return replaced(columns, formulas);
}
