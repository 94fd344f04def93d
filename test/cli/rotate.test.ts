import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { office, start } from './support/command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packetloom-rotate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const flows = (...words: string[]) => start(['flows', '--quiet', ...words], folder);
const files = () => readdirSync(folder).sort();
const rowsOf = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');

describe('--rotate', () => {
  test('is for all outputs that are files, and files together are what one file is', async () => {
    const words = ['-o', 'a.csv', '-o', 'b-%n.jsonl', '--rotate', '50rows, 1GiB', '--rotate', '1d'];
    const { code, stderr } = await flows(office, ...words).finished;
    expect([code, stderr]).toEqual([0, '']);
    const numbers = ['000001', '000002', '000003', '000004'];
    expect(files()).toEqual([...numbers.map((one) => `a-${one}.csv`), ...numbers.map((one) => `b-${one}.jsonl`)]);
    const parts = numbers.map((one) => rowsOf(`a-${one}.csv`));
    expect(parts.map((rows) => rows.length - 1)).toEqual([50, 50, 50, 11]);
    const { stdout } = await flows(office).finished;
    expect([parts[0]![0], ...parts.flatMap((rows) => rows.slice(1))]).toEqual(stdout.trimEnd().split('\n'));
  });

  test('a row goes into the file of the moment its flow ended', async () => {
    const timeouts = ['--idle-timeout', '10s'];
    await flows(office, ...timeouts, '-o', '%Y-%m-%dT%H:%M:%S.csv', '--rotate', '20s').finished;
    // tshark -r office.pcap -T fields -e frame.time_epoch | tail -n 1
    const last = 1371506391.834;
    const reasons = new Set<string>();
    let rows = 0;
    for (const name of files()) {
      const begin = Date.parse(`${name.slice(0, -'.csv'.length)}Z`) / 1000;
      expect(begin % 20).toBe(0);
      const [head, ...lines] = rowsOf(name);
      const [endColumn, reasonColumn] = ['end', 'end_reason'].map((one) => head!.split(',').indexOf(one));
      for (const line of lines) {
        const values = line.split(',');
        const [end, reason] = [values[endColumn!], values[reasonColumn!]];
        reasons.add(reason!);
        rows += 1;
        // An idle flow ends when the time is over, one that is ended by the end of the run with its last frame.
        if (reason === 'idle') expect(Math.floor((Number(end) + 10) / 20) * 20, line).toBe(begin);
        if (reason === 'forced') expect(Math.floor(last / 20) * 20, line).toBe(begin);
      }
    }
    expect(files().length).toBeGreaterThan(3);
    expect(rows).toBeGreaterThan(161);
    expect(reasons).toContain('idle');
    expect(reasons).toContain('forced');
  });

  test.each([
    ['10', '--rotate 10: expected a time, size or number of rows: 1h, 100MiB or 1000000rows'],
    ['0s', '--rotate 0s: expected'],
    ['1h,2h', '--rotate 1h and 2h: one of them only'],
    ['', '--rotate : expected'],
  ])('%j is refused', async (word, message) => {
    const { code, stderr } = await flows(office, '-o', 'a.csv', '--rotate', word).finished;
    expect(code).toBe(2);
    expect(stderr).toContain(`packetloom: flows: ${message}`);
    expect(files()).toEqual([]);
  });

  test('without a file to rotate it is refused', async () => {
    const { code, stderr } = await flows(office, '--rotate', '1h').finished;
    expect([code, stderr]).toEqual([2, 'packetloom: flows: --rotate 1h: no --output is a file that rotates\n']);
  });
});

test('a name cannot lead out of its folder', async () => {
  mkdirSync(join(folder, '%Y'));
  const { code } = await flows(office, '-o', '%Y/%H..%M.csv').finished;
  expect(code).toBe(0);
  expect(readdirSync(join(folder, '%Y'))).toEqual(['21..58.csv']);
  expect(files()).toEqual(['%Y']);
});

test('SIGHUP completes a file, and rows go on in the next one', async () => {
  const capture = join(folder, 'capture.pcap');
  const module = await import(join(import.meta.dirname, '../../bench/synthetic.mjs'));
  (module as { writeSynthetic(path: string, frames: number): void }).writeSynthetic(capture, 60_000);
  const bytes = readFileSync(capture);
  rmSync(capture);
  const { child, finished } = flows('-', '--idle-timeout', '2s', '-o', 'flows-%n.csv', '-o', 'plain.csv');
  child.stdin!.write(bytes.subarray(0, bytes.length >> 1));
  // A file is made with its first rows; the plain one is there from the start.
  await vi.waitFor(() => expect(files()).toEqual(['flows-000001.csv.partial', 'plain.csv.partial']), {
    timeout: 60_000,
  });
  child.kill('SIGHUP');
  child.stdin!.end(bytes.subarray(bytes.length >> 1));
  const { code, stderr } = await finished;
  expect([code, stderr]).toEqual([0, '']);
  expect(files()).toEqual(['flows-000001.csv', 'flows-000002.csv', 'plain-000001.csv', 'plain.csv']);
  const [one, two, three, four] = files().map((name) => rowsOf(name).slice(1));
  expect([...one!, ...two!]).toEqual([...four!, ...three!]);
  expect(one!.length).toBeGreaterThan(1000);
  expect(two!.length).toBeGreaterThan(1000);
});
