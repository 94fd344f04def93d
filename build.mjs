// Builds dist/: compiled sources, the validator of the configuration, and the command bundled for a quick start.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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
 * The command and what it loads on demand, in a few files instead of hundreds of small ones: half the start-up time is
 * finding and opening modules. Packages stay outside.
 */
async function bundleCommand() {
  const { rolldown } = await import('rolldown');
  const command = join(dist, 'cli', 'main.js');
  const bundle = await rolldown({ input: { main: command }, platform: 'node', external: [/^[^./]/] });
  await bundle.write({
    dir: join(dist, 'cli'),
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    // Comments and white space are half of the text; names stay, so that a trace can be read.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await bundle.close();
}
