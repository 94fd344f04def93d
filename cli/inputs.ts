import type { Registry } from '../core/declare/registry.ts';
import type { FrameReader, Source, SourceOptions } from '../core/declare/source.ts';
import { PacketloomError } from '../core/errors.ts';
import { nearest } from '../core/expression/nearest.ts';
import { parseDuration } from '../core/run/duration.ts';
import { openMerged } from '../core/run/merge.ts';
import type { FlowsOptions } from './declare-flows.ts';
import { wholeNumber } from './options-layer.ts';
import { optionError, say } from './report.ts';
import { folderOptions, folderSource, watchDelay } from './watch-options.ts';

/** Where frames come from, checked but not opened. */
export interface Inputs {
  readonly live: boolean;
  readonly targets: readonly string[];
  readonly limits: { readonly frames?: number; readonly seconds?: number };
  /** Milliseconds that frames of a live input may come after their capture, besides what every run allows for. */
  readonly lag?: number;
  /** @param user whom the program becomes when all is open */
  open(signal: AbortSignal, user?: SourceOptions['user']): Promise<FrameReader>;
}

/** Options that mean something for live capture only, with what to say to those who use them with files. */
const LIVE_ONLY = [
  ['filter', '--filter', 'is for live capture: use --where with files'],
  ['snaplen', '--snaplen', 'is for live capture'],
  ['bufferSize', '--buffer-size', 'is for live capture'],
  ['source', '--source', 'is for live capture'],
  ['duration', '--duration', 'is for live capture'],
] as const;

/** Options that say how a folder is watched. */
const WATCH_ONLY = [
  ['watchPattern', '--watch-pattern'],
  ['watchOrder', '--watch-order'],
  ['watchQuiet', '--watch-quiet'],
  ['watchDelay', '--watch-delay'],
  ['watchState', '--watch-state'],
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

/** True for the error of a source that the system does not let capture. */
function lacksRights(error: unknown): boolean {
  return error instanceof PacketloomError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EPERM';
}

/** Opens the first source that can be used here; the reasons of all, where none can. */
async function openLive(
  sources: readonly Source[],
  targets: readonly string[],
  options: SourceOptions,
): Promise<FrameReader> {
  const reasons: string[] = [];
  let refused: unknown;
  for (const source of sources) {
    const why = await source.unavailable?.();
    if (why === undefined) {
      try {
        return await source.open(targets, options);
      } catch (error) {
        if (!lacksRights(error)) throw error;
        refused ??= error;
      }
    } else reasons.push(`${source.name}: ${why}`);
  }
  // What is best to use tells how it is granted the right.
  if (refused !== undefined) throw refused;
  const why = reasons.length === 0 ? 'no live source is registered' : reasons.join('; ');
  throw new PacketloomError('device', `interface: ${targets.join(', ')}: ${why}`);
}

/** Milliseconds that a timer can wait at most. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Opens a live source whose capturing ends after some seconds: what was captured by then is still read. */
async function openFor(
  seconds: number | undefined,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<FrameReader>,
): Promise<FrameReader> {
  if (seconds === undefined) return open(signal);
  const ending = new AbortController();
  if (signal.aborted) ending.abort();
  signal.addEventListener('abort', () => ending.abort());
  const reader = await open(ending.signal);
  const wait = (left: number) => {
    const now = Math.min(left, LONGEST_TIMER);
    setTimeout(() => (left > now ? wait(left - now) : ending.abort()), now).unref();
  };
  wait(seconds * 1000);
  return reader;
}

function durationLimit({ duration }: FlowsOptions): { readonly seconds?: number } {
  if (duration === undefined) return {};
  const nanoseconds = parseDuration(duration);
  if (!nanoseconds) throw optionError(`--duration ${duration}: expected a duration such as 60s`);
  return { seconds: nanoseconds / 1e9 };
}

/** A folder that is watched: live, though its frames come from files. */
function watchedInputs(folder: string, captures: readonly string[], options: FlowsOptions, registry: Registry): Inputs {
  if (captures.length > 0) throw optionError(`${captures[0]}: captures and --watch cannot be read in one run`);
  if (options.interface !== undefined)
    throw optionError('--interface: an interface and --watch cannot be read in one run');
  if (options.merge === true) throw optionError('--merge: the files of --watch are read one after the other');
  for (const [name, option, why] of LIVE_ONLY) {
    if (name !== 'duration' && options[name] !== undefined) throw optionError(`${option}: ${why}`);
  }
  if (options.promiscuous === false) throw optionError('--no-promiscuous: is for live capture');
  const frames = options.count === undefined ? undefined : wholeNumber('--count', options.count);
  const source = folderSource(registry);
  const settings = folderOptions(options, frames);
  return {
    live: true,
    targets: [folder],
    limits: { ...(frames === undefined ? {} : { frames }), ...durationLimit(options) },
    lag: watchDelay(settings),
    open: (signal) => source.open([folder], { signal, folder: settings, report: say }),
  };
}

/**
 * Understands what the command line says about input.
 * @throws PacketloomError `usage`
 */
export function inputsOf(captures: readonly string[], options: FlowsOptions, registry: Registry): Inputs {
  const frames = options.count === undefined ? {} : { frames: wholeNumber('--count', options.count) };
  if (options.watch !== undefined) return watchedInputs(options.watch, captures, options, registry);
  for (const [name, option] of WATCH_ONLY) {
    if (options[name] !== undefined) throw optionError(`${option}: is for --watch`);
  }
  if (options.interface === undefined) {
    if (options.promiscuous === false) throw optionError('--no-promiscuous: is for live capture');
    for (const [name, option, why] of LIVE_ONLY) {
      if (options[name] !== undefined) throw optionError(`${option}: ${why}`);
    }
    if (captures.length === 0) {
      throw optionError('no input: name capture files, - for standard input, or an interface with -i');
    }
    const source = [...registry.sources.values()].find(({ live }) => !live);
    if (source === undefined) throw optionError('no source for files is registered');
    return {
      live: false,
      targets: captures,
      limits: frames,
      open: (signal) =>
        options.merge === true ? openMerged(source, captures, { signal }) : source.open(captures, { signal }),
    };
  }
  if (captures.length > 0) throw optionError(`${captures[0]}: captures and -i cannot be read in one run`);
  const settings = {
    ...(options.filter === undefined ? {} : { filter: options.filter }),
    ...(options.snaplen === undefined ? {} : { snapLength: wholeNumber('--snaplen', options.snaplen) }),
    ...(options.bufferSize === undefined ? {} : { bufferSize: sizeOption('--buffer-size', options.bufferSize) }),
    ...(options.promiscuous === false ? { promiscuous: false } : {}),
    report: (line: string) => say(`${new Date().toISOString()} ${line}`),
  };
  const { seconds } = durationLimit(options);
  const sources = liveSources(registry, options.source);
  const targets = options.interface;
  return {
    live: true,
    targets,
    limits: frames,
    open: (signal, user) => {
      const common = { ...settings, ...(user === undefined ? {} : { user }) };
      return openFor(seconds, signal, (ending) => openLive(sources, targets, { ...common, signal: ending }));
    },
  };
}
