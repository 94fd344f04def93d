import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAll, type Scenario } from './scenario.ts';

/**
 * Runs a scenario so many times; throws at the first trial in which something does not hold, and leaves its folder.
 * @returns how often what happened
 */
export async function trials(scenario: Scenario, runs: number): Promise<Record<string, number>> {
  const shared = mkdtempSync(join(tmpdir(), `packetloom-${scenario.name}-`));
  const happened: Record<string, number> = {};
  let folder = '';
  try {
    await scenario.prepare(shared);
    for (let i = 0; i < runs; i += 1) {
      folder = join(shared, `trial-${i + 1}`);
      mkdirSync(folder);
      const what = await scenario.run({ folder, shared, random: Math.random });
      happened[what] = (happened[what] ?? 0) + 1;
      rmSync(folder, { recursive: true });
    }
  } catch (error) {
    throw new Error(`${scenario.name}: ${folder}: ${(error as Error).message}`, { cause: error });
  } finally {
    endAll();
    await scenario.finish?.();
  }
  rmSync(shared, { recursive: true });
  return happened;
}
