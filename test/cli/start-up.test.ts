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
const CONTAINER = /\bcreateChildContainer\(\) ?\{/;
const STRINGIFIER = /CSV_OPTION_DELIMITER_INVALID_TYPE/;
const METER = /\bMeter ?= ?class\b/;

test('--version loads nothing but itself', () => {
  expect([...modulesOf(['--version'])]).toEqual(['cli/main.js']);
});

test('--help loads no plugin, no dissector and no package but commander, which is bundled', () => {
  for (const words of [['--help'], ['flows', '--help']]) {
    expect([...modulesOf(words)].filter((name) => name.startsWith('node_modules/'))).toEqual([]);
    expect(holding(/\bCommanderError ?= ?class\b/, words)).not.toEqual([]);
    expect(holding(CONTAINER, words)).toEqual([]);
    expect(holding(DISSECTORS, words)).toEqual([]);
    expect(holding(METER, words)).toEqual([]);
  }
  // The patterns find what they look for.
  expect(holding(DISSECTORS, ['flows', office])).not.toEqual([]);
  expect(holding(METER, ['flows', office])).not.toEqual([]);
  expect(holding(CONTAINER, ['flows', office])).not.toEqual([]);
});

test('flows loads neither ajv nor jiti, and csv-stringify for a CSV only', () => {
  const packages = [...modulesOf(['flows', office])].filter((name) => name.startsWith('node_modules/'));
  expect(packages).toEqual([]);
  expect(holding(STRINGIFIER, ['flows', office, '-o', 'jsonl:-'])).toEqual([]);
  expect(holding(STRINGIFIER, ['flows', office])).not.toEqual([]);
});

test('list loads no package and nothing that writes rows', () => {
  const words = ['list', 'presets'];
  expect([...modulesOf(words)].filter((name) => name.startsWith('node_modules/'))).toEqual([]);
  expect(holding(STRINGIFIER, words)).toEqual([]);
});

test('V8 takes the code that the build has kept for the chunks of a usual run', () => {
  const chunks = join(dist, 'cli', 'chunks');
  const { versions, platform, arch } = process;
  const code = join(chunks, `code-${versions.v8}-${platform}-${arch}`);
  const names = readdirSync(code);
  const loaded = [...modulesOf(['flows', office])].filter((name) => name.startsWith('cli/chunks/'));
  expect(loaded.filter((name) => !names.includes(name.slice('cli/chunks/'.length)))).toEqual([]);
  // In a process of its own: the flags of this one may be others.
  const check = `for (const name of ${JSON.stringify(names)}) {
    const script = new vm.Script(fs.readFileSync(${JSON.stringify(`${chunks}/`)} + name, 'utf8'), {
      cachedData: fs.readFileSync(${JSON.stringify(`${code}/`)} + name),
    });
    if (script.cachedDataRejected) console.log(name);
  }`;
  const { status, stdout } = spawnSync(process.execPath, ['-e', check], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

test('where V8 refuses that code, the same comes out and nothing is said', () => {
  const [usual, refused] = [[], ['--no-opt']].map((flags) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, main, 'flows', office, '--quiet'], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  });
  expect(refused).toEqual(usual);
  expect(refused).toMatchObject({ status: 0, stderr: '' });
});
