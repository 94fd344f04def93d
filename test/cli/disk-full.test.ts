import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../support/unavailable.ts';
import { start } from './support/command.ts';

const obstacle = process.getuid?.() === 0 ? undefined : 'mounting a file system of a few pages needs root';

const folder = mkdtempSync(join(tmpdir(), 'packetloom-full-'));
const small = join(folder, 'small');
const capture = join(folder, 'capture.pcap');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rowsOf = (text: string, head: number) => text.split('\n').length - 1 - head;

describe.skipIf(unavailable('a full disk', obstacle))('a full disk', () => {
  beforeAll(async () => {
    const module = await import(join(import.meta.dirname, '../../bench/synthetic.mjs'));
    (module as { writeSynthetic(path: string, frames: number): void }).writeSynthetic(capture, 60_000);
    mkdirSync(small);
  });
  beforeEach(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'packetloom-test', small]));
  afterEach(() => execFileSync('umount', [small]));

  /** Runs with an output that fills the disk and one elsewhere; the summary's two outputs, and what is there. */
  async function run(name: string, ...words: string[]) {
    const other = join(folder, 'other.jsonl');
    const summary = join(folder, 'summary.json');
    const outputs = ['-o', join(small, name), '-o', `jsonl:${other}`];
    const { code, stderr } = await start(['flows', capture, ...outputs, '--summary', summary, ...words]).finished;
    const lines = stderr.split('\n').filter((line) => line.startsWith('packetloom: cannot write'));
    const stated = JSON.parse(readFileSync(summary, 'utf8')).outputs as {
      rows: number;
      lost?: { rows: number; since: string; reason: string };
    }[];
    return { code, lines, stated, made: rowsOf(readFileSync(other, 'utf8'), 0), files: readdirSync(small).sort() };
  }

  test.each(['flows.csv', 'flows.jsonl', 'flows.csv.gz'])('%s', async (name) => {
    // Compressed, all of it would fit.
    const words = name.endsWith('.gz') ? ['-p', 'statistical'] : [];
    const { code, lines, stated, made, files } = await run(name, ...words);
    const sink = name.includes('csv') ? 'csv' : 'jsonl';
    const reason = `cannot write ${sink}: ${small}/${name}: no space left on device`;
    expect(code).toBe(1);
    expect(files).toEqual([`${name}.partial`]);
    const bytes = readFileSync(join(small, `${name}.partial`));
    const text = name.endsWith('.gz')
      ? spawnSync('gzip', ['-dc'], { input: bytes, encoding: 'utf8', maxBuffer: 1 << 28 }).stdout
      : bytes.toString();
    expect(text.endsWith('\n')).toBe(true);
    expect(stated[0]!.rows).toBe(rowsOf(text, sink === 'csv' ? 1 : 0));
    expect(stated[0]!.rows).toBeGreaterThan(1000);
    expect(stated[0]!.lost).toMatchObject({ rows: made - stated[0]!.rows, reason });
    expect(Date.now() - Date.parse(stated[0]!.lost!.since)).toBeLessThan(60_000);
    // The other output has everything, and says so.
    expect(made).toBeGreaterThan(stated[0]!.rows);
    expect(stated[1]).toEqual({ sink: 'jsonl', target: join(folder, 'other.jsonl'), rows: made });
    // Told once while the run goes on, and as the error of the run.
    expect(lines).toEqual([`packetloom: ${reason}; the other outputs go on`, expect.stringContaining(reason)]);
  });

  test('rotating files: the complete ones stay, all rows are accounted for', async () => {
    const { code, lines, stated, made, files } = await run('flows.csv', '--rotate', '500rows');
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/cannot write csv: .*flows-0000\d\d\.csv: no space left on device; the other/);
    const complete = files.filter((name) => name.endsWith('.csv'));
    expect(complete.length).toBeGreaterThan(2);
    const rows = files.map((name) => Math.max(0, rowsOf(readFileSync(join(small, name), 'utf8'), 1)));
    expect(rows.slice(0, complete.length)).toEqual(complete.map(() => 500));
    expect(stated[0]!.rows).toBe(rows.reduce((sum, one) => sum + one, 0));
    expect(stated[0]!.lost!.rows).toBe(made - stated[0]!.rows);
  });
});
