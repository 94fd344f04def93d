import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { column } from '../../../core/flow/rows.ts';
import { csv } from '../../../plugins/sinks/csv.ts';
import { sinks } from '../../../plugins/sinks/index.ts';
import { jsonl } from '../../../plugins/sinks/jsonl.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf } from './rows.ts';

const folder = temporaryFolder();
const columns = [column('number', 'number'), column('text', 'text')];
const batch = batchOf(columns, [
  [1, 'one'],
  [2, null],
]);

test('the array holds every file of the folder', () => {
  const files = readdirSync(join(import.meta.dirname, '../../../plugins/sinks')).filter((name) => name.endsWith('.ts'));
  expect(sinks.map(({ name }) => `${name}.ts`)).toEqual(files.filter((name) => name !== 'index.ts').sort());
});

test('an ending chooses one sink', () => {
  const endings = sinks.flatMap(({ extensions }) => extensions);
  expect(new Set(endings).size).toBe(endings.length);
  expect(endings.every((ending) => /^(?:\.[a-z]+)+$/.test(ending))).toBe(true);
});

test.each(sinks.map((sink) => [sink.name, sink] as const))('%s says what it is and what it takes', (_, sink) => {
  expect(sink.description).not.toBe('');
  expect(sink.options).toMatchObject({ type: 'object', additionalProperties: false });
  for (const name of ['path', 'columns', 'keep']) expect(sink.options.properties).not.toHaveProperty(name);
});

// What is no file of any rows (a database, IPFIX) has a suite of its own.
const OTHERS = new Set(['duckdb', 'ipfix']);
const files = sinks.filter(({ name, extensions }) => extensions.length > 0 && !OTHERS.has(name));

describe.each(files.map((sink) => [sink.name, sink] as const))('%s', (name, sink) => {
  const target = (base: string) => join(folder, `${base}${sink.extensions[0]}`);

  test('is complete without rows, and counts rows', async () => {
    const writer = await sink.open(target('none'), columns, {}, contextOf());
    expect(writer.rows).toBe(0);
    await writer.close();
    expect(existsSync(target('none'))).toBe(true);
    const other = await sink.open(target('two'), columns, {}, contextOf());
    await other.write(batch);
    await other.write(batch);
    await other.close();
    expect(other.rows).toBe(4);
    expect(readFileSync(target('two')).length).toBeGreaterThan(readFileSync(target('none')).length);
  });

  test('has taken its rows when write resolves: the batch may change', async () => {
    const own = batchOf(columns, [[1, 'one']]);
    const writer = await sink.open(target('own'), columns, {}, contextOf());
    await writer.write(own);
    own.data[1]!.texts[0] = 'changed';
    await writer.close();
    expect(readFileSync(target('own'), 'utf8')).toContain('one');
    expect(readFileSync(target('own'), 'utf8')).not.toContain('changed');
  });

  test('leaves the rows so far and no complete file when aborted', async () => {
    const writer = await sink.open(target('aborted'), columns, {}, contextOf());
    await writer.write(batch);
    await writer.abort();
    expect(existsSync(target('aborted'))).toBe(false);
    const complete = await sink.open(target('complete'), columns, {}, contextOf());
    await complete.write(batch);
    await complete.close();
    expect(readFileSync(`${target('aborted')}.partial`)).toEqual(readFileSync(target('complete')));
  });

  test('rejects with a coded error when the device is full', async () => {
    const error = { code: 'sink', message: `cannot write ${name}: /dev/full: no space left on device` };
    const closing = await sink.open('/dev/full', columns, {}, contextOf());
    await closing.write(batch);
    await expect(closing.close()).rejects.toMatchObject(error);
    const writing = await sink.open('/dev/full', columns, {}, contextOf());
    const fill = async () => {
      for (let count = 0; count < 100_000; count += 1) await writing.write(batch);
    };
    await expect(fill()).rejects.toMatchObject(error);
    await writing.abort();
  });

  test('does not open a target that another output writes, nor one in a missing folder', async () => {
    const writer = await sink.open(target('shared'), columns, {}, contextOf());
    await expect(sink.open(target('shared'), columns, {}, contextOf())).rejects.toMatchObject({ code: 'sink' });
    await writer.close();
    await expect(sink.open(join(folder, 'missing', 'x'), columns, {}, contextOf())).rejects.toMatchObject({
      code: 'sink',
    });
  });
});

// Files in which rows can be seen as they come.
test.each([csv, jsonl])('$name: shows rows of a slow run within a second of the next ones', async (sink) => {
  const target = join(folder, `slow.${sink.name}`);
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const writer = await sink.open(target, columns, {}, contextOf());
    await writer.write(batch);
    vi.setSystemTime(Date.now() + 1001);
    await writer.write(batch);
    // The rows are on their way to the disk, not in memory any more.
    await vi.waitFor(() => expect(readFileSync(`${target}.partial`, 'utf8')).toContain('one'));
    await writer.close();
  } finally {
    vi.useRealTimers();
  }
});
