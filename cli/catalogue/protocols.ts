import type { Dissector } from '../../core/declare/dissector.ts';
import type { FieldEntry, Registry } from '../../core/declare/registry.ts';
import type { Table } from '../../core/declare/table.ts';
import { BUILTINS } from '../../core/expression/builtins.ts';
import { FRAME_FIELDS } from '../../core/packets/frame-fields.ts';
import type { Entry } from './entry.ts';

function fieldNames(registry: Registry, dissector: Dissector): string[] {
  const names = [...registry.fields.values()].flat().filter((entry) => entry.dissector === dissector);
  return [...new Set(names.map(({ field }) => field.name))];
}

/** A dissector: where it stands, what leads to it and what it hands on to. */
export function dissectorEntry(registry: Registry, dissector: Dissector): Entry {
  const { name, title, level, claims, tables, minimum, key } = dissector;
  return {
    kind: 'dissector',
    name,
    summary: title,
    details: {
      title,
      level,
      claims: claims.map(({ table, number }) => ({ table: table.name, number: number < 0 ? null : number })),
      tables: tables.map((table) => table.name),
      minimum,
      key: { pairs: key.pairs, symmetric: key.symmetric },
      fields: fieldNames(registry, dissector),
    },
  };
}

/** A field, by one of its names: an alias is described as such. */
export function fieldEntry(name: string, entries: readonly FieldEntry[]): Entry {
  const { field } = entries[0]!;
  const dissectors = [...new Set(entries.map(({ dissector }) => dissector.name))];
  const isAlias = field.name !== name;
  const fields = [...new Set(entries.map((entry) => entry.field.name))];
  const unit = field.unit === undefined ? '' : `, ${field.unit}`;
  return {
    kind: 'field',
    name,
    summary: isAlias ? `any of ${fields.join(', ')}` : `${field.title} (${field.type}${unit})`,
    details: {
      title: field.title,
      type: field.type,
      unit: field.unit ?? null,
      display: field.display,
      values: field.values ?? null,
      scale: field.scale,
      aliases: isAlias ? [] : field.aliases,
      ...(isAlias ? { aliasOf: fields } : {}),
      generated: field.generated,
      lists: entries[0]!.path.map(({ title }) => title),
      dissector: dissectors[0],
      dissectors,
    },
  };
}

/** What frames have without any dissector in rows of frames, but for what expressions have too. */
function frameEntries(): Entry[] {
  const own = [...FRAME_FIELDS.values()].filter(({ name }) => !Object.hasOwn(BUILTINS, name));
  return own.map(({ name, title, kind }) => ({
    kind: 'field',
    name,
    summary: `${title}, in rows of frames.`,
    details: {
      title,
      type: kind === 'number' || kind === 'time' ? kind : 'text',
      unit: null,
      values: null,
      builtin: { frame: false, flow: false, where: false, packets: true },
      dissector: null,
      dissectors: [],
    },
  }));
}

/** Values of a frame or flow that expressions or rows of frames have without any dissector. */
export function builtinEntries(): Entry[] {
  const entries = Object.entries(BUILTINS).map(
    ([name, { type, frame, flow, filter, description }]): Entry => ({
      kind: 'field',
      name,
      summary: description,
      details: {
        title: description,
        type: type.kind,
        unit: type.unit === '' ? null : type.unit,
        values: type.labels ?? null,
        builtin: { frame, flow, where: filter, packets: FRAME_FIELDS.has(name) },
        dissector: null,
        dissectors: [],
      },
    }),
  );
  return [...entries, ...frameEntries()];
}

/** A dispatch table with what is claimed in it. */
export function tableEntry(registry: Registry, { name, title, display, id }: Table): Entry {
  const claims = [...registry.dissectors.values()].flatMap((dissector) =>
    dissector.claims
      .filter(({ table }) => table.id === id)
      .map(({ number }) => ({ number: number < 0 ? null : number, dissector: dissector.name })),
  );
  claims.sort((a, b) => (a.number ?? Number.POSITIVE_INFINITY) - (b.number ?? Number.POSITIVE_INFINITY));
  const owners = [...registry.dissectors.values()].filter(({ tables }) => tables.some((one) => one.id === id));
  return {
    kind: 'table',
    name,
    summary: `${title} (${claims.length} claims)`,
    details: { title, display, owners: owners.map((one) => one.name), claims },
  };
}
