import type { Aggregate } from './aggregate.ts';
import type { Analysis } from './analysis.ts';
import type { Dissector } from './dissector.ts';
import type { Feature, Preset } from './feature.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';

/** What a plugin brings. Importing it changes nothing: it takes part when it stands in the array of a registry. */
export interface Plugin {
  readonly kind: 'plugin';
  readonly name: string;
  readonly dissectors: readonly Dissector[];
  readonly aggregates: readonly Aggregate[];
  readonly analyses: readonly Analysis[];
  readonly features: readonly Feature[];
  readonly presets: readonly Preset[];
  readonly sources: readonly Source[];
  readonly sinks: readonly Sink[];
}

/** Declares a plugin, as a plugin package's default export. */
export function definePlugin(plugin: { readonly name: string } & Partial<Omit<Plugin, 'kind' | 'name'>>): Plugin {
  return Object.freeze({
    kind: 'plugin',
    dissectors: [],
    aggregates: [],
    analyses: [],
    features: [],
    presets: [],
    sources: [],
    sinks: [],
    ...plugin,
  });
}
