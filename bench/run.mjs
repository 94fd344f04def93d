import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { goalsText } from './goals.mjs';
import { captureText, ownCall, taken } from './machine.mjs';
import { shown, which } from './measure.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { peers } from './peers.mjs';
import { writeSection } from './report.mjs';
import { resultTable } from './result-table.mjs';
import { takeTurns } from './rounds.mjs';
import { writeSynthetic } from './synthetic.mjs';

const call = 'npm run bench --';
const options = optionsOf(call, 'Runs packetloom and the flow meters that are installed in turn.', {
  ...common,
  runs: { initial: 5, help: 'rounds' },
  'slow-runs': { initial: 1, help: 'rounds in which the slow ones take part' },
  pin: { ...common.pin, initial: 'both', choice: ['on', 'off', 'both'] },
  only: { help: `some of ${peers.map(({ name }) => name).join(',')}; packetloom means both` },
});

const chosen = peers.filter(isChosen).filter(isInstalled);
if (chosen.length === 0) {
  console.error(`${call}: nothing to run`);
  process.exit(2);
}
const folder = temporaryFolder();
const capture = options.capture ? resolve(options.capture) : join(folder, 'synthetic.pcap');
if (!options.capture) writeSynthetic(capture, options.frames);
const about = await captureText(capture);

for (const pinned of { on: [true], off: [false], both: [true, false] }[options.pin]) {
  if (pinned && which('taskset') === null) {
    console.log('pinned runs skipped: taskset (package util-linux) is not installed');
    continue;
  }
  const rounds = { count: options.runs, slow: options['slow-runs'], pinned };
  const results = await takeTurns(chosen, contextOf, rounds, folder);
  if ([...results.costs.values()].flat().length === 0) continue;
  const resultText = resultTable(results);
  const goals = pinned ? goalsText(results.costs) : '';
  const reading =
    'Medians (least–greatest); peak memory is the greatest of all runs, summed over the processes of a tool.';
  const parts = [taken(ownCall(call)), about, reading, resultText, goals, `What ran:\n\n${commands()}`];
  const heading = `Flow meters, ${pinned ? 'pinned to one core' : 'not pinned'}`;
  writeSection(options.output, heading, parts.filter(Boolean).join('\n\n'));
  console.log(`\n${heading}\n\n${resultText}\n\n${goals}\n`);
}

/** @returns {import('./peers.mjs').Context} */
function contextOf(peer) {
  return { capture, program: resolve(options.program), folder: join(folder, peer.name) };
}

function commands() {
  const lines = chosen.map((peer) => {
    const version = peer.version ? ` ${peer.version()}` : '';
    return `- ${peer.name}${version}: \`${shown(peer.command(contextOf(peer)))}\`${peer.note ? `; ${peer.note}` : ''}`;
  });
  return lines.join('\n');
}

function isChosen({ name }) {
  return !options.only || options.only.split(',').some((word) => name === word || name.startsWith(`${word}-`));
}

function isInstalled({ name, needs }) {
  const missing = needs.filter((program) => which(program) === null).map((program) => `${program} is not installed`);
  if (name.startsWith('packetloom') && !existsSync(options.program)) missing.push(`${options.program} is not built`);
  if (missing.length > 0) console.log(`${name} skipped: ${missing.join(', ')}`);
  return missing.length === 0;
}
