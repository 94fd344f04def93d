import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { has, required } from '../flows/support.ts';
import { captureOf } from './support/capture.ts';
import { office, rowsOf, run, start, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** An empty folder to be watched. */
function watched(name: string): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  // A program that gives up its rights writes into it too.
  execFileSync('chmod', ['777', folder.path, path]);
  return path;
}

/** Waits until something holds. */
async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
    await pause(20);
  }
}

const summaryIn = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

/** Records of a pcap file that lie wholly before a place. */
function wholeRecords(bytes: Buffer, end: number): number {
  let records = 0;
  for (let at = 24; at + 16 <= end; records += 1) {
    at += 16 + bytes.readUInt32LE(at + 8);
    if (at > end) break;
  }
  return records;
}

describe('flows --watch', () => {
  test('of files that are there gives the rows of those files, and their old times do not end flows', async () => {
    const path = watched('archive');
    copyFileSync(office, join(path, 'a.pcap'));
    const csv = join(folder.path, 'archive.csv');
    const summary = join(folder.path, 'archive.json');
    const words = [
      'flows',
      '--watch',
      path,
      '-o',
      csv,
      '--summary',
      summary,
      '--watch-delay',
      '1s',
      '--duration',
      '2s',
    ];
    const { code, stderr } = await run(words);
    expect([code, stderr.split('\n').filter((line) => line.startsWith('packetloom'))]).toEqual([0, []]);
    const plain = await run(['flows', office]);
    expect(
      rowsOf(readFileSync(csv, 'utf8'))
        .map(({ flow_id }) => flow_id)
        .sort(),
    ).toEqual(
      rowsOf(plain.stdout)
        .map(({ flow_id }) => flow_id)
        .sort(),
    );
    // Nine of ten seconds of traffic are silence for most flows: an idle end by wall time would show.
    const { flows, frames, inputs } = summaryIn(summary);
    expect(flows.byEndReason).toEqual({ idle: 0, active: 0, end: 80, forced: 81, resources: 0 });
    expect(frames.read).toBe(1350);
    expect(inputs).toMatchObject([{ name: path, format: 'folder', frames: 1350, files: 1, interruptions: 0 }]);
  });

  test('gives rows of quiet flows by the wall clock while new frames are followed', async () => {
    const path = watched('now');
    const state = join(folder.path, 'now.json');
    const words = ['--idle-timeout', '1s', '--watch-delay', '3s', '--watch-state', state];
    const { child, finished } = start(['flows', '--watch', path, ...words]);
    children.add(child);
    let rows = '';
    child.stdout!.on('data', (text) => {
      rows += text;
    });
    await until('it watches', () => existsSync(state));
    const now = BigInt(Date.now()) * 1_000_000n;
    writeFileSync(
      join(path, 'a.pcap'),
      captureOf([{ nanoseconds: now, source: ['10.0.0.1', 1], destination: ['10.0.0.2', 2], payload: 9 }]),
    );
    await until('a row of the quiet flow', () => rows.split('\n').length === 3);
    child.kill('SIGTERM');
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(rowsOf(stdout).map(({ src_port, end_reason }) => [src_port, end_reason])).toEqual([['1', 'idle']]);
  });

  test('ends in order at SIGINT, and goes on with the next frame in the next run', async () => {
    const path = watched('state');
    const bytes = readFileSync(office);
    const file = join(path, 'a.pcap');
    const state = join(folder.path, 'state.json');
    const counts: number[] = [];
    for (const [i, end] of [20_000, 20_500, bytes.length].entries()) {
      writeFileSync(file, bytes.subarray(0, end));
      const summary = join(folder.path, `state-${i}.json`);
      const { child, finished } = start([
        'flows',
        ...['--watch', path, '--watch-state', state, '--summary', summary],
        ...['-o', join(folder.path, `state-${i}.csv`)],
      ]);
      children.add(child);
      // What has been read is in the state when there is nothing more.
      const whole = wholeRecords(bytes, end);
      await until(`${whole} frames`, () => existsSync(state) && summaryIn(state).files[0]?.frames === whole);
      child.kill('SIGINT');
      expect((await finished).code).toBe(0);
      counts.push(summaryIn(summary).frames.read);
    }
    const wholes = [20_000, 20_500, bytes.length].map((end) => wholeRecords(bytes, end));
    expect(wholes.at(-1)).toBe(1350);
    expect(counts).toEqual([wholes[0], wholes[1]! - wholes[0]!, wholes[2]! - wholes[1]!]);
  });

  test('kill -9: the next run goes on where the state was saved last, so that no frame is left out', async () => {
    const path = watched('killed');
    const bytes = readFileSync(office);
    const file = join(path, 'a.pcap');
    const state = join(folder.path, 'killed.json');
    const words = ['flows', '--watch', path, '--watch-state', state];
    writeFileSync(file, bytes.subarray(0, 60_000));
    const { child, finished } = start([...words, '-o', join(folder.path, 'killed.csv')]);
    children.add(child);
    await until('frames in the state', () => existsSync(state) && summaryIn(state).files[0]?.frames > 0);
    appendFileSync(file, bytes.subarray(60_000));
    child.kill('SIGKILL');
    expect((await finished).signal).toBe('SIGKILL');
    const { frames: saved } = summaryIn(state).files[0];
    const summary = join(folder.path, 'killed-summary.json');
    const output = ['-o', join(folder.path, 'rest.csv'), '--summary', summary];
    expect((await run([...words, ...output, '--duration', '2s'])).code).toBe(0);
    expect(saved).toBeLessThan(1350);
    expect(summaryIn(summary).frames.read).toBe(1350 - saved);
  });

  test('a damaged file is told, and the exit code says so', async () => {
    const path = watched('damaged');
    writeFileSync(join(path, 'a.pcap'), readFileSync(office).subarray(0, 5000));
    copyFileSync(office, join(path, 'b.pcap'));
    const { code, stderr } = await run([
      'flows',
      '--watch',
      path,
      '--watch-quiet',
      '100ms',
      '--duration',
      '2s',
      '-o',
      join(folder.path, 'damaged.csv'),
    ]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^packetloom: .*a\.pcap: damaged at byte \d+: record cut short/m);
  });

  test('options that do not go together are refused', async () => {
    const path = watched('usage');
    for (const [words, why] of [
      [['--watch', path, office], 'captures and --watch cannot be read in one run'],
      [['--watch', path, '-i', 'lo'], 'an interface and --watch'],
      [['--watch', path, '--merge'], 'the files of --watch are read one after the other'],
      [['--watch', path, '-f', 'tcp'], '--filter: is for live capture'],
      [['--watch-state', 'x', office], '--watch-state: is for --watch'],
      [['--watch', office], 'is not a folder'],
      [['--watch', path, '--watch-quiet', 'soon'], 'expected a duration'],
    ] as const) {
      const { code, stderr } = await run(['flows', ...words]);
      expect([code, stderr.includes(why)], stderr).toEqual([2, true]);
    }
  });
});

test('packets --watch gives rows as they come', async () => {
  const path = watched('packets');
  copyFileSync(office, join(path, 'a.pcap'));
  const { code, stdout } = await run([
    'packets',
    '--watch',
    path,
    '--fields',
    'frame.number,ip.src',
    '--count',
    '1350',
  ]);
  expect(code).toBe(0);
  expect(stdout).toBe((await run(['packets', office, '--fields', 'frame.number,ip.src'])).stdout);
});

/** Why nothing can be captured here; undefined when it can. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'capturing needs root';
  return ['dumpcap', 'tcpdump', 'mergecap'].find((program) => !has(program));
}

const why = obstacle();
if (why !== undefined && required) throw new Error(`tests of rotated captures: ${why}`);
if (why !== undefined) console.log(`skipped: real rotation: ${why}`);

describe.skipIf(why !== undefined)('captures that are rotated', () => {
  const sender = createSocket('udp4');
  const receiver = createSocket('udp4');
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.bind(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => sender.bind(0, '127.0.0.1', resolve));
    ({ port } = receiver.address());
  });
  afterAll(() => {
    sender.close();
    receiver.close();
  });

  const send = (bytes: number) =>
    new Promise<void>((resolve, reject) => {
      sender.send(new Uint8Array(bytes), port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });

  /** Starts a capturing program; resolves when it captures. */
  async function capturing(words: readonly string[], sign: string): Promise<ChildProcess> {
    const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
    children.add(child);
    let said = '';
    child.stderr!.on('data', (text) => {
      said += text;
    });
    await until(`"${sign}" of ${words[0]}`, () => said.includes(sign));
    return child;
  }

  async function stopped(child: ChildProcess): Promise<void> {
    const ended = once(child, 'close');
    child.kill('SIGINT');
    await ended;
    children.delete(child);
  }

  test('by dumpcap: rows are those of all its files, through a stop and a start', async () => {
    const path = watched('dumpcap');
    const state = join(folder.path, 'dumpcap.json');
    const capture = [
      'dumpcap',
      '-q',
      '-i',
      'lo',
      '-f',
      `udp port ${port}`,
      '-b',
      'packets:70',
      '-w',
      join(path, 't.pcapng'),
    ];
    const child = await capturing(capture, 'File:');
    const common = ['flows', '--watch', path, '--watch-state', state, '--watch-quiet', '300ms'];
    const outputs = ['first', 'second'].map((name) => [
      '-o',
      join(folder.path, `${name}.csv`),
      '--summary',
      join(folder.path, `${name}.json`),
    ]);
    const first = start([...common, ...outputs[0]!]);
    children.add(first.child);
    for (let i = 0; i < 500; i += 1) {
      await send(i);
      if (i % 10 === 0) await pause(2);
      if (i === 250) {
        await until('a state', () => existsSync(state) && readFileSync(state, 'utf8').includes('frames'));
        first.child.kill('SIGTERM');
      }
    }
    expect((await first.finished).code).toBe(0);
    const before = summaryIn(join(folder.path, 'first.json'));
    expect(before.frames.read).toBeGreaterThan(0);
    const left = 500 - before.frames.read;
    const second = start([...common, ...outputs[1]!, '--count', String(left)]);
    children.add(second.child);
    expect((await second.finished).code).toBe(0);
    await stopped(child);
    expect(readdirSync(path).length).toBeGreaterThan(5);
    const after = summaryIn(join(folder.path, 'second.json'));
    expect(after.frames).toEqual({ read: left, used: left, skipped: {} });
    expect(after.inputs[0].interruptions).toBe(0);
    // One flow, cut in two by the stop: frames and bytes are those of what dumpcap wrote.
    const files = readdirSync(path)
      .sort()
      .map((name) => join(path, name));
    const [whole] = rowsOf((await run(['flows', ...files])).stdout);
    const halves = ['first', 'second'].map((name) => rowsOf(readFileSync(join(folder.path, `${name}.csv`), 'utf8')));
    expect(halves.map(({ length }) => length)).toEqual([1, 1]);
    const sum = (column: string) => halves.flat().reduce((total, row) => total + Number(row[column]), 0);
    expect([sum('fwd_frames'), sum('fwd_bytes')]).toEqual([500, Number(whole!.fwd_bytes)]);
    expect([halves[0]![0]!.start, halves[1]![0]!.end]).toEqual([whole!.start, whole!.end]);
    expect(halves[0]![0]!.end_reason).toBe('forced');
  });

  test('by tcpdump -C, which compresses what is complete', async () => {
    const path = watched('tcpdump');
    const capture = [
      'tcpdump',
      '-n',
      '-U',
      '-i',
      'lo',
      '-C',
      '1',
      '-z',
      'gzip',
      '-w',
      join(path, 't.pcap'),
      `udp port ${port}`,
    ];
    const child = await capturing(capture, 'listening on');
    const summary = join(folder.path, 'tcpdump.json');
    const csv = join(folder.path, 'tcpdump.csv');
    const words = [
      'flows',
      '--watch',
      path,
      '--watch-quiet',
      '300ms',
      '--count',
      '3000',
      '-o',
      csv,
      '--summary',
      summary,
    ];
    const { child: watching, finished } = start(words);
    children.add(watching);
    for (let i = 0; i < 3000; i += 1) {
      await send(1400);
      if (i % 20 === 0) await pause(2);
    }
    expect((await finished).code).toBe(0);
    await stopped(child);
    expect(readdirSync(path).filter((name) => name.endsWith('.gz')).length).toBeGreaterThanOrEqual(3);
    const { frames, inputs } = summaryIn(summary);
    expect(frames).toEqual({ read: 3000, used: 3000, skipped: {} });
    expect(inputs[0].damaged).toBeUndefined();
    expect(rowsOf(readFileSync(csv, 'utf8'))).toMatchObject([{ fwd_frames: '3000', fwd_bytes: String(3000 * 1442) }]);
  });
});
