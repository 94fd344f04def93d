import { seenByTool as seenByFork } from './cicflowmeter-rows.ts';
import type { ToolFlow } from './classes.ts';
import type { Facts } from './frames.ts';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Section 2 of the tool's rules, where the original differs from the fork. */
function seenByTool(frame: Facts) {
  const seen = seenByFork(frame);
  const dropped = typeof seen === 'string' && /drops/.test(seen);
  if (typeof seen === 'string' && !dropped) return undefined;
  const plain = { source: String(frame['ip.src']), destination: String(frame['ip.dst']) };
  const none = { ...plain, sourcePort: 0, destinationPort: 0, protocol: 0 };
  if (typeof seen === 'string') return none;
  const error = frame['icmp.type'] === 3 || frame['icmp.type'] === 12;
  const quoted = frame['tcp.srcport'] !== null ? 'tcp' : frame['udp.srcport'] !== null ? 'udp' : undefined;
  if (seen.protocol === 1 && error && quoted !== undefined) {
    const ports = {
      sourcePort: number(frame[`${quoted}.srcport`]),
      destinationPort: number(frame[`${quoted}.dstport`]),
    };
    return { ...plain, ...ports, protocol: quoted === 'tcp' ? 6 : 17 };
  }
  return seen.protocol === 6 || seen.protocol === 17 ? seen : none;
}

interface Flow {
  readonly key: string;
  readonly source: string;
  readonly start: bigint;
  readonly frames: number[];
  forward: number;
  backward: number;
  forwardFins: number;
  cut: 'timeout' | 'fin' | 'reset' | 'open';
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Microseconds since 1970 as the tool prints a time: `05/07/2017 08:55:58 AM`. */
export function stampOf(time: bigint): string {
  const date = new Date(Number(time / 1000n));
  const hour = date.getUTCHours();
  const day = [two(date.getUTCDate()), two(date.getUTCMonth() + 1), date.getUTCFullYear()].join('/');
  const clock = [two(hour % 12 === 0 ? 12 : hour % 12), two(date.getUTCMinutes()), two(date.getUTCSeconds())].join(':');
  return `${day} ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** Section 4 of the tool's rules, the original: the flows it makes, those of one packet (never written) among them. */
export function originalFlows(frames: readonly Facts[]): ToolFlow[] {
  const open = new Map<string, Flow>();
  const flows: Flow[] = [];
  for (const frame of frames) {
    const seen = seenByTool(frame);
    if (seen === undefined) continue;
    const time = frame.time / 1000n;
    const here = frame['frame.number'] as number;
    const flags = seen.protocol === 6 && frame['icmp.type'] === null ? Number(frame['tcp.flags']) : 0;
    const own = [seen.source, seen.destination, seen.sourcePort, seen.destinationPort, seen.protocol].join('-');
    const turned = [seen.destination, seen.source, seen.destinationPort, seen.sourcePort, seen.protocol].join('-');
    const key = open.has(own) || !open.has(turned) ? own : turned;
    const one = open.get(key);
    if (one === undefined || time - one.start > 120_000_000n) {
      if (one !== undefined) one.cut = 'timeout';
      // The first packet behind a timeout is counted as forward in any case.
      const flow: Flow = {
        key,
        source: one?.source ?? seen.source,
        start: time,
        frames: [here],
        forward: 1,
        backward: 0,
        forwardFins: flags & 1,
        cut: 'open',
      };
      open.set(key, flow);
      flows.push(flow);
      continue;
    }
    const forward = one.source === seen.source;
    if ((flags & 1) !== 0 && forward && one.forwardFins > 0) continue;
    one.frames.push(here);
    if (forward) one.forward += 1;
    else one.backward += 1;
    if ((flags & 1) !== 0 && forward) one.forwardFins += 1;
    else if ((flags & 5) !== 0) {
      one.cut = (flags & 1) !== 0 ? 'fin' : 'reset';
      open.delete(key);
    }
  }
  return flows.map(({ key, start, forward, backward, frames: numbers, cut }) => ({
    key,
    frames: numbers,
    cut,
    identity: [key, stampOf(start), forward, backward].join(' '),
  }));
}
