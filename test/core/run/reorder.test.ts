import { describe, expect, test } from 'vitest';
import { defaultFlowSettings, runFlows, standardRegistry } from '../../../cli/library.ts';
import { expandFeatures } from '../../../core/expression/expand.ts';
import { FrameBatch } from '../../../core/frame/batch.ts';
import { ReorderingReader } from '../../../core/run/reorder.ts';
import { datagram, lines, memoryReader, type Timed, timed } from '../../flows/timed.ts';

/** Frames that can be told apart by their source port, at these milliseconds. */
const frames = (...times: (number | undefined)[]): Timed[] => times.map((at, i) => datagram(at, i + 1, 60_000));

interface Order {
  readonly window?: number;
  readonly step?: number;
  readonly frames?: number;
  readonly bytes?: number;
  readonly size?: number;
  readonly capacity?: number;
  readonly most?: number;
}

/** Numbers of frames in the order they come out; the bytes must be those of the frame with that number. */
async function order(input: readonly Timed[], { size = 3, capacity = 2, window = 100, ...rest }: Order = {}) {
  const reader = new ReorderingReader(memoryReader(input, size), {
    window: window * 1e6,
    step: 10e9,
    most: Number.POSITIVE_INFINITY,
    ...rest,
  });
  const batch = new FrameBatch(capacity, 64);
  const numbers: number[] = [];
  for (let count = await reader.read(batch); count > 0; count = await reader.read(batch)) {
    expect(count).toBeLessThanOrEqual(capacity);
    for (let i = 0; i < count; i += 1) {
      const number = batch.numbers![i]!;
      const { bytes } = input[number - 1]!;
      const found = batch.bytes.subarray(batch.offset[i]!, batch.offset[i]! + batch.captured[i]!);
      if (Buffer.compare(found, bytes) !== 0) throw new Error(`frame ${number} has other bytes`);
      numbers.push(number);
    }
  }
  return { numbers, reordered: reader.reordered };
}

describe('a reorder window', () => {
  test('puts late frames in their place; equal times stay as they came', async () => {
    expect(await order(frames(0, 50, 20, 50, 30, 60))).toEqual({ numbers: [1, 3, 5, 2, 4, 6], reordered: 2 });
  });

  test('as wide as the window and no wider', async () => {
    // When the frame of 200 ms comes, what is at 100 ms or before has gone on.
    expect((await order(frames(0, 90, 200, 101))).numbers).toEqual([1, 2, 4, 3]);
    expect((await order(frames(0, 110, 200, 100))).numbers).toEqual([1, 4, 2, 3]);
    expect((await order(frames(0, 110, 200, 99))).numbers).toEqual([1, 4, 2, 3]);
    expect((await order(frames(0, 90, 200, 80))).numbers).toEqual([1, 2, 4, 3]);
    expect((await order(frames(0, 90, 200, 95))).reordered).toBe(1);
    expect((await order(frames(0, 90, 200, 80))).reordered).toBe(0);
  });

  test('a step of the clock: what waits goes on first, then the clock that was set', async () => {
    const step = frames(20_000, 20_050, 5000, 5020, 5010);
    expect((await order(step)).numbers).toEqual([1, 2, 3, 5, 4]);
    expect((await order(step, { step: 20e9 })).numbers).toEqual([3, 4, 5, 1, 2]);
  });

  test('a frame without a time counts as of the latest', async () => {
    expect((await order(frames(undefined, 10, 50, undefined, 20))).numbers).toEqual([1, 2, 5, 3, 4]);
  });

  test('bounded in frames and in bytes: the earliest goes on', async () => {
    const input = frames(10, 20, 30, 0, 5);
    expect((await order(input)).numbers).toEqual([4, 5, 1, 2, 3]);
    expect((await order(input, { frames: 2 })).numbers).toEqual([1, 4, 5, 2, 3]);
    const { length } = input[0]!.bytes;
    expect((await order(input, { bytes: 2 * length })).numbers).toEqual([1, 4, 5, 2, 3]);
  });

  test('reads no more frames than asked for', async () => {
    expect((await order(frames(10, 20, 0, 5), { most: 3 })).numbers).toEqual([3, 1, 2]);
  });

  test('gives the order of a stable sort, however the source cuts its batches', async () => {
    let seed = 3;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const [one] = frames(0);
    const input = Array.from({ length: 6000 }, (_, i): Timed => {
      const bytes = one!.bytes.slice();
      new DataView(bytes.buffer).setUint16(34, i);
      return { at: i + random(90), bytes };
    });
    const sorted = input.map((_, i) => i).sort((a, b) => input[a]!.at! - input[b]!.at! || a - b);
    const expected = sorted.map((i) => i + 1);
    for (const [size, capacity] of [
      [1, 7],
      [2000, 2048],
    ] as const) {
      const { numbers } = await order(input, { size, capacity });
      expect(numbers).toEqual(expected);
    }
    // With less room too little waits, but what comes out is the same for every size again.
    const small = await order(input, { size: 1, frames: 20 });
    expect(small.numbers).not.toEqual(expected);
    expect((await order(input, { size: 1999, capacity: 512, frames: 20 })).numbers).toEqual(small.numbers);
  });
});

describe('a run with a reorder window', () => {
  const columns = { port: 'src_port', start: 'start', end: 'end', n: 'frames', late: 'min(gap(time))' };

  test('sees frames in order and counts what is late all the same', async () => {
    // One flow. When the frame at 100 ms comes, that at 300 ms has gone on already, as 400 ms have been seen.
    const input = [0, 50, 20, 300, 400, 100, 401].map((at) => datagram(at, 1, 2));
    const plain = await timed(input, columns);
    expect(plain.result.disorder).toEqual({ frames: 2, steps: 0, reordered: 0 });
    const mended = await timed(input, columns, { reorder: 100e6 });
    expect(mended.result.disorder).toEqual({ frames: 1, steps: 0, reordered: 1 });
    expect(mended.result.frames).toEqual({ read: 7, used: 7, skipped: {} });
  });

  test('the gaps are those between the times in order', async () => {
    const gaps = { gaps: 'head(gap(time), 4)' };
    const input = [0, 50, 20, 60].map((at) => datagram(at, 1, 2));
    expect(lines((await timed(input, gaps)).rows)).toEqual(['0.05 0 0.01 ']);
    expect(lines((await timed(input, gaps, { reorder: 100e6 })).rows)).toEqual(['0.02 0.03 0.01 ']);
  });

  test('numbers of frames and --count are those of the input', async () => {
    const input = [30, 0, 10, 20].map((at, i) => datagram(at, i + 1, 9));
    const settings = { reorder: 100e6 };
    const port = { port: 'src_port' };
    expect(lines((await timed(input, port, settings, { where: 'frame.number > 2' })).rows)).toEqual(['3', '4']);
    expect(lines((await timed(input, port, settings, { count: 2 })).rows)).toEqual(['1', '2']);
    expect((await timed(input, port, settings, { count: 2 })).result.frames.read).toBe(2);
    // Flows that end at one moment come in the order of their first frames in the input.
    expect(lines((await timed(input, port, settings)).rows)).toEqual(['1', '2', '3', '4']);
  });

  test('that is ended early gives what waits its rows', async () => {
    const registry = standardRegistry();
    const ended = new AbortController();
    const input = memoryReader(
      [0, 10, 20].map((at) => datagram(at, 1, 9)),
      3,
    );
    let rows = 0;
    const result = await runFlows({
      registry,
      reader: {
        ...input,
        read(batch) {
          const count = input.read(batch);
          if (count !== 0) return count;
          ended.abort();
          return -1;
        },
      },
      features: expandFeatures(registry, [{ name: 'n', value: 'frames', at: 'n' }]),
      settings: { ...defaultFlowSettings, reorder: 60e9 },
      signal: ended.signal,
      live: true,
      open: async () => [
        {
          rows: 0,
          write(batch) {
            rows += batch.count;
          },
          close: async () => {},
          abort: async () => {},
        },
      ],
    });
    expect(result).toMatchObject({ stopped: 'signal', frames: { read: 3, used: 3 }, flows: { rows: 1 } });
    expect(rows).toBe(1);
  });
});

test('live, what has waited long enough by the wall clock goes on without another frame', async () => {
  const [one] = frames(0);
  const input = memoryReader([{ at: Date.now() - 1_700_000_000_000, bytes: one!.bytes }], 1);
  const reader = new ReorderingReader(
    { ...input, read: (batch) => (input.read(batch) as number) || -1 },
    { window: 150e6, step: 10e9, most: Number.POSITIVE_INFINITY },
  );
  const batch = new FrameBatch(4, 64);
  expect(await reader.read(batch)).toBe(-1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await reader.read(batch)).toBe(1);
  expect(await reader.read(batch)).toBe(-1);
});
