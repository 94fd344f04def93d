import { readFileSync } from 'node:fs';
import type { ValueNames } from '../core/declare/field.ts';
import { packageFile } from '../core/package-root.ts';

const tables = new Map<string, ValueNames>();

function load(table: string): ValueNames {
  let names = tables.get(table);
  if (names === undefined) {
    names = (
      JSON.parse(readFileSync(packageFile(`dissectors/data/${table}.json`), 'utf8')) as { readonly names: ValueNames }
    ).names;
    tables.set(table, names);
  }
  return names;
}

/**
 * The texts of a table of numbers in `data/`, each with its origin and date in the file. They are for display only, so
 * the file is read when the first text is asked for: most runs never do.
 */
export function namesOf(table: string): ValueNames {
  return new Proxy({} as Record<number, string>, {
    get: (_target, key) => Reflect.get(load(table), key),
    has: (_target, key) => Reflect.has(load(table), key),
    ownKeys: () => Reflect.ownKeys(load(table)),
    getOwnPropertyDescriptor: (_target, key) => Reflect.getOwnPropertyDescriptor(load(table), key),
  });
}
