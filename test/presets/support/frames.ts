import { standardRegistry } from '../../../cli/library.ts';
import { FrameRun } from '../../../core/packets/frame-run.ts';
import { Protocols } from '../../../core/packets/protocols.ts';
import { demandedBy, needed, selectColumns } from '../../../core/packets/selection.ts';
import { compileValues } from '../../../core/packets/values.ts';
import type { FlowConfiguration } from '../../../core/run/configuration.ts';
import { flowSettings } from '../../../core/run/flow-options.ts';

const FIELDS = [
  ...['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.protocols', 'flow_id'],
  ...['eth.type', 'vlan.id', 'ip.version', 'ip.hdr_len', 'ip.src', 'ip.dst', 'ip.proto', 'ip.len', 'ip.frag_offset'],
  ...['ipv6.src', 'ipv6.dst', 'ipv6.plen', 'tcp.srcport', 'tcp.dstport', 'tcp.flags', 'tcp.hdr_len', 'tcp.seq_raw'],
  ...['tcp.ack_raw', 'tcp.window_size_value', 'udp.srcport', 'udp.dstport', 'udp.length', 'sctp.srcport'],
  ...['sctp.dstport', 'icmp.type', 'icmp.code', 'icmpv6.type', 'ipv6.nxt', 'ipv6.fraghdr.offset', 'gtp.message'],
] as const;

type Values = Readonly<Record<(typeof FIELDS)[number], number | string | boolean | null>>;

/** One frame: the outermost value of each field; null where the frame has none. */
export type Facts = Values & {
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  /** Every value of each field, from the outermost on. */
  readonly all: Readonly<Record<(typeof FIELDS)[number], readonly (number | string | boolean | null)[]>>;
};

/** Frames of a capture with the flows that settings of the meter give them. */
export async function readFrames(file: string, flow: FlowConfiguration): Promise<Facts[]> {
  const first = (await readValues(file, flow, 'first')) as Values[];
  const all = (await readValues(file, flow, 'all')) as Facts['all'][];
  return first.map((row, i) => {
    const [seconds = '0', fraction = '0'] = String(row['frame.time_epoch'] ?? '0.0').split('.');
    return { ...row, all: all[i]!, time: BigInt(seconds) * 1_000_000_000n + BigInt(fraction) };
  });
}

async function readValues(file: string, flow: FlowConfiguration, occurrence: 'first' | 'all'): Promise<unknown[]> {
  const registry = standardRegistry();
  const columns = selectColumns(registry, FIELDS);
  const reader = await registry.sources.get('capture-file')!.open([file], {});
  const run = new FrameRun({
    registry,
    reader,
    demanded: demandedBy(columns),
    all: needed(columns, 'layers'),
    layers: needed(columns, 'walk'),
    times: needed(columns, 'times'),
    flows: flowSettings(flow),
    decodeAs: [],
    capacity: 512,
  });
  const rows: unknown[] = [];
  const protocols = new Protocols(registry.dissectors.values());
  const read = compileValues(columns, { occurrence, times: 'text', protocols }, run.cursor);
  try {
    for (let more = true; more; ) {
      const found = await run.next((cursor) => {
        const values = read(cursor);
        rows.push(Object.fromEntries(FIELDS.map((name, i) => [name, values[i] ?? null])));
      });
      more = typeof found === 'boolean';
    }
  } finally {
    await reader.close();
  }
  return rows;
}
