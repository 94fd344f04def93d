import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/support/command.ts';
import { eventually, need } from '../cli/support/needs.ts';
import { LiveRun } from './support/live-run.ts';
import { obstacle, useNetwork } from './support/network.ts';

const folder = temporaryFolder();
beforeEach((context) => need(context, obstacle()));

const FRAMES = 60_000;
const LOOPS = 5;
/** Rows that wait for a slow output at most, as docs/sinks.md has it; one batch of 1,024 may be on its way besides. */
const WAITING = 65_536 + 1024;
/** More would be what rows that wait without a bound take. */
const GROWTH = 64 * 1024;

/** A reader of a named pipe that takes little at a time until it may hurry. */
class SlowReader {
  readonly #cat;
  readonly ended: Promise<void>;
  lines = 0;
  #hurry = false;

  constructor(path: string) {
    this.#cat = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.ended = this.#read();
  }

  async #read(): Promise<void> {
    for await (const bytes of this.#cat.stdout) {
      this.lines += (bytes as Buffer).filter((byte) => byte === 10).length;
      if (!this.#hurry) await delay(200);
    }
  }

  hurry(): void {
    this.#hurry = true;
  }

  end(): void {
    this.#cat.kill('SIGKILL');
  }
}

/** Kibibytes of a process that are in memory. */
const resident = (id: number): number =>
  Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]);

describe('an output that is too slow for a live run', () => {
  const network = useNetwork({ silent: true });

  it('loses rows that are counted, holds up no other output, and takes no memory without bound', async () => {
    const capture = join(folder.path, 'flows.pcap');
    const { writeSmallFrames } = await import(new URL('../../bench/small-frames.mjs', import.meta.url).href);
    // Each frame is a flow of its own, and makes a row at once: there is room for few.
    writeSmallFrames(capture, FRAMES, FRAMES);
    const pipe = join(folder.path, 'slow.csv');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const file = join(folder.path, 'fast.csv');
    const sinks = [{ csv: { path: pipe } }, { csv: { path: file } }];
    const features = [{ preset: 'statistical' }];
    const configuration = folder.write('flows.json', JSON.stringify({ features, flow: { maxFlows: 500 }, sinks }));
    const summary = join(folder.path, 'summary.json');
    const reader = new SlowReader(pipe);
    try {
      const live = new LiveRun(network.here, 'flows', '-i', 'near', '-c', configuration, '--summary', summary);
      await live.listening();
      const sending = network.there.replay(capture, '--preload-pcap', '--loop', `${LOOPS}`, '--pps', '30000');
      const begun = Date.now();
      await live.says(/slow\.csv: too slow: rows are being dropped$/);
      const told = Date.now();
      const before = resident(live.child.pid!);
      let most = before;
      const watching = setInterval(() => {
        most = Math.max(most, resident(live.child.pid!));
      }, 100);
      await sending;
      // What the kernel has kept is read too.
      let frames = -1;
      await eventually(async () => {
        const last = frames;
        frames = await live.frames();
        return frames === last || undefined;
      });
      clearInterval(watching);
      live.child.kill('SIGINT');
      reader.hurry();
      expect((await live.finished).code).toBe(0);
      await reader.ended;

      const { flows, outputs } = JSON.parse(readFileSync(summary, 'utf8'));
      const [slow, fast] = outputs;
      const made = flows.rows;
      expect(reader.lines - 1).toBe(slow.rows);
      expect(slow.rows + slow.lost.rows).toBe(made);
      expect(slow.lost.rows).toBeGreaterThan(WAITING);
      expect(slow.lost.reason).toBe('too slow');
      const since = Date.parse(slow.lost.since);
      expect(since).toBeGreaterThanOrEqual(begun);
      expect(since).toBeLessThanOrEqual(told);
      expect(live.stderr).toMatch(/^output +csv \S+slow\.csv, [\d,]+ rows, [\d,]+ lost since \S+Z: too slow$/m);
      expect(live.said.at(-1)).toMatch(/slow\.csv: \d+ rows were dropped in [\d.]+ s: too slow$/);
      expect(fast).toEqual({ sink: 'csv', target: file, rows: made });
      expect(readFileSync(file, 'utf8').split('\n').length - 2).toBe(made);
      expect(most - before).toBeLessThan(GROWTH);
    } finally {
      reader.end();
    }
  });
});
