import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyses } from '../../../../plugins/features/analyses/index.ts';
import { noTshark } from '../../../dissectors/support/tshark.ts';
import { unless } from '../../../dissectors/support/unless.ts';
import { shared, vendored } from '../../../flows/support.ts';
import { captureOf } from '../connection.ts';
import { analysed, differences, type FrameValues, tsharkAnalysis } from './support.ts';

const OPEN = ['>S 100 s2', '<SA 500 101 s3', '>A 101 501'];
const ASKING = Array.from({ length: 3 }, () => '<A 501 101');

/** Connections by hand: segments, and the number of the one that is looked at with what its rule makes of it. */
const SEGMENTS: readonly [string, readonly string[], number, readonly string[]][] = [
  ['a keep-alive', [...OPEN, '>A 100 501'], 4, ['keep_alive']],
  ['a keep-alive with a byte', [...OPEN, '>A 101 501 +10', '<A 501 111', '>A 110 501 +1'], 6, ['keep_alive']],
  ['the answer to a keep-alive', [...OPEN, '<A 501 101', '>A 100 501', '<A 501 101'], 6, ['keep_alive_ack']],
  ['duplicate ACKs', [...OPEN, '<A 501 101', '<A 501 101', '<A 501 101'], 6, ['duplicate_ack', 'duplicate_ack_num=3']],
  ['another window is no duplicate ACK', [...OPEN, '<A 501 101', '<A 501 101 w900'], 5, ['window_update']],
  ['a zero window', [...OPEN, '<A 501 101 w0'], 4, ['zero_window']],
  ['a zero window in a RST says nothing', [...OPEN, '<R 501 w0'], 4, []],
  ['a probe of a zero window', [...OPEN, '<A 501 101 w0', '>A 101 501 +1'], 5, ['zero_window_probe']],
  [
    'the answer to a probe',
    [...OPEN, '<A 501 101 w0', '>A 101 501 +1', '<A 501 101 w0'],
    6,
    ['zero_window', 'zero_window_probe_ack'],
  ],
  ['a hole', [...OPEN, '>A 111 501 +10'], 4, ['lost_segment']],
  ['an ACK of what was not seen', [...OPEN, '<A 501 201'], 4, ['ack_lost_segment']],
  [
    'what fills the hole within the round trip of 20 ms',
    [...OPEN, '>A 111 501 +10', '>A 101 501 +10 @45'],
    5,
    ['out_of_order'],
  ],
  ['what fills the hole later', [...OPEN, '>A 111 501 +10', '>A 101 501 +10 @70'], 5, ['retransmission']],
  ['the same again', [...OPEN, '>A 101 501 +10', '>A 101 501 +10'], 5, ['retransmission']],
  [
    'what was acknowledged already',
    [...OPEN, '>A 101 501 +10', '<A 501 111', '>A 101 501 +10'],
    6,
    ['retransmission', 'spurious_retransmission'],
  ],
  ['a SYN sent again', ['>S 100', '>S 100'], 2, ['retransmission']],
  ['a FIN sent again', [...OPEN, '>FA 101 501', '>FA 101 501'], 5, ['retransmission']],
  [
    'what three duplicate ACKs ask for, at once',
    [...OPEN, '>A 101 501 +10', '>A 111 501 +10', ...ASKING, '<A 501 101', '>A 101 501 +10'],
    10,
    ['fast_retransmission', 'retransmission'],
  ],
  [
    'the same, 21 ms later',
    [...OPEN, '>A 101 501 +10', '>A 111 501 +10', ...ASKING, '<A 501 101 @100', '>A 101 501 +10 @121'],
    10,
    ['retransmission'],
  ],
  // The server's window is 1,000 << 3, and 8,000 bytes go out.
  ['what fills the window', [...OPEN, '<A 501 101', '>A 101 501 +8000'], 5, ['window_full']],
];

/** Names of flags without their beginning, and the duplicate ACK's number. */
const flagsOf = (values: FrameValues): string[] =>
  Object.entries(values)
    .filter(([name, value]) => value === 1 && !/bytes|window_size$|_num$/.test(name))
    .map(([name]) => name)
    .concat(Object.entries(values).flatMap(([name, value]) => (name.endsWith('_num') ? [`${name}=${value}`] : [])))
    .map((name) => name.replace('tcp.analysis.', ''))
    .sort();

describe('tcp.analysis', () => {
  it.each(SEGMENTS)('%s', async (_what, lines, frame, expected) => {
    expect(flagsOf((await analysed(captureOf(lines))).get(frame)!)).toEqual([...expected].sort());
  });

  it.each(SEGMENTS)('%s, as tshark has it', async (_what, lines, _frame, _expected) => {
    if (noTshark !== undefined) return console.warn(`skipped: ${noTshark}`);
    const capture = captureOf(lines);
    const { unnamed } = differences(await analysed(capture), tsharkAnalysis(capture));
    expect(unnamed).toEqual([]);
  });

  it('measures round trips, bytes in flight and windows', async () => {
    const frames = await analysed(
      captureOf([...OPEN, '>PA 101 501 +10 @50', '>A 111 501 +20 @51', '<A 501 131 w700 @80']),
    );
    const value = (frame: number, name: string) => frames.get(frame)![`tcp.analysis.${name}`];
    // SYN at 10 ms, SYN+ACK at 20, ACK at 30.
    expect(value(2, 'ack_rtt')).toBe(10e6);
    expect(value(3, 'ack_rtt')).toBe(10e6);
    expect([2, 3, 4, 6].map((frame) => value(frame, 'initial_rtt'))).toEqual([undefined, 20e6, 20e6, 20e6]);
    // The ACK of both segments measures the second one, whose end it names.
    expect(value(6, 'ack_rtt')).toBe(29e6);
    expect([4, 5, 6].map((frame) => value(frame, 'bytes_in_flight'))).toEqual([10, 30, undefined]);
    expect([4, 5].map((frame) => value(frame, 'push_bytes_sent'))).toEqual([10, 20]);
    // The client's scale is 2, the server's 3; a SYN's window is as it stands.
    expect([1, 2, 3, 6].map((frame) => frames.get(frame)!['tcp.window_size'])).toEqual([1000, 1000, 4000, 5600]);
  });

  it('does not scale where one side offers no scale, or the handshake was not seen', async () => {
    const one = await analysed(captureOf(['>S 100 s2', '<SA 500 101', '>A 101 501']));
    expect(one.get(3)!['tcp.window_size']).toBe(1000);
    const none = await analysed(captureOf(['>A 101 501', '<A 501 101']));
    expect(none.get(2)!['tcp.window_size']).toBe(1000);
  });

  it('measures the handshake where the server speaks before the ACK', async () => {
    const lines = ['>S 100', '<SA 500 101', '<PA 501 101 +20', '>A 101 521'];
    const frames = await analysed(captureOf(lines));
    // SYN at 10 ms, ACK at 40 ms; tshark takes the server's data for the ACK.
    expect([3, 4].map((frame) => frames.get(frame)!['tcp.analysis.initial_rtt'])).toEqual([undefined, 30e6]);
  });

  it('measures no handshake that it has not seen whole', async () => {
    const frames = await analysed(captureOf(['>S 100', '>A 101 501', '>A 101 501 +10']));
    expect(frames.get(3)!['tcp.analysis.initial_rtt']).toBeUndefined();
  });

  it('follows numbers past 2^32', async () => {
    const lines = ['>S 4294967290', '<SA 500 4294967291', '>A 4294967291 501 +10', '>A 5 501 +10', '<A 501 15'];
    const frames = await analysed(captureOf(lines));
    expect([3, 4, 5].map((frame) => flagsOf(frames.get(frame)!))).toEqual([[], [], []]);
    expect(frames.get(4)!['tcp.analysis.bytes_in_flight']).toBe(20);
    expect(frames.get(5)!['tcp.analysis.ack_rtt']).toBe(10e6);
  });

  it('keeps 256 segments that wait for an acknowledgment, and measures bytes in flight beyond', async () => {
    const sent = Array.from({ length: 400 }, (_, i) => `>A ${101 + 10 * i} 501 +10`);
    const frames = await analysed(captureOf([...OPEN, ...sent, '<A 501 201', '<A 501 4101']));
    expect(frames.get(403)!['tcp.analysis.bytes_in_flight']).toBe(4000);
    // The tenth segment left at 130 ms; the last one at 4,030 ms, and the ACKs at 4,040 and 4,050 ms.
    expect(frames.get(404)!['tcp.analysis.ack_rtt']).toBe(3910e6);
    expect(frames.get(405)!['tcp.analysis.ack_rtt']).toBe(20e6);
  });

  it('goes on when the active timeout cuts the flow, and begins anew with another flow', async () => {
    const lines = [...OPEN, '>A 101 501 +10', '>A 101 501 +10 @20000', '>S 900 s2', '>A 101 501 +10'];
    const frames = await analysed(captureOf(lines), { activeTimeout: 10e9 });
    expect(flagsOf(frames.get(5)!)).toEqual(['retransmission']);
    expect(frames.get(5)!['tcp.analysis.initial_rtt']).toBe(20e6);
    expect(flagsOf(frames.get(6)!)).toEqual([]);
    expect(frames.get(6)!['tcp.analysis.initial_rtt']).toBeUndefined();
  });
});

it('every file of analyses is one that takes part', () => {
  const folder = join(import.meta.dirname, '../../../../plugins/features/analyses');
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');
  expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual(analyses.map(({ name }) => name).sort());
});

/** Values that tshark 4.0.17 gave: capture, value, frames that have it. */
const RECORDED: readonly [string, string, number][] = [
  ['flows/ftp-data-mix.pcap', 'tcp.analysis.retransmission', 25],
  ['flows/ftp-data-mix.pcap', 'tcp.analysis.spurious_retransmission', 2],
  ['flows/ftp-data-mix.pcap', 'tcp.analysis.duplicate_ack', 2],
  // tshark has 23, and takes two more, sent before and not acknowledged, as out of order.
  ['link/pppoe-over-qinq.pcap', 'tcp.analysis.retransmission', 23 + 2],
  ['link/pppoe-over-qinq.pcap', 'tcp.analysis.spurious_retransmission', 12],
  ['link/pppoe-over-qinq.pcap', 'tcp.analysis.duplicate_ack', 13],
  ['link/pppoe-over-qinq.pcap', 'tcp.analysis.window_update', 4],
  ['application/tls-fragmented-handshake.pcap.gz', 'tcp.analysis.window_update', 35],
];

describe('tcp.analysis on captures, as tshark 4.0.17 had it', () => {
  it.each(RECORDED)('%s %s', async (capture, name, expected) => {
    const frames = await analysed(join(vendored, capture));
    expect([...frames.values()].filter((values) => values[name] !== undefined).length).toBe(expected);
  });
});

const VENDORED = [
  'application/ftp-ipv6.pcap',
  'application/pipelined-requests.pcap',
  'application/tls-fragmented-handshake.pcap.gz',
  'application/tls13-ech.pcap',
  'flows/ftp-data-mix.pcap',
  'flows/tls_ciphers.pcap',
  'formats/chdlc-http.pcap',
  'link/mixed-vlan-mpls.pcap',
  'link/pppoe-over-qinq.pcap',
];

/** Differences that are a matter of single captures. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'flows/tls-browsing-mix.pcap': 'a SYN+ACK with another number begins a session in Wireshark, and no flow here',
  'transport/tcp-reassembly-synthetic.pcap': 'times go back, which they never do within a flow; a flow ends at a SYN',
};

describe('every value of every frame is that of tshark, but for the named differences', () => {
  it.for(VENDORED)('%s', async (capture, { skip }) => {
    unless(noTshark, skip);
    const path = join(vendored, capture);
    const { unnamed, cells } = differences(await analysed(path), tsharkAnalysis(path));
    expect(unnamed).toEqual([]);
    expect(cells).toBeGreaterThan(0);
  });

  const wanted = ['flows', 'transport']
    .filter((folder) => existsSync(join(shared, folder)))
    .flatMap((folder) => readdirSync(join(shared, folder)).map((name) => `${folder}/${name}`))
    .filter((name) => !Object.hasOwn(EXCEPTIONS, name));
  if (wanted.length === 0) console.warn('skipped: the shared captures are not here');
  it.for(wanted)('%s', async (capture, { skip }) => {
    unless(noTshark, skip);
    const path = join(shared, capture);
    expect(differences(await analysed(path), tsharkAnalysis(path)).unnamed).toEqual([]);
  });
});
