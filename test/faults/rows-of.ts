import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { RunSummary } from '../../core/run/summary.ts';
import type { PostgresqlServer } from '../support/postgresql.ts';
import { holds } from './scenario.ts';

/** What a row is known by in a test, sorted: flow, segment and how many frames each way. */
export type Keys = readonly string[];

/** The key of a row in the SQL of PostgreSQL and DuckDB. */
const KEY = "flow_id || ' ' || segment || ' ' || fwd_frames || ' ' || bwd_frames";

const NAMES = ['flow_id', 'segment', 'fwd_frames', 'bwd_frames'];

/** Of CSV with a header line, in which nothing is quoted. */
export function keysOfCsv(text: string): Keys {
  const [head, ...rows] = text.trimEnd().split('\n');
  const places = NAMES.map((name) => head!.split(',').indexOf(name));
  return rows.map((row) => places.map((place) => row.split(',')[place]).join(' ')).sort();
}

/** Of JSON lines. */
export function keysOfJsonLines(text: string): Keys {
  const rows = text.split('\n').filter((line) => line !== '');
  return rows.map((row) => NAMES.map((name) => JSON.parse(row)[name]).join(' ')).sort();
}

/** Of the table `flows` in a DuckDB file, by a connection of its own; none where there is no file. */
export async function keysOfDuckDb(path: string): Promise<Keys> {
  if (!existsSync(path)) return [];
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(`SELECT ${KEY} FROM flows`)).getRowsJS();
    return rows.map(([key]) => String(key)).sort();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Of a table of PostgreSQL, as psql prints it; none where there is no table. */
export async function keysOfTable(server: PostgresqlServer, table: string): Promise<Keys> {
  try {
    return (await server.query(`SELECT ${KEY} FROM ${table}`)).sort();
  } catch (error) {
    if ((error as Error).message.includes('does not exist')) return [];
    throw error;
  }
}

/** Waits until the server is done with runs that are gone: what they had begun is there or not. */
export async function settled(server: PostgresqlServer): Promise<void> {
  const open = "SELECT 1 FROM pg_stat_activity WHERE usename = 'loader'";
  for (const until = Date.now() + 20_000; (await server.query(open)).length > 0; await delay(20)) {
    holds(Date.now() < until, 'a connection of a run that is gone is still there after 20 s');
  }
}

/** Holds that the same rows are here and there, each as often. */
export function same(what: string, actual: Keys, expected: Keys): void {
  const twice = actual.find((key, i) => i > 0 && key === actual[i - 1]);
  holds(twice === undefined, `${what}: a row is there twice: ${twice}`);
  const other = actual.findIndex((key, i) => key !== expected[i]);
  const where = other < 0 ? '' : `, the first other one ${actual[other]} in place of ${expected[other]}`;
  const text = `${what}: ${actual.length} rows in place of ${expected.length}${where}`;
  holds(actual.length === expected.length && other < 0, text);
}

/** The summary of a run. */
export const summaryIn = (path: string): RunSummary => JSON.parse(readFileSync(path, 'utf8'));

/** Rows of an output by its summary: in it, on disk for the next run, and lost. */
export function accountOf({ outputs }: RunSummary, sink: string) {
  const { rows, spooled = 0, lost } = outputs.find((one) => one.sink === sink)!;
  return { rows, spooled, lost: lost?.rows ?? 0, all: rows + spooled + (lost?.rows ?? 0), reason: lost?.reason };
}
