import { join, resolve } from 'node:path';
import { ownCall, taken } from './machine.mjs';
import { measure } from './measure.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { medianText, table, writeSection } from './report.mjs';
import { median } from './statistics.mjs';
import { writeSynthetic } from './synthetic.mjs';

const options = optionsOf('node bench/startup.mjs', 'Measures how much later than bare Node packetloom is done.', {
  runs: { initial: 25, help: 'rounds' },
  pin: common.pin,
  program: common.program,
});

const folder = temporaryFolder();
const capture = join(folder, 'one.pcap');
writeSynthetic(capture, 1);
const program = resolve(options.program);
const output = join(folder, 'one.csv');

/**
 * What runs, and how many milliseconds above the first it may take.
 * @type {readonly (readonly [string, readonly string[], number | null])[]}
 */
const contestants = [
  ['bare Node (`node -e 0`)', ['-e', '0'], null],
  ['`packetloom --version`', [program, '--version'], 40],
  ['`packetloom flows one.pcap -o one.csv --quiet`', [program, 'flows', capture, '-o', output, '--quiet'], 200],
];

/** @type {number[][]} */
const milliseconds = contestants.map(() => []);
for (let round = -1; round < options.runs; round++) {
  for (const [index, [, words]] of contestants.entries()) {
    const command = { stages: [[process.execPath, ...words]] };
    const { seconds } = await measure(command, { pinned: options.pin === 'on', folder });
    if (round >= 0) milliseconds[index].push(seconds * 1000); // the round before the first fills the page cache
  }
}

const rows = contestants.map(([title, , limit], index) => {
  const above = milliseconds[index].map((value, round) => value - milliseconds[0][round]);
  if (limit === null) return [title, medianText(milliseconds[index], 1), '–', '–', '–'];
  const reached = median(above) <= limit ? 'yes' : '**no**';
  return [title, medianText(milliseconds[index], 1), medianText(above, 1), limit, reached];
});
const text = table(['median (least–greatest)', 'wall ms', 'above bare Node, ms', 'at most', 'reached'], rows);
const how = `${options.runs} alternating rounds, ${options.pin === 'on' ? 'pinned to one core' : 'not pinned'}; the difference is taken in each round.`;
writeSection(options.output, 'Start-up', [taken(ownCall('node bench/startup.mjs')), how, text].join('\n\n'));
console.log(text);
