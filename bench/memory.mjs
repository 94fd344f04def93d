import { join, resolve } from 'node:path';
import { frameCount } from './capture.mjs';
import { countCsv } from './count.mjs';
import { youngGarbage } from './garbage.mjs';
import { writeLengthened } from './lengthen.mjs';
import { captureText, ownCall, taken } from './machine.mjs';
import { measure } from './measure.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { count, medianText, table, writeSection } from './report.mjs';
import { writeSynthetic } from './synthetic.mjs';

const options = optionsOf('node bench/memory.mjs', 'Compares a capture with one several times as long.', {
  ...common,
  times: { initial: 4, help: 'how many times as long' },
  runs: { initial: 3, help: 'rounds' },
  presets: { initial: 'basic,statistical', help: 'presets of packetloom' },
});

const folder = temporaryFolder();
const conditions = { pinned: options.pin === 'on', folder };
const { times } = options;
const short = options.capture ? resolve(options.capture) : join(folder, 'synthetic.pcap');
if (!options.capture) writeSynthetic(short, options.frames);
const long = join(folder, `times-${times}.pcap`);
writeLengthened(short, long, times);
const one = join(folder, 'one.pcap');
writeSynthetic(one, 1);
const frames = new Map([short, long, one].map((capture) => [capture, frameCount(capture)]));
const output = join(folder, 'flows.csv');

const lengths = [];
const garbage = [];
for (const preset of options.presets.split(',')) {
  lengths.push(await lengthRow(preset));
  garbage.push(await garbageRow(preset));
}

const lengthText = table(
  [
    'median (least–greatest)',
    'wall s',
    `wall s, ${times} ×`,
    `ratio, at most ${(times * 1.1).toFixed(1)}`,
    'peak MB',
    `peak MB, ${times} ×`,
    'flows',
    `flows, ${times} ×`,
  ],
  lengths,
);
const garbageText = table(
  [
    'young garbage',
    'bytes/frame, at most 64',
    `bytes/frame, ${times} ×`,
    'without the start, bytes/frame',
    'collections',
  ],
  garbage,
);
const parts = [
  taken(ownCall('node bench/memory.mjs')),
  `${await captureText(short)} The longer one has ${count(frames.get(long))} frames: the same ${times} times without a gap, with other addresses.`,
  `${options.runs} alternating rounds, ${conditions.pinned ? 'pinned to one core' : 'not pinned'}; whole process from start to complete CSV.`,
  lengthText,
  'From `--trace-gc`: bytes freed by collections of the young generation, without what is left at the end; the start is that of a capture of one frame.',
  garbageText,
];
writeSection(options.output, 'Length, memory and garbage', parts.join('\n\n'));
console.log(`${lengthText}\n\n${garbageText}`);

function words(capture, preset) {
  return [resolve(options.program), 'flows', capture, '-p', preset, '-o', output, '--quiet'];
}

async function lengthRow(preset) {
  /** @type {Record<string, import('./measure.mjs').Cost[]>} */
  const costs = { short: [], long: [] };
  const flows = {};
  for (let round = 0; round < options.runs; round++) {
    for (const [name, capture] of Object.entries({ short, long })) {
      costs[name].push(await measure({ stages: [[process.execPath, ...words(capture, preset)]] }, conditions));
      flows[name] ??= (await countCsv(output, { packets: [] })).flows;
    }
  }
  const seconds = (name) => costs[name].map((cost) => cost.seconds);
  const peaks = (name) => costs[name].map(({ peak }) => peak && peak / 1e6);
  const ratio = medianText(costs.long.map((cost, round) => cost.seconds / costs.short[round].seconds));
  const wall = [medianText(seconds('short')), medianText(seconds('long')), ratio];
  return [
    preset,
    ...wall,
    medianText(peaks('short'), 0),
    medianText(peaks('long'), 0),
    count(flows.short),
    count(flows.long),
  ];
}

async function garbageRow(preset) {
  const start = await youngGarbage(words(one, preset), conditions);
  const first = await youngGarbage(words(short, preset), conditions);
  const second = await youngGarbage(words(long, preset), conditions);
  const perFrame = (bytes, number) => (bytes / number).toFixed(1);
  return [
    preset,
    perFrame(first.bytes, frames.get(short)),
    perFrame(second.bytes, frames.get(long)),
    perFrame(second.bytes - start.bytes, frames.get(long)),
    `${start.collections}, ${first.collections}, ${second.collections}`,
  ];
}
