import type { Analysis } from '../../core/declare/analysis.ts';
import type { Registry } from '../../core/declare/registry.ts';
import type { Entry } from './entry.ts';

/** An analysis with what it reads, what it remembers and every value it gives. */
export function analysisEntry({ name, description, memory, inputs, values }: Analysis): Entry {
  return {
    kind: 'analysis',
    name,
    summary: `${description} (${values.length} values)`,
    details: {
      description,
      memory,
      inputs,
      values: values.map((one) => ({
        name: one.name,
        type: one.type,
        unit: one.unit ?? null,
        description: one.description,
      })),
    },
  };
}

/** The values of all analyses: names for frames of a flow, beside the fields. */
export function analysisValueEntries(registry: Registry): Entry[] {
  return [...registry.analysisValues].map(([name, { analysis, index }]) => {
    const { description, type, unit } = analysis.values[index]!;
    return {
      kind: 'field',
      name,
      summary: description,
      details: {
        title: description,
        type,
        unit: unit ?? null,
        values: null,
        analysis: analysis.name,
        builtin: { frame: true, flow: false, where: false, packets: false },
        dissector: null,
        dissectors: [],
      },
    };
  });
}
