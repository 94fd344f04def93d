import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry } from '../../../core/declare/registry.ts';
import { explainedFeatures } from '../../../core/explain/explained-features.ts';
import type { Explanation } from '../../../core/explain/explanation.ts';
import { ExplainWatch } from '../../../core/explain/flow-watch.ts';
import { expandFeatures, type Wanted } from '../../../core/expression/expand.ts';
import { defaultFlowSettings, type FlowSettings } from '../../../core/flow/settings.ts';
import { parseCsv } from '../../../core/labels/parse-csv.ts';
import type { FlowRun } from '../../../core/run/flow-run.ts';
import { runFlows } from '../../../core/run/pipeline.ts';
import { csv } from '../../../plugins/sinks/csv.ts';
import { captureFile } from '../../../plugins/sources/capture-file.ts';
import { standard } from '../../../plugins/standard.ts';
import { contextOf } from '../../plugins/sinks/rows.ts';

export const registry = createRegistry([standard]);

export interface Settings extends Partial<Pick<FlowRun, 'where' | 'keep' | 'imitation'>> {
  readonly wanted: readonly Wanted[];
  readonly flow?: Partial<FlowSettings>;
}

const runOf = async (captures: readonly string[], { wanted: _, flow, ...rest }: Settings) => ({
  registry,
  reader: await captureFile.open(captures, {}),
  settings: { ...defaultFlowSettings, ...flow },
  ...rest,
});

/** The rows of a run, as the CSV sink writes them: the header first. */
export async function csvRows(captures: readonly string[], settings: Settings): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-explain-'));
  try {
    const target = join(folder, 'rows.csv');
    await runFlows({
      ...(await runOf(captures, settings)),
      features: expandFeatures(registry, settings.wanted),
      open: async (columns, stop) => [await csv.open(target, columns, {}, contextOf({ formatNumber: String, stop }))],
    });
    return parseCsv(readFileSync(target, 'utf8')).records.map(({ cells }) => cells.map(({ text }) => text));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The explanation of features of one row, by the run that makes it. */
export async function explain(
  captures: readonly string[],
  settings: Settings,
  flowId: string,
  segment: number,
  wishes: readonly string[],
): Promise<Explanation | undefined> {
  const { requests, places } = explainedFeatures(registry, expandFeatures(registry, settings.wanted), wishes);
  const watch = new ExplainWatch({ flowId, segment, features: places, precision: 'twelve' });
  await runFlows({ ...(await runOf(captures, settings)), features: requests, watch, open: async () => [] });
  return watch.explanation();
}
