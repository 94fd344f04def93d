import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultFlowSettings, runFlows, standardRegistry } from '../../cli/library.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import type { RowBatch } from '../../core/flow/rows.ts';
import type { FlowSettings } from '../../core/flow/settings.ts';
import { rowTexts } from '../../core/output/row-objects.ts';
import type { RunResult } from '../../core/run/flow-run.ts';

const root = join(import.meta.dirname, '..', '..');
export const vendored = join(root, 'test', 'captures');
export const shared = join(root, '..', 'shared', 'captures');
export const required = process.env.PACKETLOOM_REQUIRE_ALL === '1';

export interface Listed {
  readonly path: string;
  readonly file: string;
  readonly packets: number;
}

/** The captures of a folder with a manifest, with the frames that capinfos counted. */
export function listed(folder: string): Listed[] {
  if (!existsSync(folder)) return [];
  const [head, ...lines] = readFileSync(join(folder, 'MANIFEST.tsv'), 'utf8').trim().split('\n');
  const names = head!.split('\t');
  return lines.map((line) => {
    const values = line.split('\t');
    const path = values[names.indexOf('path')]!;
    return { path, file: join(folder, path), packets: Number(values[names.indexOf('packets')]) };
  });
}

/** Whether a program is there; says so when it is not. */
export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    if (required) throw new Error(`${program} is required`);
    console.log(`skipped: what compares with ${program}, which is not installed`);
    return false;
  }
}

/** Runs captures through the meter; rows come as text by column. */
export async function meter(
  files: readonly string[],
  columns: Readonly<Record<string, string>>,
  settings: Partial<FlowSettings> = {},
): Promise<{ rows: Record<string, string>[]; result: RunResult }> {
  const registry = standardRegistry();
  const features = Object.entries(columns).map(([name, value]) => ({ name, value, at: name }));
  const rows: Record<string, string>[] = [];
  const result = await runFlows({
    registry,
    reader: await registry.sources.get('capture-file')!.open(files, {}),
    features: expandFeatures(registry, features),
    settings: { ...defaultFlowSettings, ...settings },
    open: async (made) => [
      {
        rows: 0,
        write(batch: RowBatch) {
          for (let row = 0; row < batch.count; row += 1) {
            const texts = rowTexts(batch, row);
            rows.push(Object.fromEntries(made.map(({ name }, i) => [name, texts[i]!])));
          }
        },
        close: async () => {},
        abort: async () => {},
      },
    ],
  });
  return { rows, result };
}

/** Folders below a folder, for tests that want all captures of a theme. */
export const files = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
