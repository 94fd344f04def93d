import type { Registry } from '../../core/declare/registry.ts';
import { analysisEntry, analysisValueEntries } from './analyses.ts';
import { type Entry, KIND_WORDS, type Kind } from './entry.ts';
import { aggregateEntry, featureEntry, presetEntry } from './features.ts';
import { interfaceEntries, sinkEntry, sourceEntry } from './outputs.ts';
import { builtinEntries, dissectorEntry, fieldEntry, tableEntry } from './protocols.ts';

/** Everything of one kind, in the order of declaration; fields by name. */
export async function entriesOf(registry: Registry, kind: Kind): Promise<readonly Entry[]> {
  switch (kind) {
    case 'dissectors':
      return [...registry.dissectors.values()].map((one) => dissectorEntry(registry, one));
    case 'fields': {
      const own = [...registry.fields].map(([name, entries]) => fieldEntry(name, entries));
      const others = builtinEntries().filter(({ name }) => !registry.fields.has(name));
      return [...others, ...own, ...analysisValueEntries(registry)].sort(byName);
    }
    case 'tables':
      return [...registry.tables.values()].map((one) => tableEntry(registry, one)).sort(byName);
    case 'aggregates':
      return [...registry.aggregates.values()].map(aggregateEntry);
    case 'analyses':
      return [...registry.analyses.values()].map(analysisEntry);
    case 'features':
      return [...registry.features.values()].map((one) => featureEntry(registry, one));
    case 'presets':
      return [...registry.presets.values()].map((one) => presetEntry(registry, one));
    case 'sources':
      return Promise.all([...registry.sources.values()].map(sourceEntry));
    case 'sinks':
      return [...registry.sinks.values()].map(sinkEntry);
    case 'interfaces':
      return interfaceEntries(registry);
  }
}

const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Everything that has a name, of one kind or of all. Interfaces have to be asked for: looking them up is work. */
export async function entriesNamed(
  registry: Registry,
  name: string,
  kind: Kind | undefined,
): Promise<readonly Entry[]> {
  const kinds = kind === undefined ? allKinds.filter((one) => one !== 'interfaces') : [kind];
  const found: Entry[] = [];
  for (const one of kinds) {
    if (knownNames(registry, one).has(name)) {
      found.push(...(await entriesOf(registry, one)).filter((entry) => entry.name === name));
    }
  }
  return found;
}

/** All kinds, as `list` has them. */
export const allKinds = Object.keys(KIND_WORDS) as readonly Kind[];

/** The names of one kind, without describing what has them. */
export function knownNames(registry: Registry, kind: Kind): ReadonlySet<string> {
  if (kind === 'interfaces') return new Set();
  const names = new Set(registry[kind].keys());
  if (kind === 'fields')
    for (const { name } of [...builtinEntries(), ...analysisValueEntries(registry)]) names.add(name);
  return names;
}
