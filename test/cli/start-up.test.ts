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

/** Of the modules that a command loads, those that hold what `pattern` finds: the command is bundled in a few chunks. */
function holding(pattern: RegExp, words: readonly string[]): string[] {
  const own = [...modulesOf(words)].filter((name) => !name.startsWith('node_modules/'));
  return own.filter((name) => pattern.test(readFileSync(join(dist, name), 'utf8')));
}

const DISSECTORS = /defineDissector\(\{/;
const METER = /\bMeter ?= ?class\b/;

test('--version loads nothing but itself', () => {
  const loaded = [...modulesOf(['--version'])].map((name) => name.replace(/-\w{8}\.js$/, '.js'));
  expect(loaded.sort()).toEqual(['cli/chunks/version.js', 'cli/main.js']);
});

test('--help loads no plugin, no dissector and no package but commander', () => {
  for (const words of [['--help'], ['flows', '--help']]) {
    const loaded = [...modulesOf(words)];
    expect(loaded.filter((name) => name.startsWith('node_modules/'))).toEqual(['node_modules/commander']);
    expect(holding(DISSECTORS, words)).toEqual([]);
    expect(holding(METER, words)).toEqual([]);
  }
  // The patterns find what they look for.
  expect(holding(DISSECTORS, ['flows', office])).not.toEqual([]);
  expect(holding(METER, ['flows', office])).not.toEqual([]);
});

test('flows loads neither ajv nor jiti, and csv-stringify for a CSV only', () => {
  const heavy = (...words: string[]) =>
    [...modulesOf(['flows', office, ...words])].filter((name) => /node_modules\/(?:ajv|jiti|csv-stringify)/.test(name));
  expect(heavy('-o', 'jsonl:-')).toEqual([]);
  expect(heavy()).toEqual(['node_modules/csv-stringify']);
});

test('list reads no capture and opens no output', () => {
  const words = ['list', 'presets'];
  expect([...modulesOf(words)].filter((name) => /csv-stringify|ajv|jiti/.test(name))).toEqual([]);
  expect(holding(METER, words)).toEqual([]);
});
