import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { dist, main, root } from '../cli/support/command.ts';
import { blocksOf } from './support.ts';

/** A temporary folder in which the package is installed, with other packages beside it. */
export function installedWith(...packages: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-page-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  symlinkSync(join(dist, '..'), join(modules, 'packetloom'));
  symlinkSync(main, join(modules, '.bin', 'packetloom'));
  chmodSync(main, 0o755);
  for (const name of packages) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  return folder;
}

/**
 * Runs the commands of a page in a folder, writes its files there, and compares what is printed with what it says.
 * @param server what the page calls the server, and where it is
 */
export function runPage(page: string, cwd: string, [called, address]: readonly [string, string]): void {
  let printed: string | undefined;
  for (const { language, file, text, line } of blocksOf(readFileSync(join(root, page), 'utf8'))) {
    if (language === 'text') expect(printed, `line ${line}`).toBe(text);
    else if (file !== '') writeFileSync(join(cwd, file), text);
    if (language !== 'sh' || text.startsWith('npm install')) continue;
    const commands = text.replaceAll(called, address);
    const words = ['-e', '-o', 'pipefail', '-c', commands];
    const { status, stdout, stderr } = spawnSync('bash', words, { cwd, encoding: 'utf8' });
    expect(status, `${commands}\n${stdout}\n${stderr}`).toBe(0);
    printed = stdout;
  }
  expect(printed).toBeDefined();
}
