import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();
const program = join(import.meta.dirname, 'write-rows.mjs');

/** Runs the writer behind a shell that says where its standard output goes. */
function run(shell: string, ...words: string[]) {
  const { stdout, stderr } = spawnSync('sh', ['-c', shell, process.execPath, program, ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { stdout, report: JSON.parse(stderr.trim().split('\n').at(-1)!) as Record<string, unknown>, stderr };
}

const ROWS = 100_000;
const numbers = (text: string) => text.split('\n').slice(0, -1);
const lines = ['number,text', ...Array.from({ length: ROWS }, (_, row) => `${row},${'x'.repeat(100)}`)];

test('a pipe with a slow reader gets every row before the process ends', () => {
  const { stdout, report } = run('"$0" "$@" | (sleep 1; cat)', 'csv', '-', '100');
  expect(report).toEqual({ stopped: 0, rows: ROWS, batches: 100 });
  expect(numbers(stdout)).toEqual(lines);
});

test('a slow reader holds the writer back', () => {
  // 100 batches are 10.7 MB; a pipe holds 64 KiB, and two chunks of a batch are under way. The rest must wait.
  const { stderr } = run('"$0" "$@" | (sleep 2; echo "reads" >&2; cat > /dev/null); sleep 0.2', 'csv', '-', '100');
  expect(stderr.split('\n')[0]).toBe('reads');
});

test('a file gets every row', () => {
  const path = join(folder, 'stdout.csv');
  const { report } = run(`"$0" "$@" > '${path}'`, 'csv', '-', '100');
  expect(report).toEqual({ stopped: 0, rows: ROWS, batches: 100 });
  expect(numbers(readFileSync(path, 'utf8'))).toEqual(lines);
});

test('what a file held before stays when rows are appended', () => {
  const path = join(folder, 'appended.csv');
  run(`echo before > '${path}'; "$0" "$@" >> '${path}'`, 'csv', '/dev/stdout', '1');
  expect(numbers(readFileSync(path, 'utf8'))).toEqual(['before', ...lines.slice(0, 1001)]);
});

test('a socket, as a parent in Node gives, gets every row', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [program, 'csv', '-', '100'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  expect(JSON.parse(stderr)).toEqual({ stopped: 0, rows: ROWS, batches: 100 });
  expect(numbers(stdout)).toEqual(lines);
});

test.each(['csv', 'jsonl'])('%s: a pipe that is closed ends the run quietly', (name) => {
  const { stdout, report, stderr } = run('"$0" "$@" | head -n 3', name, '-', '10000');
  expect(numbers(stdout)).toHaveLength(3);
  expect(report).toMatchObject({ stopped: 1 });
  expect(report.error).toBeUndefined();
  expect(report.batches).toBeLessThan(100);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a full device is one clear line', () => {
  const { report } = run('"$0" "$@" > /dev/full', 'csv', '-', '100');
  expect(report.error).toBe('sink: cannot write csv: -: no space left on device');
});

test('a terminal gets every row', (context) => {
  const descriptor = openSync(join(folder, 'terminal'), 'w');
  const { error } = spawnSync(
    'script',
    ['-qec', `'${process.execPath}' '${program}' csv - 3 2> '${folder}/report'`, '/dev/null'],
    {
      stdio: ['ignore', descriptor, 'pipe'],
    },
  );
  closeSync(descriptor);
  if (error !== undefined) {
    console.warn(`skipped "${context.task.name}": ${error.message}`);
    return context.skip(error.message);
  }
  expect(JSON.parse(readFileSync(join(folder, 'report'), 'utf8'))).toMatchObject({ rows: 3000 });
  expect(numbers(readFileSync(join(folder, 'terminal'), 'utf8').replaceAll('\r\n', '\n'))).toEqual(
    lines.slice(0, 3001),
  );
});
