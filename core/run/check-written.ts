import type { Plugin } from '../declare/plugin.ts';
import { createRegistry, type Registry } from '../declare/registry.ts';
import { nearest } from '../expression/nearest.ts';
import { linkTypes } from '../frame/walk.ts';
import { inOrder } from './check-layers.ts';
import { pointerOf } from './configuration.ts';
import type { DissectorConfiguration } from './dissector-configuration.ts';
import { writtenDissectors } from './json-dissector.ts';
import { type Problem, problemError } from './problem.ts';

type Report = (steps: readonly (string | number)[], message: string, rest?: Partial<Problem>) => void;

/** What is taken: claims by `table number`, and the tables in which numbers are looked up. */
interface Taken {
  readonly registry: Registry;
  readonly claims: Map<string, string>;
  readonly tables: Set<string>;
}

function takenBy(registry: Registry): Taken {
  const dissectors = [...registry.dissectors.values()];
  const claims = dissectors.flatMap((dissector) =>
    dissector.claims.map(({ table, number }) => [`${table.name} ${number}`, dissector.name] as const),
  );
  const tables = dissectors.flatMap((dissector) => dissector.tables.map(({ name }) => name));
  return { registry, claims: new Map(claims), tables: new Set([linkTypes.name, ...tables]) };
}

function checkOne(one: DissectorConfiguration, at: number, taken: Taken, report: Report): void {
  const { registry, claims, tables } = taken;
  if (registry.dissectors.has(one.name))
    report(['dissectors', at, 'name'], `dissector "${one.name}" is already declared`);
  for (const [i, { name }] of one.fields.entries()) {
    const owner = name === undefined ? undefined : registry.fields.get(name)?.[0]?.dissector.name;
    if (owner !== undefined)
      report(['dissectors', at, 'fields', i, 'name'], `field "${name}" is already declared by "${owner}"`);
  }
  for (const [i, { table, number }] of (one.claims ?? []).entries()) {
    const place = `${table} ${Number(number)}`;
    const owner = claims.get(place);
    if (owner !== undefined)
      report(['dissectors', at, 'claims', i], `${place} is already claimed by "${owner}"`, {
        expected: 'another number, or decodeAs',
      });
    if (!tables.has(table)) {
      const suggestion = nearest(table, tables);
      report(['dissectors', at, 'claims', i, 'table'], `no such table "${table}"`, { suggestion });
    }
  }
}

/**
 * Checks dissectors that JSON declares beside everything else that is registered, so that a clash or an unknown table is
 * told with its place in the file. Does nothing where there are none.
 * @throws PacketloomError `configuration` with every problem.
 */
export function checkWritten(plugins: readonly Plugin[]): void {
  const written = plugins.flatMap((plugin) => writtenDissectors(plugin) ?? []);
  if (written.length === 0) return;
  const taken = takenBy(createRegistry(plugins.filter((plugin) => writtenDissectors(plugin) === undefined)));
  for (const { all } of written) for (const { next } of all) if (next !== undefined) taken.tables.add(next.table);
  const problems: Problem[] = [];
  const names = new Map<string, string>();
  for (const { layer, all } of written) {
    for (const [i, one] of all.entries()) {
      const report: Report = (steps, message, rest = {}) => {
        const pointer = pointerOf(...steps);
        problems.push({ ...layer.where(pointer), pointer, message, ...rest });
      };
      checkOne(one, i, taken, report);
      const before = names.get(one.name);
      const { at, file } = layer.where(pointerOf('dissectors', i));
      if (before !== undefined) report(['dissectors', i, 'name'], `dissector "${one.name}" is already ${before}`);
      else names.set(one.name, `${at}${file === undefined ? '' : ` of ${file}`}`);
      for (const { table, number } of one.claims ?? []) taken.claims.set(`${table} ${Number(number)}`, one.name);
    }
  }
  if (problems.length > 0) throw problemError('configuration', inOrder(problems));
}
