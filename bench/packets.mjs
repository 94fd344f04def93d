import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { frameCount, writeFirst } from './capture.mjs';
import { ratiosOf } from './goals.mjs';
import { captureText, ownCall, taken } from './machine.mjs';
import { shown, which } from './measure.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { packetPeers } from './packets-peers.mjs';
import { count, medianText, megabytes, table, writeSection } from './report.mjs';
import { takeTurns } from './rounds.mjs';
import { median } from './statistics.mjs';
import { writeSynthetic } from './synthetic.mjs';

const call = 'node bench/packets.mjs';
const options = optionsOf(
  call,
  'Runs packetloom packets and inspect, and what else prints fields of frames, in turn.',
  {
    ...common,
    runs: { initial: 5, help: 'rounds' },
    'slow-runs': { initial: 1, help: 'rounds in which the slow ones take part' },
    'slow-frames': { initial: 50_000, help: 'frames that the libraries in Python read' },
    'tree-frames': { initial: 300_000, help: 'frames of the field trees' },
    python: { initial: 'python3', help: 'interpreter that has scapy and dpkt' },
    only: { help: 'some of the names in the section, with commas' },
  },
);

const folder = temporaryFolder();
const whole = options.capture ? resolve(options.capture) : join(folder, 'synthetic.pcap');
if (!options.capture) writeSynthetic(whole, options.frames);
const captures = {
  whole,
  tree: first('first-tree.pcap', options['tree-frames']),
  slow: first('first-slow.pcap', options['slow-frames']),
};
const frames = Object.fromEntries(Object.entries(captures).map(([part, path]) => [part, frameCount(path) ?? 0]));

const peers = packetPeers(options.python, folder)
  .filter(({ name }) => !options.only || options.only.split(',').includes(name))
  .filter(isThere);
const conditions = { count: options.runs, slow: options['slow-runs'], pinned: options.pin === 'on' };
const { costs, rows } = await takeTurns(peers, contextOf, conditions, folder);

/** CPU time by which packetloom is to be faster: [packetloom, peer, times]. */
const goals = [
  ['packetloom-5', 'tshark-5', 40],
  ['packetloom-inspect', 'tshark-json', 5],
];

const result = table(
  ['tool', 'frames', 'CPU s', 'CPU µs/frame', 'wall s', 'peak MB', 'rows', 'output MB', 'runs'],
  peers.map(({ name, title, part }) => {
    const own = costs.get(name) ?? [];
    const cpu = own.map((cost) => cost.cpu);
    const peaks = own.flatMap(({ peak }) => peak ?? []);
    const written = rows.get(name);
    return [
      title,
      count(frames[part]),
      medianText(cpu),
      medianText(cpu.map((value) => (value === null ? null : (value * 1e6) / frames[part]))),
      medianText(own.map(({ seconds }) => seconds)),
      peaks.length === 0 ? '–' : megabytes(Math.max(...peaks)),
      count(written?.packets ?? null),
      megabytes(written?.size ?? null),
      own.length,
    ];
  }),
);
const parts = [
  taken(ownCall(call)),
  await captureText(whole),
  `Medians (least–greatest), ${conditions.pinned ? 'pinned to one core' : 'not pinned'}; CPU time is user and system of all processes, compilation of code at run time included. Where fewer frames are stated, the first of the capture were read. Rows went to a file, field trees to /dev/null.`,
  result,
  ratioTable(),
  sameBytes(),
  `What ran:\n\n${commands()}`,
];
writeSection(options.output, 'Fields of frames', parts.filter(Boolean).join('\n\n'));
console.log(`\n${result}\n\n${ratioTable()}\n\n${sameBytes()}`);

/** How many times the CPU time for each frame packetloom's is, round by round. */
function ratioTable() {
  const of = (name) =>
    name.endsWith('-40') ? 'packetloom-40' : name.includes('json') ? 'packetloom-inspect' : 'packetloom-5';
  const lines = peers.flatMap(({ name, title, part }) => {
    const base = peers.find((peer) => peer.name === of(name));
    if (name.startsWith('packetloom') || base === undefined) return [];
    const ratios = ratiosOf(costs, name, base.name, 'cpu').map((ratio) => (ratio * frames[base.part]) / frames[part]);
    if (ratios.length === 0) return [];
    const goal = goals.find(([own, other]) => own === base.name && other === name);
    const reached = goal === undefined ? '–' : median(ratios) >= goal[2] ? 'yes' : '**no**';
    return [[`${title}, beside ${base.title}`, medianText(ratios, 1), goal?.[2] ?? '–', reached]];
  });
  return table(['CPU time per frame', 'times packetloom’s', 'at least', 'reached'], lines);
}

/** Which of the peers on the same frames wrote the very bytes that packetloom did. */
function sameBytes() {
  const texts = ['packetloom-5', 'packetloom-40'].flatMap((own) => {
    const digest = rows.get(own)?.digest;
    if (digest === undefined) return [];
    const size = own.slice('packetloom'.length);
    const others = peers.filter(({ name, part }) => part === 'whole' && name !== own && rows.get(name) !== undefined);
    const asked = others.filter(({ name }) => name.endsWith(size));
    return asked.map(({ name }) => `${name}: ${rows.get(name)?.digest === digest ? 'yes' : 'no'}`);
  });
  return texts.length === 0 ? '' : `The same bytes as packetloom’s rows of the same fields: ${texts.join(', ')}.`;
}

function commands() {
  const lines = peers.map((peer) => {
    const version = peer.version ? ` ${peer.version()}` : '';
    return `- ${peer.name}${version}: \`${shown(peer.command(contextOf(peer)))}\`${peer.note ? `; ${peer.note}` : ''}`;
  });
  return lines.join('\n');
}

/** @param {import('./packets-peers.mjs').PacketPeer} peer */
function contextOf({ name, part }) {
  return { capture: captures[part], program: resolve(options.program), folder: join(folder, name) };
}

function first(name, length) {
  const path = join(folder, name);
  writeFirst(whole, path, length);
  return path;
}

function isThere({ name, needs, missing }) {
  const reasons = needs.filter((program) => which(program) === null).map((program) => `${program} is not installed`);
  if (missing !== undefined) reasons.push(missing);
  if (name.startsWith('packetloom') && !existsSync(options.program)) reasons.push(`${options.program} is not built`);
  if (reasons.length > 0) console.log(`${name} skipped: ${reasons.join(', ')}`);
  return reasons.length === 0;
}
