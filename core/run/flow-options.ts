import { defaultFlowSettings, type FlowSettings } from '../flow/settings.ts';
import type { FlowConfiguration } from './configuration.ts';
import { formatDuration, parseDuration } from './duration.ts';

const DURATIONS = ['idleTimeout', 'activeTimeout', 'tcpLinger', 'clockStep', 'reorder', 'fragmentTimeout'] as const;
type DurationName = (typeof DURATIONS)[number];

/** Settings with a duration inside, under `time`. */
const WINDOWS = ['duplicates', 'snapshot'] as const;
const isWindow = (name: string): boolean => (WINDOWS as readonly string[]).includes(name);
type Window<T> = { readonly frames?: unknown; readonly time?: T };

/** A window or points with the duration converted, and frames in ascending order. */
function convert<From, To>({ frames, time }: Window<From>, duration: (value: From) => To): Window<To> {
  const ascending = Array.isArray(frames) ? [...(frames as number[])].sort((a, b) => a - b) : frames;
  return {
    ...(frames === undefined ? {} : { frames: ascending }),
    ...(time === undefined ? {} : { time: duration(time) }),
  };
}

/** The value of a setting from what people wrote. */
function readSetting(name: string, value: unknown): unknown {
  if (isDuration(name)) return parseDuration(value as string);
  return isWindow(name) ? convert(value as Window<string>, parseDuration) : value;
}

/** What people would write for the value of a setting. */
function writeSetting(name: string, value: unknown): unknown {
  if (isDuration(name)) return formatDuration(value as number);
  return isWindow(name) && value !== undefined ? convert(value as Window<number>, formatDuration) : value;
}

const isDuration = (name: string): name is DurationName => (DURATIONS as readonly string[]).includes(name);

/** Settings of the meter from what people wrote; what is not said has its default. The texts must have been checked. */
export function flowSettings(...written: readonly FlowConfiguration[]): FlowSettings {
  const settings: Record<string, unknown> = { ...defaultFlowSettings };
  for (const flow of written) {
    for (const [name, value] of Object.entries(flow)) {
      if (value !== undefined) settings[name] = readSetting(name, value);
    }
  }
  return Object.freeze(settings) as unknown as FlowSettings;
}

/** The settings as people write them. */
export function flowConfiguration(settings: FlowSettings): FlowConfiguration {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, writeSetting(name, value)]));
}

/** One setting as a text for messages. */
export function settingText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** True when two written values of one setting mean the same (`120s` and `2m`). */
export function sameSetting(name: string, a: unknown, b: unknown): boolean {
  const plain = (value: unknown) => JSON.stringify(readSetting(name, value));
  return plain(a) === plain(b);
}

/** Settings that must be longer than nothing. */
export function isPositiveDuration(name: string): boolean {
  return name !== 'tcpLinger' && name !== 'reorder';
}

/** The place of every duration: steps from `flow`. */
export const durationPlaces: readonly (readonly string[])[] = [
  ...DURATIONS.map((name) => [name]),
  ...WINDOWS.map((name) => [name, 'time']),
];
