import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dist, main, root } from '../cli/support/command.ts';
import { blocksOf } from './support.ts';

const docs = join(root, 'docs');
const guides = [
  ...readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'conformance.md'),
  // Pages of sinks that need neither a server nor a package.
  'sinks/csv.md',
  'sinks/jsonl.md',
];

/** A folder in which the package is installed, and nothing else is. */
function installed(): string {
  const path = mkdtempSync(join(tmpdir(), 'packetloom-docs-'));
  afterAll(() => rmSync(path, { recursive: true }));
  mkdirSync(join(path, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(join(dist, '..'), join(path, 'node_modules', 'packetloom'));
  symlinkSync(main, join(path, 'node_modules', '.bin', 'packetloom'));
  chmodSync(main, 0o755);
  writeFileSync(join(path, 'package.json'), '{ "private": true }\n');
  return path;
}

/** Runs lines of a shell in a folder, and says where they end. */
function shell(lines: string, cwd: string): { readonly stdout: string; readonly cwd: string } {
  const script = `set -e -o pipefail\n${lines}\npwd >&3`;
  const { status, stdout, stderr, output } = spawnSync('bash', ['-c', script], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  expect(status, `${lines}\n${stdout}\n${stderr}`).toBe(0);
  return { stdout, cwd: output[3]!.trim() };
}

describe.each(guides)('docs/%s', (guide) => {
  const blocks = blocksOf(readFileSync(join(docs, guide), 'utf8'));

  it('runs as it stands', { timeout: 300_000 }, () => {
    let cwd = installed();
    let printed = '';
    const written = new Map<string, string>();
    for (const [i, { language, file, text, line }] of blocks.entries()) {
      if (language === 'sh') ({ stdout: printed, cwd } = shell(text, cwd));
      else if (language === 'text') expect(printed, `line ${line}`).toBe(text);
      else {
        expect(file, `line ${line}: a file has a name`).not.toBe('');
        // Blocks of one file without a command between them are one program.
        const before = blocks.slice(0, i).findLastIndex((block) => block.language === 'sh');
        const goesOn = blocks.slice(before + 1, i).some((block) => block.file === file);
        written.set(file, goesOn ? written.get(file)! + text : text);
        writeFileSync(join(cwd, file), written.get(file)!);
      }
    }
  });

  it('leads to pages that are there', () => {
    const text = readFileSync(join(docs, guide), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (!/^https?:/.test(target!)) expect(() => readFileSync(join(docs, guide, '..', target!))).not.toThrow();
    }
  });
});

it('a protocol with a fixed header takes at most ten lines', () => {
  const [first] = blocksOf(readFileSync(join(docs, 'your-protocol-in-five-minutes.md'), 'utf8')).filter(
    ({ language }) => language === 'ts',
  );
  expect(first!.text).toContain('definePlugin');
  expect(first!.text.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(10);
});
