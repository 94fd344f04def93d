// Shows that the import rule holds: the linter refuses each canary below, and would accept the plain ones.
// (Overlapping overrides of a linter replace each other's rules, so that a rule can vanish without a word.)
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const biome = join(dirname(createRequire(import.meta.url).resolve('@biomejs/biome/package.json')), 'bin', 'biome');

/** Path a file would have, what it imports, and whether that is allowed. */
const canaries = [
  ['core/frame/canary.ts', '../../dissectors/udp.ts', false],
  ['core/run/canary.ts', '../../plugins/standard.ts', false],
  ['core/run/canary.ts', '../../cli/library.ts', false],
  ['core/run/canary.ts', 'tsyringe', false],
  ['core/run/canary.ts', 'commander', false],
  ['core/flow/canary.ts', '../frame/frame.ts', true],
  ['dissectors/canary.ts', './udp.ts', false],
  ['dissectors/canary.ts', '../plugins/sinks/csv.ts', false],
  ['dissectors/canary.ts', '../cli/library.ts', false],
  ['dissectors/canary.ts', './tables.ts', true],
  ['dissectors/canary.ts', '../core/declare/dissector.ts', true],
  ['plugins/sinks/canary.ts', '../sources/index.ts', false],
  ['plugins/sinks/canary.ts', '../../dissectors/udp.ts', false],
  ['plugins/features/aggregates/canary.ts', '../../sinks/csv.ts', false],
  ['plugins/features/canary.ts', '../../cli/library.ts', false],
  ['plugins/sources/canary.ts', '../../core/declare/source.ts', true],
  ['cli/commands/canary.ts', 'tsyringe', false],
  ['cli/commands/canary.ts', '../../plugins/standard.ts', true],
  ['cli/compose.ts', 'tsyringe', true],
];

// The canaries lie in a folder of their own, under the project's rules.
const folder = mkdtempSync(join(tmpdir(), 'packetloom-imports-'));
const configuration = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
delete configuration.$schema;
delete configuration.vcs;
writeFileSync(join(folder, 'biome.json'), JSON.stringify(configuration));
const paths = canaries.map(([path], index) =>
  join(dirname(path), path === 'cli/compose.ts' ? 'compose.ts' : `canary${index}.ts`),
);
canaries.forEach(([, target], index) => {
  mkdirSync(join(folder, dirname(paths[index])), { recursive: true });
  writeFileSync(join(folder, paths[index]), `import { x } from '${target}';\n\nexport const y = x;\n`);
});
const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none'], {
  cwd: folder,
  encoding: 'utf8',
});
rmSync(folder, { recursive: true });
const { diagnostics } = JSON.parse(stdout);
const refused = new Set(
  diagnostics
    .filter(({ category }) => category === 'lint/style/noRestrictedImports')
    .map(({ location }) => location.path.file ?? location.path),
);

let failed = 0;
canaries.forEach(([path, target, allowed], index) => {
  if (refused.has(paths[index]) !== allowed) return;
  failed += 1;
  console.error(`import rule: ${path} importing "${target}" is ${allowed ? 'refused' : 'accepted'}, and should not be`);
});
console.log(`import rule: ${canaries.length - failed} canaries as they should be, ${failed} not`);
process.exitCode = failed === 0 ? 0 : 1;
