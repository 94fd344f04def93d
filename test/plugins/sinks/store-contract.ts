import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RowWriter, SinkContext } from '../../../core/declare/sink.ts';
import { type Column, column, RowBatch } from '../../../core/flow/rows.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { contextOf } from './rows.ts';

/** What the suite sets of a sink; the store gives it the names it has there. */
export interface ContractOptions {
  /** Rows of a segment. */
  readonly segmentRows: number;
  readonly retry: string;
  readonly spool?: string;
  readonly spoolSize?: string;
  /** After which a server that says nothing has failed a delivery. */
  readonly timeout: string;
}

/** A store that sinks deliver to, running. */
export interface Store {
  /** Of the sink. */
  readonly name: string;
  /** Where the server listens, on loopback. */
  port(): number;
  /** Opens the sink to a fresh or known target by way of a port on loopback. `place` names the target (a table, a topic). */
  open(
    port: number,
    place: string,
    columns: readonly Column[],
    options: ContractOptions,
    context: SinkContext,
  ): Promise<RowWriter>;
  /** Values of the column `number` that are in a target now, in the store's order where it has one; none where it is not there. */
  rowsInStore(place: string): Promise<number[]>;
  /** Whether `rowsInStore` gives rows as they were delivered (true). */
  readonly ordered?: boolean;
  /** Whether the store keeps rows that are delivered twice apart from those delivered once (true). */
  readonly idempotent?: boolean;
  /** Whether it does so for rows that an earlier run has delivered (true). */
  readonly remembering?: boolean;
  /** Whether the store knows a row by its flow and segment, whatever run it is of (false). */
  readonly rowKeys?: boolean;
  /** Whether rows of a segment appear at once or not at all (true). */
  readonly atomic?: boolean;
  /** Whether the sink counts rows only when the store has said that it has them (true). */
  readonly acknowledges?: boolean;
  /** What must not stand in any message. */
  readonly secret?: string;
  /** Called with the proxy before the first test, by stores that tell clients where they are (Kafka). */
  useProxy?(proxy: TcpProxy): Promise<void> | void;
}

const columns = [
  column('number', 'number', { integer: true }),
  column('text', 'text'),
  // The key of a row, for stores that have one.
  column('flow_id', 'hash'),
  column('segment', 'number', { integer: true }),
];
const SEGMENT = 100;

/** Rows with the numbers from `first` on. */
function rows(first: number, count: number): RowBatch {
  const batch = new RowBatch(columns, Math.max(1, count));
  for (let row = 0; row < count; row += 1) {
    batch.data[0]!.numbers[row] = first + row;
    // About 1 kB a row, so that a delivery takes many packets.
    batch.data[2]!.words[2 * row + 1] = first + row;
    batch.data[1]!.texts[row] = `${first + row} `.repeat(200);
  }
  batch.count = count;
  return batch;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Resolves when something holds; rejects after 10 s. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; ; ) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await pause(5);
  }
}

/** Whether a promise is settled after some milliseconds. */
async function settledWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const done = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([done, pause(milliseconds).then(() => false)]);
}

/**
 * What every sink for a store promises, against the real thing behind a proxy: complete or absent, nothing twice, order,
 * back-pressure, bounded retries, a spool, one line for an error. Called in a `describe`, when the store can be used.
 */
export function storeContract(store: Store): void {
  const {
    ordered = true,
    idempotent = true,
    remembering = true,
    atomic = true,
    rowKeys = false,
    acknowledges = true,
  } = store;
  let proxy: TcpProxy;
  let folder: string;
  let places = 0;
  let place: string;
  let lines: string[];

  beforeAll(async () => {
    proxy = await startTcpProxy(store.port());
    folder = mkdtempSync(join(tmpdir(), 'packetloom-contract-'));
    await store.useProxy?.(proxy);
  }, 60_000);
  beforeEach(() => {
    places += 1;
    place = `contract_${places}`;
    lines = [];
  });
  afterEach(async () => {
    await proxy.restore();
    if (store.secret !== undefined) expect(lines.join('\n')).not.toContain(store.secret);
    for (const line of lines) expect(line).not.toContain('\n');
  });
  afterAll(async () => {
    await proxy?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const context = (rest: Partial<SinkContext> = {}) => contextOf({ report: (line) => lines.push(line), ...rest });

  const open = (options: Partial<ContractOptions> = {}, rest: Partial<SinkContext> = {}) =>
    store.open(
      proxy.port,
      place,
      columns,
      { segmentRows: SEGMENT, retry: '30s', timeout: '5s', ...options },
      context(rest),
    );

  /** Writes rows with the numbers below `count` in odd portions, and closes. */
  const deliver = async (writer: RowWriter, count: number) => {
    for (let row = 0; row < count; row += 33) await writer.write(rows(row, Math.min(33, count - row)));
    await writer.close();
  };

  /** The error of a run that must fail. */
  const failureOf = async (run: () => Promise<unknown>): Promise<Error> => {
    try {
      await run();
    } catch (error) {
      lines.push((error as Error).message);
      return error as Error;
    }
    throw new Error('expected a failure');
  };

  const expectClear = (error: Error) => {
    expect(error).toMatchObject({ name: 'PacketloomError', code: 'sink' });
    expect(error.message).toMatch(new RegExp(`^(cannot write )?${store.name}: .*${place}`));
    expect(error.message).not.toContain('\n');
  };

  /** Resolves when the first segment is in the store. */
  const firstRows = (writer: RowWriter) =>
    until('the first rows are in the store', async () => {
      if (writer.rows !== SEGMENT) return false;
      return acknowledges || (await store.rowsInStore(place)).length === SEGMENT;
    });

  const inStore = async () => {
    const found = await store.rowsInStore(place);
    return ordered ? found : found.sort((a, b) => a - b);
  };

  test('a run without rows leaves none and is well', async () => {
    const writer = await open();
    await writer.close();
    expect([writer.rows, await inStore()]).toEqual([0, []]);
  });

  test('rows are there, once, in order, when close resolves', async () => {
    const writer = await open();
    await deliver(writer, 4 * SEGMENT + 17);
    expect(writer.rows).toBe(4 * SEGMENT + 17);
    expect(await inStore()).toEqual(upTo(4 * SEGMENT + 17));
    await until('its connections are closed', () => proxy.connections === 0);
  });

  test('has taken its rows when write resolves: the batch may change', async () => {
    const writer = await open();
    const batch = rows(0, SEGMENT);
    await writer.write(batch);
    batch.data[0]!.numbers.fill(7);
    batch.data[1]!.texts.fill('changed');
    await writer.close();
    expect(await inStore()).toEqual(upTo(SEGMENT));
  });

  test('a live run has its rows in the store soon, without close', async () => {
    const writer = await open({}, { live: true });
    await writer.write(rows(0, 3));
    await until('the rows are in the store', async () => {
      await writer.flush?.();
      return (await store.rowsInStore(place)).length === 3;
    });
    await until('it counts them', () => writer.rows === 3);
    await writer.close();
    expect([writer.rows, await inStore()]).toEqual([3, upTo(3)]);
  });

  test('abort leaves whole segments, and counts them', async () => {
    const writer = await open();
    for (let row = 0; row < 5 * SEGMENT; row += 50) await writer.write(rows(row, 50));
    await writer.write(rows(5 * SEGMENT, 10));
    await writer.abort();
    const found = await inStore();
    expect(found).toEqual(upTo(found.length));
    expect(writer.rows).toBeLessThanOrEqual(found.length);
    if (atomic) expect(found.length % SEGMENT).toBe(0);
    await until('its connections are closed', () => proxy.connections === 0);
  });

  if (idempotent && remembering) {
    test('a run repeated adds nothing, and counts its rows as there', async () => {
      for (let run = 0; run < 2; run += 1) {
        const writer = await open();
        await deliver(writer, 3 * SEGMENT + 5);
        expect(writer.rows).toBe(3 * SEGMENT + 5);
      }
      expect(await inStore()).toEqual(upTo(3 * SEGMENT + 5));
    });
  }

  if (idempotent) {
    test(`a run of another configuration ${rowKeys ? 'replaces' : 'adds'} its rows`, async () => {
      await deliver(await open(), SEGMENT);
      await deliver(await open({}, { configuration: '1'.repeat(64) }), SEGMENT);
      const twice = upTo(SEGMENT).flatMap((row) => (rowKeys ? [row] : [row, row]));
      expect((await inStore()).sort((a, b) => a - b)).toEqual(twice);
    });

    describe('a connection that is cut', () => {
      /** Bytes to the server and back of a run of three segments. */
      const measure = async () => {
        const [sent, answered] = [proxy.sent, proxy.answered];
        await deliver(await open(), 3 * SEGMENT);
        await until('its connections are closed', () => proxy.connections === 0);
        return [proxy.sent - sent, proxy.answered - answered] as const;
      };

      test('on the way to the store loses and doubles nothing, wherever that is', async () => {
        const [sent] = await measure();
        for (let step = 0; step < 8; step += 1) {
          place = `contract_${places}_sent_${step}`;
          const cuts = proxy.cuts;
          proxy.cutAfter(Math.floor((sent * step) / 8));
          const writer = await open();
          await deliver(writer, 3 * SEGMENT);
          expect([step, proxy.cuts, writer.rows, await inStore()]).toEqual([
            step,
            cuts + 1,
            3 * SEGMENT,
            upTo(3 * SEGMENT),
          ]);
        }
      });

      test('on the way back, when the store may have the rows, loses and doubles nothing', async () => {
        const [, answered] = await measure();
        for (let step = 0; step < 10; step += 1) {
          place = `contract_${places}_answered_${step}`;
          const cuts = proxy.cuts;
          // The last one: all but the last byte of the last answer.
          proxy.dropAnswers(Math.floor(((answered - 1) * step) / 9));
          const writer = await open();
          await deliver(writer, 3 * SEGMENT);
          expect([step, writer.rows, await inStore()]).toEqual([step, 3 * SEGMENT, upTo(3 * SEGMENT)]);
          // The last answers may be those to a goodbye, which nobody waits for.
          if (step < 8) expect([step, proxy.cuts]).toEqual([step, cuts + 1]);
          await proxy.restore();
        }
      });
    });

    test('an answer that is lost in mid-run, when the store has the rows already, doubles none', async () => {
      const writer = await open();
      for (let segment = 0; segment < 6; segment += 1) {
        const cuts = proxy.cuts;
        // The first delivery opens connections.
        if (segment > 0) proxy.dropAnswers();
        await writer.write(rows(segment * SEGMENT, SEGMENT));
        await until('the rows are in the store', () => writer.rows === (segment + 1) * SEGMENT);
        expect([segment, proxy.cuts]).toEqual([segment, segment > 0 ? cuts + 1 : cuts]);
      }
      await writer.close();
      expect(await inStore()).toEqual(upTo(6 * SEGMENT));
    });

    test('a server that takes connections and says nothing does not hang the run', async () => {
      proxy.stall();
      const writing = open({ timeout: '300ms' }).then((writer) => deliver(writer, 2 * SEGMENT));
      await until('it is tried again', () => lines.length > 0);
      await proxy.restore();
      proxy.cut();
      await writing;
      expect(await inStore()).toEqual(upTo(2 * SEGMENT));
    });

    test('a server that falls silent in mid-run does not hang it', async () => {
      const writer = await open({ timeout: '300ms' });
      await writer.write(rows(0, SEGMENT));
      await firstRows(writer);
      proxy.stall();
      await writer.write(rows(SEGMENT, SEGMENT));
      await until('it is tried again', () => writer.state?.retrying !== undefined);
      proxy.cut();
      await proxy.restore();
      await writer.close();
      expect(await inStore()).toEqual(upTo(2 * SEGMENT));
    });
  }

  test('a server that is not there at the start is waited for', async () => {
    await proxy.refuse();
    const running = open().then((writer) => deliver(writer, 2 * SEGMENT));
    await until('it says that it tries again', () => lines.length > 0);
    await proxy.restore();
    await running;
    expect(await inStore()).toEqual(upTo(2 * SEGMENT));
  });

  test('a server that does not come back ends the output in a bounded time, with one line', async () => {
    const writer = await open({ retry: '300ms', timeout: '300ms' });
    await writer.write(rows(0, SEGMENT));
    await firstRows(writer);
    await proxy.refuse();
    const error = await failureOf(async () => {
      for (let row = SEGMENT; row < 30 * SEGMENT; row += SEGMENT) await writer.write(rows(row, SEGMENT));
      await writer.close();
    });
    await writer.abort();
    expectClear(error);
    expect([writer.rows, await inStore()]).toEqual([SEGMENT, upTo(SEGMENT)]);
  });

  test('a server that is never there ends the output in a bounded time, with one line', async () => {
    await proxy.refuse();
    expectClear(
      await failureOf(async () => {
        await deliver(await open({ retry: '300ms', timeout: '300ms' }), 2 * SEGMENT);
      }),
    );
  });

  test('rows that cannot leave hold write back, in bounded memory', async () => {
    const writer = await open();
    await writer.write(rows(0, SEGMENT));
    await firstRows(writer);
    await proxy.refuse();
    let taken = SEGMENT;
    const writing = (async () => {
      for (; taken < 50 * SEGMENT; taken += SEGMENT) await writer.write(rows(taken, SEGMENT));
    })();
    expect(await settledWithin(writing, 400)).toBe(false);
    expect(taken).toBeLessThanOrEqual(6 * SEGMENT);
    await proxy.restore();
    await writing;
    await writer.close();
    expect([writer.rows, await inStore()]).toEqual([50 * SEGMENT, upTo(50 * SEGMENT)]);
  });

  test('with a spool rows wait on disk meanwhile, and leave in order', async () => {
    const spool = join(folder, place);
    const writer = await open({ spool });
    await writer.write(rows(0, SEGMENT));
    await firstRows(writer);
    await proxy.refuse();
    for (let row = SEGMENT; row < 20 * SEGMENT; row += SEGMENT) await writer.write(rows(row, SEGMENT));
    expect(writer.state!.spooled).toBeGreaterThan(10 * SEGMENT);
    await proxy.restore();
    await writer.close();
    expect([writer.rows, writer.state!.spooled, await inStore()]).toEqual([20 * SEGMENT, 0, upTo(20 * SEGMENT)]);
  });

  test('a server away at the end: rows stay in the spool and leave with the next run', async () => {
    const spool = join(folder, place);
    const writer = await open({ spool, retry: '200ms', timeout: '300ms' });
    await writer.write(rows(0, SEGMENT));
    await firstRows(writer);
    await proxy.refuse();
    const error = await failureOf(async () => {
      for (let row = SEGMENT; row < 10 * SEGMENT; row += SEGMENT) await writer.write(rows(row, SEGMENT));
      await writer.close();
    });
    expectClear(error);
    expect(error.message).toContain('900 rows are in ');
    expect([writer.rows, writer.state!.spooled]).toEqual([SEGMENT, 9 * SEGMENT]);
    await proxy.restore();
    const next = await open({ spool });
    await next.close();
    expect([next.rows, await inStore()]).toEqual([0, upTo(10 * SEGMENT)]);
  });

  test('a spool that is full ends the output', async () => {
    const spool = join(folder, place);
    const writer = await open({ spool, spoolSize: '300kB', timeout: '300ms' });
    await writer.write(rows(0, SEGMENT));
    await firstRows(writer);
    await proxy.refuse();
    const error = await failureOf(async () => {
      for (let row = SEGMENT; row < 50 * SEGMENT; row += SEGMENT) await writer.write(rows(row, SEGMENT));
    });
    await writer.abort();
    expectClear(error);
    expect(error.message).toContain('300000 bytes');
  });
}
