import type { Registry } from '../core/declare/registry.ts';
import type { FolderOptions, Source } from '../core/declare/source.ts';
import { parseDuration } from '../core/run/duration.ts';
import type { FlowsOptions } from './declare-flows.ts';
import { optionError } from './report.ts';

/** Milliseconds of a duration that an option states. */
function milliseconds(option: string, text: string): number {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined) throw optionError(`${option} ${text}: expected a duration such as 2s`);
  return nanoseconds / 1e6;
}

/** The source that watches folders. */
export function folderSource(registry: Registry): Source {
  const source = registry.sources.get('folder');
  if (source === undefined) throw optionError('--watch: no source "folder" is registered');
  return source;
}

/**
 * What the command line says about the folder it watches.
 * @throws PacketloomError `usage`
 */
export function folderOptions(options: FlowsOptions, frames: number | undefined): Partial<FolderOptions> {
  const { watchPattern: pattern, watchOrder: order, watchQuiet: quiet, watchDelay: delay, watchState: state } = options;
  return {
    ...(pattern === undefined ? {} : { pattern }),
    ...(order === undefined ? {} : { order: order as FolderOptions['order'] }),
    ...(quiet === undefined ? {} : { quiet: milliseconds('--watch-quiet', quiet) }),
    ...(delay === undefined ? {} : { delay: milliseconds('--watch-delay', delay) }),
    ...(state === undefined ? {} : { state }),
    ...(frames === undefined ? {} : { frames }),
  };
}

/** Milliseconds that wall time stays behind, where not told otherwise. */
const DELAY = 10_000;

/** Milliseconds after which frames are in their file, at most. */
export const watchDelay = ({ delay = DELAY }: Partial<FolderOptions>): number => delay;
