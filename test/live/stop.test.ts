import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dist, root, rowsOf, run, temporaryFolder } from '../cli/support/command.ts';
import { eventually, need } from '../cli/support/needs.ts';
import { LiveRun, SOURCES } from './support/live-run.ts';
import { obstacle, useNetwork } from './support/network.ts';

const folder = temporaryFolder();
beforeEach((context) => need(context, obstacle()));

/** 464 frames, all of them IP. */
const traffic = join(root, 'test', 'captures', 'flows', 'DnsPackets.pcap');
const rowsIn = (file: string) => rowsOf(readFileSync(join(folder.path, file), 'utf8'));
const frames = (rows: readonly Record<string, string>[]) =>
  rows.reduce((sum, { fwd_frames, bwd_frames }) => sum + Number(fwd_frames) + Number(bwd_frames), 0);

describe('a live run ends', () => {
  const network = useNetwork({ silent: true });

  /** A run on the interface whose rows go to a file. */
  const begin = (source: string, output: string, ...more: readonly string[]) => {
    const words = ['-i', network.here.name, '--source', source, '-o', join(folder.path, output)];
    return new LiveRun(network.here, 'flows', ...words, ...more).listening();
  };
  const replay = (limit: number) => network.there.replay(traffic, '--pps', '5000', '--limit', String(limit));

  /** Runs of all sources at once, over the same frames. */
  const beginEach = (test: string, ...more: readonly string[]) =>
    SOURCES.map((source) => {
      const output = join(folder.path, `${source}-${test}.csv`);
      const live = new LiveRun(network.here, 'flows', '-i', 'near', '--source', source, '-o', output, ...more);
      return { source, live, rows: () => rowsIn(`${source}-${test}.csv`) };
    });
  const beginAll = async (test: string, ...more: readonly string[]) => {
    const runs = beginEach(test, ...more);
    await network.here.listeners(runs.length);
    return runs;
  };

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s, with the frames that were on their way', async (signal) => {
    const runs = await beginAll(signal);
    await replay(400);
    for (const { source, live, rows } of runs) {
      await live.read(400);
      expect([await live.end(signal), live.said, frames(rows())], source).toEqual([0, [], 400]);
    }
  });

  it('at once by a second SIGINT, and leaves no process behind', async () => {
    for (const { source, live } of await beginAll('twice')) {
      const { capturing } = live;
      expect(capturing.length, source).toBe(1);
      live.child.kill('SIGINT');
      await delay(100);
      live.child.kill('SIGINT');
      expect((await live.finished).code, source).toBe(130);
      await eventually(() => !existsSync(`/proc/${capturing[0]}`) || undefined);
    }
  });

  it('after a number of frames', async () => {
    const runs = await beginAll('count', '--count', '100');
    await replay(400);
    for (const { source, live, rows } of runs) {
      expect([await live.finished, frames(rows())], source).toEqual([{ code: 0, signal: null }, 100]);
    }
  });

  it('after a time, also while frames keep coming', async () => {
    const started = Date.now();
    const sending = network.there.start('tcpreplay', '-i', network.there.name, '--loop', '0', '--pps', '500', traffic);
    const runs = beginEach('duration', '--duration', '2s');
    for (const { source, live, rows } of runs) {
      expect(await live.finished, source).toEqual({ code: 0, signal: null });
      expect(frames(rows()), source).toBeGreaterThan(200);
      // No process is left behind.
      expect(live.capturing).toEqual([]);
    }
    sending.kill('SIGINT');
    expect(Date.now() - started).toBeGreaterThan(2000);
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('when the capturing process is killed, with every row and exit code 1', async () => {
    const runs = await beginAll('killed');
    await replay(400);
    for (const { source, live, rows } of runs) {
      await live.read(400);
      process.kill(live.capturing[0]!, 'SIGKILL');
      expect(await live.finished).toEqual({ code: 1, signal: null });
      const words = new RegExp(`^packetloom: near: .*${source}.* ended with SIGKILL$`);
      expect(live.said).toEqual([expect.stringMatching(words)]);
      expect(frames(rows())).toBe(400);
      expect(existsSync(join(folder.path, `${source}-killed.csv.partial`))).toBe(false);
      expect(live.stderr).toMatch(/^frames +400 read = 400 used/m);
    }
  });

  it.each(SOURCES)('%s: at once where the filter is wrong, in the words of libpcap', async (source) => {
    const filters = [
      ['tcp prot 80', "can't parse filter expression: syntax error"],
      ['ether host 10.0.0.1', 'illegal link layer address'],
    ] as const;
    const runs = filters.map(
      ([filter]) => new LiveRun(network.here, 'flows', '-i', 'near', '--source', source, '-f', filter),
    );
    for (const [i, [filter, words]] of filters.entries()) {
      expect((await runs[i]!.finished).code).toBe(2);
      expect(runs[i]!.stderr).toMatch(new RegExp(`^packetloom: near: filter '${filter}': [^\n]*(${words})[^\n]*\n$`));
    }
  });

  it.each(SOURCES)('%s: at once where the interface is not there, or down', async (source) => {
    network.here.ip('link', 'set', 'lo', 'down');
    const absent = new LiveRun(network.here, 'flows', '-i', 'nera', '--source', source);
    const down = new LiveRun(network.here, 'flows', '-i', 'lo', '--source', source);
    expect((await absent.finished).code).toBe(1);
    expect(absent.stderr).toMatch(
      /^packetloom: nera: no such interface; did you mean near\? \(interfaces: .*near.*\)\n$/,
    );
    expect((await down.finished).code).toBe(1);
    expect(down.stderr).toBe(`packetloom: lo: ${source}: the interface is down: sudo ip link set lo up\n`);
    network.here.ip('link', 'set', 'lo', 'up');
  });

  it('cap cannot leave promiscuous mode alone, and says so; the others do', async () => {
    const refused = new LiveRun(network.here, 'flows', '-i', 'near', '--source', 'cap', '--no-promiscuous');
    expect([(await refused.finished).code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/^packetloom: --no-promiscuous: cap: .*promiscuous mode.*--source dumpcap or tcpdump\n$/),
    ]);
    // "promiscuity" counts who wants frames for others.
    const promiscuity = async () => {
      const [link] = JSON.parse(await network.here.run('ip', '-j', '-d', 'link', 'show', 'near'));
      return link.promiscuity;
    };
    for (const source of ['dumpcap', 'tcpdump']) {
      for (const [words, expected] of [
        [[], 1],
        [['--no-promiscuous'], 0],
      ] as const) {
        const live = await begin(source, `${source}-promiscuous.csv`, ...words);
        await eventually(async () => (await promiscuity()) === expected || undefined);
        await live.end();
      }
    }
  });
});

describe('who may not capture', () => {
  // A copy that everybody may read: this folder may be root's own.
  const program = join(folder.path, 'program');
  const network = useNetwork({ silent: true });
  beforeAll(() => {
    if (obstacle() !== undefined) return;
    chmodSync(folder.path, 0o755);
    cpSync(dist, join(program, 'dist'), { recursive: true });
    for (const name of ['package.json', 'dissectors/data']) {
      cpSync(join(root, name), join(program, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(program, 'node_modules'));
  });

  const asNobody = (...words: readonly string[]) => {
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps=-all'];
    const main = join(program, 'dist', 'cli', 'main.js');
    return network.here.run('setpriv', ...nobody, process.execPath, main, 'flows', ...words).then(
      () => '',
      (error: Error) => error.message,
    );
  };

  it.each([
    [
      'dumpcap',
      /: dumpcap may not capture \(.*not permitted\): .*sudo setcap cap_net_raw,cap_net_admin\+eip \/\S+\/dumpcap\n$/,
    ],
    [
      'tcpdump',
      /: tcpdump may not capture \(.*not permitted\): sudo setcap cap_net_raw,cap_net_admin\+eip \/\S+\/tcpdump\n$/,
    ],
    [
      'cap',
      /: cap may not capture \(.*not permitted\): sudo setcap \S+ \/\S*node\S*, which lets every program that Node\.js runs capture/,
    ],
  ])('%s: is told which command grants what', async (source, expected) => {
    expect(await asNobody('-i', 'near', '--source', source)).toMatch(expected);
    expect(await asNobody('-i', 'nera', '--source', source)).toMatch(/nera: (no such interface|cap may not capture)/);
  });

  it('hears of the best source first, where none may', async () => {
    expect(await asNobody('-i', 'near')).toMatch(/packetloom: near: dumpcap may not capture/);
  });
});

describe('time goes on', () => {
  const network = useNetwork();

  it('the row of a quiet flow leaves at most 2 s after its end, without more traffic', async () => {
    const { here, there } = network;
    const words = ['-i', here.name, '-f', 'icmp', '--idle-timeout', '1s', '-o', '-', '--quiet'];
    const runs = SOURCES.map((source) => new LiveRun(here, 'flows', '--source', source, ...words));
    await here.listeners(runs.length);
    const seen = runs.map(async (live) => {
      await eventually(() => live.stdout.trimEnd().split('\n').length > 1 || undefined);
      return Date.now() / 1000;
    });
    await there.run('ping', '-c', '2', '-i', '0.05', here.ipv4);
    for (const [i, live] of runs.entries()) {
      const now = await seen[i]!;
      const [row] = rowsOf(live.stdout);
      expect([row!.fwd_frames, row!.bwd_frames, row!.end_reason], SOURCES[i]).toEqual(['2', '2', 'idle']);
      const ended = Number(row!.end) + 1;
      expect(now - ended, SOURCES[i]).toBeGreaterThan(0);
      expect(now - ended, SOURCES[i]).toBeLessThan(2);
      expect(await live.end()).toBe(0);
    }
  });

  it('a backlog cuts no flow that a file would not cut', async () => {
    const { here, there } = network;
    const filter = 'icmp or (ip6[6] == 58 and (ip6[40] == 128 or ip6[40] == 129))';
    const file = join(folder.path, 'backlog.pcap');
    const idle = ['--idle-timeout', '1s', '-o'];
    const runs = SOURCES.map((source) => {
      const output = join(folder.path, `${source}-backlog.csv`);
      return new LiveRun(here, 'flows', '-i', here.name, '--source', source, '-f', filter, ...idle, output);
    });
    const recording = here.start('tcpdump', '--immediate-mode', '-U', '-n', '-i', here.name, '-w', file, '--', filter);
    await here.listeners(runs.length + 1);
    // One that never pauses for a second, one that always does.
    const lively = there.run('ping', '-c', '10', '-i', '0.4', here.ipv4);
    const sleepy = there.run('ping', '-6', '-c', '3', '-i', '1.7', here.ipv6);
    await delay(500);
    for (const live of runs) live.child.kill('SIGSTOP');
    await delay(3000);
    for (const live of runs) live.child.kill('SIGCONT');
    await Promise.all([lively, sleepy]);
    for (const live of runs) {
      await live.read(26);
      expect(await live.end()).toBe(0);
    }
    recording.kill('SIGINT');
    await eventually(() => recording.exitCode ?? undefined);
    const fromFile = await run(['flows', file, ...idle, '-', '--quiet']);
    const of = (rows: readonly Record<string, string>[]) =>
      rows
        .map(({ src_ip, protocol, fwd_frames, bwd_frames }) => [src_ip, protocol, fwd_frames, bwd_frames].join(' '))
        .sort();
    const expected = of(rowsOf(fromFile.stdout));
    expect(expected).toEqual(['10.231.7.2 1 10 10', ...Array(3).fill('fd00:231:7::2 58 1 1')]);
    for (const source of SOURCES) expect(of(rowsIn(`${source}-backlog.csv`)), source).toEqual(expected);
  });
});
