import { standardRegistry } from '../../cli/library.ts';
import { cicflowmeter, lengthsOf, near, number, sameEnds, value } from './cicflowmeter.ts';
import { type CellClass, framesOf, type RowClass, type Together } from './support/classes.ts';
import type { TextRow } from './support/expected.ts';
import type { Facts } from './support/frames.ts';
import { originalFlows, stampOf } from './support/original-rows.ts';
import type { Tool } from './support/tool.ts';

const SIDED = /Fwd|Bwd|Backward|backward|forward|fwd|Down|Source|Destination/;

const here = (frame: Facts): number => number(frame['frame.number']);
const payload = (frame: Facts | undefined): number => (frame === undefined ? 0 : lengthsOf(frame).payload);
const bytes = (row: TextRow): number =>
  value(row, 'Total Length of Fwd Packets') + value(row, 'Total Length of Bwd Packets');
const packets = (row: TextRow): number => value(row, 'Total Fwd Packets') + value(row, 'Total Backward Packets');

/** Payload of the row's first frame, which the tool adds twice. */
const first = (together: Together): number => payload(framesOf(together)[0]);

/** The last window of frames against the row's source. */
function lastWindow(together: Together): number {
  const source = together.theirs.row['Source IP'];
  const back = framesOf(together).filter((frame) => frame['ip.src'] !== source);
  return number(back.at(-1)?.['tcp.window_size_value']);
}

const own: readonly CellClass[] = [
  {
    name: 'first packet behind a cut',
    verdict: 'theirs',
    reason: 'the first packet behind the timeout is counted as forward, also where it goes back',
    holds(column, { theirs, world }) {
      const flow = world.toolFlow.get(theirs.frames[0]!);
      const before = world.toolFlows.some(({ key, cut }) => key === flow?.key && cut === 'timeout');
      return before && world.frame(theirs.frames[0]!)['ip.src'] !== theirs.row['Source IP'] && SIDED.test(column);
    },
  },
  {
    name: 'SCTP',
    verdict: 'theirs',
    reason: 'the tool knows TCP and UDP only: SCTP has protocol 0, no ports and no lengths',
    holds: (column, { theirs, ours }) =>
      ours.row.Protocol === '132' &&
      theirs.row.Protocol === '0' &&
      /Port$|Protocol|Flow ID|Length|Bytes|Size|Data|data|seg_size|Bulk/.test(column),
  },
  {
    name: 'time in whole seconds',
    verdict: 'theirs',
    reason:
      'the tool writes the time of the first packet in whole seconds of the local time zone, on a clock of 12 hours',
    holds: (column, { theirs, ours, world }) =>
      column === 'Timestamp' && stampOf(world.frame(ours.frames[0]!).time / 1000n) === theirs.row.Timestamp,
  },
  {
    name: 'rates without duration',
    verdict: 'theirs',
    reason: 'the tool divides by a duration of 0 and writes Infinity or NaN; ours leaves the cell empty',
    holds: (column, { theirs, ours }) => ours.row[column] === '' && /^(NaN|Infinity)$/.test(theirs.row[column]!),
  },
  {
    name: 'flags of the first packet',
    verdict: 'theirs',
    reason: 'PSH and URG by direction are looked up in the first packet of a flow only',
    holds: (column, { theirs, ours }) =>
      /(PSH|URG) Flags$/.test(column) && value(theirs.row, column) <= Math.min(1, value(ours.row, column)),
  },
  {
    name: 'first packet counted twice',
    verdict: 'theirs',
    reason: 'the payload of the first packet is added twice to the statistics of all packets',
    holds(column, together) {
      const { row } = together.ours;
      const twice = bytes(row) + first(together);
      const theirs = value(together.theirs.row, column);
      if (column === 'Packet Length Mean') return near(theirs, twice / (packets(row) + 1));
      if (column === 'Average Packet Size') return near(theirs, twice / packets(row));
      return /^Packet Length (Std|Variance)$/.test(column);
    },
  },
  {
    name: 'quotients without fraction',
    verdict: 'theirs',
    reason: 'the tool divides whole numbers and drops the fraction',
    holds: (column, { theirs, ours }) =>
      column === 'Down/Up Ratio' && value(theirs.row, column) === Math.floor(value(ours.row, column)),
  },
  {
    name: 'sub-flows',
    verdict: 'theirs',
    reason: 'the tool divides by the number of gaps above 1 s, not by that of the sub-flows, and drops the fraction',
    holds(column, { theirs, ours }) {
      if (!column.startsWith('Subflow')) return false;
      const gaps = value(ours.row, '@gaps');
      const total = Math.round(value(ours.row, column) * (gaps + 1));
      return value(theirs.row, column) === (gaps === 0 ? 0 : Math.floor(total / gaps));
    },
  },
  {
    name: 'bulks of both sides',
    verdict: 'theirs',
    reason: 'forward bulks are always 0, and the backward ones are made of both directions',
    holds: (column, { theirs }) =>
      / Avg .*Bulk/.test(column) && (!column.startsWith('Fwd') || value(theirs.row, column) === 0),
  },
  {
    name: 'last window',
    verdict: 'theirs',
    reason: 'the first window backward is that of the last backward packet',
    holds: (column, together) =>
      column === 'Init_Win_bytes_backward' && value(together.theirs.row, column) === lastWindow(together),
  },
  {
    name: 'data packets without the first',
    verdict: 'theirs',
    reason: 'forward packets with data are counted without the first packet of the flow',
    holds: (column, { theirs, ours }) =>
      column === 'act_data_pkt_fwd' && value(theirs.row, column) === value(ours.row, column) - 1,
  },
];

/** Names of the fork's columns that its classes look at, for the names of 2017. */
const renamed = (one: CellClass): CellClass => ({
  ...one,
  holds: (column, { theirs, ours, world }) =>
    one.holds(forkName(column), { theirs: asFork(theirs), ours: asFork(ours), world }),
});

const cutBy = (
  frame: Facts,
  flows: readonly { readonly frames: readonly number[]; readonly cut: string; readonly key: string }[],
  key: string,
  cut: string,
): boolean =>
  flows.some(
    (one) =>
      one.cut === cut &&
      one.key.split('-').sort().join() === key.split('-').sort().join() &&
      one.frames[0]! < here(frame),
  );

const rowClasses: readonly RowClass[] = [
  {
    name: 'flows of one packet',
    verdict: 'theirs',
    reason: 'the tool never writes a flow of a single packet',
    holds: (frame, { toolFlow }) => toolFlow.get(here(frame))?.frames.length === 1,
  },
  {
    name: 'repeated FIN',
    verdict: 'theirs',
    reason: 'the tool drops every forward FIN but the first',
    holds: (frame, { toolFlow }) =>
      !toolFlow.has(here(frame)) && (Number(frame['tcp.flags']) & 1) !== 0 && frame['ip.src'] !== null,
  },
  ...cicflowmeter.rowClasses.filter(({ name }) =>
    /^(IPv6|other link headers|frames that ours|later fragments|transport header|IPv4 inside)/.test(name),
  ),
  {
    name: 'flows of other protocols',
    verdict: 'theirs',
    reason:
      'the tool puts all but TCP and UDP between two hosts into one flow of protocol 0, or into the flow that an ICMP error quotes',
    holds: (frame) => frame['ip.proto'] !== 6 && frame['ip.proto'] !== 17,
  },
  {
    name: 'end at the first backward FIN',
    verdict: 'theirs',
    reason: 'one backward FIN ends a flow, and what is left of the connection becomes another one',
    holds: (frame, { toolFlows, toolFlow }) => cutBy(frame, toolFlows, toolFlow.get(here(frame))?.key ?? '', 'fin'),
  },
  {
    name: 'end at a reset',
    verdict: 'theirs',
    reason: 'RST ends a flow at once, and later segments become another one',
    holds: (frame, { toolFlows, toolFlow }) => cutBy(frame, toolFlows, toolFlow.get(here(frame))?.key ?? '', 'reset'),
  },
  {
    name: 'cut by the timeout',
    verdict: 'rule',
    reason:
      'ours cuts 120 s after the start of a flow, at that moment, and behind a gap of 120 s; the tool on the first packet later than that',
    holds: (frame, { toolFlows, toolFlow }) => cutBy(frame, toolFlows, toolFlow.get(here(frame))?.key ?? '', 'timeout'),
  },
  {
    name: 'new connection without a close',
    verdict: 'theirs',
    reason: 'a SYN with another sequence number is a new connection in ours; the tool adds it to the old flow',
    holds: (frame, { ours, ourRow }) =>
      ours.some(
        (one) => one !== ourRow.get(here(frame)) && sameEnds(asFork(one).row, asFork(ourRow.get(here(frame))!).row),
      ),
  },
];

/** Columns of the tool (its names of 2022) by their place, in the names of 2017. */
const names2017: readonly string[] = (standardRegistry().presets.get('cicflowmeter-2017')?.columns ?? [])
  .map((one) => (typeof one === 'string' ? one : one.name))
  .filter((name) => name !== 'Fwd Header Length.1');

const FORK: Readonly<Record<string, string>> = {
  'Source IP': 'Src IP',
  'Source Port': 'Src Port',
  'Destination IP': 'Dst IP',
  'Destination Port': 'Dst Port',
  'Total Length of Fwd Packets': 'Total Length of Fwd Packet',
  'Total Length of Bwd Packets': 'Total Length of Bwd Packet',
  'Min Packet Length': 'Packet Length Min',
  'Max Packet Length': 'Packet Length Max',
  Init_Win_bytes_forward: 'FWD Init Win Bytes',
  Init_Win_bytes_backward: 'Bwd Init Win Bytes',
  act_data_pkt_fwd: 'Fwd Act Data Pkts',
  min_seg_size_forward: 'Fwd Seg Size Min',
  'Avg Fwd Segment Size': 'Fwd Segment Size Avg',
  'Avg Bwd Segment Size': 'Bwd Segment Size Avg',
};
const forkName = (column: string): string => FORK[column] ?? column;

function asFork<T extends { readonly row: TextRow }>(one: T): T {
  return { ...one, row: Object.fromEntries(Object.entries(one.row).map(([name, text]) => [forkName(name), text])) };
}

/** CICFlowMeter, the original, in the names of the data set of 2017. */
export const cicflowmeterOriginal: Tool = {
  ...cicflowmeter,
  folder: 'cicflowmeter-original',
  title: 'CICFlowMeter, the original (ahlashkari), commit 98a5eba of 2022-01-05',
  preset: { preset: 'cicflowmeter-2017' },
  readErrors: new Set(),
  unruled: {
    name: 'packets quoted in ICMP errors',
    verdict: 'theirs',
    reason: 'an ICMP error becomes a packet of the flow that it quotes, in ways that depend on what of it was captured',
    holds: (frame) => frame['icmp.type'] === 3 || frame['icmp.type'] === 12,
  },
  rename: (row) => Object.fromEntries(Object.values(row).map((text, i) => [names2017[i]!, text])),
  flowsOf: originalFlows,
  identityOf: (row) =>
    [row['Flow ID'], row.Timestamp, row['Total Fwd Packets'], row['Total Backward Packets']].join(' '),
  isArtefact: (row, frames) => cicflowmeter.isArtefact(asFork({ row }).row, frames),
  cellClasses: [...own, ...cicflowmeter.cellClasses.map(renamed)],
  rowClasses,
};
