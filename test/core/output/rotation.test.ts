import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { column, type RowBatch } from '../../../core/flow/rows.ts';
import { csv } from '../../../plugins/sinks/csv.ts';
import { batchOf, contextOf } from '../../plugins/sinks/rows.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packetloom-rotation-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const columns = [column('number', 'number'), column('text', 'text')];
let next = 0;
beforeEach(() => {
  next = 0;
});

/** A batch of rows numbered on, each with its moment. */
function rowsAt(...moments: number[]): RowBatch {
  const batch = batchOf(
    columns,
    moments.map(() => [next++, 'x']),
  );
  batch.moments.set(moments);
  return batch;
}

const open = (options: Record<string, unknown>, name = 'flows.csv', rest = {}) =>
  csv.open(join(folder, name), columns, { header: false, ...options }, contextOf(rest));

/** Numbers of the rows in each file. */
const files = () =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8').replaceAll(',x\n', ' ').trim()]),
  );

describe('by rows', () => {
  test('every file but the last has exactly so many, however batches are cut', async () => {
    const writer = await open({ rotateRows: 3 });
    for (const count of [2, 5, 1]) await writer.write(rowsAt(...Array(count).fill(100)));
    await writer.close();
    expect(files()).toEqual({ 'flows-000001.csv': '0 1 2', 'flows-000002.csv': '3 4 5', 'flows-000003.csv': '6 7' });
    expect(writer.rows).toBe(8);
  });

  test('no empty file when the last one is full', async () => {
    const writer = await open({ rotateRows: 2 });
    await writer.write(rowsAt(0, 0, 0, 0));
    await writer.close();
    expect(Object.values(files())).toEqual(['0 1', '2 3']);
  });
});

describe('by time', () => {
  test('a row goes into the file of its moment; names have the start of the period', async () => {
    const writer = await open({ rotateEvery: '1h' }, '%Y%m%dT%H%M.csv');
    // 1371506310 is 21:58:30; the hour ends at 1371506400.
    await writer.write(rowsAt(1371506310, 1371506399.9999, 1371506400, 1371506401));
    await writer.write(rowsAt(1371513600));
    await writer.close();
    expect(files()).toEqual({ '20130617T2100.csv': '0 1', '20130617T2200.csv': '2 3', '20130618T0000.csv': '4' });
  });

  test('the clock steps back: another file of that time', async () => {
    const writer = await open({ rotateEvery: '1h' }, '%H.csv');
    await writer.write(rowsAt(7200, 3600, 7200));
    await writer.close();
    expect(files()).toEqual({ '02.csv': '0', '01.csv': '1', '02-000001.csv': '2' });
  });

  test('rows without a moment go where the others are', async () => {
    const writer = await open({ rotateEvery: '1h' });
    await writer.write(rowsAt(Number.NaN, 3600, Number.NaN, 7200));
    await writer.close();
    expect(Object.values(files())).toEqual(['0 1 2', '3']);
  });

  test('on a quiet link a file is complete soon after its period', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 3_599_000 });
    const writer = await open({ rotateEvery: '1h' }, 'flows.csv', { live: true });
    await writer.write(rowsAt(3598));
    vi.setSystemTime(3_604_000);
    await writer.flush!();
    expect(Object.keys(files())).toEqual(['flows-000001.csv.partial']);
    vi.setSystemTime(3_605_000);
    await writer.flush!();
    expect(files()).toEqual({ 'flows-000001.csv': '0' });
    await writer.close();
    expect(Object.keys(files())).toEqual(['flows-000001.csv']);
  });
});

test('by size: a file is complete with the batch that reaches it', async () => {
  const writer = await open({ rotateSize: '200kB' });
  for (let i = 0; i < 400; i += 1) await writer.write(rowsAt(...Array(256).fill(0)));
  await writer.close();
  const sizes = Object.values(files()).map((text) => text.length);
  expect(sizes.length).toBeGreaterThan(1);
  const contents = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  // Two chunks of 128 KiB are on their way at most.
  for (const text of contents.slice(0, -1)) {
    expect(text.length).toBeGreaterThanOrEqual(200_000);
    expect(text.length).toBeLessThan(200_000 + 3 * 131_072);
  }
  expect(contents.join('')).toBe(Array.from({ length: 400 * 256 }, (_, row) => `${row},x\n`).join(''));
});

describe('on request', () => {
  test('a plain name is completed, and numbers follow', async () => {
    const writer = await open({}, '100%.csv');
    await writer.rotate!();
    await writer.write(rowsAt(0));
    await writer.rotate!();
    expect(files()).toEqual({ '100%.csv': '0' });
    await writer.rotate!();
    await writer.write(rowsAt(0, 0));
    await writer.close();
    expect(files()).toEqual({ '100%.csv': '0', '100%-000001.csv': '1 2' });
    expect(writer.rows).toBe(3);
  });

  test('with rotation by other means too', async () => {
    const writer = await open({ rotateRows: 2 });
    await writer.write(rowsAt(0));
    await writer.rotate!();
    await writer.write(rowsAt(0, 0));
    await writer.close();
    expect(Object.values(files())).toEqual(['0', '1 2']);
  });
});

test('without rows there is one complete file', async () => {
  await (await open({ rotateRows: 2 })).close();
  expect(files()).toEqual({ 'flows-000001.csv': '' });
});

test('an aborted run leaves complete files, and the last one as it is; the next run leaves all of them alone', async () => {
  const writer = await open({ rotateRows: 2 });
  await writer.write(rowsAt(0, 0, 0));
  await writer.abort();
  expect(writer.rows).toBe(3);
  const reports: string[] = [];
  const again = await open({ rotateRows: 2 }, 'flows.csv', { report: (line: string) => reports.push(line) });
  await again.write(rowsAt(0, 0, 0));
  await again.close();
  expect(files()).toEqual({
    'flows-000001.csv': '0 1',
    'flows-000002.csv.partial': '2',
    'flows-000003.csv': '3 4',
    'flows-000004.csv': '5',
  });
  expect(reports).toEqual([expect.stringContaining('flows-000002.csv.partial is not complete')]);
});

test('a file that cannot be begun is one line, and rows so far are counted', async () => {
  const writer = await open({ rotateRows: 1 });
  await writer.write(rowsAt(0));
  rmSync(folder, { recursive: true });
  await expect(writer.write(rowsAt(0))).rejects.toMatchObject({
    code: 'sink',
    message: `cannot write csv: ${folder}/flows.csv: the folder "${folder}" does not exist`,
  });
  await writer.abort();
  expect(writer.rows).toBe(1);
});

test('what cannot rotate is refused', async () => {
  await expect(csv.open('/dev/null', columns, { rotateRows: 1 }, contextOf())).rejects.toThrow(
    'only files are rotated',
  );
  await expect(open({ rotateEvery: '1h' }, 'missing/x.csv')).rejects.toThrow('does not exist');
  await expect(open({ rotateEvery: '99999d' })).rejects.toMatchObject({ code: 'configuration' });
  await expect(open({ rotateEvery: '1h' }, '.')).rejects.toThrow('this is a folder');
  writeFileSync(join(folder, 'x'), '');
  await expect(open({ rotateEvery: '1h' }, 'x/')).rejects.toMatchObject({ code: 'sink' });
  expect(readdirSync(folder)).toEqual(['x']);
});
