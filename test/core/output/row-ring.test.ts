import { describe, expect, test, vi } from 'vitest';
import type { RowWriter } from '../../../core/declare/sink.ts';
import { PacketloomError } from '../../../core/errors.ts';
import { column, type RowBatch } from '../../../core/flow/rows.ts';
import { RowRing } from '../../../core/output/row-ring.ts';
import { batchOf } from '../../plugins/sinks/rows.ts';

const columns = [column('number', 'number'), column('text', 'text')];
const batch = (from: number, count: number): RowBatch =>
  batchOf(
    columns,
    Array.from({ length: count }, (_, i) => [from + i, `t${from + i}`]),
  );

/** An output that waits at a gate before it takes rows, and fails when it is told to. */
class Gated implements RowWriter {
  readonly taken: number[] = [];
  readonly calls: string[] = [];
  rows = 0;
  open: () => void = () => {};
  gate: Promise<void> | undefined;
  failAt = Number.POSITIVE_INFINITY;

  shut(): void {
    this.gate = new Promise((resolve) => {
      this.open = () => {
        this.gate = undefined;
        resolve();
      };
    });
  }

  async write({ data, count }: RowBatch): Promise<void> {
    this.calls.push('write');
    await this.gate;
    if (this.rows >= this.failAt) throw new PacketloomError('sink', 'gated: broken');
    this.taken.push(...data[0]!.numbers.subarray(0, count));
    expect(data[1]!.texts[count - 1]).toBe(`t${data[0]!.numbers[count - 1]}`);
    this.rows += count;
  }

  async flush(): Promise<void> {
    this.calls.push('flush');
  }

  async rotate(): Promise<void> {
    this.calls.push('rotate');
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  async abort(): Promise<void> {
    this.calls.push('abort');
  }
}

function ringOf(drop: boolean, batches = 2) {
  const writer = new Gated();
  const reports: string[] = [];
  const ring = new RowRing(writer, columns, { drop, batches, report: (line) => reports.push(line) });
  return { writer, ring, reports };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

test('rows go on in order, and nobody waits while there is room', async () => {
  const { writer, ring } = ringOf(false);
  writer.shut();
  for (let i = 0; i < 20; i += 1) await ring.write(batch(100 * i, 100));
  expect(writer.taken).toEqual([]);
  // The first batch was given at once; the others are in one that is filled.
  expect(ring.state).toEqual({ waiting: 2000, spooled: 0, retrying: undefined });
  writer.open();
  await ring.close();
  expect(writer.taken).toEqual(upTo(2000));
  expect([ring.rows, ring.state.waiting, ring.dropped, writer.calls.at(-1)]).toEqual([2000, 0, 0, 'close']);
});

test('without dropping, whoever writes waits when it is full', async () => {
  const { writer, ring } = ringOf(false);
  writer.shut();
  let done = false;
  const writing = ring.write(batch(0, 10_000)).then(() => {
    done = true;
  });
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([done, ring.state.waiting]).toEqual([false, 3 * 1024]);
  writer.open();
  await writing;
  await ring.close();
  expect(writer.taken).toEqual(upTo(10_000));
});

describe('with dropping', () => {
  test('what finds no room is counted, and told at its begin and end', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 5000 });
    try {
      const { writer, ring, reports } = ringOf(true);
      writer.shut();
      await ring.write(batch(0, 5000));
      expect([ring.dropped, ring.droppedSince]).toEqual([5000 - 3 * 1024, 5000]);
      expect(reports).toEqual(['too slow: rows are being dropped']);
      vi.setSystemTime(6500);
      await ring.write(batch(5000, 10));
      expect(ring.dropped).toBe(5010 - 3 * 1024);
      expect(reports).toHaveLength(1);
      writer.open();
      await vi.waitFor(() => expect(writer.rows).toBe(3 * 1024));
      await ring.write(batch(6000, 1));
      expect(reports[1]).toMatch(/^1938 rows were dropped in 1\.[5-9] s: too slow$/);
      await ring.close();
      expect(writer.taken).toEqual([...upTo(3 * 1024), 6000]);
      expect(ring.rows + ring.dropped).toBe(5011);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a second time is told again', async () => {
    const { writer, ring, reports } = ringOf(true);
    for (let time = 0; time < 2; time += 1) {
      writer.shut();
      await ring.write(batch(0, 4000));
      writer.open();
      await vi.waitFor(() => expect(ring.state.waiting).toBe(0));
    }
    await ring.close();
    expect(reports.map((line) => line.replace(/\d+\.\d s/, 'x s'))).toEqual([
      'too slow: rows are being dropped',
      '928 rows were dropped in x s: too slow',
      'too slow: rows are being dropped',
      '928 rows were dropped in x s: too slow',
    ]);
    expect(ring.rows + ring.dropped).toBe(8000);
  });
});

test('memory is bounded: batches are used again', async () => {
  const { writer, ring } = ringOf(false);
  const seen = new Set<unknown>();
  const write = writer.write.bind(writer);
  writer.write = (one) => {
    seen.add(one);
    return write(one);
  };
  for (let i = 0; i < 50; i += 1) await ring.write(batch(1024 * i, 1024));
  await ring.close();
  expect(seen.size).toBeLessThanOrEqual(3);
  expect(writer.taken).toEqual(upTo(50 * 1024));
});

test('flush and rotate are passed on behind the rows before them, between writes', async () => {
  const { writer, ring } = ringOf(false);
  await ring.write(batch(0, 5));
  ring.rotate!();
  ring.flush();
  await vi.waitFor(() => expect(writer.calls).toEqual(['write', 'rotate']));
  ring.flush();
  await vi.waitFor(() => expect(writer.calls).toEqual(['write', 'rotate', 'flush']));
  await ring.close();
});

test('a failure comes with the next call, and the output is aborted once', async () => {
  const { writer, ring } = ringOf(true);
  writer.failAt = 1024;
  await ring.write(batch(0, 3000));
  await vi.waitFor(() => expect(() => ring.flush()).toThrow('gated: broken'));
  await expect(ring.write(batch(0, 1))).rejects.toThrow('gated: broken');
  await ring.abort();
  expect(writer.calls.filter((call) => call === 'abort')).toHaveLength(1);
  expect(ring.rows).toBe(1024);
});

test('a failure at the end rejects close, which aborts', async () => {
  const { writer, ring } = ringOf(true);
  writer.failAt = 0;
  await ring.write(batch(0, 5));
  await expect(ring.close()).rejects.toThrow('gated: broken');
  expect(writer.calls).toEqual(['write', 'abort']);
});

test('a writer that waits for room hears of a failure', async () => {
  const { writer, ring } = ringOf(false);
  writer.shut();
  writer.failAt = 0;
  const writing = ring.write(batch(0, 10_000));
  writer.open();
  await expect(writing).rejects.toThrow('gated: broken');
});
