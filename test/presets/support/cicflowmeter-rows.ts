import type { ToolFlow } from './classes.ts';
import type { Facts } from './frames.ts';

const LISTED = new Set([94, 103, 111, 118, 133, 137]);

/** What the tool makes of a frame: its own key, or why it leaves the frame out. */
export interface Seen {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly payload: number;
  readonly header: number;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Bytes of the frame in front of the IP header: link and VLAN tags; undefined where IP does not follow them. */
function linkBytes(frame: Facts): number | undefined {
  const layers = String(frame['frame.protocols']).split(':');
  let bytes = 0;
  for (const layer of layers) {
    if (layer === 'eth') bytes += 14;
    else if (layer === 'vlan' || layer === 'ieee8021ad') bytes += 4;
    else if (layer === 'ip') return bytes;
    else if (layer === 'ipv6') bytes += 40;
    else if (layer !== 'ethertype' && layer !== 'raw') return undefined;
  }
  return undefined;
}

/** Section 2 of the tool's rules: which frames count, with which key and lengths. */
export function seenByTool(frame: Facts): Seen | string {
  if (frame['ip.src'] === null) return frame['ipv6.src'] === null ? 'no IP' : 'IPv6';
  const link = linkBytes(frame);
  if (link === undefined) return 'IPv4 behind another header than Ethernet and VLAN tags';
  const base = { source: String(frame['ip.src']), destination: String(frame['ip.dst']) };
  const none = { ...base, sourcePort: 0, destinationPort: 0, protocol: 0, payload: 0, header: 0 };
  const outer = number(frame['ip.proto']);
  // Of IPv4 inside IPv4 the tool takes ports and protocol of the inner packet.
  const inside = outer !== 4 ? undefined : frame['tcp.srcport'] !== null ? 6 : frame['udp.srcport'] !== null ? 17 : 0;
  const protocol = inside ?? outer;
  if (protocol > 61 && !LISTED.has(protocol) && protocol !== 132) return 'an IPv4 protocol that the tool drops';
  if (number(frame['ip.frag_offset']) > 0) return none;
  const captured = number(frame['frame.cap_len']);
  const tagged = link > 14;
  const network = number(frame['ip.hdr_len']);
  // Padding is taken off only where IPv4 follows Ethernet at once.
  const end = tagged ? captured : Math.min(captured, link + (number(frame['ip.len']) || captured));
  const rest = end - link - network;
  const ports = (name: 'tcp' | 'udp' | 'sctp', header: number): Seen => ({
    ...base,
    sourcePort: number(frame[`${name}.srcport`]),
    destinationPort: number(frame[`${name}.dstport`]),
    protocol,
    header: Math.min(header, Math.max(rest, 0)),
    payload: Math.max(rest - header, 0),
  });
  if (protocol === 6) return rest < 20 ? none : ports('tcp', number(frame['tcp.hdr_len']));
  if (protocol === 17) return rest < 8 ? none : ports('udp', 8);
  if (protocol === 132) return rest < 12 ? none : ports('sctp', 12);
  return protocol === 1 || protocol === 2 ? { ...none, protocol } : none;
}

interface Flow {
  readonly key: string;
  readonly source: string;
  readonly start: bigint;
  readonly frames: number[];
  forward: number;
  backward: number;
  /** Why the next flow of its key was opened. */
  cut: 'timeout' | 'syn' | 'icmp' | 'open';
}

interface Open {
  readonly flow: Flow;
  last: bigint;
  state: 'none' | 'first' | 'second' | 'ready';
  fins: [forward: number, backward: number];
  readonly icmp: readonly [unknown, unknown];
}

const LIMIT = 120_000_000n;

/** Sections 3 and 4 of the tool's rules: the flows it makes of the frames of a capture. */
export function toolFlows(frames: readonly Facts[]): ToolFlow[] {
  const open = new Map<string, Open>();
  const flows: Flow[] = [];
  for (const frame of frames) {
    const seen = seenByTool(frame);
    if (typeof seen === 'string') continue;
    // Seconds are signed 32-bit numbers there.
    const seconds = BigInt.asIntN(32, frame.time / 1_000_000_000n);
    const time = seconds * 1_000_000n + ((frame.time / 1000n) % 1_000_000n);
    const flags = number(typeof frame['tcp.flags'] === 'string' ? Number(frame['tcp.flags']) : frame['tcp.flags']);
    const tcp = seen.protocol === 6 ? flags : 0;
    const [fin, syn, rst, ack] = [tcp & 1, tcp & 2, tcp & 4, tcp & 16];
    const own = [seen.source, seen.destination, seen.sourcePort, seen.destinationPort, seen.protocol].join('-');
    const turned = [seen.destination, seen.source, seen.destinationPort, seen.sourcePort, seen.protocol].join('-');
    const id = open.has(own) ? own : open.has(turned) ? turned : undefined;
    const begin = (key: string, kept?: Open): void => {
      const reversed = kept === undefined ? syn !== 0 && ack !== 0 : kept.flow.source !== seen.source;
      const flow: Flow = {
        key,
        source: kept?.flow.source ?? (reversed ? seen.destination : seen.source),
        start: time,
        frames: [frame['frame.number'] as number],
        forward: 0,
        backward: 0,
        cut: 'open',
      };
      const forward = flow.source === seen.source;
      if (forward) flow.forward += 1;
      else flow.backward += 1;
      flows.push(flow);
      open.set(key, {
        flow,
        last: time,
        state: 'none',
        fins: [0, 0],
        icmp: [frame['icmp.type'], frame['icmp.code']],
      });
      if (fin !== 0) open.get(key)!.fins[forward ? 0 : 1] += 1;
    };
    if (id === undefined) {
      begin(syn !== 0 && ack !== 0 ? turned : own);
      continue;
    }
    const one = open.get(id)!;
    const late = time - one.flow.start > LIMIT;
    const again = one.state === 'ready' && syn !== 0;
    if (late || again) {
      one.flow.cut = again ? 'syn' : 'timeout';
      const udp = seen.protocol === 17 && time - one.last > LIMIT;
      const anew = again || udp || (seen.protocol !== 6 && seen.protocol !== 17);
      begin(id, anew ? undefined : one);
      continue;
    }
    if (
      seen.protocol === 1 &&
      fin + rst === 0 &&
      one.icmp[0] !== frame['icmp.type'] &&
      one.icmp[1] !== frame['icmp.code']
    ) {
      one.flow.cut = 'icmp';
      begin(id);
      continue;
    }
    const forward = one.flow.source === seen.source;
    one.flow.frames.push(frame['frame.number'] as number);
    if (forward) one.flow.forward += 1;
    else one.flow.backward += 1;
    one.last = time;
    if (fin !== 0) {
      one.fins[forward ? 0 : 1] += 1;
      if (one.state === 'none') one.state = 'first';
      else if (one.state === 'first' && one.fins[0] > 0 && one.fins[1] > 0) one.state = 'second';
    } else if (rst !== 0) one.state = 'ready';
    else if (ack !== 0 && one.state === 'second') one.state = 'ready';
  }
  return flows.map((one) => ({
    ...one,
    identity: [one.key, one.start, one.forward, one.backward].join(' '),
  }));
}
