import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { root, rowsOf, temporaryFolder } from '../cli/support/command.ts';
import { need } from '../cli/support/needs.ts';
import { LiveRun, SOURCES } from './support/live-run.ts';
import { obstacle, useNetwork } from './support/network.ts';

const folder = temporaryFolder();
beforeEach((context) => need(context, obstacle()));

const traffic = join(root, 'test', 'captures', 'flows', 'DnsPackets.pcap');
const TIME = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;

describe('an interface that goes away', () => {
  const network = useNetwork({ silent: true });

  const begin = (source: string, name: string, ...more: readonly string[]) => {
    const output = join(folder.path, `${name}-${source}.csv`);
    const summary = join(folder.path, `${name}-${source}.json`);
    const words = ['-i', 'near', '--source', source, '-o', output, '--summary', summary];
    return new LiveRun(network.here, 'flows', ...words, ...more);
  };
  /** Runs of all sources, each with a second interface that goes on. */
  const beginAll = async (name: string) => {
    const runs = SOURCES.map((source) => [source, begin(source, name, '-i', 'lo')] as const);
    await network.here.listeners(runs.length);
    await network.here.listeners(runs.length, 'lo');
    return runs;
  };
  const replay = (limit: number) => network.there.replay(traffic, '--pps', '5000', '--limit', String(limit));
  const results = (name: string, source: string) => ({
    summary: JSON.parse(readFileSync(join(folder.path, `${name}-${source}.json`), 'utf8')),
    rows: rowsOf(readFileSync(join(folder.path, `${name}-${source}.csv`), 'utf8')),
  });
  const frames = (rows: readonly Record<string, string>[]) =>
    rows.reduce((sum, { fwd_frames, bwd_frames }) => sum + Number(fwd_frames) + Number(bwd_frames), 0);

  it('down and up: it is told, counted and captured from again; another goes on', async () => {
    const { here } = network;
    const runs = await beginAll('down');
    await replay(300);
    for (const [, live] of runs) await live.read(300);
    here.ip('link', 'set', 'near', 'down');
    for (const [, live] of runs) await live.says(/near: the interface went down; capturing goes on when it is back$/);
    await here.run('ping', '-c', '1', '127.0.0.1');
    // A frame on loopback is seen when it is sent, and when it is received.
    for (const [, live] of runs) await live.read(302);
    here.ip('link', 'set', 'near', 'up');
    const back = new RegExp(`^packetloom: ${TIME} near: the interface is back after \\d+\\.\\d s; capturing goes on$`);
    for (const [, live] of runs) await live.says(back);
    await replay(200);
    for (const [source, live] of runs) {
      await live.read(502);
      expect([await live.end(), live.said.length], source).toEqual([0, 2]);
      const { summary, rows } = results('down', source);
      expect(summary.inputs).toMatchObject([
        { name: 'near', source, frames: 500, received: 500, interruptions: 1 },
        { name: 'lo', source, interruptions: 0 },
      ]);
      // cap does not know what it held when it broke down.
      const known = source === 'cap' ? null : 0;
      expect(summary.inputs[0].drops, source).toEqual({ kernel: known, interface: 0, application: known });
      expect(frames(rows)).toBe(summary.frames.used);
      expect(live.stderr).toMatch(/^interface near by \w+, 500 frames \(received 500\), away 1 time; drops: /m);
    }
  });

  it('deleted and made again', async () => {
    const runs = await beginAll('deleted');
    await replay(300);
    for (const [, live] of runs) await live.read(300);
    network.disconnect();
    const gone = /near: the interface (is gone|went down); capturing goes on when it is back$/;
    for (const [, live] of runs) await live.says(gone);
    network.connect();
    for (const [, live] of runs) await live.says(/near: the interface is back after/);
    await replay(200);
    for (const [source, live] of runs) {
      await live.read(500);
      expect(await live.end(), source).toBe(0);
      const { summary, rows } = results('deleted', source);
      // Another interface's counts say nothing of the first one.
      expect(summary.inputs[0], source).toMatchObject({ frames: 500, received: null, interruptions: 1 });
      expect(frames(rows), source).toBe(500);
      expect(live.stderr).toMatch(/^interface near by \w+, 500 frames \(received unknown\), away 1 time; drops: /m);
    }
  });

  it('SIGINT, SIGTERM and its duration end the run in order meanwhile', async () => {
    const runs = [
      ['dumpcap', 'SIGINT', begin('dumpcap', 'SIGINT')],
      ['tcpdump', 'SIGTERM', begin('tcpdump', 'SIGTERM')],
      ['cap', 'SIGINT', begin('cap', 'SIGINT')],
      ['tcpdump', 'duration', begin('tcpdump', 'duration', '--duration', '5s')],
    ] as const;
    await network.here.listeners(runs.length);
    await replay(300);
    for (const [, , live] of runs) await live.read(300);
    network.disconnect();
    for (const [, , live] of runs) await live.says(/near: the interface (is gone|went down)/);
    await delay(1500); // at least one look at an interface that is not there
    for (const [source, how, live] of runs) {
      if (how === 'duration') expect(await live.finished).toEqual({ code: 0, signal: null });
      else expect(await live.end(how), source).toBe(0);
      const { summary, rows } = results(how, source);
      expect([summary.frames.read, frames(rows), live.said.length], source).toEqual([300, 300, 1]);
    }
    network.connect();
  });
});
