import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A row of a tool: the text of each column. */
export type TextRow = Readonly<Record<string, string>>;

/** Cells of one line: quoted ones may hold commas; a quote inside is written `\"` (NFStream) or doubled. */
function cells(line: string): string[] {
  const found: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] !== '"') {
      const end = line.indexOf(',', at) < 0 ? line.length : line.indexOf(',', at);
      found.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    let text = '';
    for (at += 1; at < line.length; at += 1) {
      const pair = line.slice(at, at + 2);
      if (pair === '\\"' || pair === '""') {
        text += '"';
        at += 1;
      } else if (line[at] === '"') break;
      else text += line[at];
    }
    found.push(text);
    at += 2;
  }
  return found;
}

/** Rows of a file; a name that stands twice gets `.1`, as usual readers of CSV give it. */
export function readRows(file: string): TextRow[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const seen = new Map<string, number>();
  const names = cells(head!).map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}.${before}`;
  });
  return lines.map((line) => {
    const values = cells(line);
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
  });
}

/** Every file of expected rows below a folder, with the path of its capture. */
export function expectedFiles(folder: string, below = folder): { readonly file: string; readonly capture: string }[] {
  if (!existsSync(below)) return [];
  return readdirSync(below, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return expectedFiles(folder, path);
      if (!entry.name.endsWith('.csv')) return [];
      return [{ file: path, capture: relative(folder, path).replaceAll('\\', '/').slice(0, -'.csv'.length) }];
    })
    .sort((a, b) => (a.capture < b.capture ? -1 : 1));
}
