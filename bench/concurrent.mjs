import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ownCall, taken } from './machine.mjs';
import { optionsOf } from './options.mjs';
import { count, medianText, table, writeSection } from './report.mjs';

const options = optionsOf(
  'node bench/concurrent.mjs',
  'Measures ns a frame and bytes a flow with many flows open at once, each frame of a flow chosen at random.',
  {
    flows: { initial: '100000,1000000', help: 'numbers of flows' },
    presets: { initial: 'basic,statistical', help: 'presets' },
    frames: { initial: 2_000_000, help: 'frames behind the first one of each flow' },
    runs: { initial: 3, help: 'processes for each line' },
    dist: { initial: 'dist', help: 'folder of the built program' },
  },
);

const counts = options.flows.split(',').map(Number);
const one = resolve(import.meta.dirname, 'concurrent-run.mjs');
const lines = [];
for (const preset of options.presets.split(',')) {
  /** @type {Record<number, number[]>} */
  const totals = {};
  const results = Object.fromEntries(counts.map((flows) => [flows, []]));
  // In turns, so that what else the machine does falls on all of them.
  for (let run = 0; run < options.runs; run++) {
    for (const flows of counts) {
      const words = ['--expose-gc', one, resolve(options.dist), preset, String(flows), String(options.frames)];
      results[flows].push(JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })));
    }
  }
  for (const flows of counts) {
    const of = (name) => results[flows].map((result) => result[name]);
    totals[flows] = results[flows].map(({ stage, meter }) => stage + meter);
    const ratio = totals[flows].map((total, run) => total / totals[counts[0]][run]);
    lines.push([
      preset,
      count(flows),
      medianText(of('first'), 0),
      medianText(of('stage'), 0),
      medianText(of('meter'), 0),
      medianText(totals[flows], 0),
      medianText(ratio),
      medianText(of('bytes'), 0),
    ]);
  }
}

const text = table(
  [
    'preset',
    'flows open',
    'first frame of a flow, ns',
    'walk, key, gather: ns a frame',
    'flow table, update: ns a frame',
    'together',
    `× ${count(counts[0])} flows`,
    'bytes a flow',
  ],
  lines,
);
const how = `Median (least–greatest) of ${options.runs} processes, CPU time. UDP frames of 60 bytes made in memory, so that nothing is read; after the first frame of each flow, the flow of every further one is chosen at random, which no cache can foresee. Each process counts its fastest of eight equal parts. Bytes a flow: memory of the process after the first frames less that before, divided by the flows (records, index, lists).`;
writeSection(
  options.output,
  'Many flows at once',
  [taken(ownCall('node bench/concurrent.mjs')), how, text].join('\n\n'),
);
console.log(text);
