/** One thing that is registered, as `list --json` and `describe --json` print it. */
export interface Entry {
  readonly kind: string;
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** Everything the declaration states, apart from kind and name. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The kinds as `list` has them, with the word for one of them. */
export const KIND_WORDS = {
  dissectors: 'dissector',
  fields: 'field',
  tables: 'table',
  aggregates: 'aggregate',
  analyses: 'analysis',
  features: 'feature',
  presets: 'preset',
  sources: 'source',
  sinks: 'sink',
  interfaces: 'interface',
} as const;

/** A kind as `list` has it. */
export type Kind = keyof typeof KIND_WORDS;

/** One object for JSON: kind and name first. */
export function entryJson({ kind, name, details }: Entry): Record<string, unknown> {
  return { kind, name, ...details };
}
