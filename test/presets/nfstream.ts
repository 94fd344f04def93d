import type { FlowConfiguration } from '../../core/run/configuration.ts';
import { type CellClass, framesOf, type RowClass, type Together, type World } from './support/classes.ts';
import type { Facts } from './support/frames.ts';
import { seenByTool, toolFlows } from './support/nfstream-rows.ts';
import type { Tool } from './support/tool.ts';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const here = (frame: Facts): number => number(frame['frame.number']);
const MILLISECOND = 1_000_000n;
const TIMES = /_ms$/;
const SIDED = /^(src|dst)_|^src2dst|^dst2src|splt_direction/;

const clocks = new WeakMap<World, readonly bigint[]>();

/** Times of all frames as the tool has them: milliseconds, never before an earlier frame of the capture. */
function clockOf(world: World): readonly bigint[] {
  let times = clocks.get(world);
  if (times === undefined) {
    let clock = -(2n ** 63n);
    times = world.frames.map((frame) => {
      const time = frame.time / MILLISECOND;
      if (typeof seenByTool(frame) === 'string') return time;
      if (time > clock) clock = time;
      return clock;
    });
    clocks.set(world, times);
  }
  return times;
}

const isLate = (together: Together): boolean =>
  together.ours.frames.some((n) => clockOf(together.world)[n - 1] !== together.world.frame(n).time / MILLISECOND);

/** Numbers of a cell, which may be a list. */
const numbers = (cell: string): number[] =>
  cell
    .replace(/[[\]\s]/g, '')
    .split(/[;,]/)
    .map(Number);

/** Our row of a frame is that of a packet which the tool did not look for inside a tunnel. */
function isTunnelled(frame: Facts, world: World): boolean {
  const row = world.ourRow.get(here(frame))?.row;
  const seen = seenByTool(frame);
  if (row === undefined || typeof seen === 'string') return false;
  const ends = [row.src_ip, row.dst_ip];
  // GRE may carry packets between its own ends.
  const carried = seen.protocol === 47 && /:gre:.*\b(ip|ipv6)\b/.test(String(frame['frame.protocols']));
  return carried || !ends.includes(seen.source) || !ends.includes(seen.destination);
}

const TUNNELS = {
  name: 'tunnels',
  verdict: 'rule',
  reason:
    'ours looks into GRE, VXLAN, Geneve, L2TP, Teredo and others too; the tool only into IP in IP, GTP-U, CAPWAP and TZSP',
} as const;

const HEADERS = {
  name: 'headers in front of the transport',
  verdict: 'rule',
  reason:
    'the tool takes AH as the protocol and passes over the mobility header; ours is what AH carries, and mobility itself',
} as const;

const cellClasses: readonly CellClass[] = [
  {
    ...TUNNELS,
    holds: (_column, { theirs, world }) => isTunnelled(world.frame(theirs.frames[0]!), world),
  },
  {
    name: 'direction after a cut',
    verdict: 'rule',
    reason:
      'the tool takes source and destination anew from the first packet behind a cut; ours keeps those of the flow',
    holds: (column, { theirs, ours }) =>
      SIDED.test(column) &&
      theirs.row.src_ip === ours.row.dst_ip &&
      theirs.row.dst_ip === ours.row.src_ip &&
      Number(ours.row['@segment']) > 0,
  },
  {
    name: 'late frames',
    verdict: 'theirs',
    reason: 'a packet older than the newest one of the whole run gets the newest time, though its own flow is in order',
    holds: (column, together) => TIMES.test(column) && isLate(together),
  },
  {
    name: 'whole milliseconds',
    verdict: 'theirs',
    reason: 'the tool cuts times to whole milliseconds before it computes; ours computes with what the capture has',
    holds(column, together) {
      if (!TIMES.test(column) || framesOf(together).every(({ time }) => time % MILLISECOND === 0n)) return false;
      const [a, b] = [numbers(together.theirs.row[column]!), numbers(together.ours.row[column]!)];
      // Each gap is off by less than 1 ms; the deviation of two gaps by up to the root of 2 of that.
      const off = column.includes('stddev') ? Math.SQRT2 : 1;
      return a.length === b.length && a.every((one, i) => Math.abs(one - b[i]!) <= off);
    },
  },
  {
    name: 'sizes above 65,535 bytes',
    verdict: 'theirs',
    reason: 'the tool holds sizes in 16 bits',
    holds: (column, together) =>
      /_bytes|_ps/.test(column) && framesOf(together).some((frame) => number(frame['frame.len']) > 0xffff),
  },
  {
    name: 'IPv6 length without its header',
    verdict: 'theirs',
    reason: 'with accounting_mode=1 the size of an IPv6 packet is its payload length, that of IPv4 the total length',
    holds: (column, { theirs }) => /_bytes|_ps/.test(column) && theirs.row.ip_version === '6',
  },
  {
    name: 'ports of SCTP',
    verdict: 'unseen',
    reason: 'the tool reads ports of TCP and UDP only',
    holds: (column, { theirs }) => /_port$/.test(column) && theirs.row.protocol === '132',
  },
  {
    ...HEADERS,
    holds: (column, { theirs }) =>
      column === 'protocol' && (theirs.row.protocol === '51' || theirs.row.protocol === '59'),
  },
  {
    name: 'short transport headers',
    verdict: 'rule',
    reason:
      'the tool has no ports for a segment whose header is not whole by the IP length; ours needs their four bytes',
    holds: (column, { theirs }) =>
      /_port$/.test(column) && theirs.row[column] === '0' && /^(6|17)$/.test(theirs.row.protocol!),
  },
  {
    name: 'records longer than their frame',
    verdict: 'rule',
    reason:
      'a damaged record states fewer bytes on the wire than it holds; the tool takes the stated length, ours those that are there',
    holds: (column, { theirs, ours, world }) =>
      world.capture.startsWith('malformed/') &&
      /_bytes|_ps/.test(column) &&
      numbers(theirs.row[column]!).every((one, i) => one <= numbers(ours.row[column]!)[i]!),
  },
  {
    name: 'IP length beyond the layer around it',
    verdict: 'rule',
    reason:
      'the IP header says more bytes than the PPPoE header in front of it; the tool takes those of IP, ours stays inside',
    holds: (column, together) =>
      /_bytes|_ps/.test(column) &&
      framesOf(together).some((frame) => /:pppoes:/.test(String(frame['frame.protocols']))),
  },
  {
    name: 'active timeout at its moment',
    verdict: 'rule',
    reason: 'ours cuts when the active timeout has passed; the tool only if another packet of the flow comes',
    holds: (column, { ours }) => column === 'expiration_id' && ours.row['@end'] === 'active',
  },
  {
    name: 'addresses of links',
    verdict: 'rule',
    reason:
      'the tool has MAC addresses of Ethernet and 802.11 only, and zeros for others; ours those of the Ethernet header',
    holds: (column) => /_(mac|oui)$/.test(column),
  },
  {
    name: 'kinds of tunnels',
    verdict: 'rule',
    reason: 'tunnel_id is a kind of tunnel: 1 GTP-U, 2 CAPWAP, 3 TZSP; ours says 1 for GTP-U only',
    holds: (column) => column === 'tunnel_id',
  },
];

const rowClasses: readonly RowClass[] = [
  {
    name: 'later fragments',
    verdict: 'theirs',
    reason: 'the tool leaves out every fragment but the first; ours joins it to its flow',
    holds: (frame) => seenByTool(frame) === 'a later fragment',
  },
  {
    name: 'IPv6 cut by the snap length',
    verdict: 'theirs',
    reason: 'the tool leaves out IPv6 packets that were not captured whole, but counts such packets of IPv4',
    holds: (frame) => seenByTool(frame) === 'an IPv6 packet not captured whole',
  },
  {
    name: 'frames that the tool does not decode',
    verdict: 'unseen',
    reason: 'the tool does not read 802.1ad tags, frames below 28 bytes, IPv4 total lengths of 0 and some link types',
    holds: (frame, { toolFlow }) => !toolFlow.has(here(frame)),
  },
  {
    name: 'frames that ours skips',
    verdict: 'rule',
    reason: 'ours makes no flow of a frame whose IP header is cut short or invalid; the tool may',
    holds: (frame, { ourRow }) => !ourRow.has(here(frame)),
  },
  {
    ...TUNNELS,
    holds: (frame, world) =>
      isTunnelled(frame, world) ||
      (world.toolFlow.get(here(frame))?.frames ?? []).some((n) => isTunnelled(world.frame(n), world)),
  },
  {
    ...HEADERS,
    holds: (frame) => {
      const seen = seenByTool(frame);
      return typeof seen !== 'string' && seen.protocol === 51;
    },
  },
  {
    name: 'VLAN in the key',
    verdict: 'rule',
    reason:
      'the tool has the VLAN id in its key, so that directions on two VLANs are two flows; ours has it not, unless asked for',
    holds(frame, { ourRow, frame: at }) {
      const ids = ourRow.get(here(frame))!.frames.map((n) => at(n).all['vlan.id'].at(-1) ?? null);
      return new Set(ids).size > 1;
    },
  },
  {
    name: 'flows of ICMP',
    verdict: 'rule',
    reason:
      'in the tool all ICMP between two hosts is one flow; ours are an exchange (request and reply), or one type and code',
    holds(frame) {
      const seen = seenByTool(frame);
      return typeof seen !== 'string' && (seen.protocol === 1 || seen.protocol === 58);
    },
  },
  {
    name: 'flows of SCTP',
    verdict: 'rule',
    reason: 'in the tool all SCTP between two hosts is one flow; ours are told apart by ports',
    holds: (frame) => frame['sctp.srcport'] !== null,
  },
  {
    name: 'short transport headers',
    verdict: 'rule',
    reason:
      'the tool has no ports for a segment whose header is not whole by the IP length; ours needs their four bytes',
    holds(frame) {
      const seen = seenByTool(frame);
      return (
        typeof seen !== 'string' &&
        seen.sourcePort === 0 &&
        (frame['tcp.srcport'] !== null || frame['udp.srcport'] !== null)
      );
    },
  },
  {
    name: 'new connections on old ports',
    verdict: 'theirs',
    reason: 'the tool knows no end of TCP: a new SYN on the same ports joins the old flow; ours begins a new one',
    holds: (frame, { ourRow }) =>
      ourRow.get(here(frame))?.frames[0] === here(frame) && (Number(frame['tcp.flags']) & 0x12) === 0x02,
  },
  {
    name: 'late segments of a closed connection',
    verdict: 'rule',
    reason:
      'ours ends a TCP flow some seconds behind RST or a whole close; what comes later is a new flow, in the tool the old one',
    holds(frame, { ours, ourRow }) {
      const row = ourRow.get(here(frame));
      return (
        row?.frames[0] === here(frame) &&
        row.row.protocol === '6' &&
        ours.some((one) => one.frames[0]! < here(frame) && sameEnds(one.row, row.row) && one.row['@end'] === 'end')
      );
    },
  },
  {
    name: 'late frames cut',
    verdict: 'theirs',
    reason: 'the tool cuts by times that late frames of other flows were given; ours by the times of the flow',
    holds: (frame, world) =>
      clockOf(world)
        .slice(0, here(frame))
        .some((clock, i) => clock !== world.frames[i]!.time / MILLISECOND),
  },
  {
    name: 'cut at the millisecond',
    verdict: 'rule',
    reason:
      'timeouts are compared in whole milliseconds by the tool, and the active timeout waits for a packet; ours is exact and cuts at the moment',
    holds(frame, { ours, ourRow, toolFlow }) {
      const row = ourRow.get(here(frame));
      const first = row?.frames[0] === here(frame) || toolFlow.get(here(frame))?.frames[0] === here(frame);
      return (
        first && ours.some((one) => one !== row && sameEnds(one.row, row!.row) && /idle|active/.test(one.row['@end']!))
      );
    },
  },
];

const sameEnds = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean => {
  const ends = (row: typeof a) => [`${row.src_ip} ${row.src_port}`, `${row.dst_ip} ${row.dst_port}`].sort().join(' ');
  return ends(a) === ends(b) && a.protocol === b.protocol;
};

const READ_ERRORS: ReadonlySet<string> = new Set([
  'formats/many_interfaces-1.pcapng',
  'formats/pcapng-be-all-blocks-test102.pcapng',
  'formats/pcapng-be-mixed-endian-sections-test202.pcapng',
  'formats/pcapng-be-two-snaplens-test004.pcapng',
  'formats/pcapng-le-if-options-test008.pcapng',
  'formats/pcapng-le-sections-test201.pcapng',
  'formats/pcapng-le-unknown-section-version-test901.pcapng',
  'malformed/fuzz-2021-10-13.pcap',
  'malformed/truncated_dns_2.pcap',
]);

/** Columns that come from nDPI. */
const APPLICATION = [
  ...['application_name', 'application_category_name', 'application_is_guessed', 'application_confidence'],
  ...['requested_server_name', 'client_fingerprint', 'server_fingerprint', 'user_agent', 'content_type'],
];

function tool(folder: string, title: string, accountingMode: number, flow: FlowConfiguration): Tool {
  return {
    folder,
    title,
    preset: { preset: 'nfstream', options: { accountingMode, splt: 10, statistics: true } },
    flow,
    leftOut: {
      id: 'the order in which the main process receives the records',
      ...Object.fromEntries(APPLICATION.map((name) => [name, "found by nDPI's own dissectors"])),
    },
    readErrors: READ_ERRORS,
    context: [],
    flowsOf: toolFlows,
    identityOf: (row) =>
      [row.src_ip, row.src_port, row.dst_ip, row.dst_port, row.protocol, row.vlan_id]
        .concat([row.bidirectional_first_seen_ms, row.src2dst_packets, row.dst2src_packets])
        .join(' '),
    isArtefact: () => false,
    cellClasses,
    rowClasses,
  };
}

/** NFStream, as its rows were made: with default parameters, with accounting_mode=1, with short timeouts. */
export const nfstream: readonly Tool[] = [
  tool('nfstream-6.5', 'NFStream 6.5.4', 0, {}),
  tool('nfstream-6.5-accounting-ip', 'NFStream 6.5.4, accounting_mode=1', 1, {}),
  tool('nfstream-6.5-timeouts-1-2', 'NFStream 6.5.4, idle_timeout=1, active_timeout=2', 0, {
    idleTimeout: '1s',
    activeTimeout: '2s',
  }),
];
