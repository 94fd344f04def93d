import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sinks } from '../../plugins/sinks/index.ts';

const docs = join(import.meta.dirname, '../../docs');
const overview = readFileSync(join(docs, 'sinks.md'), 'utf8');

describe.each(sinks.map((sink) => [sink.name, sink] as const))('%s', (name, sink) => {
  const page = join(docs, 'sinks', `${name}.md`);

  test('has a page, which the overview names', () => {
    expect(existsSync(page)).toBe(true);
    expect(overview).toContain(`](sinks/${name}.md)`);
  });

  test('its page has all options, and the default of each', () => {
    const rows = readFileSync(page, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    for (const [option, schema] of Object.entries(sink.options.properties as Record<string, { default?: unknown }>)) {
      const row = rows.find((line) => line.split('|')[1]!.includes(`\`${option}\``));
      expect(row, option).toBeDefined();
      if (schema.default !== undefined) expect(row).toContain(String(schema.default));
    }
  });
});
