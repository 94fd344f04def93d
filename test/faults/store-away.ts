import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type PostgresqlServer, postgresqlObstacle, startPostgresql } from '../support/postgresql.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { writeCapture } from './inputs.ts';
import { accountOf, type Keys, keysOfCsv, keysOfTable, same, settled, summaryIn } from './rows-of.ts';
import { holds, run, type Scenario, start, type Trial } from './scenario.ts';

const FRAMES = 30_000;
/** Rows of a segment. */
const SEGMENT = 100;
/** None, room for a few segments, room for all. */
const SPOOLS = [undefined, '40KiB', '10MiB'] as const;
/** Milliseconds from one thing that happens to the next, at most. */
const PAUSE = 150;

let capture = '';
let server: PostgresqlServer | undefined;
let proxy: TcpProxy | undefined;
let trials = 0;
/** Rows of an undisturbed run, as it wrote them to a file. */
let expected: Keys = [];

/** A store by way of the proxy, with little patience, and a file beside it. */
function configure(folder: string, table: string, spoolSize: string | undefined): string[] {
  const file = join(folder, 'flows.json');
  const path = `postgresql://loader@${proxy!.host}:${proxy!.port}/flows`;
  const spool = spoolSize === undefined ? {} : { spool: join(folder, 'spool'), spoolSize };
  const patience = { retry: '300ms', timeout: '300ms', segmentRows: SEGMENT };
  const sinks = [
    { postgresql: { path, table, times: 'nanoseconds', ...patience, ...spool } },
    { csv: { path: join(folder, 'flows.csv') } },
  ];
  writeFileSync(file, JSON.stringify({ features: [{ preset: 'basic' }], sinks }));
  return ['flows', capture, '-c', file, '--quiet', '--summary', join(folder, 'summary.json')];
}

/** Rows in the spool, by the names of its files. */
function spooledIn(folder: string): number {
  const spool = join(folder, 'spool');
  if (!existsSync(spool)) return 0;
  const files = readdirSync(spool, { recursive: true, encoding: 'utf8' });
  const rows = files.map((name) => /-(\d+)-[0-9a-f]+\.segment$/.exec(name)?.[1]);
  return rows.reduce((sum, count) => sum + Number(count ?? 0), 0);
}

/** What goes wrong on the way to the store, until the run has ended; `trouble` is how often, from 0 to 1. */
async function disturb(random: () => number, trouble: number, ended: Promise<unknown>): Promise<void> {
  const ways = [
    () => proxy!.cut(),
    () => proxy!.cutAfter(Math.floor(random() * 60_000)),
    () => proxy!.dropAnswers(Math.floor(random() * 500)),
    () => proxy!.refuse(),
    () => proxy!.stall(),
  ];
  let over = false;
  const end = ended.then(() => {
    over = true;
  });
  while (!over) {
    if (random() < trouble) await ways[Math.floor(random() * ways.length)]!();
    else await proxy!.restore();
    await Promise.race([delay(random() * PAUSE), end]);
  }
  await proxy!.restore();
}

async function away({ folder, random }: Trial): Promise<string> {
  trials += 1;
  const table = `trial_${trials}`;
  const words = configure(folder, table, SPOOLS[Math.floor(random() * SPOOLS.length)]);
  const env = { PGPASSWORD: server!.password };
  const { ended } = start(words, { env });
  await disturb(random, random(), ended);
  const { code, signal, stderr } = await ended;
  await settled(server!);

  const made = expected.length;
  const { rows, spooled, lost, all } = accountOf(summaryIn(join(folder, 'summary.json')), 'postgresql');
  const account = `${rows} rows stated, ${spooled} on disk, ${lost} lost`;
  holds(all === made, `${account}: ${made} were made`);
  holds(spooledIn(folder) === spooled, `${spooledIn(folder)} rows are on disk: ${account}`);
  // Of the last segment nobody may have heard that the server has it.
  const there = (await keysOfTable(server!, table)).length;
  holds(rows <= there && there <= rows + SEGMENT, `${there} rows are in the store: ${account}`);
  holds(code === (rows === made ? 0 : 1), `exit code ${code ?? signal}: ${account}: ${stderr}`);
  same('csv', keysOfCsv(readFileSync(join(folder, 'flows.csv'), 'utf8')), expected);

  // The store is back.
  await run(words, { env });
  const again = accountOf(summaryIn(join(folder, 'summary.json')), 'postgresql');
  holds(again.rows === made && again.all === made, `the next run has ${JSON.stringify(again)}`);
  holds(spooledIn(folder) === 0, `${spooledIn(folder)} rows are still on disk behind the next run`);
  await settled(server!);
  same('postgresql', await keysOfTable(server!, table), expected);
  await server!.query(`DROP TABLE ${table}`);
  if (lost > 0) return spooled > 0 ? 'some lost, some on disk' : 'some lost';
  if (spooled > 0) return 'some on disk';
  return stderr.includes('trying again') ? 'delivered after trouble' : 'delivered at once';
}

/** PostgreSQL behind a network that cuts, stalls, refuses and comes back. */
export const storeAway: Scenario = {
  name: 'store-away',
  description:
    'PostgreSQL cut off, stalled, refused and back at any moment: rows in it, on disk and lost are all that were made, and the next run makes it complete, no row twice',
  obstacle: postgresqlObstacle,
  async prepare(shared) {
    capture = join(shared, 'capture.pcap');
    await writeCapture(capture, FRAMES);
    server = await startPostgresql();
    proxy = await startTcpProxy(server.port);
    const folder = join(shared, 'undisturbed');
    mkdirSync(folder);
    const file = join(folder, 'flows.csv');
    await run(['flows', capture, '--quiet', '-o', file]);
    expected = keysOfCsv(readFileSync(file, 'utf8'));
    holds(expected.length > 2500, `only ${expected.length} rows`);
  },
  run: away,
  async finish() {
    await proxy?.close();
    await server?.end();
  },
};
