import { readFileSync } from 'node:fs';
import type { ValueNames } from '../core/declare/field.ts';

/**
 * The texts of a table of numbers in `data/`, each with its origin and date in the file. For display only, so the file
 * is read when the first text is asked for.
 */
export function namesOf(table: string): ValueNames {
  let names: ValueNames | undefined;
  const load = (): ValueNames => {
    if (names === undefined) {
      const file = new URL(`./data/${table}.json`, import.meta.url);
      names = (JSON.parse(readFileSync(file, 'utf8')) as { readonly names: ValueNames }).names;
    }
    return names;
  };
  return new Proxy({} as Record<number, string>, {
    get: (_target, key) => Reflect.get(load(), key),
    has: (_target, key) => Reflect.has(load(), key),
    ownKeys: () => Reflect.ownKeys(load()),
    getOwnPropertyDescriptor: (_target, key) => Reflect.getOwnPropertyDescriptor(load(), key),
  });
}
