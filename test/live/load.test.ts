import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { main, root, temporaryFolder } from '../cli/support/command.ts';
import { need } from '../cli/support/needs.ts';
import { LiveRun } from './support/live-run.ts';
import { obstacle, useNetwork } from './support/network.ts';

const folder = temporaryFolder();
beforeEach((context) => need(context, obstacle()));

/** The sources that know what was lost. */
const KNOWING = ['dumpcap', 'tcpdump'] as const;
const small = join(folder.path, 'small.pcap');

beforeAll(async () => {
  const module = new URL('../../bench/small-frames.mjs', import.meta.url).href;
  const { writeSmallFrames } = await import(module);
  writeSmallFrames(small, 10_000, 1000);
});

describe('frames that an interface receives are read, or counted as lost', () => {
  const network = useNetwork({ silent: true });

  it.each(KNOWING)('%s: under load', async (source) => {
    // The benchmark, at a rate that every machine has room for: what counts here is that the counts add up.
    const seconds = source === 'dumpcap' ? '10' : '4';
    const words = ['--source', source, '--seconds', seconds, '--rate', '20000', '--json', 'on', '--program', main];
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'bench', 'live.mjs'), ...words]);
    const [result] = JSON.parse(stdout);
    expect(result.received).toBeGreaterThan(50_000);
    expect(result.read + result.kernel + result.application).toBe(result.received);
  });

  it.each(KNOWING)('%s: when the meter stands still and buffers run over', async (source) => {
    const summary = join(folder.path, `${source}.json`);
    const words = ['-i', 'near', '--source', source, '--buffer-size', '1MiB', '--summary', summary, '-o', '-'];
    const live = await new LiveRun(network.here, 'flows', ...words).listening();
    live.child.kill('SIGSTOP');
    await network.there.replay(small, '--preload-pcap', '--loop', '10', '--pps', '50000');
    live.child.kill('SIGCONT');
    await network.there.replay(small, '--limit', '1000', '--pps', '1000');
    expect(await live.end()).toBe(0);
    const { inputs, frames, drops } = JSON.parse(readFileSync(summary, 'utf8'));
    expect(drops.kernel).toBeGreaterThan(10_000);
    expect(frames.read + drops.kernel + drops.application).toBe(101_000);
    expect(inputs).toMatchObject([{ frames: frames.read, received: 101_000, drops }]);
    expect(live.stderr).toMatch(/\(received 101,000\); drops: kernel [\d,]{6,}, interface 0, application 0$/m);
  });
});
