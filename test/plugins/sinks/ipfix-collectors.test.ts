import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { office, root, start } from '../../cli/support/command.ts';
import { dumpedRecords, hexLines, messagesOf, missingPrograms, startTcpCollector } from '../../support/ipfix.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';
import { until } from './store-contract.ts';

// The rows of one run, in a CSV file and as collectors of others have them.

const folder = temporaryFolder();
const captures = [
  office,
  ...['community-id/icmp.pcap', 'community-id/icmp6.pcap', 'application/ipfixprobe-vlan.pcapng'].map((name) =>
    join(root, 'test', 'captures', name),
  ),
];

type Row = Readonly<Record<string, string>>;

/** Runs the preset with an output beside a CSV file; the rows of that. */
async function exported(name: string, output: string): Promise<Row[]> {
  const csv = join(folder, `${name}.csv`);
  const words = ['flows', '--merge', ...captures, '-p', 'ipfix', '-o', csv, '-o', output];
  const { code, stderr } = await start(words).finished;
  expect(code, stderr).toBe(0);
  const [head, ...lines] = readFileSync(csv, 'utf8').trim().split('\n');
  const names = head!.split(',');
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])));
  expect(stderr).toContain(`${output}, ${rows.length} rows`);
  expect(stderr).not.toContain('left out');
  expect(rows.length).toBeGreaterThan(160);
  return rows;
}

/** A port of loopback for UDP that nobody used a moment ago. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Whether a UDP port of loopback is taken. */
const isBound = (port: number): boolean =>
  readFileSync('/proc/net/udp', 'utf8').includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `);

/** Starts a collector of datagrams, waits for its port, does something, and ends it. */
async function withCollector(
  program: string,
  words: readonly string[],
  port: number,
  signal: NodeJS.Signals,
  act: () => Promise<void>,
): Promise<void> {
  const path = `${process.env.PATH}:/usr/sbin`;
  const child = spawn(program, words, {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, PATH: path, TZ: 'UTC' },
  });
  const ended = once(child, 'exit');
  try {
    await until(`${program} listens`, () => isBound(port));
    await act();
  } finally {
    child.kill(signal);
    await ended;
    // Its own processes too, which are a group.
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // All have ended.
    }
  }
}

/** `1371506308.468939000` in whole milliseconds. */
const milliseconds = (time: string): string => time.replace(/^(\d+)\.(\d{3})\d*$/, '$1$2');

const utc = (time: string): string => new Date(Number(milliseconds(time))).toISOString().slice(0, -1);

const number = (text: string | undefined): number => Number(text === '' || text === undefined ? 0 : text);

const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

describe.skipIf(unavailable('nfcapd', missingPrograms('nfcapd', 'nfdump')))('nfcapd', () => {
  test('has each flow over UDP, with both directions', async () => {
    const place = join(folder, 'nfcapd');
    mkdirSync(place);
    const port = await freeUdpPort();
    let rows: Row[] = [];
    const words = ['-b', '127.0.0.1', '-p', String(port), '-w', place, '-t', '3600', '-P', join(folder, 'nfcapd.pid')];
    await withCollector('nfcapd', words, port, 'SIGTERM', async () => {
      rows = await exported('nfcapd', `ipfix+udp://127.0.0.1:${port}`);
    });
    const file = readdirSync(place).find((name) => /^nfcapd\.\d+$/.test(name))!;
    const json = execFileSync('nfdump', ['-r', join(place, file), '-o', 'json'], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    const theirs = (JSON.parse(json) as Record<string, string | number>[]).map((one) => [
      one.src4_addr ?? one.src6_addr,
      one.dst4_addr ?? one.dst6_addr,
      one.proto,
      one.icmp_type === undefined ? [one.src_port, one.dst_port] : [one.icmp_type, one.icmp_code],
      one.first,
      one.last,
      [one.in_packets, one.in_bytes, one.out_packets ?? 0, one.out_bytes ?? 0],
      one.tcp_flags ?? '........',
      one.src_tos,
      one.src_vlan ?? 0,
    ]);
    const letters = (flags: string) =>
      [...'CEUAPRSF'].map((letter, i) => ((number(flags) >> (7 - i)) & 1 ? letter : '.')).join('');
    const ours = rows.map((row) => [
      row.src_ip,
      row.dst_ip,
      number(row.protocol),
      row.icmp_type === ''
        ? [number(row.src_port), number(row.dst_port)]
        : [number(row.icmp_type), number(row.icmp_code)],
      utc(row.start!),
      utc(row.end!),
      [row.fwd_frames, row.fwd_network_bytes, row.bwd_frames, row.bwd_network_bytes].map(number),
      letters(row.fwd_tcp_flags!),
      number(row.traffic_class),
      number(row.vlan_id),
    ]);
    expect(sorted(theirs)).toEqual(sorted(ours));
  });
});

describe.skipIf(unavailable('nfacctd', missingPrograms('nfacctd')))('pmacct', () => {
  test('nfacctd has each flow over UDP, the other direction by primitives of its own', async () => {
    const [primitives, configuration, output] = ['prim.lst', 'nfacctd.conf', 'nfacctd.json'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(
      primitives,
      'name=rpackets field_type=29305:2 len=8 semantics=u_int\nname=rbytes field_type=29305:1 len=8 semantics=u_int\n',
    );
    const port = await freeUdpPort();
    const settings = {
      daemonize: 'false',
      nfacctd_ip: '127.0.0.1',
      nfacctd_port: port,
      nfacctd_time_new: 'true',
      aggregate:
        'src_host, dst_host, src_port, dst_port, proto, tcpflags, tos, timestamp_start, timestamp_end, rpackets, rbytes',
      aggregate_primitives: primitives,
      plugins: 'print',
      print_output: 'json',
      print_output_file: output,
      print_output_file_append: 'true',
      print_refresh_time: 1,
      timestamps_since_epoch: 'true',
      logfile: join(folder, 'nfacctd.log'),
    };
    writeFileSync(
      configuration,
      Object.entries(settings)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    );
    let rows: Row[] = [];
    await withCollector('nfacctd', ['-f', configuration], port, 'SIGKILL', async () => {
      rows = await exported('nfacctd', `ipfix+udp://127.0.0.1:${port}`);
      const written = () =>
        existsSync(output) && readFileSync(output, 'utf8').trim().split('\n').length === rows.length;
      await until('nfacctd has written the flows', written);
    });
    expect(readFileSync(settings.logfile, 'utf8')).not.toMatch(/WARN|ERROR/);
    const theirs = readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string | number>)
      .map((one) => [
        one.ip_src,
        one.ip_dst,
        one.port_src,
        one.timestamp_start,
        one.timestamp_end,
        [one.packets, one.bytes],
        [number(String(one.rpackets)), number(String(one.rbytes))],
        number(String(one.tcp_flags)),
        one.tos,
      ]);
    const ours = rows.map((row) => [
      row.src_ip,
      row.dst_ip,
      number(row.src_port),
      `${milliseconds(row.start!).replace(/(\d{3})$/, '.$1')}000`,
      `${milliseconds(row.end!).replace(/(\d{3})$/, '.$1')}000`,
      [number(row.fwd_frames), number(row.fwd_network_bytes)],
      [number(row.bwd_frames), number(row.bwd_network_bytes)],
      number(row.fwd_tcp_flags),
      number(row.traffic_class),
    ]);
    expect(sorted(theirs)).toEqual(sorted(ours));
  });
});

const REASONS = ['', 'idle', 'active', 'end', 'forced', 'resources'];

describe.skipIf(unavailable('ipfixDump', missingPrograms('ipfixDump')))('libfixbuf', () => {
  /** Records as ipfixDump has them, beside rows; it shows times to the millisecond, and the nanoseconds as zero. */
  const expectSame = (messages: Uint8Array, rows: readonly Row[]) => {
    const time = (text: string | undefined) => text?.replace(' ', 'T');
    // It writes them in ways of its own: fe80::0200:86ff:fe05:80da.
    const ipv6 = (text: string | undefined) => text && new URL(`http://[${text}]`).hostname.slice(1, -1);
    const theirs = dumpedRecords(messages).map((one) => [
      BigInt(one['148']!).toString(16).padStart(16, '0'),
      one['8'] ?? ipv6(one['27']),
      one['12'] ?? ipv6(one['28']),
      [one['7'], one['11'], one['4'], one['32'] ?? one['139']].map(number),
      time(one['152']),
      time(one['153']),
      REASONS[number(one['136'])],
      [one['2'], one['29305/2'], one['1'], one['29305/1']].map(number),
      [one['6'], one['29305/6'], one['5'], one['52'], one['53'], one['58']].map(number),
      one['239'],
    ]);
    const ours = rows.map((row) => [
      row.flow_id,
      row.src_ip,
      row.dst_ip,
      [row.src_port, row.dst_port, row.protocol]
        .map(number)
        .concat(256 * number(row.icmp_type) + number(row.icmp_code)),
      utc(row.start!),
      utc(row.end!),
      row.end_reason,
      [row.fwd_frames, row.bwd_frames, row.fwd_network_bytes, row.bwd_network_bytes].map(number),
      [row.fwd_tcp_flags, row.bwd_tcp_flags, row.traffic_class, row.fwd_ttl_min, row.fwd_ttl_max, row.vlan_id].map(
        number,
      ),
      row.bwd_frames === '0' ? undefined : '1',
    ]);
    expect(JSON.parse(JSON.stringify(theirs))).toEqual(JSON.parse(JSON.stringify(ours)));
  };

  test('reads a file, in the order of the rows', async () => {
    const file = join(folder, 'flows.ipfix');
    const rows = await exported('file', file);
    expectSame(readFileSync(file), rows);
  });

  test('reads what came over a connection', async () => {
    const collector = await startTcpCollector();
    try {
      const rows = await exported('tcp', `ipfix://127.0.0.1:${collector.port}`);
      expect(collector.connections).toHaveLength(1);
      expectSame(collector.connections[0]!, rows);
    } finally {
      await collector.close();
    }
  });
});

describe.skipIf(unavailable('tshark', missingPrograms('tshark', 'text2pcap')))('tshark', () => {
  /** Dissects messages as the payload of packets; times are exact there. */
  const dissected = (name: string, messages: Uint8Array, transport: '-u' | '-T') => {
    const [text, capture] = [join(folder, `${name}.hex`), join(folder, `${name}.pcap`)];
    const packets = messagesOf(messages);
    writeFileSync(text, hexLines(packets));
    execFileSync('text2pcap', ['-q', transport, '40000,4739', text, capture], { stdio: 'ignore' });
    const port = transport === '-u' ? 'udp.port' : 'tcp.port';
    const words = [
      '-r',
      capture,
      '-d',
      `${port}==4739,cflow`,
      '-T',
      'fields',
      '-E',
      'occurrence=a',
      '-E',
      'separator=|',
    ];
    const fields = [
      ...['cflow.sequence', '_ws.malformed', '_ws.expert.message'],
      ...['cflow.abstimestart', 'cflow.abstimeend', 'cflow.packets', 'cflow.octets', 'cflow.srcport'],
    ];
    const text2 = execFileSync('tshark', [...words, ...fields.flatMap((field) => ['-e', field])], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text2
      .trim()
      .split('\n')
      .map((line) => line.split('|'));
  };

  const expectSame = (lines: readonly (readonly string[])[], rows: readonly Row[]) => {
    const all = (column: number) => lines.flatMap((line) => line[column]!.split(',').filter((text) => text !== ''));
    expect([all(1), all(2)]).toEqual([[], []]);
    // The first message says 0, each next one how many records came before it.
    expect(lines.map(([sequence]) => Number(sequence))[0]).toBe(0);
    const counted = rows.flatMap((row) => [...(row.bwd_frames === '0' ? [] : [row.bwd_frames!]), row.fwd_frames!]);
    expect(all(5)).toEqual(counted);
    const bytes = rows.flatMap((row) => [
      ...(row.bwd_frames === '0' ? [] : [row.bwd_network_bytes!]),
      row.fwd_network_bytes!,
    ]);
    expect(all(6)).toEqual(bytes);
    expect(all(7)).toEqual(rows.map((row) => row.src_port!).filter((port) => port !== ''));
    return { starts: lines.flatMap((line) => line[3]!), ends: lines.flatMap((line) => line[4]!) };
  };

  test('dissects a file as messages over TCP and UDP, with exact times and no fault', async () => {
    const file = join(folder, 'tshark.ipfix');
    const rows = await exported('tshark', file);
    for (const transport of ['-u', '-T'] as const) {
      const lines = dissected(`tshark${transport}`, readFileSync(file), transport);
      const { starts } = expectSame(lines, rows);
      // Nanoseconds, then milliseconds, of each record: `Jun 17, 2013 21:58:28.468939000 UTC`.
      const fractions = starts.join(',').match(/\d\d\.\d{9}/g)!;
      const exact = (time: string) => {
        const seconds = new Date(Number(milliseconds(time))).getUTCSeconds();
        return `${String(seconds).padStart(2, '0')}.${time.split('.')[1]!}`;
      };
      const cut = (text: string) => `${text.slice(0, 6)}000000`;
      expect(fractions).toEqual(rows.flatMap(({ start }) => [exact(start!), cut(exact(start!))]));
    }
  });
});
