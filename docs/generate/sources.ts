import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', 'dissectors');

/** The doc comment as plain text, or an empty one. */
const words = (comment: string): string =>
  comment
    .replaceAll(/^\s*\/\*\*|\*\/\s*$/g, '')
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link (\S+?)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** By name of the dissector: its file, and what its doc comment says (its specification among it). */
export function dissectorSources(): ReadonlyMap<string, { readonly file: string; readonly comment: string }> {
  const found = new Map<string, { file: string; comment: string }>();
  for (const file of readdirSync(FOLDER).toSorted()) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const declaration = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?export const \w+ = defineDissector\(\{\s+name: '([^']+)'/g;
    for (const [, comment = '', name] of text.matchAll(declaration))
      found.set(name!, { file, comment: words(comment) });
  }
  return found;
}
