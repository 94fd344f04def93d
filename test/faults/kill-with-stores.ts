import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type PostgresqlServer, postgresqlObstacle, startPostgresql } from '../support/postgresql.ts';
import { writeCapture } from './inputs.ts';
import { type Keys, keysOfCsv, keysOfDuckDb, keysOfTable, same, settled } from './rows-of.ts';
import { firstFile, holds, run, type Scenario, start, type Trial } from './scenario.ts';

const FRAMES = 30_000;

let capture = '';
let server: PostgresqlServer | undefined;
let trials = 0;
/** Rows of an undisturbed run, as it wrote them to a file. */
let expected: Keys = [];
/** Milliseconds until it has made its file, and from there on. */
let before = 0;
let writing = 0;

/** Both stores, so that a transaction is open most of the time. */
function configure(folder: string, table: string): string[] {
  const file = join(folder, 'flows.json');
  const sinks = [
    { duckdb: { path: join(folder, 'flows.duckdb'), segmentRows: 1024 } },
    { postgresql: { path: server!.url, table, times: 'nanoseconds', segmentRows: 100 } },
  ];
  writeFileSync(file, JSON.stringify({ features: [{ preset: 'basic' }], flow: { maxFlows: 300 }, sinks }));
  return ['flows', capture, '-c', file, '--quiet'];
}

const env = () => ({ PGPASSWORD: server!.password });

/** What a killed run may leave: whole segments from the first row on. */
function whole(what: string, keys: Keys, segment: number): void {
  const known = new Set(expected);
  holds(new Set(keys).size === keys.length && keys.every((key) => known.has(key)), `${what}: other rows or rows twice`);
  holds(
    keys.length % segment === 0 || keys.length === expected.length,
    `${what}: ${keys.length} rows, not whole segments`,
  );
}

async function kill({ folder, random }: Trial): Promise<string> {
  trials += 1;
  const table = `trial_${trials}`;
  const words = configure(folder, table);
  const { child, ended } = start(words, { env: env() });
  // Most of the time of such a run is its start.
  const early = random() < 0.1;
  if (!early) await firstFile(folder, ended);
  // Then frames are read for a while before there is a segment of rows.
  await Promise.race([delay(early ? random() * before : (0.5 + 0.5 * random()) * writing), ended]);
  child.kill('SIGKILL');
  const { signal } = await ended;
  // At times the next run comes while the server is still busy with the one before.
  const patient = random() < 0.5;
  let found = '';
  if (patient) {
    await settled(server!);
    const keys = await keysOfTable(server!, table);
    whole('postgresql', keys, 100);
    found = keys.length === 0 ? ', no row' : keys.length < expected.length ? ', some rows' : ', all rows';
    whole('duckdb', await keysOfDuckDb(join(folder, 'flows.duckdb')), 1024);
  }
  await run(words, { env: env() });
  await settled(server!);
  same('postgresql', await keysOfTable(server!, table), expected);
  same('duckdb', await keysOfDuckDb(join(folder, 'flows.duckdb')), expected);
  await server!.query(`DROP TABLE ${table}`);
  return `${signal === null ? 'had ended' : 'killed'}${found}`;
}

/** kill -9 while rows go into DuckDB and PostgreSQL, and the same run again. */
export const killWithStores: Scenario = {
  name: 'kill-with-stores',
  description:
    'kill -9 at any moment of a run into DuckDB and PostgreSQL: whole segments only, and the same run again adds what was missing, no row twice',
  obstacle: postgresqlObstacle,
  async prepare(shared) {
    capture = join(shared, 'capture.pcap');
    await writeCapture(capture, FRAMES);
    server = await startPostgresql();
    const folder = join(shared, 'undisturbed');
    mkdirSync(folder);
    const words = configure(folder, 'undisturbed');
    const file = join(folder, 'flows.csv');
    // What is named here is in place of the outputs of the configuration.
    await run([...words, '-o', file]);
    expected = keysOfCsv(readFileSync(file, 'utf8'));
    holds(expected.length > 2500, `only ${expected.length} rows`);
    const begun = performance.now();
    const { ended } = start(words, { env: env() });
    await firstFile(folder, ended);
    before = performance.now() - begun;
    holds((await ended).code === 0, 'an undisturbed run has failed');
    writing = performance.now() - begun - before;
    same('postgresql', await keysOfTable(server, 'undisturbed'), expected);
    same('duckdb', await keysOfDuckDb(join(folder, 'flows.duckdb')), expected);
  },
  run: kill,
  async finish() {
    await server?.end();
  },
};
