// Builds dist/: compiled sources, data files beside them, an executable command.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [join(dirname(typescript), 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
for (const data of ['dissectors/data']) {
  if (existsSync(join(root, data))) cpSync(join(root, data), join(dist, data), { recursive: true });
}
// npx sets the mode once, a rebuild writes a new file.
chmodSync(join(dist, 'cli', 'main.js'), 0o755);
