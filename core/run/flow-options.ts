import { defaultFlowSettings, type FlowSettings } from '../flow/settings.ts';
import type { FlowConfiguration } from './configuration.ts';
import { formatDuration, parseDuration } from './duration.ts';

const DURATIONS = ['idleTimeout', 'activeTimeout', 'tcpLinger', 'clockStep'] as const;
type DurationName = (typeof DURATIONS)[number];

const isDuration = (name: string): name is DurationName => (DURATIONS as readonly string[]).includes(name);

/** Settings of the meter from what people wrote; what is not said has its default. The texts must have been checked. */
export function flowSettings(...written: readonly FlowConfiguration[]): FlowSettings {
  const settings: Record<string, unknown> = { ...defaultFlowSettings };
  for (const flow of written) {
    for (const [name, value] of Object.entries(flow)) {
      if (value !== undefined) settings[name] = isDuration(name) ? parseDuration(value as string) : value;
    }
  }
  return Object.freeze(settings) as unknown as FlowSettings;
}

/** The settings as people write them. */
export function flowConfiguration(settings: FlowSettings): FlowConfiguration {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, isDuration(name) ? formatDuration(value as number) : value]),
  );
}

/** One setting as a text for messages. */
export function settingText(value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : String(value);
}

/** True when two written values of one setting mean the same (`120s` and `2m`). */
export function sameSetting(name: string, a: unknown, b: unknown): boolean {
  const plain = (value: unknown) => (isDuration(name) ? parseDuration(String(value)) : JSON.stringify(value));
  return plain(a) === plain(b);
}

/** Settings that must be longer than nothing. */
export function isPositiveDuration(name: string): boolean {
  return isDuration(name) && name !== 'tcpLinger';
}

/** Every name of a duration. */
export const durationNames: readonly string[] = DURATIONS;
