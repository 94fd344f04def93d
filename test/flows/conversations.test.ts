import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whereThere } from '../captures-elsewhere.ts';
import { has, listed, meter, shared, vendored } from './support.ts';

/** Frames and bytes of each conversation, each way, as `tshark -z conv` counts them. */
type Conversations = Record<string, [number, number, number, number]>;

const RECORDED = join(import.meta.dirname, 'conversations.json');
const recorded: Record<string, Conversations> = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : {};

/**
 * Captures of many kinds. Left out: tunnels (tshark counts every layer of addresses), fragments and damaged headers; and
 * ICMP errors, whose quoted packets tshark counts as frames of a conversation.
 */
const CAPTURES = [
  'application/100-continue.pcap',
  'application/dhcp.pcap',
  'application/dns-mx.pcap',
  'application/ftp-ipv6.pcap',
  'application/ipfixprobe-vlan.pcapng',
  'application/joy-tls12.pcap',
  'application/mqtt-zeek.pcap',
  'application/pipelined-requests.pcap',
  'application/radius_localhost.pcap',
  'application/smb311.pcap',
  'application/tls-fragmented-handshake.pcap.gz',
  'community-id/ipv6.pcap',
  'community-id/tcp.pcap',
  'community-id/udp.pcap',
  'flows/DnsPackets.pcap',
  'flows/tls_ciphers.pcap',
  'formats/four_ipv6_http_streams.pcap',
  'formats/linktype_ipv4.pcap',
  'formats/many_interfaces-1.pcapng',
  'formats/microsecs_big_endian.pcap',
  'formats/null_loopback.pcap',
  'formats/raw_ip.pcap',
  'formats/sll2.pcap',
  'link/VlanPackets.pcap',
  'link/packet_trailer.pcap',
  'transport/midstream-1.pcap',
  'transport/one_tcp_stream_max_seq.pcap',
  'transport/options.pcap',
  'transport/reassembly.pcap',
  'transport/tcp_handshake_synthetic.pcap',
  'transport/unidirectional_tcp_stream_with_missing_packet.pcap',
  // Only where the shared captures are here:
  'flows/650HttpResponses.pcap',
  'flows/alerts-mix.pcap',
  'flows/browsing-65-flows.pcap',
  'flows/modbus-many-sessions.pcap',
  'flows/netflix.pcap',
  'flows/reddit.pcap',
  'flows/skype.pcap',
  'flows/tls-v4-v6-mix.pcap',
  'flows/webex.pcap',
  'flows/zoom-p2p.pcapng',
];

/** A conversation's two ends in a fixed order, so that both programs' rows meet. */
function put(
  into: Conversations,
  kind: string,
  a: string,
  b: string,
  counts: readonly [number, number, number, number],
): void {
  const [forth, bytesForth, back, bytesBack] = counts;
  const swapped = a > b;
  const key = swapped ? `${kind} ${b} ${a}` : `${kind} ${a} ${b}`;
  into[key] ??= [0, 0, 0, 0];
  const found = into[key];
  found[swapped ? 2 : 0] += forth;
  found[swapped ? 3 : 1] += bytesForth;
  found[swapped ? 0 : 2] += back;
  found[swapped ? 1 : 3] += bytesBack;
}

const SIZES: Readonly<Record<string, number>> = { bytes: 1, kB: 1000, MB: 1e6 };

/** `tshark -z conv` prints large counts rounded (12 kB), so the frames themselves are asked for. */
function tshark(file: string): Conversations {
  const fields = [
    'ip.src',
    'ip.dst',
    'ipv6.src',
    'ipv6.dst',
    'tcp.srcport',
    'tcp.dstport',
    'udp.srcport',
    'udp.dstport',
    'frame.len',
  ];
  const text = execFileSync(
    'tshark',
    [
      '-n',
      '-r',
      file,
      '-o',
      'ip.defragment:FALSE',
      '-o',
      'ipv6.defragment:FALSE',
      '-Y',
      '(tcp or udp) and not icmp and not icmpv6',
      '-T',
      'fields',
      '-E',
      'occurrence=l',
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 },
  );
  const found: Conversations = {};
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [src4, dst4, src6, dst6, tcpSource, tcpDestination, udpSource, udpDestination, length] = line.split('\t');
    const kind = tcpSource !== '' ? 'tcp' : 'udp';
    const source = `${src4 || src6}|${tcpSource || udpSource}`;
    const destination = `${dst4 || dst6}|${tcpDestination || udpDestination}`;
    put(found, kind, source, destination, [1, Number(length), 0, 0]);
  }
  return found;
}

/** The rounded table of `tshark -z conv`, for the numbers that are not rounded: a check of the reading above. */
function convTable(file: string, kind: 'tcp' | 'udp'): Map<string, number> {
  const text = execFileSync(
    'tshark',
    [
      '-n',
      '-q',
      '-r',
      file,
      '-o',
      'ip.defragment:FALSE',
      '-o',
      'ipv6.defragment:FALSE',
      '-z',
      `conv,${kind},not icmp and not icmpv6`,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const frames = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+\d+\s+\d+ (\w+)\s+\d+\s+\d+ \w+\s+(\d+)/.exec(line);
    if (match === null || SIZES[match[5]!] === undefined) continue;
    const ends = [`${match[1]}|${match[2]}`, `${match[3]}|${match[4]}`].sort();
    const key = `${kind} ${ends.join(' ')}`;
    frames.set(key, (frames.get(key) ?? 0) + Number(match[6]));
  }
  return frames;
}

async function ours(file: string): Promise<Conversations> {
  const { rows } = await meter(
    [file],
    {
      a: 'src_ip',
      p: 'src_port',
      b: 'dst_ip',
      q: 'dst_port',
      protocol: 'protocol',
      f: 'count(forward)',
      x: 'sum(frame.len, forward)',
      g: 'count(backward)',
      y: 'sum(frame.len, backward)',
    },
    { idleTimeout: 1e17, activeTimeout: 1e17, tcpLinger: 1e17 },
  );
  const found: Conversations = {};
  for (const row of rows) {
    if ((row.protocol !== '6' && row.protocol !== '17') || row.p === '') continue;
    const kind = row.protocol === '6' ? 'tcp' : 'udp';
    put(found, kind, `${row.a}|${row.p}`, `${row.b}|${row.q}`, [
      Number(row.f),
      Number(row.x),
      Number(row.g),
      Number(row.y),
    ]);
  }
  return found;
}

const live = has('tshark');
const known = new Map([...listed(shared), ...listed(vendored)].map(({ path, file }) => [path, file]));
const toRecord: Record<string, Conversations> = {};

for (const path of CAPTURES) {
  const file = known.get(path);
  whereThere(file ?? path, `conversations of ${path}`, () => {
    test(`${path}: frames and bytes of every conversation are tshark's`, async () => {
      const found = await ours(file!);
      if (path in recorded) expect(found).toEqual(recorded[path]);
      else expect(live, 'nothing recorded, and no tshark').toBe(true);
      if (!live) return;
      const theirs = tshark(file!);
      if (file!.startsWith(vendored) || existsSync(join(vendored, path))) toRecord[path] = theirs;
      expect(found).toEqual(theirs);
      for (const kind of ['tcp', 'udp'] as const) {
        for (const [key, frames] of convTable(file!, kind)) {
          const [forth, , back] = theirs[key] ?? [0, 0, 0, 0];
          expect(forth + back, key).toBe(frames);
        }
      }
    });
  });
}

test('what was recorded is what tshark says', () => {
  if (!live) {
    console.log('skipped: recording needs tshark');
    return;
  }
  if (process.env.PACKETLOOM_RECORD === '1') writeFileSync(RECORDED, `${JSON.stringify(toRecord)}\n`);
  else expect(recorded).toEqual(toRecord);
});
