import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type PostgresqlServer, postgresqlObstacle, startPostgresql } from '../support/postgresql.ts';
import { makeNetwork, type Network, writeCapture } from './inputs.ts';
import {
  accountOf,
  type Keys,
  keysOfCsv,
  keysOfDuckDb,
  keysOfJsonLines,
  keysOfTable,
  same,
  summaryIn,
} from './rows-of.ts';
import { holds, program, type Scenario, type Started, start, started, type Trial } from './scenario.ts';

const FRAMES = 60_000;
/** Frames a second on the cable. */
const RATE = 8000;
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const KINDS = ['file', 'pipe', 'live'] as const;
/** Condition of one of the outputs, here and there. */
const KEEP = 'count() >= 3';
const isKept = (key: string) => Number(key.split(' ')[2]) + Number(key.split(' ')[3]) >= 3;

let capture = '';
let server: PostgresqlServer | undefined;
let network: Network | undefined;
let trials = 0;
/** Milliseconds of an undisturbed run over the file. */
let undisturbed = 0;

/** A run with four outputs into the folder, one of them with columns and a condition of its own. */
function configure(folder: string, table: string): string[] {
  const file = join(folder, 'flows.json');
  // By its socket, which is there in every network namespace, and asks for no password.
  const path = `postgresql://loader@localhost:${server!.port}/flows?host=${server!.folder}`;
  const columns = ['flow_id', 'segment', 'fwd_frames', 'bwd_frames', 'src_ip', 'start'];
  const sinks = [
    { csv: { path: join(folder, 'rotating.csv'), rotateRows: 300 } },
    { jsonl: { path: join(folder, 'plain.jsonl.gz') } },
    { duckdb: { path: join(folder, 'flows.duckdb'), segmentRows: 1024 } },
    { postgresql: { path, table, times: 'nanoseconds', segmentRows: 200, columns, keep: KEEP } },
  ];
  writeFileSync(file, JSON.stringify({ features: [{ preset: 'basic' }], flow: { maxFlows: 300 }, sinks }));
  return ['flows', '-c', file, '--summary', join(folder, 'summary.json'), '--quiet'];
}

/** Starts a run; `begun` resolves about when its first frame is read. */
function begin(kind: (typeof KINDS)[number], words: readonly string[]): Started & { begun(): Promise<unknown> } {
  if (kind === 'file') return { ...start([...words, capture]), begun: () => delay(undisturbed / 4) };
  if (kind === 'pipe') {
    // It goes on: no end is sent.
    const one = start([...words, '-'], { piped: true });
    one.child.stdin!.write(readFileSync(capture));
    return { ...one, begun: () => delay(undisturbed / 2) };
  }
  const near = [process.execPath, program, ...words, '-i', 'near'];
  return { ...started(network!.startNear(near, ['ignore', 'ignore', 'pipe'])), begun: () => network!.listening() };
}

function rotatingKeys(folder: string): Keys {
  const files = readdirSync(folder).filter((name) => /^rotating-\d+\.csv$/.test(name));
  const keys = files.map((name) => keysOfCsv(readFileSync(join(folder, name), 'utf8')));
  holds(
    keys.slice(0, -1).every(({ length }) => length === 300),
    'a file has not 300 rows',
  );
  return keys.flat().sort();
}

function plainKeys(path: string): Keys {
  if (!existsSync(path)) return [];
  const { status, stdout, stderr } = spawnSync('gzip', ['-dc', path], { encoding: 'utf8', maxBuffer: 1 << 28 });
  holds(status === 0, `gzip: ${stderr}`);
  return keysOfJsonLines(stdout);
}

/** What holds of the outputs of a run that has ended in order. */
async function look(folder: string, table: string): Promise<number> {
  const summary = summaryIn(join(folder, 'summary.json'));
  const { frames, flows } = summary;
  const skipped = Object.values(frames.skipped).reduce((sum, count) => sum + count, 0);
  holds(frames.read === frames.used + skipped, `${frames.read} frames read, ${frames.used} used, ${skipped} skipped`);
  const found = {
    csv: rotatingKeys(folder),
    jsonl: plainKeys(join(folder, 'plain.jsonl.gz')),
    duckdb: await keysOfDuckDb(join(folder, 'flows.duckdb')),
    postgresql: await keysOfTable(server!, table),
  };
  const kept = found.csv.filter(isKept);
  for (const [sink, keys] of Object.entries(found)) {
    const { rows, all } = accountOf(summary, sink);
    const made = sink === 'postgresql' ? kept.length : flows.rows;
    holds(keys.length === rows, `${sink}: ${keys.length} rows are there, ${rows} by the summary`);
    holds(all === made, `${sink}: ${all} rows accounted for, ${made} made`);
    same(sink, keys, sink === 'postgresql' ? kept : found.csv);
  }
  const sum = found.csv.reduce((count, key) => count + Number(key.split(' ')[2]) + Number(key.split(' ')[3]), 0);
  holds(sum === frames.used, `rows have ${sum} frames, ${frames.used} were used`);
  return frames.read;
}

async function terminate({ folder, random }: Trial): Promise<string> {
  trials += 1;
  const table = `trial_${trials}`;
  const kind = KINDS[Math.floor(random() * KINDS.length)]!;
  const signal = random() < 0.5 ? 'SIGTERM' : 'SIGINT';
  const words = configure(folder, table);
  let sending: ChildProcess | undefined;
  if (kind === 'live') {
    sending = network!.startFar(['tcpreplay', '-q', '-i', 'far', '--loop', '0', '--pps', `${RATE}`, capture], 'ignore');
  }
  const { child, ended, begun } = begin(kind, words);
  if (random() < 0.1) await delay(random() * undisturbed);
  else {
    await begun();
    await Promise.race([delay((random() * undisturbed) / 2), ended]);
  }
  child.kill(signal);
  const { code, signal: by, stderr } = await ended;
  sending?.kill('SIGKILL');

  const partial = readdirSync(folder).filter((name) => name.includes('.partial'));
  holds(partial.length === 0, `${kind}: not complete: ${partial.join(', ')}`);
  if (!existsSync(join(folder, 'summary.json'))) {
    // Before there was anything to end in order.
    holds(by === signal && stderr === '', `${kind}: no summary, exit code ${code ?? by}: ${stderr}`);
    const made = readdirSync(folder).filter((name) => name !== 'flows.json');
    holds(made.length === 0, `${kind}: nothing was begun, but there is ${made.join(', ')}`);
    return `${kind}: ended before it began`;
  }
  const read = await look(folder, table);
  holds(stderr === '', `${kind}: ${stderr}`);
  const whole = kind === 'file' && read === FRAMES;
  const expected = kind === 'live' ? [0] : whole ? [0, CODES[signal]] : [CODES[signal]];
  // Node lets go of signals a moment before its process is gone.
  const wasGoing = whole && by === signal;
  holds(wasGoing || expected.includes(code ?? -1), `${kind}: exit code ${code ?? by}, at ${signal}`);
  await server!.query(`DROP TABLE IF EXISTS ${table}`);
  if (wasGoing || (whole && code === 0)) return `${kind}: had ended`;
  return read === 0 ? `${kind}: ended before the first frame` : `${kind}: ended while it ran`;
}

function liveObstacle(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need root on Linux';
  const missing = ['ip', 'tcpreplay', 'dumpcap'].filter(
    (name) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status !== 0,
  );
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

/** SIGTERM and SIGINT over a file, a pipe without an end and an interface, with files and stores as outputs. */
export const terminateAnywhere: Scenario = {
  name: 'terminate',
  description:
    'SIGTERM or SIGINT at any moment of a run with four outputs: its exit code, complete files, rows in every output as stated, and none missing',
  obstacle: () => postgresqlObstacle() ?? liveObstacle(),
  async prepare(shared) {
    capture = join(shared, 'capture.pcap');
    await writeCapture(capture, FRAMES);
    server = await startPostgresql();
    network = await makeNetwork();
    const begun = performance.now();
    const { code, stderr } = await start([...configure(shared, 'undisturbed'), capture]).ended;
    undisturbed = performance.now() - begun;
    holds(code === 0, `an undisturbed run ended with ${code}: ${stderr}`);
    holds((await look(shared, 'undisturbed')) === FRAMES, 'an undisturbed run did not read all frames');
  },
  run: terminate,
  async finish() {
    await server?.end();
    network?.remove();
  },
};
