import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defineSink } from '../../../core/declare/sink.ts';
import { column } from '../../../core/flow/rows.ts';
import { openOffThread } from '../../../core/output/off-thread.ts';
import { csv } from '../../../plugins/sinks/csv.ts';
import { jsonl } from '../../../plugins/sinks/jsonl.ts';
import { batchOf, contextOf, type Value } from '../../plugins/sinks/rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'packetloom-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = [
  column('number', 'number'),
  column('flag', 'number', { boolean: true }),
  column('time', 'time'),
  column('name', 'text'),
  column('address', 'address'),
  column('hash', 'hash'),
  column('other', 'text'),
];
const row = (i: number): Value[] => [
  i % 7 === 0 ? null : i / 3,
  i % 2,
  [1_700_000_000 + i, i],
  i % 5 === 0 ? null : `name ${i}`,
  i % 3 === 0 ? [10, 0, i >> 8, i & 255] : [0x2001, 0xdb8, 0, 0, 0, 0, 0, i & 0xffff],
  BigInt(i) << 20n,
  i % 4 === 0 ? 'ä"\n' : null,
];
const batch = (from: number, count: number) => {
  const rows = batchOf(
    columns,
    Array.from({ length: count }, (_, i) => row(from + i)),
  );
  rows.moments.set(Array.from({ length: count }, (_, i) => 3600 * ((from + i) / 3000)));
  return rows;
};

/** The same rows in this thread and in one of its own. */
test.each([
  ['csv', csv, {}],
  ['jsonl', jsonl, {}],
  ['csv, rotated and compressed', csv, { rotateEvery: '1h', compression: 'gzip' }],
])('writes the same bytes: %s', async (_, sink, options) => {
  const results = [];
  for (const own of [false, true]) {
    const name = `${sink.name}-${JSON.stringify(options).length}`;
    const base = mkdtempSync(join(folder, name));
    const target = join(base, `rows.${sink.name}`);
    const opened = own ? await openOffThread(sink, target, columns, options, contextOf()) : undefined;
    expect(opened !== undefined).toBe(own);
    const writer = opened ?? (await sink.open(target, columns, options, contextOf()));
    for (const [from, count] of [
      [0, 1],
      [1, 4999],
      [5000, 1000],
    ] as const) {
      const rows = batch(from, count);
      await writer.write(rows);
      // It belongs to the caller again.
      for (const { numbers, texts } of rows.data) {
        numbers.fill(-1);
        texts.fill('changed');
      }
    }
    await writer.flush!();
    await writer.close();
    expect(writer.rows).toBe(6000);
    expect(writer.state?.waiting ?? 0).toBe(0);
    results.push(readdirSync(base).map((file) => [file, readFileSync(join(base, file)).toString('base64')]));
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[0]!.length).toBe('rotateEvery' in options ? 2 : 1);
});

describe('faults', () => {
  test('one that cannot be opened says so as it does without a thread', async () => {
    const target = join(folder, 'missing', 'x.csv');
    const here = await csv.open(target, columns, {}, contextOf()).catch((error: unknown) => error as Error);
    await expect(openOffThread(csv, target, columns, {}, contextOf())).rejects.toMatchObject({
      code: 'sink',
      message: (here as Error).message,
    });
  });

  test('a full device: the error comes with a later call, and abort ends it', async () => {
    const writer = (await openOffThread(csv, '/dev/full', columns, {}, contextOf()))!;
    const writing = async () => {
      for (let i = 0; i < 10_000; i += 1) await writer.write(batch(0, 1000));
    };
    const message = 'cannot write csv: /dev/full: no space left on device';
    await expect(writing()).rejects.toMatchObject({ code: 'sink', message });
    await writer.abort();
    expect(writer.rows).toBe(0);
  });

  test('a full device at the end', async () => {
    const writer = (await openOffThread(csv, '/dev/full', columns, {}, contextOf()))!;
    await writer.write(batch(0, 3));
    await expect(writer.close()).rejects.toThrow('no space left on device');
  });

  /** A sink in a file of its own, as its thread loads it. */
  const made = (name: string, write: string) => {
    const module = join(folder, `${name}.mjs`);
    const log = join(folder, `${name}.log`);
    writeFileSync(
      module,
      `import { appendFileSync } from 'node:fs';
      const log = (what) => appendFileSync(${JSON.stringify(log)}, what + ' ');
      export const sink = { kind: 'sink', name: '${name}', async open(target, columns, options, context) {
        context.report('opened');
        return { rows: 7, async write(batch) { ${write} }, async close() { log('close'); }, async abort() { log('abort'); } };
      } };`,
    );
    const sink = defineSink({ name, description: '', open: () => Promise.reject(new Error('not here')) });
    const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').trim() : '');
    const reports: string[] = [];
    const context = contextOf({ report: (line) => reports.push(line) });
    return { open: () => openOffThread(sink, 'there', columns, {}, context, module), calls, reports };
  };

  test.each([
    ['exit', 'process.exit(3);', 'exit there: its thread ended'],
    [
      'throw',
      "setImmediate(() => { throw new Error('boom'); }); await new Promise(() => {});",
      'throw there: its thread ended: boom',
    ],
  ])('a thread that ends (%s) is the end of the output, and nothing hangs', async (name, code, message) => {
    const { open, reports } = made(name, code);
    const writer = (await open())!;
    expect(reports).toEqual(['opened']);
    const writing = async () => {
      for (let i = 0; i < 100; i += 1) await writer.write(batch(0, 1000));
    };
    await expect(writing()).rejects.toMatchObject({ code: 'sink', message });
    await expect(writer.flush!()).rejects.toMatchObject({ message });
    await writer.abort();
    expect(writer.rows).toBe(7);
  });

  test('a failure that is heard of at the end: the sink is aborted, so that it may keep what it has', async () => {
    const { open, calls } = made('late', "throw Object.assign(new Error('no more'), { code: 'sink' });");
    const writer = (await open())!;
    await writer.write(batch(0, 3));
    await expect(writer.close()).rejects.toMatchObject({ code: 'sink', message: 'no more' });
    expect(calls()).toBe('abort');
  });
});

test('another package’s sink runs in this thread', async () => {
  const foreign = defineSink({ name: 'not-built', description: '', open: () => Promise.reject(new Error()) });
  expect(await openOffThread(foreign, 'x', columns, {}, contextOf())).toBeUndefined();
});
