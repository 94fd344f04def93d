import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRegistry } from '../../core/declare/registry.ts';
import { referencePages } from '../../docs/generate/pages.ts';
import { dissectorSources } from '../../docs/generate/sources.ts';
import { standard } from '../../plugins/standard.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'reference');
const pages = referencePages(createRegistry([standard]));

it('docs/reference is what the declarations say; "npm run docs" writes it anew', () => {
  expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted());
  const stale = [...pages].filter(([name, text]) => readFileSync(join(folder, name), 'utf8') !== text);
  expect(stale.map(([name]) => name)).toEqual([]);
});

it('has every dissector, field and table', () => {
  const { dissectors, fields, tables } = createRegistry([standard]);
  for (const name of dissectors.keys()) expect(pages.get('README.md')).toContain(`[${name}](${name}.md)`);
  for (const name of tables.keys()) expect(pages.get('tables.md')).toContain(`\n## ${name}\n`);
  const list = pages.get('fields.md')!;
  for (const [name, [entry]] of fields) {
    expect(list).toContain(`\`${name}\``);
    if (entry!.field.name === name) expect(pages.get(`${entry!.dissector.name}.md`)).toContain(`| \`${name}\` |`);
  }
});

it('says of every dissector where it is specified, from its doc comment', () => {
  const sources = dissectorSources();
  const silent = [...createRegistry([standard]).dissectors.keys()].filter((name) => !sources.get(name)?.comment);
  expect(silent).toEqual([]);
});

it('links to pages and places that are there', () => {
  const anchors = new Set(
    [...pages.get('tables.md')!.matchAll(/^## (.+)$/gm)].map(([, name]) => name!.replaceAll('.', '')),
  );
  for (const text of pages.values()) {
    for (const [, target, anchor] of text.matchAll(/\]\(([^)#]+)#?([^)]*)\)/g)) {
      expect(pages.has(target!), target).toBe(true);
      if (anchor !== '') expect(anchors, anchor).toContain(anchor);
    }
  }
});
