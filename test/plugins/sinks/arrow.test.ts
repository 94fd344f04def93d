import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { type Column, column } from '../../../core/flow/rows.ts';
import { arrow } from '../../../plugins/sinks/arrow.ts';
import { pythonObstacle, runPython } from '../../support/python.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';
import { typedColumns, typedExpected, typedRows } from './typed-rows.ts';

const folder = temporaryFolder();
const support = join(import.meta.dirname, '../../support');

async function written(
  name: string,
  columns: readonly Column[],
  batches: readonly (readonly (readonly Value[])[])[],
  options: Record<string, unknown> = {},
): Promise<string> {
  const path = join(folder, name);
  const writer = await arrow.open(path, columns, options, contextOf());
  for (const rows of batches) await writer.write(batchOf(columns, rows));
  await writer.close();
  expect(writer.rows).toBe(batches.reduce((sum, rows) => sum + rows.length, 0));
  return path;
}

if (!unavailable('Arrow read by Python', pythonObstacle('pyarrow', 'pandas', 'polars'))) {
  test('values of every kind, as pyarrow, pandas and polars read them', async () => {
    const batches = [typedRows.slice(0, 3), typedRows.slice(3)];
    const file = await written('kinds.arrow', typedColumns, batches);
    const feather = await written('kinds.feather', typedColumns, batches);
    const stream = await written('kinds.arrows', typedColumns, batches);
    const words = ['pyarrow-file', file, 'pandas-file', feather, 'polars-file', file];
    words.push('pyarrow-stream', stream, 'polars-stream', stream);
    for (const rows of runPython<unknown[]>(join(support, 'read-columns.py'), words)) {
      expect(rows).toEqual(typedExpected);
    }
  });

  test('a stream through a pipe', () => {
    const program = join(import.meta.dirname, 'write-rows.mjs');
    const { stdout, stderr } = spawnSync(process.execPath, [program, 'arrow', '-', '20'], { maxBuffer: 1 << 28 });
    expect(JSON.parse(stderr.toString())).toEqual({ stopped: 0, rows: 20_000, batches: 20 });
    const [rows] = runPython<[{ number: number }[]]>(join(support, 'read-columns.py'), ['pyarrow-stream', '-'], stdout);
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
  });
}

describe('record batches', () => {
  const columns = [
    column('number', 'number', { integer: true, unit: 'bytes', description: 'A number' }),
    column('even', 'number', { boolean: true }),
    column('text', 'text'),
  ];
  const rows = Array.from({ length: 1000 }, (_, i): Value[] => [
    i % 7 === 3 ? null : i * 2 ** 30,
    i % 11 === 0 ? null : (i + 1) % 2,
    i % 5 === 0 ? null : `${i}`,
  ]);

  test('are full but for the last, wherever the batches of rows end', async () => {
    const portions = [rows.slice(0, 63), rows.slice(63, 65), [], rows.slice(65, 700), rows.slice(700)];
    const path = await written('batches.arrow', columns, portions, { batchRows: 128 });
    const table = tableFromIPC(readFileSync(path));
    expect(table.batches.map(({ numRows }) => numRows)).toEqual([128, 128, 128, 128, 128, 128, 128, 104]);
    const found = table.toArray().map((row) => [row.number, row.even, row.text]);
    expect(found).toEqual(
      rows.map(([number, even, text]) => [
        number === null ? null : BigInt(number as number),
        even === null ? null : even === 1,
        text,
      ]),
    );
  });

  test('say what the columns mean and which configuration made them', async () => {
    const { schema } = tableFromIPC(readFileSync(await written('about.arrow', columns, [rows])));
    expect([...schema.metadata]).toEqual([['packetloom.configuration', '0'.repeat(64)]]);
    expect([...schema.fields[0]!.metadata]).toEqual([
      ['unit', 'bytes'],
      ['description', 'A number'],
    ]);
  });

  test('of a stream leave with each flush, those of a file when they are full', async () => {
    for (const [name, expected] of [
      ['flushed.arrows', 10],
      ['flushed.arrow', 0],
    ] as const) {
      const writer = await arrow.open(join(folder, name), columns, {}, contextOf());
      await writer.write(batchOf(columns, rows.slice(0, 10)));
      await writer.flush!();
      // The write is under way; the next flush waits for it.
      await writer.flush!();
      expect(writer.rows).toBe(expected);
      await writer.close();
      expect(writer.rows).toBe(10);
    }
  });

  test('form says file or stream, whatever the name', async () => {
    const magic = (path: string) => readFileSync(path).subarray(0, 6).toString('latin1');
    expect(magic(await written('named.arrows', columns, [rows], { form: 'file' }))).toBe('ARROW1');
    expect(magic(await written('named.arrow', columns, [rows], { form: 'stream' }))).not.toBe('ARROW1');
  });
});

test('rotation: every file is complete', async () => {
  const columns = [column('number', 'number')];
  const rows = Array.from({ length: 250 }, (_, i) => [i]);
  const writer = await arrow.open(join(folder, 'part-%n.arrow'), columns, { rotateRows: 100 }, contextOf());
  for (let i = 0; i < 250; i += 25) await writer.write(batchOf(columns, rows.slice(i, i + 25)));
  await writer.close();
  const files = readdirSync(folder)
    .filter((name) => name.startsWith('part-'))
    .sort();
  expect(files.map((name) => tableFromIPC(readFileSync(join(folder, name))).numRows)).toEqual([100, 100, 50]);
});
