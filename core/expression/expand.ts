import type { Preset, PresetColumn, PresetOptions } from '../declare/feature.ts';
import type { Registry } from '../declare/registry.ts';
import { nearest } from './nearest.ts';
import { Problems, Source } from './problem.ts';
import type { FeatureRequest } from './read.ts';

/** A wanted column, or all columns of a preset. */
export type Wanted =
  | FeatureRequest
  | {
      readonly at: string;
      readonly preset: string;
      /** Of the preset; those that are not given have their default. */
      readonly options?: PresetOptions | undefined;
      /** With the formulas of its tool. */
      readonly exact?: boolean | undefined;
    };

/**
 * The wanted columns, presets taken apart. A column takes the place of an earlier one with its name.
 * @throws ExpressionError for a preset that does not exist.
 */
export function expandFeatures(registry: Registry, wanted: readonly Wanted[]): FeatureRequest[] {
  const problems = new Problems();
  const requests = new Map<string, FeatureRequest>();
  for (const one of wanted) {
    if (!('preset' in one)) {
      requests.set(one.name, one);
      continue;
    }
    const preset = registry.presets.get(one.preset);
    if (preset === undefined) {
      const suggestion = nearest(one.preset, registry.presets.keys());
      const rest = suggestion === undefined ? {} : { suggestion };
      new Source(one.at, one.preset, problems).problem(
        { offset: 0, length: one.preset.length },
        'no such preset',
        rest,
      );
      continue;
    }
    for (const column of presetColumns(preset, one.options, one.exact)) {
      const request = requestOf(column, `${one.at}, preset ${preset.name}`);
      requests.set(request.name, request);
    }
  }
  problems.throwIfAny();
  return [...requests.values()];
}

/** The columns of a preset under its options: the tool's own formulas where asked for and different. */
export function presetColumns(preset: Preset, written: PresetOptions = {}, exact = false): readonly PresetColumn[] {
  const defaults = Object.entries(preset.options ?? {}).map(([name, one]) => [name, one.default]);
  const options: PresetOptions = { ...Object.fromEntries(defaults), ...written };
  if (exact && preset.exact?.columns !== undefined) return preset.exact.columns(options);
  return preset.columnsWith?.(options) ?? preset.columns;
}

function requestOf(column: PresetColumn, at: string): FeatureRequest {
  if (typeof column === 'string') return { name: column, feature: column, at: `${at}, ${column}` };
  return { ...column, at: `${at}, ${column.name}` };
}
