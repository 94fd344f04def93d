import { is, not, type Tool, type ToolColumn } from './tool.ts';

const SIDES = [
  ['s', 'forward', 'fwd'],
  ['d', 'backward', 'bwd'],
] as const;

const LESS = 'without one packet, for which no time passes; `rate(frame.len)` and `frames_per_second` have all';
const LOSS = 'packets that were sent again: Argus calls these lost';

const sided: readonly ToolColumn[] = SIDES.flatMap(([letter, way, side]) => [
  is(`${letter}tos`, `first(default(ip.dsfield, ipv6.tclass), ${way})`),
  is(`${letter}ttl`, `first(default(ip.ttl, ipv6.hlim), ${way})`),
  not(`${letter}hops`, 'an estimate from the time to live'),
  is(`${letter}mac`, `first(eth.src, ${way})`),
  is(`${letter}vid`, `first(vlan.id, ${way})`),
  is(`${letter}vpri`, `first(vlan.priority, ${way})`),
  is(`${letter}mpls`, `first(mpls.label, ${way})`),
  is(`${letter}ipid`, `first(ip.id, ${way})`),
  is(`${letter}pkts`, `${side}_frames`),
  is(`${letter}bytes`, `${side}_bytes`),
  is(`${letter}appbytes`, `${side}_payload_bytes`),
  is(`${letter}load`, `(sum(frame.len, ${way}) - floor(mean(frame.len, ${way}))) / duration`, {
    unit: 'bit/s',
    note: LESS,
  }),
  is(`${letter}rate`, `(count(${way}) - 1) / duration`, { note: LESS }),
  is(`${letter}intpkt`, `mean(gap(time), ${way})`, { unit: 'ms' }),
  is(`${letter}intdist`, `histogram(gap(time), {1ms, 10ms, 100ms, 1s}, ${way})`),
  is(`${letter}intpktact`, `mean(gap(time), gap(time) <= 5s, ${way})`, {
    unit: 'ms',
    note: 'its own parts active from idle by another rule',
  }),
  is(`${letter}intpktidl`, `mean(gap(time), gap(time) > 5s, ${way})`, { unit: 'ms', note: 'the same' }),
  is(`${letter}jit`, `stddev_pop(gap(time), ${way})`, { unit: 'ms', note: 'standard deviation of the population' }),
  is(`${letter}win`, `last(tcp.window_size_value, ${way})`, { note: 'as sent, without scaling' }),
  is(`${letter}loss`, `${side}_retransmissions`, { note: LOSS }),
  is(`${letter}retrans`, `${side}_retransmissions`),
  is(`${letter}tcpb`, `first(tcp.seq_raw, ${way})`),
  is(`${letter}minsz`, `min(frame.len, ${way})`),
  is(`${letter}maxsz`, `max(frame.len, ${way})`),
  is(`${letter}meansz`, `mean(frame.len, ${way})`),
  is(`${letter}user`, `head_bytes(payload, 64, ${way})`),
  not(`${letter}co, ${letter}as`, 'country and autonomous system are not looked up'),
]);

/** Argus, as its clients name its fields. */
export const argus: Tool = {
  name: 'Argus (ra fields)',
  version: '3.0.8',
  about:
    'Its records are status reports every 5 seconds, put together by racluster. `s` is the source, `d` the destination; fields without the letter are both together.',
  columns: [
    is('stime', 'start'),
    is('ltime', 'end'),
    is('dur', 'duration'),
    is('saddr', 'src_ip'),
    is('daddr', 'dst_ip'),
    is('sport', 'src_port'),
    is('dport', 'dst_port'),
    is('proto', 'protocol', { note: 'number in the place of the name' }),
    ...sided,
    is('pkts', 'frames'),
    is('bytes', 'bytes'),
    is('appbytes', 'payload_bytes'),
    is('rate', '(frames - 1) / duration', { note: LESS }),
    not('load', 'the sum of sload and dload'),
    is('pcr', 'producer_consumer_ratio'),
    is('synack', 'handshake_server_rtt'),
    is('ackdat', 'handshake_client_rtt'),
    is('tcprtt', 'handshake_rtt'),
    is('loss', 'retransmissions', { note: LOSS }),
    is('retrans', 'retransmissions'),
    is('ploss', 'retransmissions / frames', { unit: '%', note: LOSS }),
    is('offset', 'segment', { note: 'number of the row in its flow in the place of a place in a file' }),
    is('state', 'conn_state', { note: 'in the words of Zeek' }),
    not('flgs, dir', 'letters of its own: see `history` and `end_reason`'),
    not('mean, stddev, sum, min, max, runtime, trans', 'of the durations of records that were put together'),
    not('nstroke, snstroke, dnstroke', 'key strokes of a person are not guessed'),
    not('srcid, seq, inode', 'of the probe and its record'),
    not('label', 'rules for labels: `--labels`'),
  ],
};
