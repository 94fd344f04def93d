import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { standardRegistry } from '../../cli/library.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import { defaultFlowSettings, type FlowSettings } from '../../core/flow/settings.ts';
import { Outputs } from '../../core/output/outputs.ts';
import { runFlows } from '../../core/run/pipeline.ts';
import { has, shared, vendored } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'packetloom-pieces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bytes of the CSV of captures that are read one after the other. */
async function csvOf(captures: readonly string[], settings: Partial<FlowSettings>): Promise<string> {
  const registry = standardRegistry();
  const path = join(folder, 'flows.csv');
  const outputs = new Outputs([{ sink: 'csv', target: path, options: {}, at: 'sinks[0]' }], registry, {
    precision: 'twelve',
    live: false,
    configuration: '',
    report: () => {},
  });
  await runFlows({
    registry,
    reader: await registry.sources.get('capture-file')!.open(captures, {}),
    features: expandFeatures(registry, [
      { preset: 'statistical', at: 'preset', name: 'statistical' },
      { name: 'snapshot', value: 'snapshot', at: 'snapshot' },
    ]),
    settings: { ...defaultFlowSettings, ...settings },
    open: (columns, stop) => outputs.open(columns, stop),
  });
  return readFileSync(path, 'utf8');
}

describe.skipIf(!has('editcap'))('a capture in pieces', () => {
  const captures = [join(vendored, 'flows', 'ftp-data-mix.pcap'), join(vendored, 'flows', 'tls_ciphers.pcap')];
  const more = ['skype.pcap', 'nonmonotonic-1kxun.pcap', 'web-mix-example.pcap'].map((name) =>
    join(shared, 'flows', name),
  );
  const all = [...captures, ...more.filter((file) => existsSync(file))];

  test.each([
    ['as it is', {}],
    ['with all windows', { reorder: 100e6, duplicates: { frames: 5 }, snapshot: { frames: [7], time: 10e9 } }],
  ] as const)('of 500 frames each gives the rows of the whole: %s', async (_, settings) => {
    for (const [i, capture] of all.entries()) {
      const prefix = `piece-${i}-`;
      for (const old of readdirSync(folder)) if (old.startsWith('piece-')) rmSync(join(folder, old));
      execFileSync('editcap', ['-c', '500', capture, join(folder, `${prefix}.pcap`)], { stdio: 'ignore' });
      const pieces = readdirSync(folder).filter((name) => name.startsWith(prefix));
      expect(pieces.length).toBeGreaterThan(1);
      const whole = await csvOf([capture], settings);
      expect(whole.split('\n').length).toBeGreaterThan(10);
      expect(
        await csvOf(
          pieces.sort().map((name) => join(folder, name)),
          settings,
        ),
      ).toBe(whole);
    }
  });
});
