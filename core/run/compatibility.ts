import type { Imitation } from '../declare/imitation.ts';
import type { Registry } from '../declare/registry.ts';
import { type Configuration, type Layer, pointerOf, type Where } from './configuration.ts';
import type { Problem } from './problem.ts';

/** A preset that is wanted, with its place. */
interface WantedPreset extends Where {
  readonly preset: string;
}

/** Where the last layer says `name`, in words and place. */
function placeOf(layers: readonly Layer[], values: readonly Configuration[], steps: readonly string[]): Where {
  const found = values.findLastIndex((value) => {
    const [first, second] = steps;
    const part = (value as Record<string, unknown>)[first!];
    return second === undefined
      ? part !== undefined
      : (part as Record<string, unknown> | undefined)?.[second] !== undefined;
  });
  return layers[found]?.where(pointerOf(...steps)) ?? { at: steps.join('.') };
}

/**
 * The imitation that a run with `compatibility: exact` follows: that of its presets. What cannot be is a problem: no
 * preset has one, two presets have different ones, or a setting that the imitated tool does not have.
 */
export function imitationOf(
  registry: Registry,
  presets: readonly WantedPreset[],
  layers: readonly Layer[],
  values: readonly Configuration[],
  problems: Problem[],
): Imitation | undefined {
  const place = placeOf(layers, values, ['compatibility']);
  const following = presets.flatMap((one) => {
    const imitation = registry.presets.get(one.preset)?.exact?.imitation;
    return imitation === undefined ? [] : [{ ...one, imitation }];
  });
  const [first] = following;
  if (first === undefined) {
    const able = [...registry.presets.values()].filter(({ exact }) => exact !== undefined).map(({ name }) => name);
    const asked = presets.map(({ preset }) => `"${preset}"`).join(', ');
    const message = presets.length === 0 ? 'no preset is chosen' : `${asked} cannot be reproduced exactly`;
    problems.push({ ...place, message, expected: `one of the presets ${able.join(', ')}` });
    return undefined;
  }
  const other = following.find(({ imitation }) => imitation !== first.imitation);
  if (other !== undefined) {
    const message = `presets "${first.preset}" and "${other.preset}" cut flows differently and cannot be used in one run`;
    problems.push({ ...place, message });
    return undefined;
  }
  const { imitation } = first;
  const known = new Set<string>([...imitation.settings, 'maxFlows']);
  for (const name of new Set(values.flatMap((value) => Object.keys(value.flow ?? {})))) {
    if (known.has(name)) continue;
    problems.push({
      ...placeOf(layers, values, ['flow', name]),
      message: `flow.${name} cannot be set with "compatibility": "exact"`,
      expected: `only ${[...known].join(', ')} with preset "${first.preset}"`,
    });
  }
  if (imitation.values.some(({ kind }) => kind === 'text') && values.some(({ anonymize }) => anonymize !== undefined)) {
    problems.push({
      ...placeOf(layers, values, ['anonymize']),
      message: `the texts of preset "${first.preset}" name hosts and cannot be anonymised with "compatibility": "exact"`,
    });
  }
  return imitation;
}
