import type { FlowConfiguration } from '../../../core/run/configuration.ts';
import { parseDuration } from '../../../core/run/duration.ts';
import type { ToolFlow } from './classes.ts';
import type { Facts } from './frames.ts';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What the tool makes of a frame: its own key. */
export interface Seen {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly vlan: number;
  readonly tunnel: number;
}

/**
 * The place of the IP header that counts: the innermost of IP in IP, and what GTP-U over IPv4 carries. IP behind other
 * headers, such as GRE or a quoting ICMP error, does not count.
 */
function innermost(layers: readonly string[]): number {
  let found = -1;
  let joined = true;
  for (const [i, layer] of layers.entries()) {
    if (layer === 'ip' || layer === 'ipv6') {
      if (found >= 0 && !joined) return found;
      found = i;
      joined = true;
    } else if (!layer.startsWith('ipv6.'))
      joined = found < 0 || /^ip:udp:gtp$/.test(layers.slice(found, i + 1).join(':'));
    else continue;
    if (found >= 0 && layer === 'udp' && layers[i + 1] === 'gtp' && layers[found] === 'ip') joined = true;
  }
  return found;
}

const HEADERS: Readonly<Record<number, number>> = { 6: 20, 17: 8 };

/** Section 2 and 4 of the tool's rules: which frames count, with which key; else why not. */
export function seenByTool(frame: Facts): Seen | string {
  if (number(frame['frame.cap_len']) < 28) return 'fewer than 28 bytes';
  const layers = String(frame['frame.protocols']).split(':');
  const at = innermost(layers);
  if (at < 0) return 'no IP';
  if (layers.slice(0, at).some((one) => one === 'ieee8021ad')) return 'a link header that the tool does not decode';
  const kind = layers.slice(0, at).includes('gtp') ? 1 : 0;
  const vlan = number(frame.all['vlan.id'].at(-1));
  // The how manyth IP header of its version it is.
  const nth = layers.slice(0, at).filter((one) => one === layers[at]).length;
  const of = (name: keyof Facts['all']) => frame.all[name][nth] ?? null;
  const four = layers[at] === 'ip';
  if (four) {
    if (number(of('ip.len')) === 0) return 'total length 0';
    if (number(of('ip.frag_offset')) > 0) return 'a later fragment';
  } else {
    if (number(frame['ipv6.fraghdr.offset']) > 0) return 'a later fragment';
    const missing = number(frame['frame.len']) - number(frame['frame.cap_len']);
    if (missing > 0) return 'an IPv6 packet not captured whole';
  }
  const next = layers[at + 1 + layers.slice(at + 1).findIndex((one) => !/^ipv6\./.test(one))];
  const known = { tcp: 6, udp: 17, icmpv6: 58, icmp: 1, ah: 51, esp: 50, mipv6: 59 }[next ?? ''];
  const protocol = known ?? (four ? number(of('ip.proto')) : number(of('ipv6.nxt')));
  const rest = four ? number(of('ip.len')) - number(of('ip.hdr_len')) : number(of('ipv6.plen'));
  const whole = rest >= (HEADERS[protocol] ?? Number.POSITIVE_INFINITY);
  const port = (side: 'srcport' | 'dstport'): number =>
    !whole ? 0 : number(protocol === 6 ? frame[`tcp.${side}`] : frame[`udp.${side}`]);
  return {
    source: String(four ? of('ip.src') : of('ipv6.src')),
    destination: String(four ? of('ip.dst') : of('ipv6.dst')),
    sourcePort: port('srcport'),
    destinationPort: port('dstport'),
    protocol,
    vlan,
    tunnel: kind,
  };
}

interface Flow {
  readonly key: string;
  readonly source: Seen;
  readonly start: bigint;
  readonly frames: number[];
  forward: number;
  backward: number;
  last: bigint;
  cut: 'idle' | 'active' | 'open';
}

/** Section 6 of the tool's rules: the flows it makes of the frames of a capture. */
export function toolFlows(frames: readonly Facts[], flow: FlowConfiguration): ToolFlow[] {
  const idle = BigInt(parseDuration(flow.idleTimeout ?? '120s')! / 1e6);
  const active = BigInt(parseDuration(flow.activeTimeout ?? '1800s')! / 1e6);
  const open = new Map<string, Flow>();
  const flows: Flow[] = [];
  let clock = -(2n ** 63n);
  for (const frame of frames) {
    const seen = seenByTool(frame);
    if (typeof seen === 'string') continue;
    const own = frame.time / 1_000_000n;
    if (own > clock) clock = own;
    const ends = [`${seen.source} ${seen.sourcePort}`, `${seen.destination} ${seen.destinationPort}`].sort();
    const key = [...ends, seen.protocol, seen.vlan, seen.tunnel].join(' ');
    let one = open.get(key);
    const cut =
      one === undefined
        ? undefined
        : clock - one.last >= idle
          ? 'idle'
          : clock - one.start >= active
            ? 'active'
            : undefined;
    if (one !== undefined && cut !== undefined) one.cut = cut;
    if (one === undefined || cut !== undefined) {
      one = { key, source: seen, start: clock, frames: [], forward: 0, backward: 0, last: clock, cut: 'open' };
      open.set(key, one);
      flows.push(one);
    }
    const { source } = one;
    const forward =
      seen.sourcePort === source.sourcePort &&
      seen.destinationPort === source.destinationPort &&
      seen.source === source.source &&
      seen.destination === source.destination;
    if (forward) one.forward += 1;
    else one.backward += 1;
    one.frames.push(frame['frame.number'] as number);
    one.last = clock;
  }
  return flows.map(({ key, source: s, start, forward, backward, frames: numbers, cut }) => ({
    key,
    frames: numbers,
    cut,
    identity: [
      s.source,
      s.sourcePort,
      s.destination,
      s.destinationPort,
      s.protocol,
      s.vlan,
      start,
      forward,
      backward,
    ].join(' '),
  }));
}
