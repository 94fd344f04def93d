import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DuckDBInstance, type JS } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Column, column } from '../../../core/flow/rows.ts';
import { duckdb } from '../../../plugins/sinks/duckdb.ts';
import { pythonObstacle, runPython } from '../../support/python.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';
import { typedColumns, typedExpected, typedRows } from './typed-rows.ts';

const folder = temporaryFolder();
const python = process.env.PACKETLOOM_PYTHON ?? 'python3';
let files = 0;
const fresh = (): string => {
  files += 1;
  return join(folder, `${files}.duckdb`);
};

/** What a query answers, from a connection of its own. */
async function query(path: string, sql: string): Promise<JS[][]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJS() as JS[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function execute(path: string, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** Writes rows in batches of 100; gives the lines that were reported. */
async function write(
  path: string,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  options: Record<string, unknown> = {},
): Promise<string[]> {
  const lines: string[] = [];
  const context = contextOf({ report: (line) => lines.push(line) });
  const writer = await duckdb.open(path, columns, options, context);
  for (let i = 0; i < rows.length; i += 100) await writer.write(batchOf(columns, rows.slice(i, i + 100)));
  await writer.close();
  expect(writer.rows).toBe(rows.length);
  return lines;
}

const columns = [column('number', 'number', { integer: true }), column('text', 'text')];
const numbered = (count: number): Value[][] => Array.from({ length: count }, (_, i) => [i, `row ${i}`]);
const small = { segmentRows: 1024 };

describe('values', () => {
  if (!unavailable('DuckDB by Python', pythonObstacle('duckdb'))) {
    test('of every kind, as another DuckDB reads them', async () => {
      const path = fresh();
      await write(path, typedColumns, typedRows);
      const script = join(import.meta.dirname, '../../support/read-columns.py');
      expect(runPython(script, ['duckdb', `${path}#flows`])).toEqual([typedExpected]);
    });
  }

  test('types, and what the columns mean', async () => {
    const path = fresh();
    await write(path, typedColumns, typedRows);
    const sql = `SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = 'flows'`;
    expect(await query(path, sql)).toEqual([
      ['flow_id', 'VARCHAR', null],
      ['src_ip', 'VARCHAR', null],
      ['start', 'TIMESTAMP_NS', 'Time of the first frame; unit: s'],
      ['duration', 'DOUBLE', 'unit: s'],
      ['syn', 'BOOLEAN', null],
      ['end_reason', 'VARCHAR', null],
      ['sni', 'VARCHAR', null],
      ['mean', 'DOUBLE', null],
      ['bytes', 'BIGINT', 'unit: bytes'],
    ]);
  });

  test('any texts and numbers, empty or not, over the borders of chunks', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 11, maxLength: 14 }),
      fc.constantFrom('', '\0', "a'b", '"', 'x'.repeat(5000)),
    );
    const row = fc.tuple(fc.option(fc.maxSafeInteger()), fc.option(text));
    const all: Value[][] = fc.sample(row, { numRuns: 4200, seed: 6 });
    const path = fresh();
    await write(path, columns, all);
    const found = await query(path, 'SELECT number, text FROM flows');
    expect(found).toEqual(all.map(([number, value]) => [number === null ? null : BigInt(number as number), value]));
  });
});

describe('a run repeated', () => {
  test('adds nothing, and goes on where rows are missing', async () => {
    const path = fresh();
    expect(await write(path, columns, numbered(2500), small)).toEqual([]);
    expect(await write(path, columns, numbered(2500), small)).toEqual([
      '2500 rows were in the table already, from an earlier run',
    ]);
    expect(await write(path, columns, numbered(4000), small)).toEqual([
      '2048 rows were in the table already, from an earlier run',
    ]);
    const sql = 'SELECT count(*), count(DISTINCT number) FROM flows';
    // The last segment of the shorter run, of rows 2048 to 2499, is none of the longer one.
    expect(await query(path, sql)).toEqual([[4452n, 4000n]]);
    expect(await query(path, 'SELECT sum(rows)::BIGINT FROM packetloom_segments')).toEqual([[4452n]]);
  });

  test('into another table adds its rows', async () => {
    const path = fresh();
    await write(path, columns, numbered(10));
    await write(path, columns, numbered(10), { table: 'other "table"' });
    expect(await query(path, 'SELECT count(*) FROM "other ""table"""')).toEqual([[10n]]);
    const ledger = await query(path, 'SELECT table_name, rows FROM packetloom_segments ORDER BY 1');
    expect(ledger).toEqual([
      ['flows', 10n],
      ['other "table"', 10n],
    ]);
  });

  test('after the table was dropped fills it again', async () => {
    const path = fresh();
    await write(path, columns, numbered(10));
    await execute(path, 'DROP TABLE flows');
    expect(await write(path, columns, numbered(10))).toEqual([]);
    expect(await query(path, 'SELECT count(*) FROM flows')).toEqual([[10n]]);
  });

  test('in order', async () => {
    const path = fresh();
    await write(path, columns, numbered(5000), small);
    const found = await query(path, 'SELECT number FROM flows');
    expect(found.map(([number]) => Number(number))).toEqual(numbered(5000).map(([number]) => number));
  });
});

describe('a table that is there', () => {
  const message = (path: string, why: string) => ({
    code: 'sink',
    message: `cannot write duckdb: ${path}: the table flows ${why}`,
  });

  test('with its columns in another order is filled by name', async () => {
    const path = fresh();
    await execute(path, 'CREATE TABLE flows (Text VARCHAR, Number BIGINT)');
    await write(path, columns, numbered(2));
    expect(await query(path, 'FROM flows')).toEqual([
      ['row 0', 0n],
      ['row 1', 1n],
    ]);
  });

  test('with other columns is refused, by name', async () => {
    const path = fresh();
    await execute(path, 'CREATE TABLE flows (number BIGINT, note VARCHAR)');
    const why = 'lacks "text" and has "note" besides: take another table (table), or let addColumns unite them';
    await expect(duckdb.open(path, columns, {}, contextOf())).rejects.toMatchObject(message(path, why));
    await execute(path, 'DROP TABLE flows', 'CREATE TABLE flows (number DOUBLE, text VARCHAR)');
    const types = 'has columns of other types: "number" is DOUBLE, the rows have BIGINT; take another table (table)';
    for (const options of [{}, { addColumns: true }]) {
      await expect(duckdb.open(path, columns, options, contextOf())).rejects.toMatchObject(message(path, types));
    }
  });

  test('is united with the rows when that is wanted', async () => {
    const path = fresh();
    await execute(path, 'CREATE TABLE flows (note VARCHAR, number BIGINT)', `INSERT INTO flows VALUES ('old', 7)`);
    await write(path, columns, numbered(2), { addColumns: true });
    expect(await query(path, 'FROM flows')).toEqual([
      ['old', 7n, null],
      [null, 0n, 'row 0'],
      [null, 1n, 'row 1'],
    ]);
  });
});

describe('what is no database', () => {
  test('is refused in one line', async () => {
    const text = join(folder, 'text.duckdb');
    writeFileSync(text, 'no database');
    mkdirSync(join(folder, 'folder.duckdb'));
    const cases: [string, string | RegExp][] = [
      [text, /not a valid DuckDB database file/],
      [join(folder, 'missing', 'x.duckdb'), `the folder "${join(folder, 'missing')}" does not exist`],
      [join(folder, 'folder.duckdb'), 'this is no file'],
      ['/dev/full', 'this is no file'],
      ['-', 'a database is a file: name one'],
    ];
    for (const [path, why] of cases) {
      const opening = duckdb.open(path, columns, {}, contextOf());
      await expect(opening).rejects.toMatchObject({ name: 'PacketloomError', code: 'sink' });
      const error: Error = await opening.then(
        () => new Error('opened'),
        (reason: Error) => reason,
      );
      expect(error.message.startsWith(`cannot write duckdb: ${path}: `)).toBe(true);
      expect(error.message).not.toContain('\n');
      expect(error.message).toMatch(why);
    }
    expect(existsSync('-')).toBe(false);
  });

  test('nor are two outputs of one process to the same database', async () => {
    const path = fresh();
    const writer = await duckdb.open(path, columns, {}, contextOf());
    const other = duckdb.open(path, columns, { table: 'other' }, contextOf());
    const why = `cannot write duckdb: ${path}: another output goes to the same file`;
    await expect(other).rejects.toMatchObject({ code: 'sink', message: why });
    await writer.close();
    await write(path, columns, numbered(1));
  });

  test('nor columns whose names differ in case alone', async () => {
    const alike = [column('Number', 'number'), column('number', 'number')];
    const opening = duckdb.open(fresh(), alike, {}, contextOf());
    await expect(opening).rejects.toMatchObject({ code: 'configuration' });
    await expect(opening).rejects.toThrow('the columns "Number" and "number" have one name there');
  });
});

if (!unavailable('a database in use', pythonObstacle('duckdb'))) {
  describe('a database that another process has open', () => {
    const hold = async (path: string) => {
      const child = spawn(python, [join(import.meta.dirname, 'hold-database.py'), path], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      expect(line).toBe('open');
      const release = async () => {
        child.stdin.end();
        if (child.exitCode === null) await once(child, 'exit');
      };
      return { release, id: child.pid };
    };

    test('is waited for, and it can be open between deliveries', async () => {
      const path = fresh();
      const lines: string[] = [];
      const context = contextOf({ report: (line) => lines.push(line), live: true });
      const writer = await duckdb.open(path, columns, { ...small, wait: '0' }, context);
      await writer.write(batchOf(columns, numbered(10)));
      await writer.flush!();
      while (writer.rows < 10) await new Promise((resolve) => setTimeout(resolve, 10));
      // The rows of a live run are there to be read while it goes on.
      expect(await query(path, 'SELECT count(*) FROM flows')).toEqual([[10n]]);
      const holder = await hold(path);
      try {
        await writer.write(batchOf(columns, numbered(10)));
        await writer.flush!();
        while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
        expect(lines[0]).toMatch(
          new RegExp(`^delivery failed, trying again: the database is open in another process \\(.*${holder.id}\\)$`),
        );
        expect(writer.state).toMatchObject({ waiting: 10 });
      } finally {
        await holder.release();
      }
      await writer.close();
      expect(lines[1]).toMatch(/^deliveries go on after /);
      expect(await query(path, 'SELECT count(*) FROM flows')).toEqual([[20n]]);
    });

    test('for too long ends the output; with a spool rows go out with the next run', async () => {
      const path = fresh();
      const spool = join(folder, 'spool');
      // Made here: the other DuckDB may be a later one.
      await execute(path, 'SELECT 1');
      const holder = await hold(path);
      try {
        const failing = write(path, columns, numbered(10), { retry: '100ms', spool });
        await expect(failing).rejects.toMatchObject({ code: 'sink' });
        await expect(failing).rejects.toThrow(
          /^cannot write duckdb: .*\(table flows\): the database is open in another process .*; 10 rows are in .* and go out with the next run$/,
        );
      } finally {
        await holder.release();
      }
      await write(path, columns, [], { spool });
      expect(await query(path, 'SELECT count(*) FROM flows')).toEqual([[10n]]);
    });
  });
}

describe('kill -9', () => {
  const dist = process.env.PACKETLOOM_DIST ?? join(import.meta.dirname, '../../../dist');
  const program = join(import.meta.dirname, 'write-segments.mjs');
  const segments = 8;

  test('leaves whole segments only, and a repetition completes them', async () => {
    const path = fresh();
    for (const after of [1, 4]) {
      const child = spawn(process.execPath, [program, dist, path, String(segments)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let seen = 0;
      for await (const _ of createInterface(child.stdout)) {
        seen += 1;
        if (seen === after) child.kill('SIGKILL');
      }
      expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');
      await execute(path, 'CHECKPOINT');
      const [[rows, distinct]] = (await query(path, 'SELECT count(*), count(DISTINCT number) FROM flows')) as [
        bigint[],
      ];
      expect(rows! % 1024n).toBe(0n);
      expect(distinct).toBe(rows);
      expect(Number(rows)).toBeGreaterThanOrEqual(1024 * after);
      expect(await query(path, 'SELECT sum(rows)::BIGINT FROM packetloom_segments')).toEqual([[rows]]);
    }
    const { status, stderr } = spawnSync(process.execPath, [program, dist, path, String(segments)], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const sql = 'SELECT count(*), count(DISTINCT number), max(number) FROM flows';
    expect(await query(path, sql)).toEqual([[1024n * BigInt(segments), 1024n * BigInt(segments), 8191n]]);
  });
});
