import type { Registry } from '../core/declare/registry.ts';
import type { FrameReader, Source, SourceOptions } from '../core/declare/source.ts';
import { PacketloomError } from '../core/errors.ts';
import { nearest } from '../core/expression/nearest.ts';
import { parseDuration } from '../core/run/duration.ts';
import type { FlowsOptions } from './declare-flows.ts';
import { wholeNumber } from './options-layer.ts';
import { optionError } from './report.ts';

/** Where frames come from, checked but not opened. */
export interface Inputs {
  readonly live: boolean;
  readonly targets: readonly string[];
  readonly limits: { readonly frames?: number; readonly seconds?: number };
  open(signal: AbortSignal): Promise<FrameReader>;
}

/** Options that mean something for live capture only, with what to say to those who use them with files. */
const LIVE_ONLY = [
  ['filter', '--filter', 'is for live capture: use --where with files'],
  ['snaplen', '--snaplen', 'is for live capture'],
  ['bufferSize', '--buffer-size', 'is for live capture'],
  ['source', '--source', 'is for live capture'],
  ['duration', '--duration', 'is for live capture'],
] as const;

/** Bytes of `64MiB`, `1GB`, `65536`. */
function sizeOption(option: string, text: string): number {
  const match = /^([0-9]+)(?:([KMG])(i?)B?|B)?$/i.exec(text);
  if (match === null) throw optionError(`${option} ${text}: expected a size such as 64MiB`);
  const power = ' KMG'.indexOf((match[2] ?? ' ').toUpperCase());
  return Number(match[1]) * (match[3] ? 1024 : 1000) ** power;
}

function liveSources(registry: Registry, wanted: string | undefined): readonly Source[] {
  const live = [...registry.sources.values()].filter((source) => source.live);
  if (wanted === undefined) return live;
  const found = live.find(({ name }) => name === wanted);
  if (found !== undefined) return [found];
  const names = live.map(({ name }) => name);
  const suggestion = nearest(wanted, names);
  const hint = suggestion === undefined ? `live sources are ${names.join(', ')}` : `did you mean ${suggestion}?`;
  throw optionError(`--source ${wanted}: no such live source; ${hint}`);
}

/** Opens the first source that can be used here; the reasons of all, where none can. */
async function openLive(
  sources: readonly Source[],
  targets: readonly string[],
  options: SourceOptions,
): Promise<FrameReader> {
  const reasons: string[] = [];
  for (const source of sources) {
    const why = await source.unavailable?.();
    if (why === undefined) return source.open(targets, options);
    reasons.push(`${source.name}: ${why}`);
  }
  const why = reasons.length === 0 ? 'no live source is registered' : reasons.join('; ');
  throw new PacketloomError('device', `interface: ${targets.join(', ')}: ${why}`);
}

/**
 * Understands what the command line says about input.
 * @throws PacketloomError `usage`
 */
export function inputsOf(captures: readonly string[], options: FlowsOptions, registry: Registry): Inputs {
  const frames = options.count === undefined ? {} : { frames: wholeNumber('--count', options.count) };
  if (options.interface === undefined) {
    for (const [name, option, why] of LIVE_ONLY) {
      if (options[name] !== undefined) throw optionError(`${option}: ${why}`);
    }
    if (captures.length === 0) {
      throw optionError('no input: name capture files, - for standard input, or an interface with -i');
    }
    const source = [...registry.sources.values()].find(({ live }) => !live);
    if (source === undefined) throw optionError('no source for files is registered');
    return { live: false, targets: captures, limits: frames, open: (signal) => source.open(captures, { signal }) };
  }
  if (captures.length > 0) throw optionError(`${captures[0]}: captures and -i cannot be read in one run`);
  const nanoseconds = options.duration === undefined ? undefined : parseDuration(options.duration);
  if (options.duration !== undefined && !nanoseconds) {
    throw optionError(`--duration ${options.duration}: expected a duration such as 60s`);
  }
  const settings = {
    ...(options.filter === undefined ? {} : { filter: options.filter }),
    ...(options.snaplen === undefined ? {} : { snapLength: wholeNumber('--snaplen', options.snaplen) }),
    ...(options.bufferSize === undefined ? {} : { bufferSize: sizeOption('--buffer-size', options.bufferSize) }),
  };
  const sources = liveSources(registry, options.source);
  const targets = options.interface;
  return {
    live: true,
    targets,
    limits: { ...frames, ...(nanoseconds === undefined ? {} : { seconds: nanoseconds / 1e9 }) },
    open: (signal) => openLive(sources, targets, { ...settings, signal }),
  };
}
