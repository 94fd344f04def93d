import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { definePlugin, type Plugin } from '../declare/plugin.ts';
import { PacketloomError } from '../errors.ts';
import { type Layer, readConfiguration } from './configuration.ts';
import { declaresDissectors, pluginOfLayer } from './json-dissector.ts';

/** A plugin that a configuration or the command line names. */
export interface PluginRequest {
  /** A path, or the name of a package. */
  readonly name: string;
  /** The folder that paths and packages are looked up from. */
  readonly base: string;
  /** A configuration that declares dissectors itself; `name` is then only its name. */
  readonly layer?: Layer;
}

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);

function locate({ name, base }: PluginRequest): string | undefined {
  const path = name.startsWith('file:') ? fileURLToPath(name) : resolve(base, name);
  const isPath = /^\.{1,2}(?:[\\/]|$)/.test(name) || isAbsolute(name) || name.startsWith('file:');
  // A name with a known ending is a path too when the file is there: `--plugin examples/example.ts`.
  if (extname(path) !== '' && existsSync(path)) return path;
  try {
    return createRequire(resolve(base, 'packetloom.config.json')).resolve(isPath ? path : name);
  } catch (error) {
    if (isPath || (error as { code?: string }).code === 'MODULE_NOT_FOUND') return undefined;
    return name; // a package for import only
  }
}

/** Loads with jiti: TypeScript as it is, and `packetloom/plugin` means the engine that runs. */
async function importWithJiti(target: string, base: string): Promise<unknown> {
  const [{ createJiti }, running] = await Promise.all([import('jiti'), import('../plugin.ts')]);
  const jiti = createJiti(pathToFileURL(resolve(base, 'packetloom.config.json')).href, {
    virtualModules: { 'packetloom/plugin': running },
    fsCache: false,
  });
  return jiti.import(target);
}

async function importModule(target: string, base: string): Promise<unknown> {
  if (TYPESCRIPT.has(extname(target)) || !isAbsolute(target)) return importWithJiti(target, base);
  try {
    return await import(/* @vite-ignore */ pathToFileURL(target).href);
  } catch (error) {
    // A plugin outside any package that has packetloom: the running engine is the one it means.
    const { code, message } = error as { code?: string; message?: string };
    if (code === 'ERR_MODULE_NOT_FOUND' && /'packetloom['/]/.test(message ?? '')) return importWithJiti(target, base);
    throw error;
  }
}

/** The plugin that a module exports by default, also through the wrapping of a CommonJS module. */
function pluginOf(module: unknown): Plugin | undefined {
  let found = (module as { default?: unknown } | undefined)?.default;
  for (let depth = 0; depth < 2 && typeof found === 'object' && found !== null; depth += 1) {
    const { kind, name } = found as { kind?: unknown; name?: unknown };
    // Not instanceof: a plugin may have been declared with its own copy of this package.
    if (kind === 'plugin' && typeof name === 'string') return definePlugin(found as Plugin);
    found = (found as { default?: unknown }).default;
  }
  return undefined;
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;

/**
 * Loads one plugin. TypeScript files load as they are; of a JSON file (a configuration) the dissectors count.
 * @throws PacketloomError `plugin` when it is not found, fails while loading, or its default export is no plugin;
 * `configuration` with places for dissectors in JSON that are wrong.
 */
export async function loadPlugin(request: PluginRequest): Promise<Plugin> {
  const { name, base, layer } = request;
  if (layer !== undefined) return pluginOfLayer(layer);
  const target = locate(request);
  if (target === undefined) throw new PacketloomError('plugin', `plugin: ${name}: not found from ${base}`);
  if (extname(target) === '.json') return loadJson(name, target);
  let module: unknown;
  try {
    module = await importModule(target, base);
  } catch (cause) {
    throw new PacketloomError('plugin', `plugin: ${name}: cannot be loaded: ${firstLine(cause)}`, { cause });
  }
  const plugin = pluginOf(module);
  if (plugin === undefined) {
    throw new PacketloomError(
      'plugin',
      `plugin: ${name}: the default export is no plugin; expected definePlugin({ ... })`,
    );
  }
  return plugin;
}

async function loadJson(name: string, target: string): Promise<Plugin> {
  // Messages name the file as the user did.
  const layer = readConfiguration(target, name);
  if (declaresDissectors(layer)) return pluginOfLayer(layer);
  throw new PacketloomError('plugin', `plugin: ${name}: no plugin; expected "dissectors": [...] in a JSON file`);
}

/** Loads plugins in order; one that is named twice is loaded once. */
export async function loadPlugins(requests: readonly PluginRequest[]): Promise<Plugin[]> {
  const loaded = new Map<string, Plugin>();
  for (const request of requests) {
    const key = (request.layer === undefined && locate(request)) || `${request.base}\n${request.name}`;
    if (!loaded.has(key)) loaded.set(key, await loadPlugin(request));
  }
  return [...loaded.values()];
}
