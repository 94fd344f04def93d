import type { PresetOptions } from '../declare/feature.ts';
import type { Imitation } from '../declare/imitation.ts';
import type { Registry } from '../declare/registry.ts';
import type { FeatureRequest } from '../expression/read.ts';
import type { FlowSettings } from '../flow/settings.ts';
import type { DecodeAs } from '../frame/dispatch.ts';
import { uniteAdditions, type WantedAdditions } from './additions.ts';
import { imitationOf } from './compatibility.ts';
import {
  type Configuration,
  type FeatureConfiguration,
  type Layer,
  pointerOf,
  type SinkConfiguration,
} from './configuration.ts';
import { flowConfiguration, flowSettings, sameSetting, settingText } from './flow-options.ts';
import { type Problem, problemError } from './problem.ts';

/** An expression with the place it was written at. */
export interface Written {
  readonly text: string;
  readonly at: string;
}

/** One wanted column or preset, with its place. */
export type Wanted = { readonly at: string; readonly layer: number; readonly pointer: string } & (
  | { readonly preset: string; readonly options?: PresetOptions | undefined; readonly exact?: boolean | undefined }
  | Omit<FeatureRequest, 'at'>
);

/** An output that was asked for, with options as written and defaults filled in. */
export interface WantedSink {
  readonly sink: string;
  readonly target: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Its place, for messages. */
  readonly at: string;
  /** Names of its columns, in its order; all where none are named. */
  readonly columns?: readonly string[];
  /** Only flows for which this holds. */
  readonly keep?: Written;
}

/** A configuration in effect: every layer united, every setting present. */
export interface Settled {
  readonly wanted: readonly Wanted[];
  readonly settings: FlowSettings;
  readonly where: Written | undefined;
  readonly keep: Written | undefined;
  readonly sinks: readonly WantedSink[];
  readonly precision: 'twelve' | 'full';
  readonly decodeAs: readonly DecodeAs[];
  readonly validateAll: boolean;
  /** What the run follows under `compatibility: exact`. */
  readonly imitation: Imitation | undefined;
  /** Labels and anonymisation. */
  readonly additions: WantedAdditions;
  /** The same as a file would say it: what `--print-config` prints. */
  readonly effective: Configuration;
  /** Settings that deviate from a preset's, in words. */
  readonly notes: readonly string[];
}

const isPreset = (feature: FeatureConfiguration): feature is { preset: string } =>
  typeof feature === 'object' && 'preset' in feature;

function wantedOf(feature: FeatureConfiguration, at: string, layer: number, pointer: string): Wanted {
  if (typeof feature === 'string') return { at, layer, pointer, name: feature, feature };
  if ('preset' in feature) return { at, layer, pointer, preset: feature.preset, options: feature.options };
  if ('feature' in feature) return { at, layer, pointer, ...feature, name: feature.name ?? feature.feature };
  return { at: `${at}.value`, layer, pointer: `${pointer}/value`, ...feature };
}

/**
 * What is computed, from all layers: a later layer that names presets replaces what stands before it, other features of a
 * later layer are added.
 */
function uniteFeatures(layers: readonly Layer[], values: readonly Configuration[]) {
  let wanted: Wanted[] = [];
  let features: FeatureConfiguration[] = [];
  values.forEach((value, i) => {
    if (value.features?.some((one) => one !== undefined && isPreset(one))) {
      wanted = [];
      features = [];
    }
    for (const [j, feature] of (value.features ?? []).entries()) {
      if (feature === undefined) continue; // left out by a check that goes on past faults
      const pointer = pointerOf('features', j);
      wanted.push(wantedOf(feature, layers[i]!.where(pointer).at, i, pointer));
      features.push(feature);
    }
  });
  return { wanted, features };
}

/** With the column that tells snapshots from the rows that end a segment, behind all others, where nothing makes it. */
function withSnapshots(wanted: readonly Wanted[]): readonly Wanted[] {
  const marks = (one: Wanted) => 'name' in one && (one.name === 'snapshot' || one.feature === 'snapshot');
  if (wanted.some(marks)) return wanted;
  return [...wanted, { at: 'flow.snapshot', layer: 0, pointer: '', name: 'snapshot', feature: 'snapshot' }];
}

/** With the column that states the sampling, behind all others, where nothing makes it. */
function withSampling(wanted: readonly Wanted[]): readonly Wanted[] {
  const [name, feature] = ['sampling_interval', 'flow.sampling_interval'];
  const states = (one: Wanted) => 'name' in one && (one.name === name || one.feature === feature);
  if (wanted.some(states)) return wanted;
  return [...wanted, { at: 'flow.sampling', layer: 0, pointer: '', name, feature }];
}

/** With the columns that settings of the meter ask for. */
function withOwnColumns(wanted: readonly Wanted[], { snapshot, sampling, sampled }: FlowSettings): readonly Wanted[] {
  const all = snapshot === undefined ? wanted : withSnapshots(wanted);
  return sampling === undefined && sampled === undefined ? all : withSampling(all);
}

/** Defaults of the presets for `flow`; two presets that differ are a problem that names the setting. */
function presetFlow(
  wanted: readonly Wanted[],
  layers: readonly Layer[],
  registry: Registry,
  problems: Problem[],
  exact: boolean,
) {
  const flow: Record<string, { value: unknown; preset: string }> = {};
  for (const one of wanted) {
    if (!('preset' in one)) continue;
    const declared = registry.presets.get(one.preset);
    const own = (exact ? declared?.exact?.flow : undefined) ?? declared?.flow ?? {};
    for (const [name, value] of Object.entries(own)) {
      const before = flow[name];
      if (before === undefined) flow[name] = { value, preset: one.preset };
      else if (!sameSetting(name, before.value, value)) {
        const a = `"${before.preset}" has ${settingText(before.value)}`;
        const b = `"${one.preset}" has ${settingText(value)}`;
        const where = layers[one.layer]?.where(one.pointer) ?? { at: one.at };
        problems.push({
          ...where,
          message: `presets that differ in flow.${name} cannot be used in one run: ${a}, ${b}`,
        });
      }
    }
  }
  return flow;
}

function deviations(preset: ReturnType<typeof presetFlow>, values: readonly Configuration[]): string[] {
  return Object.entries(preset).flatMap(([name, { value, preset: owner }]) => {
    const written = values
      .map((one) => one.flow?.[name as keyof Configuration['flow'] & string])
      .filter((one) => one !== undefined);
    const last = written.at(-1);
    if (last === undefined || sameSetting(name, last, value)) return [];
    return [`flow.${name} is ${settingText(last)}; preset "${owner}" has ${settingText(value)}`];
  });
}

function defaultsOf(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, { default?: unknown }>>;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, one]) => (one.default === undefined ? [] : [[name, one.default]])),
  );
}

function sinksOf(sinks: readonly SinkConfiguration[], layer: Layer, registry: Registry): WantedSink[] {
  return sinks.flatMap((entry, i) =>
    Object.entries(entry).map(([sink, { path, columns, keep, ...options }]) => ({
      sink,
      target: path,
      options: Object.freeze({ ...defaultsOf(registry.sinks.get(sink)?.options ?? {}), ...options }),
      at: layer.where(pointerOf('sinks', i, sink)).at,
      ...(columns === undefined ? {} : { columns }),
      ...(keep === undefined ? {} : { keep: { text: keep, at: layer.where(pointerOf('sinks', i, sink, 'keep')).at } }),
    })),
  );
}

function decodeAsOf(values: readonly Configuration[]): DecodeAs[] {
  const all = new Map<string, DecodeAs>();
  for (const one of values.flatMap(({ decodeAs }) => decodeAs ?? [])) all.set(`${one.table} ${one.number}`, one);
  return [...all.values()];
}

/** The last layer that says it, with its place. */
function written(
  layers: readonly Layer[],
  values: readonly Configuration[],
  name: 'where' | 'keep',
): Written | undefined {
  const i = values.findLastIndex((value) => value[name] !== undefined);
  return i < 0 ? undefined : { text: values[i]![name]!, at: layers[i]!.where(pointerOf(name)).at };
}

/**
 * Unites layers that were checked; later ones win.
 * @throws PacketloomError `configuration` for presets that cannot be used together.
 */
export function unite(registry: Registry, layers: readonly Layer[]): Settled {
  const problems: Problem[] = [];
  const values = layers.map(({ value }) => value as Configuration);
  const last = <K extends keyof Configuration>(name: K) =>
    values.findLast((value) => value[name] !== undefined)?.[name];
  const { wanted: asked, features } = uniteFeatures(layers, values);
  const compatibility = last('compatibility') ?? 'corrected';
  const exact = compatibility === 'exact';
  const wanted = exact ? asked.map((one) => ('preset' in one ? { ...one, exact } : one)) : asked;
  const presets = wanted.flatMap((one) => ('preset' in one ? [one] : []));
  const imitation = exact ? imitationOf(registry, presets, layers, values, problems) : undefined;
  const preset = presetFlow(wanted, layers, registry, problems, exact);
  if (problems.length > 0) throw problemError('configuration', problems);
  const presetValues = Object.fromEntries(Object.entries(preset).map(([name, { value }]) => [name, value]));
  const settings = flowSettings(presetValues, ...values.map(({ flow }) => flow ?? {}));
  const decodeAs = decodeAsOf(values);
  const where = written(layers, values, 'where');
  const keep = written(layers, values, 'keep');
  const precision = last('precision') ?? 'twelve';
  const validate = last('validate') ?? 'demanded';
  const sinks = last('sinks') ?? [];
  const sinksLayer = layers[values.findLastIndex((value) => value.sinks !== undefined)];
  const additions = uniteAdditions(layers, values);
  const plugins = values.flatMap((value) => value.plugins ?? []);
  const dissectors = values.flatMap((value) => value.dissectors ?? []);
  return {
    wanted: withOwnColumns(wanted, settings),
    settings,
    where,
    keep,
    precision,
    decodeAs,
    validateAll: validate === 'all',
    imitation,
    sinks: sinksLayer === undefined ? [] : sinksOf(sinks, sinksLayer, registry),
    notes: deviations(preset, values),
    additions,
    effective: {
      ...(plugins.length > 0 ? { plugins } : {}),
      ...(dissectors.length > 0 ? { dissectors } : {}),
      flow: flowConfiguration(settings),
      features,
      ...(where === undefined ? {} : { where: where.text }),
      ...(keep === undefined ? {} : { keep: keep.text }),
      precision,
      ...(decodeAs.length > 0 ? { decodeAs } : {}),
      validate,
      ...(exact ? { compatibility } : {}),
      ...(additions.labels === undefined ? {} : { labels: additions.labels.value }),
      ...(additions.anonymize === undefined ? {} : { anonymize: additions.anonymize.key }),
      ...(sinks.length > 0 ? { sinks } : {}),
    },
  };
}
