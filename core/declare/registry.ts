import { PacketloomError } from '../errors.ts';
import type { Aggregate } from './aggregate.ts';
import type { Analysis } from './analysis.ts';
import type { Dissector } from './dissector.ts';
import type { Feature, Preset } from './feature.ts';
import type { Field, Fields } from './field.ts';
import type { ImitatedValue, Imitation } from './imitation.ts';
import type { Plugin } from './plugin.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';
import type { Table } from './table.ts';

/** A field with the dissector that declares it. */
export interface FieldEntry {
  readonly field: Field;
  readonly dissector: Dissector;
  /** The lists it stands in, outermost first; empty for a field of the layer itself. */
  readonly path: readonly Extract<Fields[string], { kind: 'repeated' }>[];
}

/** A value of an analysis, by its place among them. */
export interface AnalysisEntry {
  readonly analysis: Analysis;
  readonly index: number;
}

/**
 * Everything a run knows, as a value: made from arrays, checked for clashes, frozen. Several registries live side by
 * side in one process.
 */
export interface Registry {
  readonly plugins: readonly Plugin[];
  readonly dissectors: ReadonlyMap<string, Dissector>;
  /** By name and alias; several entries where a name has several fields (`ip.addr`), in order of declaration. */
  readonly fields: ReadonlyMap<string, readonly FieldEntry[]>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly aggregates: ReadonlyMap<string, Aggregate>;
  readonly analyses: ReadonlyMap<string, Analysis>;
  /** The values of all analyses, by name. */
  readonly analysisValues: ReadonlyMap<string, AnalysisEntry>;
  readonly features: ReadonlyMap<string, Feature>;
  readonly presets: ReadonlyMap<string, Preset>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly sinks: ReadonlyMap<string, Sink>;
  /** Values of the imitation that the run follows, by name. */
  readonly imitated?: ReadonlyMap<string, ImitatedValue>;
}

type Named = { readonly name: string };

function unite<T extends Named>(
  plugins: readonly Plugin[],
  kind: string,
  pick: (plugin: Plugin) => readonly T[],
): Map<string, T> {
  const all = new Map<string, T>();
  const owners = new Map<string, string>();
  for (const plugin of plugins) {
    for (const one of pick(plugin)) {
      const owner = owners.get(one.name);
      if (owner !== undefined) {
        throw new PacketloomError(
          'plugin',
          `${kind} "${one.name}" is declared by both "${owner}" and "${plugin.name}"`,
        );
      }
      owners.set(one.name, plugin.name);
      all.set(one.name, one);
    }
  }
  return all;
}

function entriesOf(dissector: Dissector, fields: Fields, path: FieldEntry['path']): FieldEntry[] {
  return Object.values(fields).flatMap((field) =>
    field.kind === 'repeated' ? entriesOf(dissector, field.item, [...path, field]) : [{ field, dissector, path }],
  );
}

/** One name may stand in several dissectors of one plugin (options of two IPv6 headers), if the type is the same. */
function clash(one: FieldEntry, other: FieldEntry, plugins: readonly Plugin[]): boolean {
  if (one.dissector === other.dissector) return false;
  const together = plugins.some(
    ({ dissectors }) => dissectors.includes(one.dissector) && dissectors.includes(other.dissector),
  );
  return !together || one.field.type !== other.field.type;
}

function indexFields(dissectors: Iterable<Dissector>, plugins: readonly Plugin[]): Map<string, FieldEntry[]> {
  const index = new Map<string, FieldEntry[]>();
  for (const dissector of dissectors) {
    for (const entry of entriesOf(dissector, dissector.fields, [])) {
      for (const name of [entry.field.name, ...entry.field.aliases]) {
        const found = index.get(name) ?? [];
        const first = found[0];
        if (
          first !== undefined &&
          name === entry.field.name &&
          first.field.name === name &&
          clash(first, entry, plugins)
        ) {
          throw new PacketloomError(
            'plugin',
            `field "${name}" is declared by both "${first.dissector.name}" and "${dissector.name}"`,
          );
        }
        found.push(entry);
        index.set(name, found);
      }
    }
  }
  return index;
}

function checkClaims(dissectors: Iterable<Dissector>): Map<string, Table> {
  const tables = new Map<string, Table>();
  const claimed = new Map<string, string>();
  for (const dissector of dissectors) {
    for (const table of dissector.tables) if (!tables.has(table.name)) tables.set(table.name, table);
    for (const { table, number } of dissector.claims) {
      if (!tables.has(table.name)) tables.set(table.name, table);
      if (number < 0) continue;
      const place = `${table.name} ${number}`;
      const owner = claimed.get(place);
      if (owner !== undefined) {
        throw new PacketloomError('plugin', `${place} is claimed by both "${owner}" and "${dissector.name}"`);
      }
      claimed.set(place, dissector.name);
    }
  }
  return tables;
}

function indexValues(
  analyses: Iterable<Analysis>,
  fields: ReadonlyMap<string, readonly FieldEntry[]>,
): Map<string, AnalysisEntry> {
  const all = new Map<string, AnalysisEntry>();
  for (const analysis of analyses) {
    for (const [index, { name }] of analysis.values.entries()) {
      const owner = all.get(name)?.analysis ?? fields.get(name)?.[0]?.dissector;
      if (owner !== undefined)
        throw new PacketloomError('plugin', `"${name}" is declared by both "${owner.name}" and "${analysis.name}"`);
      all.set(name, { analysis, index });
    }
  }
  return all;
}

/**
 * Makes a registry from plugins, in order.
 * @throws PacketloomError `plugin` for a name, field or claim that two of them hold; the message names both.
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const dissectors = unite(plugins, 'dissector', (plugin) => plugin.dissectors);
  const fields = indexFields(dissectors.values(), plugins);
  const analyses = unite(plugins, 'analysis', (plugin) => plugin.analyses);
  return Object.freeze({
    plugins: Object.freeze([...plugins]),
    dissectors,
    fields,
    tables: checkClaims(dissectors.values()),
    aggregates: unite(plugins, 'aggregate', (plugin) => plugin.aggregates),
    analyses,
    analysisValues: indexValues(analyses.values(), fields),
    features: unite(plugins, 'feature', (plugin) => plugin.features),
    presets: unite(plugins, 'preset', (plugin) => plugin.presets),
    sources: unite(plugins, 'source', (plugin) => plugin.sources),
    sinks: unite(plugins, 'sink', (plugin) => plugin.sinks),
  });
}

/** The registry of a run that follows an imitation: expressions may name its values. */
export function imitatingRegistry(registry: Registry, imitation: Imitation): Registry {
  return Object.freeze({ ...registry, imitated: new Map(imitation.values.map((value) => [value.name, value])) });
}
