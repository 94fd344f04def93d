import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { flows, frames as framesOf, type RunResult } from '../../../cli/library.ts';
import type { FrameReader } from '../../../core/declare/source.ts';
import { FrameBatch } from '../../../core/frame/batch.ts';
import { MergingReader, openMerged } from '../../../core/run/merge.ts';
import { captureFile } from '../../../plugins/sources/capture-file.ts';
import { has } from '../../flows/support.ts';
import { datagram, memoryReader, type Timed } from '../../flows/timed.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const captures = join(root, 'test', 'captures');
const folder = mkdtempSync(join(tmpdir(), 'packetloom-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Frames with the source port as their name: those of the first reader from 100, of the second from 200 on. */
const lane = (first: number, ...times: (number | undefined)[]): Timed[] =>
  times.map((at, i) => datagram(at, first + i, 60_000));

/** Source ports in the order in which frames come out. */
async function order(readers: readonly FrameReader[], capacity = 4): Promise<number[]> {
  const reader = new MergingReader(readers);
  const batch = new FrameBatch(capacity, 64);
  const ports: number[] = [];
  for (let count = await reader.read(batch); count !== 0; count = await reader.read(batch)) {
    for (let i = 0; i < count; i += 1) {
      const at = batch.offset[i]! + 34;
      expect(batch.captured[i]).toBe(46);
      ports.push((batch.bytes[at]! << 8) | batch.bytes[at + 1]!);
    }
  }
  return ports;
}

/** The order for every size of batches within the readers. */
async function orders(...lanes: readonly Timed[][]): Promise<number[]> {
  const found: number[][] = [];
  for (const size of [1, 2, 256]) found.push(await order(lanes.map((frames) => memoryReader(frames, size))));
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
  return found[0]!;
}

describe('merged readers', () => {
  test('give the earliest frame first, those of one time in the order of the readers', async () => {
    expect(await orders(lane(100, 10, 30, 50), lane(200, 0, 30, 40, 60))).toEqual([200, 100, 101, 201, 202, 102, 203]);
  });

  test('leave the order within one reader as it is', async () => {
    // The frame at 5 ms stands behind one at 50 ms, and can come no sooner.
    expect(await orders(lane(100, 50, 5, 60), lane(200, 10, 55))).toEqual([200, 100, 101, 201, 102]);
  });

  test('let a frame without a time come with the one before it', async () => {
    expect(await orders(lane(100, 10, undefined, undefined, 30), lane(200, undefined, 10, 20))).toEqual([
      200, 100, 101, 102, 201, 202, 103,
    ]);
  });

  test('of one, of none, of empty ones', async () => {
    expect(await orders(lane(100, 3, 1))).toEqual([100, 101]);
    expect(await orders()).toEqual([]);
    expect(await orders([], lane(200, 1), [])).toEqual([200]);
  });

  test('wait for a reader that has nothing now', async () => {
    const slow = memoryReader(lane(200, 10, 20), 1);
    let asked = 0;
    const halting: FrameReader = {
      ...slow,
      read(batch) {
        asked += 1;
        return asked % 2 === 1 ? -1 : slow.read(batch);
      },
    };
    const reader = new MergingReader([memoryReader(lane(100, 15, 16), 2), halting]);
    const batch = new FrameBatch(8, 64);
    const counts: number[] = [];
    for (let count = await reader.read(batch); count !== 0; count = await reader.read(batch)) counts.push(count);
    expect(counts.filter((count) => count > 0).reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(counts[0]).toBe(-1);
  });

  test('many readers, each in an order of its own: a stable sort', async () => {
    let seed = 5;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const lanes = Array.from({ length: 40 }, (_, i) => {
      let at = 0;
      const times = Array.from({ length: random(60) }, () => {
        at += random(4);
        return at;
      });
      return lane(1000 * (i + 1), ...times);
    });
    const all = lanes.flatMap((frames, i) => frames.map(({ at }, j) => ({ at: at!, i, port: 1000 * (i + 1) + j })));
    const expected = all.sort((a, b) => a.at - b.at || a.i - b.i || a.port - b.port).map(({ port }) => port);
    expect(await orders(...lanes)).toEqual(expected);
  });
});

/** Writes what mergecap makes of captures. Of frames of one time it takes the last file's first: hence the other way round. */
function mergecap(name: string, files: readonly string[]): string {
  const merged = join(folder, name);
  execFileSync('mergecap', ['-w', merged, ...files.toReversed()]);
  return merged;
}

/** Time of a capture's first frame, as capinfos says. */
const startOf = (file: string): number =>
  Number(/(\d+\.\d+)/.exec(execFileSync('capinfos', ['-S', '-a', file]).toString())![1]);

/** Writes a capture with its times moved, so that it begins when another does. */
function moved(name: string, file: string, other: string): string {
  const path = join(folder, name);
  execFileSync('editcap', ['-t', (startOf(other) - startOf(file)).toFixed(6), file, path]);
  return path;
}

/** Writes a capture with 60 bytes of each frame. */
function shortened(name: string, file: string): string {
  const path = join(folder, name);
  execFileSync('editcap', ['-s', '60', file, path]);
  return path;
}

const rows = async <T>(from: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
};

describe.skipIf(!['mergecap', 'editcap', 'capinfos'].every(has))('merged captures', () => {
  const office = join(root, 'examples', 'captures', 'office.pcap');
  test('frames and flows of every set are those of what mergecap makes of it', async () => {
    const sets: Record<string, readonly string[]> = {
      'files of other times': [join(captures, 'flows', 'ftp-data-mix.pcap'), office],
      'files of the same times': [office, moved('moved.pcap', join(captures, 'flows', 'ftp-data-mix.pcap'), office)],
      'frames of one time': [office, shortened('short.pcap', office), office],
      'files of several formats': [
        join(captures, 'community-id', 'combined.pcap.gz'),
        join(captures, 'application', 'ipfixprobe-mqtt.pcapng'),
        join(captures, 'formats', 'nanosecs.pcap'),
        join(captures, 'formats', 'microsecs_big_endian.pcap'),
        join(captures, 'formats', 'raw_ip.pcap'),
      ],
    };
    for (const [name, files] of Object.entries(sets)) {
      const merged = mergecap(`${name}.pcapng`, files);
      const fields = [
        'frame.number',
        'frame.time_epoch',
        'frame.len',
        'frame.cap_len',
        'ip.src',
        'udp.srcport',
        'tcp.seq_raw',
      ];
      const options = { fields, times: 'text' } as const;
      expect(await rows(framesOf(files, { ...options, merge: true })), name).toEqual(
        await rows(framesOf(merged, options)),
      );
      expect(await rows(flows(files, { preset: 'statistical', merge: true })), name).toEqual(
        await rows(flows(merged, { preset: 'statistical' })),
      );
    }
  });

  test('a capture cut into two that overlap is the capture again', async () => {
    // Every other frame in one of two files.
    const parts = ['even.pcap', 'odd.pcap'].map((name) => join(folder, name));
    const numbers = Array.from({ length: 1350 }, (_, i) => i + 1);
    // More words than that editcap does not take.
    const even = numbers.filter((n) => n % 2 === 0).slice(0, 500);
    execFileSync('editcap', ['-F', 'pcap', '-r', office, parts[0]!, ...even.map(String)]);
    execFileSync('editcap', ['-F', 'pcap', office, parts[1]!, ...even.map(String)]);
    const plain = await rows(flows(office, { preset: 'basic' }));
    expect(plain.length).toBeGreaterThan(100);
    expect(await rows(flows(parts, { preset: 'basic', merge: true }))).toEqual(plain);
    // One after the other they are not.
    expect(await rows(flows(parts, { preset: 'basic' }))).not.toEqual(plain);
  });

  test('damage in one file ends that file, and the others go on', async () => {
    const cut = join(folder, 'cut.pcap');
    writeFileSync(cut, readFileSync(office).subarray(0, 5000));
    let result: RunResult | undefined;
    const found = await rows(
      flows([cut, office], {
        merge: true,
        onResult: (one) => {
          result = one;
        },
      }),
    );
    expect(found.length).toBeGreaterThan(100);
    expect(result!.inputs.map(({ name, damaged }) => [name, damaged !== undefined])).toEqual([
      [cut, true],
      [office, false],
    ]);
    const [damaged, whole] = result!.inputs;
    expect(whole!.frames).toBe(1350);
    expect(result!.frames.read).toBe(damaged!.frames + 1350);
  });

  test('interfaces and comments stay with their frames', async () => {
    const files = ['many_interfaces-1.pcapng', 'pcapng-le-basic-test001.pcapng'].map((name) =>
      join(captures, 'formats', name),
    );
    const merged = mergecap('interfaces.pcapng', files);
    const fields = ['frame.time_epoch', 'frame.interface_name', 'frame.comment'];
    const own = await rows(framesOf(files, { fields, merge: true, times: 'text', occurrence: 'all' }));
    expect(own).toEqual(await rows(framesOf(merged, { fields, times: 'text', occurrence: 'all' })));
    expect(new Set(own.map((row) => String(row['frame.interface_name']))).size).toBe(3);
  });

  test('standard input can be one of them once', async () => {
    await expect(openMerged(captureFile, ['-', '-'], {})).rejects.toThrow('standard input (-) can be read only once');
    await expect(openMerged(captureFile, [office, join(folder, 'none.pcap')], {})).rejects.toThrow('no such file');
  });
});
