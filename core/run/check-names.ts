import type { Preset } from '../declare/feature.ts';
import type { Registry } from '../declare/registry.ts';
import { nearest } from '../expression/nearest.ts';
import { isNetwork } from '../flow/home-networks.ts';
import { type FeatureConfiguration, type FlowConfiguration, type Layer, pointerOf } from './configuration.ts';
import { DURATION_PATTERN, parseDuration } from './duration.ts';
import { durationPlaces, isPositiveDuration } from './flow-options.ts';
import type { Problem } from './problem.ts';
import { KEY_WORDS, keyFields } from './schema.ts';

/** What is wrong at a pointer of a layer. */
type Report = (pointer: string, message: string, rest?: Partial<Problem>) => void;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function checkName(
  report: Report,
  pointer: string,
  what: string,
  name: unknown,
  known: ReadonlyMap<string, unknown>,
): void {
  if (typeof name !== 'string' || known.has(name)) return;
  report(pointer, `no such ${what} "${name}"`, { suggestion: nearest(name, known.keys()) });
}

function checkFeature(report: Report, pointer: string, feature: unknown, registry: Registry): void {
  const { features, presets } = registry;
  if (typeof feature === 'string') {
    if (presets.has(feature) && !features.has(feature)) {
      report(pointer, `"${feature}" is a preset`, { expected: `{ "preset": "${feature}" }` });
    } else checkName(report, pointer, 'feature', feature, features);
    return;
  }
  const written = record(feature) as Partial<
    Record<keyof Extract<FeatureConfiguration, object> | 'feature' | 'preset' | 'options', unknown>
  >;
  checkName(report, `${pointer}/feature`, 'feature', written.feature, features);
  checkName(report, `${pointer}/preset`, 'preset', written.preset, presets);
  checkOptions(report, `${pointer}/options`, record(written.options), presets.get(String(written.preset)));
}

/** Options of a preset that it does not have, or with values that they cannot have. */
function checkOptions(
  report: Report,
  pointer: string,
  options: Readonly<Record<string, unknown>>,
  preset: Preset | undefined,
): void {
  if (preset === undefined) return;
  const known = preset.options ?? {};
  for (const [name, value] of Object.entries(options)) {
    const place = `${pointer}${pointerOf(name)}`;
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (option === undefined) {
      const names = Object.keys(known);
      const expected = names.length === 0 ? 'no options' : names.join(', ');
      report(place, `preset "${preset.name}" has no option "${name}"`, { expected, suggestion: nearest(name, names) });
    } else if (option.type === 'boolean') {
      if (typeof value !== 'boolean') report(place, `found ${JSON.stringify(value)}`, { expected: 'true or false' });
    } else {
      const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = option;
      if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum)
        report(place, `found ${JSON.stringify(value)}`, { expected: `a whole number from ${minimum} to ${maximum}` });
    }
  }
}

/** The other half of a field that is paired by direction. */
function mateOf(name: string, registry: Registry): string | undefined {
  const pair = registry.fields.get(name)?.[0]?.dissector.key.pairs.find((one) => one.includes(name));
  return pair?.find((one) => one !== name);
}

/** A column that stands twice in one list is a slip; a later layer may replace one. */
function checkColumns(report: Report, features: readonly unknown[]): void {
  const seen = new Map<string, number>();
  for (const [i, feature] of features.entries()) {
    const { name, feature: named } = record(feature);
    const column = typeof feature === 'string' ? feature : (name ?? named);
    if (typeof column !== 'string') continue;
    const before = seen.get(column);
    if (before !== undefined)
      report(pointerOf('features', i), `column "${column}" is already made by features[${before}]`);
    else seen.set(column, i);
  }
}

function checkKey(report: Report, key: readonly unknown[], registry: Registry, bidirectional: boolean): void {
  const usable = new Set<string>([...KEY_WORDS, ...keyFields(registry)]);
  for (const [i, name] of key.entries()) {
    const pointer = pointerOf('flow', 'key', i);
    if (typeof name !== 'string') continue;
    if (key.indexOf(name) < i) report(pointer, `"${name}" stands twice`);
    const mate = bidirectional ? mateOf(name, registry) : undefined;
    if (mate !== undefined && !key.includes(mate)) {
      report(pointer, `"${name}" is one side of a pair`, { expected: `"${mate}" beside it in a bidirectional key` });
    }
    if (usable.has(name)) continue;
    if (!registry.fields.has(name)) {
      const suggestion = nearest(name, [...usable, ...registry.fields.keys()]);
      report(pointer, `no such field "${name}"`, { expected: 'addresses, protocol, ports or a field', suggestion });
    } else if (bidirectional) {
      report(pointer, `"${name}" may differ by direction and cannot join the key of a bidirectional flow`, {
        expected: 'a field that is the same both ways, or "bidirectional": false',
      });
    }
  }
}

/** Windows and points that say nothing, or one number twice. */
function checkWindows(report: Report, flow: Readonly<Record<string, unknown>>): void {
  for (const name of ['duplicates', 'snapshot']) {
    const { frames, time, ...rest } = record(flow[name]);
    const isEmpty = frames === undefined && time === undefined && Object.keys(rest).length === 0;
    if (name in flow && isEmpty && typeof flow[name] === 'object')
      report(pointerOf('flow', name), 'found {}', { expected: 'frames, time or both' });
    for (const [i, count] of list(frames).entries()) {
      if (list(frames).indexOf(count) < i) report(pointerOf('flow', name, 'frames', i), `${count} stands twice`);
    }
  }
}

function checkFlow(report: Report, flow: FlowConfiguration, registry: Registry, bidirectional: boolean): void {
  for (const place of durationPlaces) {
    const text = place.reduce<unknown>((value, step) => record(value)[step], flow);
    // Texts that are no duration at all are the schema's matter.
    if (typeof text !== 'string' || !new RegExp(DURATION_PATTERN).test(text)) continue;
    const value = parseDuration(text);
    const pointer = pointerOf('flow', ...place);
    if (value === 0 && isPositiveDuration(place[0]!))
      report(pointer, `found "${text}"`, { expected: 'a duration above 0' });
    else if (value === undefined) report(pointer, `found "${text}"`, { expected: 'a duration up to 104d' });
  }
  for (const [i, text] of list(flow.homeNetworks).entries()) {
    if (typeof text !== 'string' || isNetwork(text)) continue;
    report(pointerOf('flow', 'homeNetworks', i), `found "${text}"`, {
      expected: 'an address or prefix, such as 10.0.0.0/8',
    });
  }
  checkWindows(report, record(flow));
  checkKey(report, list(flow.key), registry, bidirectional);
}

/**
 * What a schema cannot see: names that nothing registered has, durations out of range, fields that cannot be in the key,
 * keys that stand twice. Parts whose shape is wrong are passed over; the schema reports them.
 */
export function checkNames(layer: Layer, registry: Registry, bidirectional: boolean): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (pointer, message, rest = {}) =>
    problems.push({ ...layer.where(pointer), pointer, message, ...rest });
  const value = record(layer.value);
  for (const pointer of layer.duplicates) {
    problems.push({ ...layer.where(pointer, true), pointer, message: 'stands twice' });
  }
  for (const [i, feature] of list(value.features).entries()) {
    checkFeature(report, pointerOf('features', i), feature, registry);
  }
  checkColumns(report, list(value.features));
  checkFlow(report, record(value.flow), registry, bidirectional);
  for (const [i, item] of list(value.decodeAs).entries()) {
    const { table, dissector } = record(item);
    checkName(report, pointerOf('decodeAs', i, 'table'), 'table', table, registry.tables);
    checkName(report, pointerOf('decodeAs', i, 'dissector'), 'dissector', dissector, registry.dissectors);
  }
  return problems;
}
