import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../core/declare/registry.ts';
import { readProgram } from '../../core/expression/read.ts';
import { cataloguePages } from '../../docs/generate/catalogue.ts';
import { TOOLS } from '../../docs/generate/columns/index.ts';
import { standard } from '../../plugins/standard.ts';

const registry = createRegistry([standard]);
const docs = join(import.meta.dirname, '..', '..', 'docs');

it.each([...cataloguePages(registry)])(
  'docs/%s is what the declarations say; "npm run docs" writes it anew',
  (name, text) => {
    expect(readFileSync(join(docs, name), 'utf8')).toBe(text);
  },
);

it('docs/features.md has every feature and aggregate', () => {
  const page = cataloguePages(registry).get('features.md')!;
  for (const name of registry.features.keys()) expect(page).toContain(`\n| \`${name}\` |`);
  for (const name of registry.aggregates.keys()) expect(page).toContain(`\n| \`${name}(x`);
});

describe.each(TOOLS)('columns of $name', ({ columns }) => {
  it('have names of their own', () => {
    const names = columns.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('are something here that compiles, in that unit, or say why not', () => {
    for (const { name, ours, unit, note } of columns) {
      if (ours === undefined) expect([name, note]).toEqual([name, expect.stringMatching(/.{5}/)]);
      else {
        const request = { name, at: name, value: ours, ...(unit === undefined ? {} : { unit }) };
        const { outputs } = readProgram({ registry, features: [request], keyFields: [] });
        if (unit !== undefined) expect([name, outputs[0]!.columns[0]!.unit]).toEqual([name, unit]);
      }
    }
  });
});

// The header lines and elements that the tools' own output and documents have.
it.each([
  ['CICFlowMeter', 90],
  ['NFStream', 85],
  ['go-flows (CAIA, elements)', 31],
  ['ipfixprobe', 50],
  ['YAF (basic record, --flow-stats)', 30],
  ['Zeek conn.log', 20],
  ['Argus (ra fields)', 70],
  ['NTLFlowLyzer', 300],
])('%s has at least %i columns in the table', (name, least) => {
  expect(TOOLS.find((tool) => tool.name === name)!.columns.length).toBeGreaterThanOrEqual(least);
});
