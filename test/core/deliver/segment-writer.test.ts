import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type SegmentOptions, SegmentWriter } from '../../../core/deliver/segment-writer.ts';
import { contextOf } from '../../plugins/sinks/rows.ts';
import { columns, numbers, PlannedTarget } from './planned-target.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packetloom-deliver-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings: SegmentOptions = {
  sink: 'planned',
  target: 'here',
  rows: 4,
  retryMilliseconds: 5000,
  spool: undefined,
  spoolBytes: 0,
};

function writerOf(target: PlannedTarget, own: Partial<SegmentOptions> = {}, rest = {}) {
  const reports: string[] = [];
  const context = contextOf({ report: (line) => reports.push(line), ...rest });
  return { writer: new SegmentWriter(target, columns, { ...settings, ...own }, context), reports };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const segmentsIn = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.segment'));

describe('segments', () => {
  test('have all so many rows but the last, in order, whatever the batches are', async () => {
    const [one, other] = [new PlannedTarget(), new PlannedTarget()];
    const { writer } = writerOf(one);
    await writer.write(numbers(0, 3));
    await writer.write(numbers(3, 6));
    await writer.write(numbers(9, 1));
    await writer.close();
    expect(one.stored).toEqual(upTo(10));
    expect(one.encoded).toBe(3);
    expect([writer.rows, writer.state, one.closed]).toEqual([10, { waiting: 0, spooled: 0, retrying: undefined }, 1]);
    const again = writerOf(other).writer;
    await again.write(numbers(0, 10));
    await again.close();
    expect(other.ids).toEqual(one.ids);
    expect(new Set(one.ids).size).toBe(3);
  });

  test('have other ids under another configuration, and for equal rows at another place', async () => {
    const [one, other] = [new PlannedTarget(), new PlannedTarget()];
    const { writer } = writerOf(one);
    await writer.write(numbers(0, 4));
    await writer.write(numbers(0, 4));
    await writer.close();
    const { writer: second } = writerOf(other, {}, { configuration: '1'.repeat(64) });
    await second.write(numbers(0, 4));
    await second.close();
    expect(new Set([...one.ids, ...other.ids]).size).toBe(3);
  });

  test('of a live run are smaller once rows have waited', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const target = new PlannedTarget();
      const { writer } = writerOf(target);
      await writer.write(numbers(0, 1));
      await writer.flush();
      expect(writer.state.waiting).toBe(1);
      vi.setSystemTime(Date.now() + 1000);
      await writer.flush();
      await vi.waitFor(() => expect(target.stored).toEqual([0]));
      await writer.close();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a delivery that fails', () => {
  test('is tried again, and rows stay in order; people are told once, and when it is over', async () => {
    const target = new PlannedTarget((attempt) => (attempt === 1 || attempt === 2 ? 'away' : 'well'));
    const { writer, reports } = writerOf(target);
    await writer.write(numbers(0, 12));
    await writer.close();
    expect(target.stored).toEqual(upTo(12));
    expect(target.asked).toHaveLength(5);
    expect(reports).toEqual([
      'delivery failed, trying again: nobody there',
      expect.stringMatching(/^deliveries go on after \d\.\d s$/),
    ]);
  });

  test('whose answer was lost is repeated with the same id', async () => {
    const target = new PlannedTarget((attempt) => (attempt === 0 ? 'lost answer' : 'well'));
    const { writer } = writerOf(target);
    await writer.write(numbers(0, 8));
    await writer.close();
    expect(target.asked[1]).toBe(target.asked[0]);
    expect(target.stored).toEqual(upTo(8));
    expect(writer.rows).toBe(8);
  });

  test('for longer than retry ends the output', async () => {
    const target = new PlannedTarget(() => 'away');
    const { writer } = writerOf(target, { retryMilliseconds: 200 });
    await writer.write(numbers(0, 4));
    await expect(writer.close()).rejects.toMatchObject({
      code: 'sink',
      message: expect.stringMatching(/^cannot write planned: here: nobody there \(tried for \d\.\d s\)$/),
    });
    expect([writer.rows, target.closed]).toEqual([0, 1]);
  });

  test('for good ends it at once', async () => {
    const target = new PlannedTarget((attempt) => (attempt === 1 ? 'for good' : 'well'));
    const { writer } = writerOf(target);
    const writing = async () => {
      for (let i = 0; i < 10; i += 1) await writer.write(numbers(4 * i, 4));
    };
    await expect(writing()).rejects.toThrow('planned: no such table');
    await writer.abort();
    expect(target.stored).toEqual(upTo(4));
    expect([writer.rows, target.asked.length, target.closed]).toEqual([4, 2, 1]);
  });
});

test('a slow store holds the writer back: no more than three segments wait', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const target = new PlannedTarget(() => gate);
  const { writer } = writerOf(target);
  let done = false;
  const writing = (async () => writer.write(numbers(0, 100)))().then(() => {
    done = true;
  });
  await vi.waitFor(() => expect(target.asked).toHaveLength(1));
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([done, target.encoded]).toEqual([false, 3]);
  release();
  await writing;
  await writer.close();
  expect(target.stored).toEqual(upTo(100));
});

describe('with a spool', () => {
  test('rows wait on disk while the store is away, and go out in order when it is back', async () => {
    let away = true;
    const target = new PlannedTarget(() => (away ? 'away' : 'well'));
    const { writer } = writerOf(target, { spool: folder, spoolBytes: 1 << 20 });
    await writer.write(numbers(0, 41));
    expect(segmentsIn().length).toBe(8);
    expect(writer.state).toMatchObject({ spooled: 32, retrying: 'nobody there' });
    away = false;
    await writer.close();
    expect(target.stored).toEqual(upTo(41));
    expect([writer.rows, writer.state.spooled, segmentsIn()]).toEqual([41, 0, []]);
  });

  test('the next run takes what is left, before its own rows', async () => {
    const { writer } = writerOf(new PlannedTarget(() => 'away'), {
      spool: folder,
      spoolBytes: 1 << 20,
      retryMilliseconds: 100,
    });
    await writer.write(numbers(0, 30));
    await expect(writer.close()).rejects.toThrow(/; 30 rows are in .* and go out with the next run$/);
    expect([writer.rows, writer.state.spooled]).toEqual([0, 30]);
    const target = new PlannedTarget();
    const { writer: next, reports } = writerOf(target, { spool: folder, spoolBytes: 1 << 20 });
    await next.write(numbers(30, 6));
    await next.close();
    expect(target.stored).toEqual(upTo(36));
    // Rows of the run before are none of this one's.
    expect([next.rows, next.state.spooled, segmentsIn()]).toEqual([6, 0, []]);
    expect(reports[0]).toMatch(/^30 rows of an earlier run wait in /);
  });

  test('that is full ends the output, and every row is accounted for', async () => {
    const { writer } = writerOf(new PlannedTarget(() => 'away'), { spool: folder, spoolBytes: 60 });
    let made = 0;
    const writing = async () => {
      for (; made < 400; made += 4) await writer.write(numbers(made, 4));
    };
    await expect(writing()).rejects.toThrow(/nobody there; the spool .* is full \(60 bytes\)$/);
    await writer.abort();
    const inFiles = segmentsIn().reduce((sum, name) => sum + Number(/-(\d+)-[0-9a-f]{32}/.exec(name)![1]), 0);
    expect(inFiles).toBeGreaterThan(0);
    expect([writer.rows, writer.state.spooled]).toEqual([0, inFiles]);
  });

  test('that lost a file ends the output with one line', async () => {
    let away = true;
    const target = new PlannedTarget(() => (away ? 'away' : 'well'));
    const { writer } = writerOf(target, { spool: folder, spoolBytes: 1 << 20 });
    await writer.write(numbers(0, 40));
    for (const name of segmentsIn()) rmSync(join(folder, name));
    away = false;
    await expect(writer.close()).rejects.toMatchObject({ code: 'sink' });
  });

  test('is for one target and one set of columns', async () => {
    const away = { spool: folder, spoolBytes: 1 << 20, retryMilliseconds: 1 };
    const { writer } = writerOf(new PlannedTarget(() => 'away'), away);
    await writer.write(numbers(0, 8));
    await expect(writer.close()).rejects.toThrow('8 rows are in');
    const target = new PlannedTarget();
    const { writer: other } = writerOf(target, { spool: folder, spoolBytes: 1 << 20, target: 'elsewhere' });
    await other.close();
    expect([target.stored, segmentsIn().length]).toEqual([[], 2]);
  });

  test('kill -9 in the middle leaves whole segments, which the next run takes in order', async () => {
    const program = join(import.meta.dirname, 'write-away.mjs');
    const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await vi.waitFor(() => expect(segmentsIn().length).toBeGreaterThan(5), { timeout: 60_000, interval: 10 });
    child.kill('SIGKILL');
    await ended;
    // As it would be had it been killed while it wrote one.
    const [inside] = readdirSync(folder);
    writeFileSync(join(folder, inside!, `${'9'.repeat(13)}-${'9'.repeat(9)}-4-${'a'.repeat(32)}.segment.partial`), 'x');
    const count = segmentsIn().length;
    const target = new PlannedTarget();
    const { writer } = writerOf(target, { spool: folder, spoolBytes: 1 << 30 });
    await writer.close();
    // The segments in memory, which are older than those on disk, are lost with the process: the first two of them.
    expect(target.stored).toEqual(Array.from({ length: 4 * count }, (_, i) => 8 + i));
    expect(readdirSync(join(folder, inside!))).toEqual([]);
  });
});
