import { basename } from 'node:path';
import { type DissectorDeclaration, defineDissector } from '../declare/dissector.ts';
import { definePlugin, type Plugin } from '../declare/plugin.ts';
import { tableNamed } from '../declare/table.ts';
import { inOrder } from './check-layers.ts';
import { type Layer, pointerOf } from './configuration.ts';
import type { DissectorConfiguration } from './dissector-configuration.ts';
import { dissectorsSchema } from './dissector-schema.ts';
import { headerField, type JsonHeader, jsonHeader } from './json-fields.ts';
import { type Problem, problemError } from './problem.ts';
import { shapeOf } from './validate.ts';

/** Where the dissectors of a plugin were written, for what only shows beside other plugins. */
const origins = new WeakMap<Plugin, Layer>();

/** True for a layer that declares dissectors. */
export function declaresDissectors({ value }: Layer): boolean {
  return typeof value === 'object' && value !== null && 'dissectors' in value;
}

/** The dissectors of a plugin that came from JSON, with the layer they stand in. */
export function writtenDissectors(
  plugin: Plugin,
): { layer: Layer; all: readonly DissectorConfiguration[] } | undefined {
  const layer = origins.get(plugin);
  if (layer === undefined) return undefined;
  return { layer, all: (layer.value as { readonly dissectors: readonly DissectorConfiguration[] }).dissectors };
}

/** Takes bytes whose numbers are those that were stated, as far as they were captured; at least one has to be there. */
function acceptFor(musts: JsonHeader['musts']): Pick<DissectorDeclaration, 'accept'> {
  if (musts.length === 0) return {};
  return {
    accept(bytes, at, end) {
      let looked = 0;
      for (const { field, allowed } of musts) {
        if (at + field.offset + field.size > end) continue;
        if (!allowed.includes(field.read(bytes, at))) return false;
        looked += 1;
      }
      return looked > 0;
    },
  };
}

function dissectorOf(written: DissectorConfiguration, pointer: string, problems: Problem[], layer: Layer) {
  const complain = (inner: string, message: string, rest: Partial<Problem> = {}) => {
    const place = pointer + inner;
    problems.push({ ...layer.where(place), pointer: place, message, ...rest });
  };
  const made = jsonHeader(written.fields, (inner, ...words) => complain(`/fields${inner}`, ...words));
  if (made === undefined) return undefined;
  const { name, title, level, claims = [], next } = written;
  const { fields, size, musts } = made;
  const field =
    next === undefined
      ? undefined
      : headerField(fields, next.field, (inner, ...words) => complain(`/next/field${inner}`, ...words));
  const table = next === undefined ? undefined : tableNamed(next.table);
  if (problems.length > 0) return undefined;
  return defineDissector({
    name,
    title,
    ...(level === undefined ? {} : { level }),
    claims: claims.map((one) => tableNamed(one.table).at(Number(one.number))),
    fields,
    minimum: size,
    ...acceptFor(musts),
    ...(table === undefined || field === undefined
      ? {}
      : {
          tables: [table],
          dissect: (frame, bytes, at) => frame.next(table, field.read(bytes, at), at + size),
        }),
  });
}

/**
 * The plugin of the dissectors that a configuration declares.
 * @throws PacketloomError `configuration` with everything that is wrong, each with its place in the file.
 */
export async function pluginOfLayer(layer: Layer): Promise<Plugin> {
  const { dissectors } = (layer.value ?? {}) as { dissectors?: readonly DissectorConfiguration[] };
  const check = await shapeOf({ properties: { dissectors: dissectorsSchema() } });
  const problems: Problem[] = check({ dissectors }).map(({ isKey, ...problem }) => ({
    ...problem,
    ...layer.where(problem.pointer, isKey),
  }));
  for (const pointer of layer.duplicates.filter((one) => one.startsWith('/dissectors/')))
    problems.push({ ...layer.where(pointer, true), pointer, message: 'stands twice' });
  if (problems.length > 0) throw problemError('configuration', inOrder(problems));
  const made = (dissectors ?? []).map((one, i) => dissectorOf(one, pointerOf('dissectors', i), problems, layer));
  if (problems.length > 0) throw problemError('configuration', inOrder(problems));
  const { file } = layer.where('');
  const plugin = definePlugin({
    name: file === undefined ? 'configuration' : basename(file),
    dissectors: made.filter((one) => one !== undefined),
  });
  origins.set(plugin, layer);
  return plugin;
}
