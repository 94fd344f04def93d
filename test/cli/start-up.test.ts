import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dist, main, office } from './support/command.ts';

/** The modules that a command loads, as V8 reports them: `cli/main.js`, `node_modules/commander`. */
function modulesOf(words: readonly string[]): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-coverage-'));
  try {
    const { status } = spawnSync(process.execPath, [main, ...words], {
      env: { ...process.env, NODE_V8_COVERAGE: folder },
    });
    expect(status).toBe(0);
    const urls = readdirSync(folder).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
      return result.map(({ url }) => decodeURI(url));
    });
    const own = `file://${dist}/`;
    return new Set(
      urls.flatMap((url) => {
        if (url.startsWith(own)) return [url.slice(own.length)];
        const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url);
        return found === null ? [] : [`node_modules/${found[1]}`];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('--version loads nothing but itself', () => {
  expect([...modulesOf(['--version'])].sort()).toEqual(['cli/main.js', 'cli/version.js']);
});

test('--help loads no plugin, no dissector and no package but commander', () => {
  for (const words of [['--help'], ['flows', '--help']]) {
    const loaded = [...modulesOf(words)];
    expect(loaded.filter((name) => name.startsWith('node_modules/'))).toEqual(['node_modules/commander']);
    expect(loaded.filter((name) => /^(?:plugins|dissectors|core\/(?:frame|flow))\//.test(name))).toEqual([]);
  }
});

test('flows loads neither ajv nor jiti, and csv-stringify for a CSV only', () => {
  const heavy = (...words: string[]) =>
    [...modulesOf(['flows', office, ...words])].filter((name) => /node_modules\/(?:ajv|jiti|csv-stringify)/.test(name));
  expect(heavy('-o', 'jsonl:-')).toEqual([]);
  expect(heavy()).toEqual(['node_modules/csv-stringify']);
});

test('list reads no capture and opens no output', () => {
  const loaded = [...modulesOf(['list', 'presets'])];
  expect(loaded.filter((name) => /^core\/flow\/meter|csv-stringify|ajv|jiti/.test(name))).toEqual([]);
});
