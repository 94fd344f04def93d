import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ownCall, taken } from './machine.mjs';
import { environment, pinning } from './measure.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { count, medianText, megabytes, table, writeSection } from './report.mjs';
import { makeRows } from './sink-rows.mjs';
import { median } from './statistics.mjs';

/**
 * One line of the table: a sink with options. `bench/sinks/<sink>.mjs` exports `cases` and `start(folder, case)`, which
 * starts what the sink needs and gives `{ target, stop? }`, or `{ missing }` with the reason why it cannot.
 * @typedef {{ name: string, goal?: number, options?: Record<string, unknown>, rows?: number, [more: string]: any }} Case
 * @typedef {{ target: string, stop?: () => Promise<void> | void } | { missing: string }} Started
 */

/** Rows of a batch, as the pipeline has them, and batches that are made and used in turn. */
const ROWS = 1024;
const BATCHES = 32;

const dist = resolve(import.meta.dirname, '..', 'dist');
const load = (path) => import(pathToFileURL(join(dist, path)).href);

const work = process.env.PACKETLOOM_BENCH_SINK;
if (work !== undefined) await measure(JSON.parse(work));
else await main();

/** In a process of its own: writes rows and prints what that took. @param {{ sink: string, target: string, options: object, rows: number }} one */
async function measure({ sink: name, target, options, rows: wanted }) {
  const [{ standardRegistry }, rowsModule, { openOffThread }] = await Promise.all([
    load('cli/library.js'),
    load('core/flow/rows.js'),
    load('core/output/off-thread.js'),
  ]);
  const sink = standardRegistry().sinks.get(name);
  if (sink === undefined) throw new Error(`no sink "${name}"`);
  const { columns, batches } = makeRows(rowsModule, BATCHES, ROWS);
  const properties = Object.entries(sink.options.properties ?? {});
  const defaults = properties.flatMap(([key, one]) => (one.default === undefined ? [] : [[key, one.default]]));
  const all = { ...Object.fromEntries(defaults), ...options };
  const context = {
    precision: 'twelve',
    formatNumber: (value) => String(value),
    live: false,
    configuration: '0'.repeat(64),
    stop() {},
    report: (line) => console.error(line),
  };
  const before = process.memoryUsage.rss();
  const [began, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  const own = sink.offThread ? await openOffThread(sink, target, columns, all, context) : undefined;
  const writer = own ?? (await sink.open(target, columns, all, context));
  for (let made = 0, i = 0; made < wanted; i += 1) {
    const batch = batches[i % BATCHES];
    batch.count = Math.min(ROWS, wanted - made);
    const written = writer.write(batch);
    if (written !== undefined) await written;
    made += batch.count;
    batch.count = ROWS;
  }
  await writer.close();
  const { user, system } = process.cpuUsage(cpu);
  if (writer.rows !== wanted) throw new Error(`${writer.rows} rows are in the output, not ${wanted}`);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak, before, rows: wanted }));
}

async function main() {
  const options = optionsOf('node bench/sinks.mjs', 'Measures how fast each sink takes rows of 80 columns.', {
    sink: { help: 'only this one' },
    rows: { initial: 400_000, help: 'rows written' },
    runs: { initial: 3, help: 'runs of each' },
    pin: { ...common.pin, help: 'the sink on one core, its server on the other' },
  });
  const pinned = options.pin === 'on';
  // Servers are started by this process and inherit its place.
  if (pinned) spawnSync('taskset', ['-a', '-p', '-c', '1', String(process.pid)]);
  const folder = temporaryFolder();
  const files = readdirSync(join(import.meta.dirname, 'sinks')).filter((name) => name.endsWith('.mjs'));
  const lines = [];
  for (const sink of files.map((name) => name.slice(0, -'.mjs'.length)).sort()) {
    if (options.sink !== undefined && options.sink !== sink) continue;
    const module = await import(`./sinks/${sink}.mjs`);
    for (const one of module.cases) lines.push(await lineOf(sink, module, one, { ...options, pinned, folder }));
  }
  const head = ['sink', 'rows/s', 'rows/s of CPU time', 'peak MB', 'goal, rows/s', 'reached'];
  const text = table(head, lines);
  console.log(text);
  if (options.sink !== undefined) return;
  const how = [
    `${count(options.rows)} rows of 80 columns (6 text, 26 whole numbers, 48 others; 12 of them empty in some rows) in batches of ${count(ROWS)}, made before the clock starts; from opening to the end of closing, files synchronized, rows in the output checked.`,
    `Every run is a process of its own, start-up left out, compilation of its code not; medians (least–greatest) of ${options.runs}.`,
    pinned ? 'All threads of the sink share one core; a server has the other.' : 'Not pinned.',
    'CPU time and memory are those of the process of the sink, threads included; peak memory has the program, and about 30 MB of rows made before.',
  ];
  writeSection(options.output, 'Sinks', [taken(ownCall('node bench/sinks.mjs')), how.join(' '), text].join('\n\n'));
}

/** Measures one case and gives its line of the table. */
async function lineOf(sink, module, one, { rows, runs, pinned, folder }) {
  const results = [];
  for (let run = 0; run < runs; run += 1) {
    const own = join(folder, `${sink}-${run}`);
    mkdirSync(own);
    const started = await module.start(own, one);
    if ('missing' in started) return [`${one.name}: not measured, ${started.missing}`, '–', '–', '–', '–', '–'];
    try {
      const { target } = started;
      results.push(runOne({ sink, target, options: one.options ?? {}, rows: one.rows ?? rows }, pinned));
    } finally {
      await started.stop?.();
      rmSync(own, { recursive: true, force: true });
    }
  }
  const rates = results.map((result) => result.rows / result.seconds);
  const { goal } = one;
  return [
    one.name,
    medianText(rates, 0),
    medianText(
      results.map((result) => result.rows / result.cpu),
      0,
    ),
    megabytes(Math.max(...results.map(({ peak }) => peak))),
    goal === undefined ? '–' : count(goal),
    goal === undefined ? '–' : median(rates) >= goal ? 'yes' : '**no**',
  ];
}

function runOne(one, pinned) {
  const script = fileURLToPath(import.meta.url);
  const [program, ...words] = [...(pinned ? pinning(true) : []), process.execPath, script];
  const env = { ...environment(), PACKETLOOM_BENCH_SINK: JSON.stringify(one) };
  const { status, stdout, stderr } = spawnSync(program, words, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${one.sink}: ${stderr.trim().split('\n').slice(-3).join(' | ')}`);
  if (stderr !== '') console.error(stderr.trim());
  return JSON.parse(stdout);
}
