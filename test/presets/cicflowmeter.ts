import { seenByTool, toolFlows } from './support/cicflowmeter-rows.ts';
import { toolValue } from './support/cicflowmeter-values.ts';
import { type CellClass, framesOf, type RowClass, type Together } from './support/classes.ts';
import type { Facts } from './support/frames.ts';
import type { Tool } from './support/tool.ts';

export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Payload and transport header of a frame from its header fields, as the meter's promise has them. */
export function lengthsOf(frame: Facts): { readonly payload: number; readonly header: number } {
  const total = number(frame['ip.len']);
  const rest = total - number(frame['ip.hdr_len']);
  const protocol = number(frame['ip.proto']);
  if (number(frame['ip.frag_offset']) > 0) return { payload: rest, header: 0 };
  if (protocol === 6) {
    const header = number(frame['tcp.hdr_len']);
    return { payload: Math.max(rest - header, 0), header };
  }
  if (protocol === 17) return { payload: Math.max(Math.min(number(frame['udp.length']), rest) - 8, 0), header: 8 };
  if (protocol === 132) return { payload: Math.max(rest - 12, 0), header: 12 };
  if (protocol === 1) return { payload: Math.max(rest - 8, 0), header: 8 };
  return { payload: rest, header: 0 };
}

export const protocolOf = (frame: Facts): number => number(frame['ip.proto']);
export const isTransport = (frame: Facts): boolean => [6, 17, 132].includes(protocolOf(frame));

export const isInside = (frame: Facts): boolean => /:ip:ip:|:ipv6:ip:/.test(`${frame['frame.protocols']}:`);

const PAYLOAD = /Length of|Packet Length|Bytes\/s|Packet Size|Segment Size|Bulk|Subflow .wd Bytes|Act Data/;
const HEADER = /Header Length|Seg Size Min/;
const TIMES = /Duration|IAT|\/s$|Active|Idle|Connection Flow Time|Timestamp|Rate|Subflow/;
const SIDED = /Fwd|Bwd|FWD|Src|Dst|Flow ID|Down|[Bb]ackward|fwd|forward/;

/** The first frame of a row whose lengths the tool takes otherwise, for a reason. */
export const lengthDiffers = (
  together: Together,
  holds: (frame: Facts, theirs: number, ours: number) => boolean,
): boolean =>
  framesOf(together).some((frame) => {
    const seen = seenByTool(frame);
    if (typeof seen === 'string') return false;
    const own = lengthsOf(frame);
    return (seen.payload !== own.payload || seen.header !== own.header) && holds(frame, seen.payload, own.payload);
  });

export const measured = (column: string): boolean => PAYLOAD.test(column) || HEADER.test(column);
export const value = (row: Readonly<Record<string, string>>, column: string): number =>
  Number(row[column] ?? Number.NaN);
export const near = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** Frames of the earlier flows of a connection that the tool's timeout cut, whose segments it goes on to know. */
function earlierFrames({ theirs, world }: Together): number[] {
  const own = world.toolFlow.get(theirs.frames[0]!);
  const flows = world.toolFlows.filter(({ key }) => key === own?.key);
  const at = flows.indexOf(own!);
  let from = at;
  while (from > 0 && flows[from - 1]!.cut === 'timeout') from -= 1;
  return flows.slice(from, at).flatMap(({ frames }) => frames);
}

/** Segments that the tool counts as sent again: from `source`, or all. */
function retransmissions(together: Together, source: string): number {
  const { theirs, world } = together;
  const seen = new Set<string>();
  const count = (numbers: readonly number[]): number => {
    let again = 0;
    for (const one of numbers.map(world.frame)) {
      const lengths = seenByTool(one);
      if (typeof lengths === 'string' || lengths.protocol !== 6) continue;
      const key = [
        one['ip.src'],
        one['tcp.seq_raw'],
        one['tcp.ack_raw'],
        lengths.payload,
        one['tcp.window_size_value'],
      ];
      const text = key.join();
      if (seen.has(text) && (source === '' || one['ip.src'] === source)) again += 1;
      seen.add(text);
    }
    return again;
  };
  count(earlierFrames(together));
  return count(theirs.frames);
}

/** Differences of cells of two rows with the same frames, the first that holds. */
const cellClasses: readonly CellClass[] = [
  {
    name: 'IPv4 inside IP',
    verdict: 'theirs',
    reason: 'of IPv4 inside IP the tool takes outer addresses with inner ports and protocol',
    holds: (_column, together) => framesOf(together).some(isInside),
  },
  {
    name: 'protocol number',
    verdict: 'theirs',
    reason: 'for all but TCP, UDP, ICMP, IGMP and SCTP the tool writes protocol 0',
    holds: (column, { theirs, ours }) =>
      (column === 'Protocol' || column === 'Flow ID') && theirs.row.Protocol === '0' && ours.row.Protocol !== '0',
  },
  {
    name: 'direction between equal addresses',
    verdict: 'theirs',
    reason: 'the tool compares addresses only, so that all frames between equal addresses are forward',
    holds: (column, { theirs }) => SIDED.test(column) && theirs.row['Src IP'] === theirs.row['Dst IP'],
  },
  {
    name: 'source of a connection seen from its SYN-ACK',
    verdict: 'rule',
    reason: 'the tool takes the receiver of a first SYN-ACK as source; ours the sender of the first frame',
    holds: (column, { theirs, ours, world }) =>
      SIDED.test(column) &&
      theirs.row['Src IP'] === ours.row['Dst IP'] &&
      theirs.row['Src Port'] === ours.row['Dst Port'] &&
      (Number(world.frame(theirs.frames[0]!)['tcp.flags']) & 0x12) === 0x12,
  },
  {
    name: 'direction kept over a long gap',
    verdict: 'rule',
    reason: 'behind its timeout the tool keeps the source of the flow before, however long the gap; ours is a new flow',
    holds: (column, { theirs, ours }) => SIDED.test(column) && theirs.row['Src IP'] === ours.row['Dst IP'],
  },
  {
    name: 'flow id of an earlier flow',
    verdict: 'theirs',
    reason: 'the tool keeps the Flow ID of the first flow with the key, though source and destination changed',
    holds: (column, { theirs, ours }) =>
      column === 'Flow ID' &&
      theirs.row['Src IP'] === ours.row['Src IP'] &&
      !theirs.row['Flow ID']!.startsWith(`${theirs.row['Src IP']}-`),
  },
  {
    name: 'sub-flows',
    verdict: 'theirs',
    reason:
      'the tool divides by the number of gaps above 1 s, not by that of the sub-flows between them, and prints 0 without a gap',
    holds(column, { theirs, ours }) {
      if (!column.startsWith('Subflow')) return false;
      const gaps = value(ours.row, '@gaps');
      const total = value(ours.row, column) * (gaps + 1);
      return near(value(theirs.row, column), gaps === 0 ? 0 : total / gaps);
    },
  },
  {
    name: 'smallest header of the other side',
    verdict: 'theirs',
    reason: 'the smallest header of the side that did not send the first frame starts at 0 and stays there',
    holds: (column, { theirs, ours }) =>
      column.endsWith('Seg Size Min') && value(theirs.row, column) === 0 && value(ours.row, column) > 0,
  },
  {
    name: 'first window',
    verdict: 'theirs',
    reason: 'the tool passes over backward windows of 0, and has no forward window where the first frame goes backward',
    holds: (column, { theirs, ours }) =>
      (column === 'Bwd Init Win Bytes' && value(theirs.row, column) === value(ours.row, '@first window above 0')) ||
      (column === 'FWD Init Win Bytes' && value(theirs.row, column) === 0),
  },
  {
    name: 'lengths of other protocols',
    verdict: 'theirs',
    reason: 'for all but TCP, UDP and SCTP the tool has no lengths: header and payload are 0',
    holds: (column, together) =>
      measured(column) && lengthDiffers(together, (frame) => ![6, 17, 132].includes(number(frame['ip.proto']))),
  },
  {
    name: 'snap length',
    verdict: 'theirs',
    reason: 'the tool counts captured bytes only; ours takes lengths from header fields',
    holds: (column, together) =>
      measured(column) &&
      lengthDiffers(together, (frame) => number(frame['frame.cap_len']) < number(frame['frame.len'])),
  },
  {
    name: 'trailer behind a VLAN tag',
    verdict: 'theirs',
    reason: 'behind a VLAN tag the tool counts padding and trailers as payload',
    holds: (column, together) =>
      measured(column) && lengthDiffers(together, (frame, theirs, ours) => frame['vlan.id'] !== null && theirs > ours),
  },
  {
    name: 'transport header cut short',
    verdict: 'theirs',
    reason: 'the tool has no lengths for a segment whose transport header is not whole',
    holds: (column, together) =>
      measured(column) &&
      lengthDiffers(together, (frame) => {
        const seen = seenByTool(frame);
        return typeof seen !== 'string' && seen.protocol === 0 && isTransport(frame);
      }),
  },
  {
    name: 'IP length beyond the frame',
    verdict: 'rule',
    reason:
      'the IP header says more bytes than the frame had on the wire; the tool counts what is there, ours what the header says',
    holds: (column, together) =>
      measured(column) && lengthDiffers(together, (frame) => number(frame['ip.len']) > number(frame['frame.len']) - 14),
  },
  {
    name: 'length field of UDP',
    verdict: 'theirs',
    reason: 'the tool does not look at the UDP length field',
    holds: (column, together) => measured(column) && lengthDiffers(together, (frame) => frame['ip.proto'] === 17),
  },
  {
    name: 'last active period',
    verdict: 'theirs',
    reason: 'the tool never counts the last active period of a flow, nor periods of a single frame',
    holds: (column, { theirs, ours }) =>
      column.startsWith('Active') && near(value(theirs.row, column), value(ours.row, `@closed ${column}`)),
  },
  {
    name: 'retransmissions',
    verdict: 'theirs',
    reason:
      'the tool counts every segment whose numbers, length and window came before: repeated pure ACKs and keep-alives too, and segments that were cut or merged not',
    holds(column, together) {
      if (!column.includes('Retrans')) return false;
      const { row } = together.theirs;
      const side = column.startsWith('Total') ? '' : column.startsWith('Fwd') ? row['Src IP']! : row['Dst IP']!;
      return value(row, column) === retransmissions(together, side);
    },
  },
  {
    name: 'time of other connections',
    verdict: 'theirs',
    reason: 'the tool has a connection time of TCP and UDP only',
    holds: (column, { theirs }) =>
      column === 'Total Connection Flow Time' && theirs.row.Protocol !== '6' && theirs.row.Protocol !== '17',
  },
  {
    name: 'connections over a long gap',
    verdict: 'rule',
    reason:
      'behind its timeout the tool goes on with the connection, however long the gap; ours is a new one after 120 s',
    holds: (column, together) =>
      column === 'Total Connection Flow Time' &&
      value(together.theirs.row, column) > value(together.ours.row, column) &&
      earlierFrames(together).length > 0,
  },
  {
    name: 'years from 2038 on',
    verdict: 'theirs',
    reason: 'the tool takes the seconds of a time as a signed number of 32 bits',
    holds: (column, { theirs, world }) =>
      column === 'Timestamp' && world.frame(theirs.frames[0]!).time >= 2n ** 31n * 1_000_000_000n,
  },
  {
    name: 'frames out of order',
    verdict: 'theirs',
    reason: 'with frames out of order of time the tool has negative gaps and durations; ours never goes back',
    holds: (column, together) =>
      TIMES.test(column) && framesOf(together).some((frame, i, all) => i > 0 && frame.time < all[i - 1]!.time),
  },
  {
    name: 'nanoseconds',
    verdict: 'theirs',
    reason: 'the tool cuts times to whole microseconds before it computes',
    holds: (column, together) => TIMES.test(column) && framesOf(together).some(({ time }) => time % 1000n !== 0n),
  },
];

/** Differences of whole rows, by the first frame that is in different rows, or in one only. The first that holds. */
const rowClasses: readonly RowClass[] = [
  {
    name: 'IPv4 inside IP',
    verdict: 'theirs',
    reason: 'of IPv4 inside IP the tool takes outer addresses with inner ports and protocol',
    holds: isInside,
  },
  {
    name: 'IPv6',
    verdict: 'unseen',
    reason: 'the tool reads IPv4 only',
    holds: (frame) => seenByTool(frame) === 'IPv6',
  },
  {
    name: 'other link headers',
    verdict: 'unseen',
    reason: 'the tool reads IPv4 behind Ethernet and VLAN tags only: not behind MPLS, PPPoE or other links',
    holds: (frame) => /behind another header/.test(String(seenByTool(frame))),
  },
  {
    name: 'dropped protocols',
    verdict: 'unseen',
    reason: 'the tool drops the IPv4 protocols that its library does not name, such as OSPF and VRRP',
    holds: (frame) => /drops/.test(String(seenByTool(frame))),
  },
  {
    name: 'frames that ours skips',
    verdict: 'rule',
    reason: 'ours makes no flow of a frame whose IP header is cut short or invalid; the tool may',
    holds: (frame, { ourRow }) => !ourRow.has(number(frame['frame.number'])),
  },
  {
    name: 'later fragments',
    verdict: 'theirs',
    reason:
      'the tool puts every fragment but the first into a flow without ports of protocol 0; ours joins it to its flow',
    holds: (frame) => number(frame['ip.frag_offset']) > 0,
  },
  {
    name: 'tunnels',
    verdict: 'rule',
    reason: 'the tool takes outer headers; ours those inside the tunnel',
    holds(frame, { ourRow }) {
      const row = ourRow.get(number(frame['frame.number']))?.row;
      const ends = [row?.['Src IP'], row?.['Dst IP']];
      return !ends.includes(String(frame['ip.src'])) || !ends.includes(String(frame['ip.dst']));
    },
  },
  {
    name: 'transport header cut short',
    verdict: 'theirs',
    reason:
      'the tool gives protocol 0 and no ports to a segment whose transport header was not captured whole; ours needs the ports only',
    holds(frame) {
      const seen = seenByTool(frame);
      return typeof seen !== 'string' && seen.protocol === 0 && isTransport(frame);
    },
  },
  {
    name: 'flows of ICMP',
    verdict: 'rule',
    reason:
      'the tool parts ICMP flows only where type and code both differ; ours are an exchange (request and reply), or one type and code',
    holds: (frame) => protocolOf(frame) === 1,
  },
  {
    name: 'flows of other protocols',
    verdict: 'theirs',
    reason: 'the tool puts all other protocols between two hosts into one flow of protocol 0',
    holds: (frame) => !isTransport(frame),
  },
  {
    name: 'SYN behind a close',
    verdict: 'rule',
    reason:
      'behind RST or a whole close every segment with SYN opens a flow in the tool; in ours only a SYN without ACK and with another sequence number does, not one that is sent again or answered',
    holds(frame, { frame: at, ourRow, toolFlow }) {
      const here = number(frame['frame.number']);
      const flags = Number(frame['tcp.flags']);
      if (toolFlow.get(here)?.frames[0] !== here || (flags & 0x02) === 0) return false;
      const earlier = ourRow
        .get(here)!
        .frames.filter((n) => n < here)
        .map(at);
      const again = earlier.some(
        (one) => Number(one['tcp.flags']) & 0x02 && one['tcp.seq_raw'] === frame['tcp.seq_raw'],
      );
      return earlier.length > 0 && ((flags & 0x10) !== 0 || again);
    },
  },
  {
    name: 'new connection without a close',
    verdict: 'theirs',
    reason:
      'a SYN with another sequence number is a new connection in ours; the tool adds it to the old flow unless that was closed',
    holds(frame, { ourRow, toolFlow }) {
      const here = number(frame['frame.number']);
      return (
        ourRow.get(here)?.frames[0] === here &&
        toolFlow.get(here)?.frames[0] !== here &&
        (Number(frame['tcp.flags']) & 0x12) === 0x02
      );
    },
  },
  {
    name: 'end by the clock',
    verdict: 'rule',
    reason:
      'ours ends a flow after 120 s without a frame or 120 s after its start, at that moment; the tool on the first later frame, when more than 120 s have passed since the start',
    holds(frame, { ours, ourRow }) {
      const here = number(frame['frame.number']);
      const row = ourRow.get(here);
      if (row?.frames[0] !== here) return false;
      return ours.some(
        (one) =>
          one.frames[0]! < here &&
          one.row['Flow ID'] !== undefined &&
          sameEnds(one.row, row.row) &&
          /idle|active/.test(one.row['@end']!),
      );
    },
  },
];

export const sameEnds = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean => {
  const ends = (row: typeof a) =>
    [`${row['Src IP']} ${row['Src Port']}`, `${row['Dst IP']} ${row['Dst Port']}`].sort().join(' ') + row.Protocol;
  return ends(a) === ends(b);
};

const microseconds = (timestamp: string): bigint => {
  const [day, clock = ''] = timestamp.split(' ');
  const [whole, fraction = ''] = clock.split('.');
  return BigInt(Date.parse(`${day}T${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
};

/** A reason holds only where the tool's own formula, over the frames of its row, gives the tool's number. */
const precise = (one: CellClass): CellClass => ({
  ...one,
  holds(column, together) {
    if (!one.holds(column, together)) return false;
    const expected = toolValue(column, together);
    const theirs = value(together.theirs.row, column);
    return expected === undefined || Math.abs(expected - theirs) <= 1e-7 * Math.max(1, Math.abs(theirs));
  },
});

/** CICFlowMeter, corrected fork. */
export const cicflowmeter: Tool = {
  folder: 'cicflowmeter-engelen',
  title: 'CICFlowMeter, corrected fork (GintsEngelen), commit 4dd5319 of 2024-06-26',
  preset: { preset: 'cicflowmeter' },
  flow: {},
  leftOut: {},
  readErrors: new Set(['formats/pcapng-le-unknown-section-version-test901.pcapng']),
  context: [
    { name: '@gaps', value: 'count(gap(time) > 1s)' },
    ...['Mean', 'Std', 'Max', 'Min'].map((one) => ({
      name: `@closed Active ${one}`,
      value: `default(closed_active_${one.toLowerCase()}, 0)`,
      unit: 'us',
    })),
    {
      name: '@first window above 0',
      value: 'default(first(tcp.window_size_value, backward, tcp.window_size_value > 0), 0)',
    },
  ],
  flowsOf: toolFlows,
  identityOf: (row) =>
    [row['Flow ID'], microseconds(row.Timestamp!), row['Total Fwd Packet'], row['Total Bwd packets']].join(' '),
  isArtefact: (row, frames) =>
    !frames.some(
      (one) =>
        (one['ip.src'] === row['Src IP'] && one['ip.dst'] === row['Dst IP']) ||
        (one['ip.src'] === row['Dst IP'] && one['ip.dst'] === row['Src IP']),
    ),
  cellClasses: cellClasses.map(precise),
  rowClasses,
};
