import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frameCount } from './capture.mjs';
import { ratiosOf } from './goals.mjs';
import { captureText, ownCall, taken } from './machine.mjs';
import { shown } from './measure.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { count, medianText, megabytes, table, writeSection } from './report.mjs';
import { takeTurns } from './rounds.mjs';
import { median } from './statistics.mjs';
import { writeSynthetic } from './synthetic.mjs';

const call = 'node bench/presets.mjs';
const options = optionsOf(call, 'Runs the presets that follow other tools, and NFStream itself, in turn.', {
  ...common,
  runs: { initial: 3, help: 'rounds' },
  'slow-runs': { initial: 1, help: 'rounds in which NFStream takes part' },
  python: { initial: 'python3', help: 'interpreter that has nfstream' },
});

const PRESETS = ['basic', 'statistical', 'nfstream', 'cicflowmeter', 'cicflowmeter-2017', 'zeek-conn', 'caia'];
const MORE = ['nettisa', 'netflow-v9'];
const EXACT = ['nfstream', 'cicflowmeter'];
/** Wall time and memory of NFStream's run by those of ours. */
const GOAL = 15;

const folder = temporaryFolder();
const capture = options.capture ? resolve(options.capture) : join(folder, 'synthetic.pcap');
if (!options.capture) writeSynthetic(capture, options.frames);
const frames = frameCount(capture) ?? 0;
const rowsFile = ({ folder: own }) => join(own, 'rows.csv');
const reader = fileURLToPath(new URL('./readers/flows_nfstream.py', import.meta.url));

const linesOf = async (context) => {
  const text = readFileSync(rowsFile(context), 'latin1');
  return { flows: text.split('\n').length - 2, packets: null, size: text.length };
};

/** @returns {import('./peers.mjs').Peer} */
const packetloom = (preset, exact) => ({
  name: `${preset}${exact ? ' exact' : ''}`,
  needs: [],
  command: (context) => ({
    stages: [
      [
        ...[process.execPath, resolve(options.program), 'flows', context.capture, '-p', preset],
        ...(exact ? ['--compatibility', 'exact'] : []),
        ...['--quiet', '-o', rowsFile(context)],
      ],
    ],
  }),
  rows: linesOf,
});

const nfstream = {
  name: 'NFStream',
  needs: [],
  slow: true,
  command: (context) => ({ stages: [[options.python, reader, context.capture, rowsFile(context)]] }),
  rows: linesOf,
};
const version = spawnSync(options.python, ['-c', 'import importlib.metadata as m; print(m.version("nfstream"))'], {
  encoding: 'utf8',
});
const hasPeer = version.status === 0;
if (!hasPeer) console.log(`NFStream skipped: ${options.python} has no nfstream`);
if (!existsSync(options.program)) throw new Error(`${options.program} is not built`);

const peers = [
  ...[...PRESETS, ...MORE].map((preset) => packetloom(preset, false)),
  ...EXACT.map((preset) => packetloom(preset, true)),
  ...(hasPeer ? [nfstream] : []),
];
const contextOf = ({ name }) => ({
  capture,
  program: options.program,
  folder: join(folder, name.replaceAll(' ', '-')),
});
const conditions = { count: options.runs, slow: options['slow-runs'], pinned: options.pin === 'on' };
const { costs, rows } = await takeTurns(peers, contextOf, conditions, folder);

const result = table(
  ['preset', 'wall s', 'CPU s', 'CPU µs/frame', 'peak MB', 'rows', 'output MB', 'NFStream’s wall time by ours'],
  peers.map(({ name }) => {
    const own = costs.get(name) ?? [];
    const cpu = own.map((cost) => cost.cpu);
    const peaks = own.flatMap(({ peak }) => peak ?? []);
    const ratios = hasPeer && name !== 'NFStream' ? ratiosOf(costs, 'NFStream', name, 'seconds') : [];
    return [
      name,
      medianText(own.map(({ seconds }) => seconds)),
      medianText(cpu),
      medianText(cpu.map((value) => (value === null ? null : (value * 1e6) / frames))),
      peaks.length === 0 ? '–' : megabytes(Math.max(...peaks)),
      count(rows.get(name)?.flows ?? null),
      megabytes(rows.get(name)?.size ?? null),
      ratios.length === 0 ? '–' : median(ratios).toFixed(1),
    ];
  }),
);
const goal = hasPeer
  ? `NFStream ${version.stdout.trim()} with statistics and SPLT 10, without application labels; the goal is ${GOAL} times for the presets \`nfstream\` and \`cicflowmeter\`. It ran as \`${shown(nfstream.command(contextOf(nfstream)))}\`.`
  : '';
const parts = [
  taken(ownCall(call)),
  await captureText(capture),
  `Medians (least–greatest), start to complete CSV, ${conditions.pinned ? 'pinned to one core' : 'not pinned'}; CPU time is user and system, compilation of code at run time included.`,
  result,
  goal,
];
writeSection(options.output, 'Presets', parts.filter(Boolean).join('\n\n'));
console.log(`\n${result}`);
