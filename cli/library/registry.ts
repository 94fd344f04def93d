import type { Plugin } from '../../core/declare/plugin.ts';
import { createRegistry, type Registry } from '../../core/declare/registry.ts';
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
