import type { Dissector } from '../declare/dissector.ts';
import type { Field, Fields, Repeated } from '../declare/field.ts';
import type { FieldEntry, Registry } from '../declare/registry.ts';
import { PacketloomError } from '../errors.ts';
import { nearest } from '../expression/nearest.ts';
import { partsOf } from '../frame/values.ts';
import { FRAME_FIELDS, type FrameField } from './frame-fields.ts';

/** A wanted field, or a list that holds wanted fields, in the order of declaration. */
export type WantedPart =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'list'; readonly list: Repeated; readonly parts: readonly WantedPart[] };

/** What one name means in the layers of one dissector. */
export interface WantedLayer {
  readonly dissector: Dissector;
  readonly parts: readonly WantedPart[];
}

/** A column of `packets`: a field of dissectors (or all that share an alias), or something every frame has. */
export type PacketColumn =
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly entries: readonly FieldEntry[];
      readonly layers: readonly WantedLayer[];
    }
  | { readonly kind: 'frame'; readonly name: string; readonly field: FrameField };

function prune(fields: Fields, wanted: ReadonlySet<Field>): WantedPart[] {
  return partsOf(fields).flatMap((part): WantedPart[] => {
    if (part.kind === 'field') return wanted.has(part) ? [{ kind: 'field', field: part }] : [];
    const parts = prune(part.item, wanted);
    return parts.length === 0 ? [] : [{ kind: 'list', list: part, parts }];
  });
}

/** Fields by dissector, each with the way that leads to them: values come in the order of the field tree. */
export function wantedLayers(entries: readonly FieldEntry[]): WantedLayer[] {
  const wanted = new Set(entries.map(({ field }) => field));
  const dissectors = new Set(entries.map(({ dissector }) => dissector));
  return [...dissectors].map((dissector) => ({ dissector, parts: prune(dissector.fields, wanted) }));
}

/**
 * The columns that names of fields and aliases mean.
 * @throws PacketloomError `usage` for a name that nothing has, with the nearest one.
 */
export function selectColumns(registry: Registry, names: readonly string[], command = 'fields'): PacketColumn[] {
  return names.map((name) => {
    const field = FRAME_FIELDS.get(name);
    if (field !== undefined) return { kind: 'frame', name, field };
    const entries = registry.fields.get(name);
    if (entries !== undefined) return { kind: 'field', name, entries, layers: wantedLayers(entries) };
    if (registry.analysisValues.has(name)) {
      throw new PacketloomError(
        'usage',
        `${command}: ${name} depends on earlier frames of its flow, and frames have no flow here; it is for features, as in count(${name})`,
      );
    }
    const suggestion = nearest(name, [...FRAME_FIELDS.keys(), ...registry.fields.keys()]);
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
    throw new PacketloomError('usage', `${command}: no such field "${name}"${hint}`);
  });
}

/** The dissectors' fields among the columns, for the push-down of demand. */
export function demandedBy(columns: readonly PacketColumn[]): readonly FieldEntry[] {
  return columns.flatMap((column) => (column.kind === 'field' ? column.entries : []));
}

/** True when one of the columns needs this of the run. */
export function needed(columns: readonly PacketColumn[], what: NonNullable<FrameField['needs']>): boolean {
  return columns.some((column) => column.kind === 'frame' && column.field.needs === what);
}
