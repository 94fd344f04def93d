import { ownCall, taken } from './machine.mjs';
import { measure } from './measure.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { medianText, table, withoutFolders, writeSection } from './report.mjs';
import { ratioInterval } from './statistics.mjs';

const options = optionsOf(
  'node bench/compare.mjs',
  'Runs two shell commands in pairs: how much slower is the second?',
  {
    first: { help: 'shell command, the base' },
    second: { help: 'shell command to compare with it' },
    label: { help: 'heading of the section; without it no section is written' },
    pairs: { initial: 20, help: 'alternating pairs, at least 5' },
    value: { initial: 'seconds', choice: ['seconds', 'cpu', 'peak'], help: 'what to compare' },
    limit: { help: 'exit status 1 when the upper end of the interval is not below it' },
    pin: common.pin,
  },
);
if (!options.first || !options.second) {
  console.error('node bench/compare.mjs: --first and --second are needed');
  process.exit(2);
}

const conditions = { pinned: options.pin === 'on', folder: temporaryFolder() };
const values = { first: [], second: [] };
for (let pair = -1; pair < options.pairs; pair++) {
  // Every other pair the other way round, so that neither profits from its place.
  const order = pair % 2 === 0 ? ['first', 'second'] : ['second', 'first'];
  for (const name of order) {
    const cost = await measure({ stages: [['sh', '-c', options[name]]] }, conditions);
    if (pair >= 0) values[name].push(cost[options.value]);
  }
}

const { ratio, lower, upper } = ratioInterval(values.second.map((value, pair) => value / values.first[pair]));
const interval = `${ratio.toFixed(4)} (${lower.toFixed(4)}–${upper.toFixed(4)})`;
const result = table(
  ['median (least–greatest)', options.value],
  [
    [`first: \`${withoutFolders(options.first)}\``, medianText(values.first, 3)],
    [`second: \`${withoutFolders(options.second)}\``, medianText(values.second, 3)],
    ['second / first, geometric mean of the pairs with 95 % interval', interval],
  ],
);
const how = `${options.pairs} alternating pairs, ${conditions.pinned ? 'pinned to one core' : 'not pinned'}, after one pair to warm up.`;
const parts = [taken(ownCall('node bench/compare.mjs')), how, result];
if (options.label) writeSection(options.output, options.label, parts.join('\n\n'));
console.log(result);
if (options.limit && !(upper < Number(options.limit))) {
  console.error(`the upper end ${upper.toFixed(4)} is not below ${options.limit}`);
  process.exitCode = 1;
}
