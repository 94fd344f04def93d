import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, createWriteStream, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { defaultFlowSettings, runFlows, standardRegistry } from '../../cli/library.ts';
import { ClockReport } from '../../cli/operation/clock-report.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import type { ClockStep, RunState } from '../../core/run/flow-run.ts';
import { datagram, memoryReader } from '../flows/timed.ts';
import { factsOf } from './support/capture.ts';
import { addressOf, main, office, type Running, rowsOf, start, temporaryFolder } from './support/command.ts';
import { eventually, missing, need, python } from './support/needs.ts';

const folder = temporaryFolder();
const { frames: FRAMES, ip: USED } = factsOf(readFileSync(office));

/** A run that reads a capture from its standard input and then waits for more; what it has said on stderr so far. */
function waiting(...words: readonly string[]) {
  const running = start(['flows', '-', ...words], folder.path);
  let heard = '';
  running.child.stderr!.on('data', (more) => {
    heard += more;
  });
  running.child.stdin!.write(readFileSync(office));
  return { ...running, said: (wanted: RegExp) => eventually(() => wanted.exec(heard) ?? undefined) };
}

/** Sends a signal until it has been answered: nothing says that a run is far enough to hear it. */
async function ask({ child }: Running, signal: NodeJS.Signals, said: () => Promise<RegExpExecArray>) {
  const timer = setInterval(() => child.kill(signal), 200);
  try {
    return await said();
  } finally {
    clearInterval(timer);
  }
}

/** Resolves when the command listens to signals: a program that has not begun is ended by them. */
async function listening({ child }: Running): Promise<void> {
  // SigCgt is the mask of signals that the process handles; SIGHUP is 1.
  const caught = () => /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  await eventually(() => ((BigInt(`0x${caught() ?? '0'}`) & 1n) === 1n ? true : undefined));
}

test('SIGUSR1 prints the statistics so far and does not end the run, nor start the inspector', async (context) => {
  need(context, process.platform === 'linux' ? undefined : '/proc is not here');
  const running = waiting('-o', 'asked.csv');
  await listening(running);
  const [, open, read, used] = await ask(running, 'SIGUSR1', () =>
    running.said(/so far, with ([\d,]+) flows open:\nframes {4}([\d,]+) read = ([\d,]+) used .*\nflows .*\n/),
  );
  expect([read, used]).toEqual([FRAMES, USED].map((count) => count.toLocaleString('en')));
  expect(Number(open)).toBeGreaterThan(0);
  running.child.stdin!.end();
  const { code, stderr } = await running.finished;
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/debugger|inspector/i);
  expect(stderr).toMatch(/output {4}csv asked\.csv, \d+ rows/);
});

/** Frames in all rows of a file of the preset basic. */
function framesIn(csv: string): number {
  return rowsOf(csv).reduce((sum, row) => sum + Number(row.fwd_frames) + Number(row.bwd_frames), 0);
}

test('SIGHUP without an output that rotates says so, and the run goes on', async (context) => {
  need(context, process.platform === 'linux' ? undefined : '/proc is not here');
  const running = waiting('--quiet');
  await listening(running);
  await ask(running, 'SIGHUP', () => running.said(/SIGHUP: no output of this run rotates; the run goes on/));
  running.child.stdin!.end();
  const { code, stdout } = await running.finished;
  expect([code, framesIn(stdout)]).toEqual([0, USED]);
});

test('SIGTERM while the summary is written does not cut it off', async () => {
  // Written under this name first: it waits until the pipe is read.
  const pipe = join(folder.path, 'late.json.partial');
  execFileSync('mkfifo', [pipe]);
  const running = start(['flows', office, '--quiet', '-o', 'late.csv', '--summary', 'late.json'], folder.path);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  await eventually(() => existsSync(join(folder.path, 'late.csv')) || undefined);
  running.child.kill('SIGTERM');
  expect(JSON.parse(await readFile(pipe, 'utf8')).frames.read).toBe(FRAMES);
  expect(await running.finished).toMatchObject({ code: 0, signal: null, stderr: '' });
});

/** Waits until a run has read so many frames, by its metrics. */
const framesRead = (address: string, frames: number) =>
  eventually(async () => {
    const metrics = await (await fetch(`${address}/metrics`)).text();
    return metrics.includes(`packetloom_frames_read_total ${frames}\n`) || undefined;
  });

test('SIGTERM ends a run over a named pipe whose writer is silent, with all rows so far', async () => {
  const pipe = join(folder.path, 'silent');
  execFileSync('mkfifo', [pipe]);
  const running = start(['flows', pipe, '--quiet', '-o', 'silent.csv', '--metrics', '0'], folder.path);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  const address = await addressOf(running);
  const writer = createWriteStream(pipe);
  writer.write(readFileSync(office));
  await framesRead(address, FRAMES);
  running.child.kill('SIGTERM');
  expect(await running.finished).toMatchObject({ code: 143, signal: null });
  expect(framesIn(readFileSync(join(folder.path, 'silent.csv'), 'utf8'))).toBe(USED);
  writer.on('error', () => {}).destroy();
});

/** More rows than a pipe has room for. */
async function manyRows(): Promise<string> {
  const { writeSmallFrames } = await import(new URL('../../bench/small-frames.mjs', import.meta.url).href);
  const capture = join(folder.path, 'many.pcap');
  writeSmallFrames(capture, 5000, 5000);
  return capture;
}

test.each(['before it has a reader', 'while its reader takes nothing'])(
  'a second SIGTERM ends a run that waits for a named pipe, %s',
  async (when) => {
    const pipe = join(folder.path, when);
    execFileSync('mkfifo', [pipe]);
    // Opened to read, and never read.
    const reader = when.startsWith('while') ? openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK) : undefined;
    const capture = await manyRows();
    const running = start(['flows', capture, '--quiet', '-o', `csv:${pipe}`, '--metrics', '0'], folder.path);
    onTestFinished(() => void running.child.kill('SIGKILL'));
    const address = await addressOf(running);
    // What comes first holds it up: the pipe, or what does not fit into it.
    if (reader !== undefined) await framesRead(address, 5000);
    for (let i = 0; i < 2; i += 1) {
      running.child.kill('SIGTERM');
      await delay(200);
    }
    expect(await running.finished).toMatchObject({ code: 143, signal: null });
    if (reader !== undefined) closeSync(reader);
  },
);

test('SIGHUP completes the file and begins another one; no row is lost or twice', async (context) => {
  need(context, process.platform === 'linux' ? undefined : '/proc is not here');
  const running = waiting('-o', 'rotated.csv');
  const { stdin } = running.child;
  // Each time the clock goes back and all flows end: more rows than wait for others to come.
  const again = () => {
    for (let i = 0; i < 10; i += 1) stdin!.write(readFileSync(office).subarray(24));
  };
  again();
  await listening(running);
  await ask(running, 'SIGUSR1', () => running.said(/14,850 read/));
  running.child.kill('SIGHUP');
  await eventually(() => {
    again();
    return existsSync(join(folder.path, 'rotated.csv')) || undefined;
  });
  stdin!.end();
  const { code, stderr } = await running.finished;
  expect(code).toBe(0);
  const names = readdirSync(folder.path).filter((name) => name.startsWith('rotated'));
  expect(names.sort()).toEqual(['rotated-000001.csv', 'rotated.csv']);
  const frames = names.map((name) => framesIn(readFileSync(join(folder.path, name), 'utf8')));
  const times =
    Number(/([\d,]+) read = /.exec(stderr.slice(stderr.lastIndexOf('frames ')))![1]!.replaceAll(',', '')) / FRAMES;
  expect(frames[0]! + frames[1]!).toBe(times * USED);
  expect(Math.min(...frames)).toBeGreaterThan(0);
});

test('a terminal that goes away ends the run in order, as SIGHUP does, with complete rows', async (context) => {
  need(context, missing(python, '-c', 'import pty'));
  const pipe = join(folder.path, 'endless.pcap');
  execFileSync('mkfifo', [pipe]);
  const script = join(import.meta.dirname, 'support', 'on-terminal.py');
  const words = [script, '--hang-up', process.execPath, main, 'flows', pipe, '-o', 'hung.csv'];
  const child = spawn(python, words, { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  // The same frames again and again, until nobody reads them any more.
  const file = readFileSync(office);
  function* endless() {
    yield file;
    for (;;) yield file.subarray(24);
  }
  await expect(pipeline(endless, createWriteStream(pipe))).rejects.toMatchObject({ code: 'EPIPE' });
  // By the signal itself, as a shell expects of a program that cleans up before it obeys.
  expect(await said).toBe('-1\n');
  const rows = readFileSync(join(folder.path, 'hung.csv'), 'utf8');
  expect(rows.endsWith('\n')).toBe(true);
  expect(rowsOf(rows).length).toBeGreaterThan(0);
});

/** Runs datagrams at these seconds; what the run says of its steps and its state. */
async function stepsOf(seconds: readonly number[]) {
  const steps: ClockStep[] = [];
  let state: (() => RunState) | undefined;
  const registry = standardRegistry();
  const result = await runFlows({
    registry,
    reader: memoryReader(
      seconds.map((second) => datagram(1000 * second, 1000, 2000)),
      1,
    ),
    features: expandFeatures(registry, [{ name: 'frames', value: 'frames', at: '' }]),
    settings: defaultFlowSettings,
    open: async () => [],
    observe: (ask) => {
      state = ask;
    },
    onClockStep: (step) => steps.push(step),
  });
  return { steps, result, state: state!() };
}

test('a step of the clock is told with where it stood and where it goes on; disorder is no step', async () => {
  const { steps, result, state } = await stepsOf([100, 101, 95, 50, 51, 20]);
  // The frames begin at 1,700,000,000.
  expect(steps).toEqual([
    { from: '1700000101.000000000', to: '1700000050.000000000', count: 1 },
    { from: '1700000051.000000000', to: '1700000020.000000000', count: 2 },
  ]);
  expect(result.disorder).toEqual({ frames: 1, steps: 2, reordered: 0 });
  expect([state.clock, state.openFlows, state.frames.read]).toEqual(['1700000020.000000000', 0, 6]);
});

test('steps are told with size and time, at most one line a second', () => {
  const said: string[] = [];
  const report = new ClockReport((line) => said.push(line));
  const step = (count: number) => ({ from: '1700003600.250000000', to: '1700000000.000000000', count });
  report.frames(step(1), 5000);
  report.frames(step(2), 5500);
  report.frames(step(3), 5999);
  report.frames(step(4), 6000);
  expect(said).toEqual([
    'time of frames went back 3600.250000000 s to 2023-11-14T22:13:20.000Z: all flows open then have ended',
    'time of frames went back 3600.250000000 s to 2023-11-14T22:13:20.000Z: all flows open then have ended (3 steps since the last such line)',
  ]);
});

test("a step of the system's clock is told, both ways; what it is corrected by all the time is not", () => {
  const said: string[] = [];
  const report = new ClockReport((line) => said.push(line));
  const look = (wall: number, steady: number) => report.system(1_700_000_000_000 + wall, steady);
  look(0, 0);
  look(1000.4, 1000);
  look(3_602_000, 2000);
  look(3_603_000, 3000);
  look(4000, 4000);
  expect(said).toEqual([
    "the system's clock stepped by +3600.000 s to 2023-11-14T23:13:22.000Z",
    "the system's clock stepped by -3600.000 s to 2023-11-14T22:13:24.000Z",
  ]);
});
