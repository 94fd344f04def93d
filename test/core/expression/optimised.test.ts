import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const built = join(import.meta.dirname, '../../../dist/plugins/standard.js');
const script = join(import.meta.dirname, 'support/optimised.mjs');

interface Report {
  readonly columns: number;
  readonly functions: number;
  readonly failed: readonly string[];
}

it('V8 optimises every generated function: all presets together, all features together, 1,500 expressions', (t) => {
  if (!existsSync(built)) return t.skip('the package is not built: npm run build');
  const output = execFileSync(process.execPath, ['--allow-natives-syntax', '--interrupt-budget=1000000000', script], {
    encoding: 'utf8',
  });
  const { canary, presets, everything, many } = JSON.parse(output) as Record<string, Report> & { canary: boolean };
  // A function over V8's limit cannot be optimised, and the script sees it.
  expect(canary).toBe(false);
  expect(presets!.columns).toBeGreaterThanOrEqual(85);
  for (const report of [presets!, everything!, many!]) {
    expect(report.functions).toBeGreaterThan(3);
    expect(report.failed).toEqual([]);
  }
});
