import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { type Column, column } from '../../../core/flow/rows.ts';
import { parquet } from '../../../plugins/sinks/parquet.ts';
import { pythonObstacle, runPython } from '../../support/python.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';
import { typedColumns, typedExpected, typedRows } from './typed-rows.ts';

const folder = temporaryFolder();
const readScript = join(import.meta.dirname, '../../support/read-columns.py');

async function written(
  name: string,
  columns: readonly Column[],
  batches: readonly (readonly (readonly Value[])[])[],
  options: Record<string, unknown> = {},
  context = contextOf(),
): Promise<string> {
  const path = join(folder, name);
  const writer = await parquet.open(path, columns, options, context);
  for (const rows of batches) await writer.write(batchOf(columns, rows));
  await writer.close();
  expect(writer.rows).toBe(batches.reduce((sum, rows) => sum + rows.length, 0));
  return path;
}

const bytesOf = (path: string): ArrayBuffer => new Uint8Array(readFileSync(path)).buffer;

if (!unavailable('Parquet read by Python', pythonObstacle('pyarrow', 'pandas', 'polars', 'duckdb'))) {
  test('values of every kind, as pyarrow, pandas, polars and DuckDB read them', async () => {
    const path = await written('kinds.parquet', typedColumns, [typedRows.slice(0, 3), typedRows.slice(3)]);
    const readers = ['pyarrow', 'pandas', 'polars', 'duckdb'].flatMap((name) => [`${name}-parquet`, path]);
    for (const rows of runPython<unknown[]>(readScript, readers)) expect(rows).toEqual(typedExpected);
  });

  test('compressed or not', async () => {
    const columns = [column('number', 'number', { integer: true }), column('text', 'text'), column('value', 'number')];
    const rows = Array.from({ length: 5000 }, (_, i) => [i, i % 3 === 0 ? null : `text ${i % 7}`, i / 7]);
    const paths: string[] = [];
    for (const compression of ['snappy', 'gzip', 'none']) {
      paths.push(await written(`${compression}.parquet`, columns, [rows], { compression }));
    }
    const expected = rows.map(([number, text, value]) => ({ number, text, value }));
    const words = paths.flatMap((path) => ['pyarrow-parquet', path]);
    expect(runPython(readScript, words)).toEqual([expected, expected, expected]);
  });
}

test('zstd, or why it cannot be had', async () => {
  const open = () => written('zstd.parquet', typedColumns, [typedRows], { compression: 'zstd' });
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  if (major > 22 || (major === 22 && minor >= 15)) expect(existsSync(await open())).toBe(true);
  else {
    const message = `parquet: compression zstd needs Node 22.15 or later, this is ${process.version}: use snappy or gzip`;
    await expect(open()).rejects.toMatchObject({ code: 'sink', message });
    expect(readdirSync(folder).filter((name) => name.startsWith('zstd'))).toEqual([]);
  }
});

describe('row groups', () => {
  const columns = [column('number', 'number', { integer: true, unit: 'bytes', description: 'A number' })];
  const numbers = Array.from({ length: 2500 }, (_, i) => [i % 5 === 4 ? null : i]);

  test('have so many rows, statistics, and what the columns mean', async () => {
    const batches = [numbers.slice(0, 700), numbers.slice(700, 701), numbers.slice(701)];
    const context = contextOf({ configuration: 'ab'.repeat(32) });
    const path = await written('groups.parquet', columns, batches, { rowGroupRows: 1024 }, context);
    const file = bytesOf(path);
    const metadata = await parquetMetadataAsync(file);
    expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([1024n, 1024n, 452n]);
    // 1024 / 5 is 204.8: the groups begin at remainders 0, 4 and 3.
    expect(metadata.row_groups.map(({ columns: [one] }) => one!.meta_data!.statistics)).toMatchObject([
      { min_value: 0n, max_value: 1023n, null_count: 204n },
      { min_value: 1025n, max_value: 2047n, null_count: 205n },
      { min_value: 2048n, max_value: 2498n, null_count: 91n },
    ]);
    const about = JSON.stringify([{ name: 'number', unit: 'bytes', description: 'A number' }]);
    expect(metadata.key_value_metadata).toEqual([
      { key: 'packetloom.configuration', value: 'ab'.repeat(32) },
      { key: 'packetloom.columns', value: about },
    ]);
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ number }) => number)).toEqual(numbers.map(([one]) => (one === null ? null : BigInt(one!))));
  });

  test('leave as they are full', async () => {
    const path = join(folder, 'leaving.parquet');
    const writer = await parquet.open(path, columns, { rowGroupRows: 1024 }, contextOf());
    await writer.write(batchOf(columns, numbers.slice(0, 1000)));
    expect(writer.rows).toBe(0);
    await writer.write(batchOf(columns, numbers.slice(1000, 2100)));
    await writer.write(batchOf(columns, numbers.slice(2100)));
    // Waits for what is under way.
    await writer.flush!();
    expect(writer.rows).toBe(2048);
    await writer.close();
    expect(writer.rows).toBe(2500);
  });

  test('nothing counts without the end of the file', async () => {
    const writer = await parquet.open('/dev/full', columns, { rowGroupRows: 1024 }, contextOf());
    await writer.write(batchOf(columns, numbers.slice(0, 1000)));
    await expect(writer.close()).rejects.toMatchObject({ code: 'sink' });
    expect(writer.rows).toBe(0);
  });

  test('an aborted file can be read up to there', async () => {
    const path = join(folder, 'aborted.parquet');
    const writer = await parquet.open(path, columns, { rowGroupRows: 1024 }, contextOf());
    await writer.write(batchOf(columns, numbers.slice(0, 1500)));
    await writer.abort();
    expect(writer.rows).toBe(1500);
    expect(await parquetReadObjects({ file: bytesOf(`${path}.partial`) })).toHaveLength(1500);
  });
});

test('numbers and times beyond 64 bits become the nearest that fits, and that is said', async () => {
  const columns = [column('number', 'number', { integer: true }), column('time', 'time')];
  const lines: string[] = [];
  const rows: Value[][] = [
    [1e30, [1e11, 5]],
    [-1e30, [-1e11, 5]],
    [-(2 ** 63), [9_000_000_000, 5]],
  ];
  const context = contextOf({ report: (line) => lines.push(line) });
  const path = await written('beyond.parquet', columns, [rows, rows], {}, context);
  const found = await parquetReadObjects({ file: bytesOf(path), columns: ['number'] });
  expect(found.slice(0, 3).map(({ number }) => number)).toEqual([2n ** 63n - 1024n, -(2n ** 63n), -(2n ** 63n)]);
  expect(lines).toEqual([
    'number: numbers beyond 64 bits become the nearest that fits',
    'time: times outside of the years 1678 to 2261 become the nearest that fits',
  ]);
});

test('rotation: every file is complete', async () => {
  const columns = [column('number', 'number')];
  const rows = Array.from({ length: 2500 }, (_, i) => [i]);
  const writer = await parquet.open(join(folder, 'part-%n.parquet'), columns, { rotateRows: 1000 }, contextOf());
  for (let i = 0; i < 2500; i += 250) await writer.write(batchOf(columns, rows.slice(i, i + 250)));
  await writer.close();
  const files = readdirSync(folder)
    .filter((name) => name.startsWith('part-'))
    .sort();
  const lengths = [];
  for (const name of files) lengths.push((await parquetReadObjects({ file: bytesOf(join(folder, name)) })).length);
  expect(lengths).toEqual([1000, 1000, 500]);
});
