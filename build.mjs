// Builds dist/: compiled sources, the validator of the configuration, and the command bundled for a quick start.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [join(dirname(typescript), 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
await compileSchema();
await bundleCommand();
await keepCompiledCode();
// npx sets the mode once, a rebuild writes a new file.
chmodSync(join(dist, 'cli', 'main.js'), 0o755);

/** The validator of the built-in configuration schema as standalone code: 3 ms at start-up instead of 170. */
async function compileSchema() {
  const [{ Ajv }, { default: standalone }] = await Promise.all([import('ajv'), import('ajv/dist/standalone/index.js')]);
  const load = (path) => import(pathToFileURL(join(dist, path)).href);
  const [{ standard }, { createRegistry }, { configurationSchema }, { AJV_OPTIONS }] = await Promise.all([
    load('plugins/standard.js'),
    load('core/declare/registry.js'),
    load('core/run/schema.js'),
    load('core/run/validate.js'),
  ]);
  const schema = configurationSchema(createRegistry([standard]), false);
  const ajv = new Ajv({ ...AJV_OPTIONS, code: { source: true } });
  const code = (standalone.default ?? standalone)(ajv, ajv.compile(schema));
  // The schema it was made from goes with it: another set of sinks has another schema and is compiled when it is needed.
  const made = `exports.schema = ${JSON.stringify(JSON.stringify(schema))};\nexports.validate = validator.exports;\n`;
  const wrapped = `const validator = { exports: {} };\n(function (module) {\n${code}\n})(validator);\n${made}`;
  writeFileSync(join(dist, 'core', 'run', 'compiled-schema.cjs'), wrapped);
}

/**
 * The command and what it loads on demand, in a few files instead of hundreds of small ones, packages too: half the
 * start-up time is finding and opening modules. All but `main.js` are chunks as `cli/chunks.ts` loads them.
 */
async function bundleCommand() {
  const { rolldown } = await import('rolldown');
  const cli = join(dist, 'cli');
  // ajv and jiti are for a few runs only, and look for files of their own.
  const options = { platform: 'node', external: ['ajv', 'jiti'] };
  // Comments and white space are half of the text; names stay, so that a trace can be read.
  const minify = { compress: false, mangle: false, codegen: { removeWhitespace: true } };

  const main = await rolldown({ ...options, input: join(cli, 'main.js') });
  await main.write({ file: join(cli, 'main.js'), format: 'esm', minify });
  await main.close();

  const program = await rolldown({ ...options, input: { program: join(cli, 'program.js') } });
  // Each with all that it imports and none before it holds: a call from chunk to chunk is slower than one within.
  const groups = [
    { name: 'program', test: /dist\/cli\/program\.js$/, priority: 3 },
    { name: 'carrying', test: /dist\/(?:plugins\/carrying|core\/frame\/values)\.js$/, priority: 2 },
    { name: 'flows', test: /dist\/cli\/commands\/flows\.js$/, priority: 1 },
  ];
  const names = { entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' };
  const { output } = await program.generate({ format: 'cjs', minify, codeSplitting: { groups }, ...names });
  await program.close();
  mkdirSync(join(cli, 'chunks'));
  for (const { fileName, code } of output) {
    const text = code.replaceAll(/(?<![.\w$])import\(/g, '__import(');
    const wrapped = `(function (exports, require, module, __filename, __import) { "use strict"; ${text}\n})`;
    writeFileSync(join(cli, 'chunks', fileName), wrapped);
  }
  const modules = output.flatMap(({ moduleIds }) => moduleIds);
  writeFileSync(join(cli, 'chunks', 'LICENSES.txt'), licensesOf(modules));
}

/** The licences of the packages that modules are taken from. */
function licensesOf(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    return `${relative(join(root, 'node_modules'), folder)}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** The compiled code of the chunks, after runs of what is run most: more of it would have to be read at each start. */
async function keepCompiledCode() {
  const { keepCode, loadChunk } = await import(pathToFileURL(join(dist, 'cli', 'chunks.js')).href);
  const { main } = loadChunk('program.cjs');
  const office = join(root, 'examples', 'captures', 'office.pcap');
  const rows = join(dist, 'rows.csv');
  for (const preset of ['basic', 'statistical']) await main(['flows', office, '--quiet', '-p', preset, '-o', rows]);
  rmSync(rows);
  keepCode();
}
