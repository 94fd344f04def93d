import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main, root } from '../cli/support/command.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commands = readme.split('\n').filter((line) => line.startsWith('npx packetloom '));

describe('README.md', () => {
  // What the commands write must not lie about in the checkout.
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-readme-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  const run = (command: string) =>
    spawnSync('bash', ['-c', `set -e; packetloom() { "${process.execPath}" "${main}" "$@"; }; ${command}`], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });

  it('has commands', () => expect(commands.length).toBeGreaterThan(8));

  it.each(commands)('%s', (command) => {
    const { status, stderr } = run(command.replace(/^npx /, ''));
    expect(stderr).not.toMatch(/^packetloom: /m);
    expect(status).toBe(0);
  });

  it('prints what it says the first command prints', () => {
    const block = /The first command prints:\n\n```\n([\s\S]*?)```/.exec(readme)![1]!;
    const { stdout, stderr } = run('packetloom flows examples/captures/office.pcap');
    const lines = `${stdout}${stderr}`.split('\n');
    for (const line of block.trim().split('\n')) if (line !== '...') expect(lines).toContain(line);
  });

  it('names files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
      .map(([, path]) => path!)
      .filter((path) => !path.includes(':'));
    expect(links.length).toBeGreaterThan(10);
    for (const path of links) expect(() => readFileSync(join(root, path)), path).not.toThrow();
  });
});
