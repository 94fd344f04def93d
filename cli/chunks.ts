import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/**
 * The chunks that the build bundles the command in, and beside them the code that V8 made of each while the build ran the
 * command: with it, a start takes two thirds of the time, as nearly all of the rest is compilation. Node's own loaders
 * take no such code before version 22, so a chunk is a script: a function around CommonJS. Another V8 than that of the
 * build finds no code under its name, one with other flags refuses it; both compile as usual.
 */
const folder = fileURLToPath(new URL('chunks/', import.meta.url));
const { versions, platform, arch } = process;
const codeFolder = join(folder, `code-${versions.v8}-${platform}-${arch}`);

const outside = createRequire(import.meta.url);
/** Stands for `import()` in chunks: a script has none in Node 20, or only with a warning. */
const importModule = (name: string): Promise<unknown> => import(/* @vite-ignore */ name);

type Run = (exports: object, require: (id: string) => unknown, module: object, file: string, load: unknown) => void;

const loaded = new Map<string, { readonly script: Script; readonly module: { exports: object } }>();

function codeOf(name: string): Buffer | undefined {
  try {
    return readFileSync(join(codeFolder, name));
  } catch {
    return undefined;
  }
}

/** What a chunk exports; it runs at the first call. */
export function loadChunk(name: string): object {
  const before = loaded.get(name);
  if (before !== undefined) return before.module.exports;
  const filename = join(folder, name);
  const cachedData = codeOf(name);
  const script = new Script(readFileSync(filename, 'utf8'), { filename, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  loaded.set(name, { script, module });
  const require = (id: string): unknown => (id.startsWith('./') ? loadChunk(id.slice(2)) : outside(id));
  (script.runInThisContext() as Run)(module.exports, require, module, filename, importModule);
  return module.exports;
}

/** For the build: writes the code of the chunks loaded by now, with every function of theirs that has run. */
export function keepCode(): void {
  mkdirSync(codeFolder, { recursive: true });
  for (const [name, { script }] of loaded) writeFileSync(join(codeFolder, name), script.createCachedData());
}
