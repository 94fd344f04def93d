import { describe, expect, test, vi } from 'vitest';
import { definePlugin } from '../../../core/declare/plugin.ts';
import { createRegistry } from '../../../core/declare/registry.ts';
import { defineSink, type RowWriter, type SinkContext } from '../../../core/declare/sink.ts';
import { PacketloomError } from '../../../core/errors.ts';
import { column, type RowBatch } from '../../../core/flow/rows.ts';
import { Outputs } from '../../../core/output/outputs.ts';
import type { WantedSink } from '../../../core/run/settle.ts';
import { batchOf } from '../../plugins/sinks/rows.ts';

/** What was done with one output. */
class Kept implements RowWriter {
  readonly taken: unknown[][] = [];
  readonly calls: string[] = [];
  rows = 0;
  columns: readonly string[] = [];
  /** A call that fails, with what it throws. */
  failing: { call: string; after: number } = { call: '', after: 0 };
  gate: Promise<void> | undefined;
  context: SinkContext | undefined;
  rotate?: () => Promise<void>;

  async write({ data, count, columns }: RowBatch): Promise<void> {
    await this.gate;
    for (let row = 0; row < count; row += 1) {
      if (this.failing.call === 'write' && this.rows >= this.failing.after) throw this.#error('disk full');
      this.taken.push(columns.map(({ kind }, i) => (kind === 'text' ? data[i]!.texts[row] : data[i]!.numbers[row])));
      this.rows += 1;
    }
  }

  async flush(): Promise<void> {
    this.calls.push('flush');
  }

  async close(): Promise<void> {
    this.calls.push('close');
    if (this.failing.call === 'close') throw this.#error('no answer');
  }

  async abort(): Promise<void> {
    this.calls.push('abort');
  }

  #error(why: string): PacketloomError {
    return new PacketloomError('sink', `cannot write kept: ${why}`);
  }
}

const run = [
  column('number', 'number'),
  column('name', 'text'),
  column('keep of output 2', 'number', { boolean: true }),
];
const batch = (from: number, count: number) =>
  batchOf(
    run,
    Array.from({ length: count }, (_, i) => [from + i, `n${from + i}`, (from + i) % 3 === 0 ? 1 : null]),
  );

/** Outputs to writers with the names of their targets. */
async function outputsOf(
  wanted: Record<string, Partial<WantedSink>>,
  options = {},
  writers: Record<string, Kept> = {},
) {
  const sink = defineSink({
    name: 'kept',
    description: '',
    async open(target, columns, _options, context) {
      writers[target] ??= new Kept();
      const writer = writers[target];
      if (writer.failing.call === 'open') throw new PacketloomError('sink', `cannot write kept: ${target}: no`);
      writer.columns = columns.map(({ name }) => name);
      writer.context = context;
      return writer;
    },
  });
  const registry = createRegistry([definePlugin({ name: 'test', sinks: [sink] })]);
  const reports: string[] = [];
  let stopped = 0;
  const outputs = new Outputs(
    Object.entries(wanted).map(([target, own]) => ({ sink: 'kept', target, options: {}, at: target, ...own })),
    registry,
    { precision: 'twelve', live: false, configuration: '', report: (line) => reports.push(line), ...options },
  );
  await outputs.open(run, () => {
    stopped += 1;
  });
  return { outputs, writers, reports, stopped: () => stopped };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('columns and rows of each', () => {
  test('its own columns in its order; without, all but hidden ones', async () => {
    const { outputs, writers } = await outputsOf({ a: {}, b: { columns: ['name'], keep: { text: 'x', at: 'keep' } } });
    await outputs.write(batch(0, 7));
    await outputs.close();
    expect([writers.a!.columns, writers.b!.columns]).toEqual([['number', 'name'], ['name']]);
    expect(writers.a!.taken).toEqual(upTo(7).map((i) => [i, `n${i}`]));
    expect(writers.b!.taken).toEqual([['n0'], ['n3'], ['n6']]);
    expect(outputs.summary()).toEqual([
      { sink: 'kept', target: 'a', rows: 7 },
      { sink: 'kept', target: 'b', rows: 3 },
    ]);
    expect(outputs.conditions).toEqual([{ name: 'keep of output 2', value: 'x', at: 'keep' }]);
  });

  test('a column that the run does not make, a condition that is none', async () => {
    await expect(outputsOf({ a: { columns: ['nmae'] } })).rejects.toThrow('a.columns: the run makes no column "nmae"');
    await expect(outputsOf({ a: { keep: { text: '1', at: 'a.keep' } } })).rejects.toThrow(
      'a.keep: "1": expected a condition',
    );
  });
});

describe('one that fails', () => {
  test('ends alone; what it should have got is counted, with time and reason', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 2) });
    try {
      const writers = { b: Object.assign(new Kept(), { failing: { call: 'write', after: 4 } }) };
      const { outputs, reports, stopped } = await outputsOf({ a: {}, b: {}, c: {} }, {}, writers);
      for (let i = 0; i < 4; i += 1) await outputs.write(batch(3 * i, 3));
      vi.setSystemTime(Date.UTC(2026, 0, 3));
      await outputs.close();
      const reason = 'cannot write kept: disk full';
      expect(outputs.summary()).toEqual([
        { sink: 'kept', target: 'a', rows: 12 },
        { sink: 'kept', target: 'b', rows: 4, lost: { rows: 8, since: '2026-01-02T00:00:00.000Z', reason } },
        { sink: 'kept', target: 'c', rows: 12 },
      ]);
      expect(reports).toEqual([`${reason}; the other outputs go on`]);
      expect(writers.b.calls).toEqual(['abort']);
      expect((outputs.failure as Error).message).toBe(reason);
      expect(stopped()).toBe(0);
      expect(outputs.states().map(({ failure }) => failure)).toEqual([undefined, reason, undefined]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('as the last one stops the run', async () => {
    const writers = {
      a: Object.assign(new Kept(), { failing: { call: 'write', after: 0 } }),
      b: Object.assign(new Kept(), { failing: { call: 'write', after: 5 } }),
    };
    const { outputs, reports, stopped } = await outputsOf({ a: {}, b: {} }, {}, writers);
    await outputs.write(batch(0, 5));
    expect([stopped(), reports.length]).toEqual([0, 1]);
    await outputs.write(batch(5, 5));
    expect([stopped(), reports.length]).toEqual([1, 1]);
    await outputs.write(batch(10, 5)); // what was under way
    await outputs.close();
    expect(outputs.summary().map(({ rows, lost }) => [rows, lost?.rows])).toEqual([
      [0, 15],
      [5, 10],
    ]);
    expect(writers.a.calls).toEqual(['abort']);
  });

  test('while it is closed is the failure of the run, and the others are closed', async () => {
    const writers = { a: Object.assign(new Kept(), { failing: { call: 'close', after: 0 } }) };
    const { outputs } = await outputsOf({ a: {}, b: {} }, {}, writers);
    await outputs.write(batch(0, 5));
    await outputs.close();
    expect((outputs.failure as Error).message).toBe('cannot write kept: no answer');
  });

  test('to open leaves none open', async () => {
    const writers: Record<string, Kept> = { b: Object.assign(new Kept(), { failing: { call: 'open', after: 0 } }) };
    await expect(outputsOf({ a: {}, b: {} }, {}, writers)).rejects.toThrow('cannot write kept: b: no');
    expect(writers.a!.calls).toEqual(['abort']);
  });

  test('a spool is not lost', async () => {
    const writers = { a: Object.assign(new Kept(), { failing: { call: 'write', after: 2 } }) };
    Object.assign(writers.a, { state: { waiting: 0, spooled: 3, retrying: undefined } });
    const { outputs } = await outputsOf({ a: {} }, {}, writers);
    await outputs.write(batch(0, 9));
    await outputs.close();
    expect(outputs.summary()).toEqual([
      { sink: 'kept', target: 'a', rows: 2, spooled: 3, lost: expect.objectContaining({ rows: 4 }) },
    ]);
  });
});

describe('a live run', () => {
  test('a slow output does not hold up the others, and its losses are stated', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const writers = { slow: Object.assign(new Kept(), { gate }), fast: new Kept() };
    const { outputs, reports } = await outputsOf({ slow: {}, fast: {} }, { live: true }, writers);
    for (let i = 0; i < 80; i += 1) await outputs.write(batch(1000 * i, 1000));
    await vi.waitFor(() => expect(writers.fast.rows).toBe(80_000));
    expect(reports).toEqual(['kept slow: too slow: rows are being dropped']);
    open();
    await outputs.close();
    const [slow, fast] = outputs.summary();
    // 64 batches of 1,024 wait, and the first one is under way.
    expect(slow).toMatchObject({ rows: 66_536, lost: { rows: 80_000 - 66_536, reason: 'too slow' } });
    expect(Date.now() - Date.parse(slow!.lost!.since)).toBeLessThan(60_000);
    expect(fast).toEqual({ sink: 'kept', target: 'fast', rows: 80_000 });
    expect(outputs.failure).toBeUndefined();
  });

  test('rotation is asked for once, of those that can', async () => {
    const rotated: string[] = [];
    const writers = { a: new Kept(), b: new Kept() };
    writers.b.rotate = async () => {
      rotated.push('b');
    };
    const { outputs } = await outputsOf({ a: {}, b: {} }, {}, writers);
    expect(outputs.requestRotation()).toBe(true);
    await outputs.write(batch(0, 2));
    await outputs.flush();
    expect(rotated).toEqual(['b']);
    const { outputs: none } = await outputsOf({ a: {} }, {}, { a: new Kept() });
    expect(none.requestRotation()).toBe(false);
  });
});
