import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry } from '../../core/declare/registry.ts';
import { standard } from '../../plugins/standard.ts';
import { cataloguePages } from './catalogue.ts';
import { referencePages } from './pages.ts';

const folder = join(import.meta.dirname, '..', 'reference');
const registry = createRegistry([standard]);
const pages = referencePages(registry);
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
const catalogue = cataloguePages(registry);
for (const [name, text] of catalogue) writeFileSync(join(folder, '..', name), text);
console.log(`${pages.size} pages in docs/reference, ${[...catalogue.keys()].join(' and ')} in docs`);
