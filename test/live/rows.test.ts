import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root, rowsOf, run, temporaryFolder } from '../cli/support/command.ts';
import { eventually, need, python } from '../cli/support/needs.ts';
import { LiveRun, SOURCES } from './support/live-run.ts';
import { type Network, obstacle, useNetwork } from './support/network.ts';

const folder = temporaryFolder();
beforeEach((context) => need(context, obstacle()));

/** All but what neighbours ask each other, which never ends at a known moment. */
const FILTER = 'tcp or udp or icmp or (ip6 and ip6[6] == 58 and (ip6[40] == 128 or ip6[40] == 129))';
/** What every source knows exactly; `flow_id` is made of the start, which each socket stamps for itself. */
const EXACT = [
  ...['segment', 'src_ip', 'src_port', 'dst_ip', 'dst_port', 'protocol'],
  ...['fwd_frames', 'bwd_frames', 'fwd_bytes', 'bwd_bytes', 'end_reason'],
];
const TIMES = ['start', 'end'];

type Row = Readonly<Record<string, string>>;
const exact = (rows: readonly Row[]) => rows.map((row) => EXACT.map((name) => row[name]).join(' ')).sort();

/** Rows by what is exact in them, in order of their start. */
const inOrder = (rows: readonly Row[]) =>
  [...rows].sort((a, b) => {
    const [x, y] = [a, b].map((row) => EXACT.map((name) => row[name]).join(' '));
    return x! < y! ? -1 : x! > y! ? 1 : Number(a.start) - Number(b.start);
  });

/** What the interface sees beside the runs, by a program that also is a source. */
const RECORDERS = {
  tcpdump: (device: string, file: string) => ['--immediate-mode', '-U', '-n', '-i', device, '-w', file, '--', FILTER],
  dumpcap: (device: string, file: string) => ['-q', '-n', '-i', device, '-w', file, '-f', FILTER],
};

/** Rows of live runs of each source and of a file recorded beside, over the traffic that `traffic` makes. */
async function allRows({ here }: Network, name: string, traffic: () => Promise<unknown>) {
  const path = (source: string, extension: string) => join(folder.path, `${name}-${source}.${extension}`);
  const runs = SOURCES.map((source) => {
    const outputs = ['-o', path(source, 'csv'), '--summary', path(source, 'json')];
    return new LiveRun(here, 'flows', '-i', here.name, '--source', source, '-f', FILTER, ...outputs);
  });
  const recorders = Object.entries(RECORDERS).map(([program, words]) =>
    here.start(program, ...words(here.name, path(program, 'pcap'))),
  );
  await here.listeners(runs.length + recorders.length);
  await traffic();
  for (const live of runs) expect([await live.end(), live.said]).toEqual([0, []]);
  // The programs themselves do not wait for frames that the kernel still holds: a second, at most.
  await delay(1100);
  for (const recorder of recorders) {
    recorder.kill('SIGINT');
    await eventually(() => recorder.exitCode ?? undefined);
  }
  const results = SOURCES.map(async (source) => {
    // What a program captures is compared with what the other one has recorded.
    const file = path(source === 'tcpdump' ? 'dumpcap' : 'tcpdump', 'pcap');
    const fromFile = await run(['flows', file, '-o', '-', '--quiet']);
    expect([fromFile.code, fromFile.stderr]).toEqual([0, '']);
    return {
      source,
      live: rowsOf(readFileSync(path(source, 'csv'), 'utf8')),
      file: rowsOf(fromFile.stdout),
      summary: JSON.parse(readFileSync(path(source, 'json'), 'utf8')),
    };
  });
  return Promise.all(results);
}

function expectEqual({ source, live, file, summary }: Awaited<ReturnType<typeof allRows>>[number]): void {
  expect(exact(live), source).toEqual(exact(file));
  // cap stamps frames when they reach it.
  const tolerance = source === 'cap' ? 2 : 0.05;
  const [a, b] = [inOrder(live), inOrder(file)];
  for (const [i, row] of a.entries()) {
    for (const name of TIMES) expect(Math.abs(Number(row[name]) - Number(b[i]![name]))).toBeLessThan(tolerance);
  }
  const known = source === 'cap' ? null : 0;
  expect(summary.drops).toEqual({ kernel: known, interface: 0, application: 0 });
  expect(summary.inputs).toMatchObject([{ name: 'near', source, interruptions: 0 }]);
}

describe('rows of a live run are those of a file recorded beside', () => {
  const network = useNetwork();

  beforeAll(async () => {
    if (obstacle() !== undefined) return;
    const { here, there } = network;
    const pages = folder.path;
    writeFileSync(join(pages, 'page.html'), 'x'.repeat(200_000));
    here.start(python, '-m', 'http.server', '80', '--directory', pages, '--bind', here.ipv4);
    const names = ['--no-resolv', '--no-hosts', '--address=/www.example.test/192.0.2.7'];
    here.start('dnsmasq', '--no-daemon', '--conf-file=/dev/null', '--pid-file', '--user=root', ...names);
    here.start('iperf3', '-s', '-p', '5201');
    const retry = ['--retry', '100', '--retry-delay', '0', '--retry-connrefused', '-sfo', '/dev/null'];
    await there.run('curl', ...retry, `http://${here.ipv4}/page.html`);
    const answer = () => there.run('dig', '+short', `@${here.ipv4}`, 'www.example.test').catch(() => '');
    await eventually(async () => (await answer()).includes('192.0.2.7') || undefined);
    await eventually(() =>
      iperf(network, '1K').then(
        () => true,
        () => undefined,
      ),
    );
  });

  it('of real clients and servers', async () => {
    const { here, there } = network;
    const all = await allRows(network, 'clients', async () => {
      for (let i = 0; i < 3; i += 1) {
        await there.run('curl', '-sfo', '/dev/null', `http://${here.ipv4}/page.html`);
        expect(await there.run('dig', '+short', `@${here.ipv4}`, 'www.example.test')).toContain('192.0.2.7');
      }
      await there.run('dig', '+tcp', '+short', `@${here.ipv4}`, 'www.example.test');
      await Promise.all([
        there.run('ping', '-c', '3', '-i', '0.05', here.ipv4),
        there.run('ping', '-6', '-c', '3', '-i', '0.05', here.ipv6),
        here.run('ping', '-c', '2', '-i', '0.05', '-s', '2500', there.ipv4),
      ]);
      await iperf(network, '512K');
      await iperf(network, '64K', '-u', '-b', '20M');
    });
    for (const one of all) {
      expectEqual(one);
      expect([...new Set(one.live.map(({ protocol }) => protocol))].sort()).toEqual(['1', '17', '58', '6']);
      const pages = one.live.filter(({ dst_port }) => dst_port === '80');
      expect(pages).toHaveLength(3);
      // 200,000 bytes of body came back in each.
      for (const row of pages) expect(Number(row.bwd_bytes)).toBeGreaterThan(200_000);
    }
  });

  it('of a capture replayed', async () => {
    const office = join(root, 'examples', 'captures', 'office.pcap');
    const all = await allRows(network, 'replayed', () => network.there.replay(office, '--pps', '2000'));
    for (const one of all) {
      expectEqual(one);
      expect(one.live.length).toBeGreaterThan(150);
    }
  });
});

/** A short transfer. */
function iperf({ here, there }: Network, bytes: string, ...options: readonly string[]): Promise<string> {
  return there.run('iperf3', '-c', here.ipv4, '-p', '5201', '-n', bytes, ...options);
}

describe('VLAN tags', () => {
  const network = useNetwork({ silent: true });

  it.each(SOURCES)('that the kernel takes off frames are in them, with %s', async (source) => {
    const { here, there } = network;
    const capture = join(root, 'test', 'captures', 'link', 'VlanPackets.pcap');
    const fields = ['-T', 'fields', '-e', 'vlan.id', '-e', 'eth.type', '-e', 'frame.len'];
    const expected = execFileSync('tshark', ['-n', '-r', capture, ...fields], { encoding: 'utf8', stdio: 'pipe' });
    const words = ['-i', here.name, '--source', source, '--fields', 'vlan.id,eth.type,frame.len', '--format', 'tsv'];
    const live = new LiveRun(here, 'packets', ...words, '--no-header');
    await live.listening();
    await there.replay(capture, '--pps', '500');
    await eventually(() => live.stdout.split('\n').length > 26 || undefined);
    expect(await live.end()).toBe(0);
    // Short frames are not padded on a veth pair, so that lengths stay as they are in the capture.
    expect(live.stdout).toBe(expected);
    expect(live.stdout).toMatch(/^118,10\t/m);
  });
});
