import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { column } from '../../../core/flow/rows.ts';
import { csv } from '../../../plugins/sinks/csv.ts';
import { jsonl } from '../../../plugins/sinks/jsonl.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf } from './rows.ts';

const folder = temporaryFolder();
const columns = [column('number', 'number'), column('text', 'text')];
const ROWS = 1000;
const batch = (from: number) =>
  batchOf(
    columns,
    Array.from({ length: ROWS }, (_, row) => [from + row, `text ${(from + row) * 7919}`]),
  );

async function write(sink: typeof csv, name: string, options: Record<string, unknown>, batches = 40) {
  const writer = await sink.open(join(folder, name), columns, options, contextOf());
  for (let i = 0; i < batches; i += 1) await writer.write(batch(i * ROWS));
  return writer;
}

const read = (program: string, name: string) =>
  spawnSync(program, ['-dc', join(folder, name)], { encoding: 'utf8', maxBuffer: 1 << 28 });

const hasZstd =
  'createZstdCompress' in zlib ||
  (await import('zstd-napi' as string).then(
    () => true,
    () => false,
  ));

describe.each([
  ['gzip', '.gz', true],
  ['zstd', '.zst', hasZstd],
] as const)('%s', (program, ending, available) => {
  if (!available) {
    test('where it is not to be had, one line says what has it, and no file is made', async () => {
      const opening = write(csv, 'missing.csv.zst', {});
      const message = 'csv: zstd before Node 22.15: needs the package zstd-napi: npm install zstd-napi';
      await expect(opening).rejects.toMatchObject({ code: 'sink', message });
      expect(existsSync(join(folder, 'missing.csv.zst.partial'))).toBe(false);
    });
    return;
  }

  test.each([csv, jsonl])('$name: what comes out is what would be there without', async (sink) => {
    await (await write(sink, `plain.${sink.name}`, {})).close();
    const writer = await write(sink, `packed.${sink.name}${ending}`, {});
    await writer.close();
    const { stdout, stderr, status } = read(program, `packed.${sink.name}${ending}`);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(join(folder, `plain.${sink.name}`), 'utf8'));
    expect(writer.rows).toBe(40 * ROWS);
  });

  test('an option decides before the name does', async () => {
    await (await write(csv, 'named.csv', { compression: program }, 1)).close();
    copyFileSync(join(folder, 'named.csv'), join(folder, `named${ending}`));
    expect(read(program, `named${ending}`).stdout.split('\n')).toHaveLength(ROWS + 2);
    await (await write(csv, `none.csv${ending}`, { compression: 'none' }, 1)).close();
    expect(readFileSync(join(folder, `none.csv${ending}`), 'utf8').split('\n')).toHaveLength(ROWS + 2);
  });

  test('after a flush all rows can be read from the file that is being written', async () => {
    const name = `flushed.csv${ending}`;
    const writer = await write(csv, name, {}, 3);
    await writer.flush!();
    await writer.flush!(); // the one before is awaited
    copyFileSync(join(folder, `${name}.partial`), join(folder, `copy.csv${ending}`));
    const { stdout, status } = read(program, `copy.csv${ending}`);
    expect(status).not.toBe(0); // its end is not there
    expect(stdout.trimEnd().split('\n')).toHaveLength(3 * ROWS + 1);
    expect(writer.rows).toBe(3 * ROWS);
    await writer.close();
  });

  test('an aborted file has its rows', async () => {
    const name = `aborted.csv${ending}`;
    await (await write(csv, name, {}, 3)).abort();
    copyFileSync(join(folder, `${name}.partial`), join(folder, `aborted-copy.csv${ending}`));
    expect(read(program, `aborted-copy.csv${ending}`).stdout.trimEnd().split('\n')).toHaveLength(3 * ROWS + 1);
  });

  test('files rotate by their compressed size', async () => {
    const writer = await write(csv, `rotated-%n.csv${ending}`, { rotateSize: '50kB', header: false });
    await writer.close();
    const texts: string[] = [];
    for (
      let number = 1;
      existsSync(join(folder, `rotated-${String(number).padStart(6, '0')}.csv${ending}`));
      number += 1
    )
      texts.push(read(program, `rotated-${String(number).padStart(6, '0')}.csv${ending}`).stdout);
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.join('').trimEnd().split('\n')).toHaveLength(40 * ROWS);
  });

  test('a level is taken', async () => {
    // What a level does to so small and regular a file is not the same for both; that it does something is.
    const levels = [1, program === 'gzip' ? 9 : 19];
    for (const level of levels) await (await write(csv, `level-${level}.csv${ending}`, { level })).close();
    const sizes = levels.map((level) => readFileSync(join(folder, `level-${level}.csv${ending}`)).length);
    expect(sizes[1]).not.toBe(sizes[0]);
    expect(read(program, `level-${levels[1]}.csv${ending}`).stdout.trimEnd().split('\n')).toHaveLength(40 * ROWS + 1);
  });
});

test('gzip has no level 10', async () => {
  const opening = write(csv, 'level.csv.gz', { level: 10 }, 1);
  await expect(opening).rejects.toMatchObject({
    code: 'configuration',
    message: 'csv: level 10: gzip has levels from 1 to 9',
  });
});
