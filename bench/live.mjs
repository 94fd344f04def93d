import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, machineTime, makeNetwork, usage } from './live-network.mjs';
import { ownCall, taken } from './machine.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { count, table, writeSection } from './report.mjs';
import { writeSmallFrames } from './small-frames.mjs';

const SOURCES = ['dumpcap', 'tcpdump', 'cap'];
/** Frames of the capture that is sent again and again. */
const LOOP = 10_000;
/** Seconds between two looks at memory. */
const LOOK = 10;

const options = optionsOf(
  'node bench/live.mjs',
  'Captures small frames live: does every frame that the interface received turn up, read or counted as lost? (root, Linux)',
  {
    source: { help: 'live source; without it each of them in turn', choice: SOURCES },
    preset: { initial: 'basic', help: 'preset' },
    rate: { initial: 100_000, help: 'frames sent in a second' },
    topspeed: { initial: 'off', choice: ['on', 'off'], help: 'as many frames as can be sent, in place of --rate' },
    seconds: { initial: 60, help: 'how long is sent' },
    flows: { initial: 1000, help: 'flows that the frames are of' },
    soak: { help: 'in place of --seconds: minutes (20m); looks at memory every 10 s' },
    label: { help: 'heading of a section in the page of results; without it no section is written' },
    json: { initial: 'off', choice: ['on', 'off'], help: 'print the results as JSON' },
    program: common.program,
  },
);
const folder = temporaryFolder();
const seconds = options.soak === undefined ? options.seconds : 60 * Number.parseFloat(options.soak);
const capture = join(folder, 'small.pcap');
writeSmallFrames(capture, LOOP, options.flows);

const ended = (child) => new Promise((done) => child.on('close', (code) => done(code)));

/** Bytes that memory grows in a minute, by least squares over the second half of the looks. */
function slope(looks) {
  const late = looks.slice(Math.floor(looks.length / 2));
  if (late.length < 3) return null;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [t, m] = [mean(late.map(({ at }) => at)), mean(late.map(({ resident }) => resident))];
  const above = late.reduce((sum, { at, resident }) => sum + (at - t) * (resident - m), 0);
  return (60 * above) / late.reduce((sum, { at }) => sum + (at - t) ** 2, 0);
}

/** One run: sends, stops, and adds up. @param {string} source */
async function measure(source) {
  const network = makeNetwork();
  const summary = join(folder, `${source}.json`);
  const output = join(folder, `${source}.csv`);
  const words = ['flows', '-i', 'near', '--source', source, '-p', options.preset, '-o', output, '--summary', summary];
  const program = [process.execPath, resolve(options.program), ...words, '--quiet'];
  const meter = network.startNear(program, ['ignore', 'ignore', 'inherit']);
  const finished = ended(meter);
  const load = loadavg()[0];
  await network.listening();
  await delay(500);
  const [capturer] = childrenOf(meter.pid);
  const before = {
    meter: usage(meter.pid),
    capturer: usage(capturer),
    machine: machineTime(),
    received: network.received(),
  };
  const rate = options.topspeed === 'on' ? ['--topspeed'] : [`--pps=${options.rate}`];
  const sender = network.startFar(
    ['tcpreplay', '-q', '-i', 'far', '--preload-pcap', ...rate, '--loop=0', `--duration=${seconds}`, capture],
    ['ignore', 'ignore', 'inherit'],
  );
  const sent = ended(sender);
  const started = performance.now();
  const looks = [];
  const timer = setInterval(() => {
    looks.push({ at: (performance.now() - started) / 1000, resident: usage(meter.pid).resident });
  }, LOOK * 1000);
  await sent;
  clearInterval(timer);
  const took = (performance.now() - started) / 1000;
  // What is in the buffers is read first: as long as more comes.
  for (let last = -1, now = 0; now !== last; last = now, now = usage(meter.pid).user) await delay(2000);
  const after = {
    meter: usage(meter.pid),
    capturer: usage(capturer),
    machine: machineTime(),
    received: network.received(),
  };
  meter.kill('SIGINT');
  const code = await finished;
  network.remove();
  if (code !== 0) throw new Error(`${source}: the run ended with ${code}`);
  const { frames, drops } = JSON.parse(readFileSync(summary, 'utf8'));
  const received = after.received - before.received;
  const known = drops.kernel !== null && drops.application !== null;
  const busy = (after.machine.busy - before.machine.busy) / (after.machine.all - before.machine.all);
  const share = (who) => (after[who].user + after[who].system - before[who].user - before[who].system) / took;
  return {
    source,
    seconds: took,
    rate: received / took,
    received,
    read: frames.read,
    kernel: drops.kernel,
    application: drops.application,
    missing: received - frames.read - (drops.kernel ?? 0) - (drops.application ?? 0),
    holds: known ? received === frames.read + drops.kernel + drops.application : null,
    meter: { cores: share('meter'), peak: after.meter.peak, slope: slope(looks) },
    capturer: { cores: share('capturer'), peak: after.capturer.peak },
    machine: busy,
    load,
    looks,
  };
}

const unknown = (value) => (value === null ? 'unknown' : count(value));
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
const rowOf = (one) => [
  one.source,
  count(Math.round(one.rate)),
  count(one.received),
  count(one.read),
  unknown(one.kernel),
  unknown(one.application),
  one.holds === null ? `cannot know (${count(one.missing)} missing)` : one.holds ? 'yes' : `no: ${count(one.missing)}`,
  `${(100 * one.meter.cores).toFixed(0)} %`,
  `${(100 * one.capturer.cores).toFixed(0)} %`,
  `${(100 * one.machine).toFixed(0)} %`,
  megabytes(one.meter.peak),
  megabytes(one.capturer.peak),
  one.meter.slope === null ? '–' : (one.meter.slope / 1e6).toFixed(2),
];
const columns = [
  'source',
  'frames/s',
  'interface received',
  'read',
  'kernel drops',
  'application drops',
  'adds up',
  'packetloom, of a core',
  'capturing process',
  'machine busy',
  'packetloom, MB',
  'capturing, MB',
  'growth, MB/min',
];

const results = [];
for (const source of options.source === undefined ? SOURCES : [options.source]) results.push(await measure(source));
const text = table(columns, results.map(rowOf));
console.log(options.json === 'on' ? JSON.stringify(results) : text);
if (options.json !== 'on') {
  for (const { source, looks } of results) {
    if (looks.length > 0)
      console.log(`${source}, MB every ${LOOK} s: ${looks.map(({ resident }) => megabytes(resident)).join(' ')}`);
  }
}
if (options.label !== undefined) {
  const conditions = `${taken(ownCall('node bench/live.mjs'))}

Frames of 60 bytes in ${count(options.flows)} flows, sent by tcpreplay through a veth pair into another network namespace on the
same machine for ${seconds.toFixed(0)} s, preset ${options.preset}. "Adds up": interface receive counter = frames read + kernel drops + application drops.
Processor time is that of one core; memory is the peak resident set; growth is the slope over the second half of the run.`;
  writeSection(resolve(options.output), options.label, `${conditions}\n\n${text}`);
}
process.exitCode = results.some(({ holds }) => holds === false) ? 1 : 0;
