import type { Plugin } from '../../core/declare/plugin.ts';
import { createRegistry, type Registry } from '../../core/declare/registry.ts';
import type { FrameReader } from '../../core/declare/source.ts';
import { openMerged } from '../../core/run/merge.ts';
import { standard } from '../../plugins/standard.ts';

let plain: Registry | undefined;

/**
 * A registry of everything that comes with packetloom and of the plugins given.
 * @throws PacketloomError `plugin` for a name, field or claim that two of them hold.
 */
export function standardRegistry(plugins: readonly Plugin[] = []): Registry {
  if (plugins.length > 0) return createRegistry([standard, ...plugins]);
  plain ??= createRegistry([standard]);
  return plain;
}

/**
 * The source that reads capture files.
 * @throws TypeError when the registry has none.
 */
export function fileSource(registry: Registry) {
  const source = [...registry.sources.values()].find(({ live }) => !live);
  if (source === undefined) throw new TypeError('the registry has no source for files');
  return source;
}

/** Opens capture files, to be read one after the other or merged. */
export function openFiles(
  registry: Registry,
  paths: readonly string[],
  { merge, signal }: { readonly merge?: boolean | undefined; readonly signal?: AbortSignal },
): Promise<FrameReader> {
  const source = fileSource(registry);
  const options = signal === undefined ? {} : { signal };
  return merge === true ? openMerged(source, paths, options) : source.open(paths, options);
}
