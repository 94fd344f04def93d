import type { Layer } from '../core/run/configuration.ts';
import { pluginNames } from '../core/run/configuration.ts';
import { declaresDissectors } from '../core/run/json-dissector.ts';
import type { PluginRequest } from '../core/run/load.ts';

/**
 * Plugins that configuration files name (from their folder) and that the command line names (from this one), and the
 * configuration files themselves where they declare dissectors.
 */
export function pluginRequests(files: readonly Layer[], options: readonly string[] = []): PluginRequest[] {
  return [
    ...files.flatMap((file) => pluginNames(file).map((name) => ({ name, base: file.base }))),
    ...files.filter(declaresDissectors).map((layer) => ({ name: layer.where('').file ?? '', base: layer.base, layer })),
    ...options.map((name) => ({ name, base: process.cwd() })),
  ];
}
