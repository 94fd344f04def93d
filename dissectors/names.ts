import { readFileSync } from 'node:fs';
import type { ValueNames } from '../core/declare/field.ts';

const read = new Map<string, ValueNames>();

/** The texts of a table of numbers in `data/`, each with its origin and date in the file. For display only. */
export function namesOf(table: string): ValueNames {
  let names = read.get(table);
  if (names === undefined) {
    const file = new URL(`./data/${table}.json`, import.meta.url);
    names = (JSON.parse(readFileSync(file, 'utf8')) as { readonly names: ValueNames }).names;
    read.set(table, names);
  }
  return names;
}
