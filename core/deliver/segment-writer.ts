import { setTimeout as delay } from 'node:timers/promises';
import type { RowWriter, SinkContext, SinkState } from '../declare/sink.ts';
import { PacketloomError } from '../errors.ts';
import { appendRows, type Column, RowBatch } from '../flow/rows.ts';
import { outputError } from '../output/output.ts';
import type { DeliverySettings } from './delivery-options.ts';
import { reasonOf } from './reason.ts';
import { SegmentIds } from './segment-ids.ts';
import { Spool } from './spool.ts';

/** Milliseconds before the first retry; doubled each time up to the longest. */
const FIRST_DELAY = 100;
const LONGEST_DELAY = 5000;
/** Segments in memory that wait behind the one being delivered. */
const WAITING = 2;

/** A segment of output: the unit of delivery, all of its rows or none. */
export interface Segment {
  /** The same on every run that makes the same rows: what a store remembers so that it takes no row twice. */
  readonly id: string;
  readonly rows: number;
}

/** A store that takes segments of rows as bytes. Calls never overlap. */
export interface SegmentTarget {
  /** Bytes of the rows, which are reused afterwards. */
  encode(rows: RowBatch, id: string): Uint8Array | Promise<Uint8Array>;
  /**
   * Resolves when the rows are in the store for good, by this call or an earlier one with the same id. A PacketloomError
   * ends the output; after any other error it is not known whether they are, and the call is repeated with the same id.
   */
  deliver(payload: Uint8Array, segment: Segment): Promise<void>;
  /** Releases what it holds; also after failures. */
  close(): Promise<void>;
}

/** How rows are cut into segments and what is done when they cannot be delivered. */
export interface SegmentOptions extends DeliverySettings {
  readonly sink: string;
  /** Target as messages name it: without secrets. */
  readonly target: string;
  /** Rows of a segment at most. Without `live` all but the last have so many: ids depend on it. */
  readonly rows: number;
  /** What decides the bytes of a payload besides the columns: a spool of another encoding is another spool. */
  readonly encoding?: string;
  /** Milliseconds after which rows of a live run leave in a smaller one (1000). */
  readonly patience?: number;
}

interface Pending extends Segment {
  /** Its place in the run, from 0. */
  readonly place: number;
  readonly payload: Uint8Array;
}

/**
 * Rows on their way to a store in segments, in order. What fails is tried again with growing pauses for a bounded time;
 * with a spool, rows wait on disk meanwhile, up to its bound.
 */
export class SegmentWriter implements RowWriter {
  rows = 0;
  readonly #target: SegmentTarget;
  readonly #options: SegmentOptions;
  readonly #context: SinkContext;
  readonly #ids: SegmentIds;
  readonly #spool: Spool | undefined;
  readonly #filling: RowBatch;
  /** When the first row of the segment being filled came. */
  #since = 0;
  readonly #queue: Pending[] = [];
  #working: Promise<void> | undefined;
  #failure: unknown;
  #retrying: string | undefined;
  /** When deliveries began to fail. */
  #failingSince: number | undefined;
  #closing = false;
  #aborted = new AbortController();
  #wake: (() => void)[] = [];
  /** Rows of an earlier run in the spool. */
  #earlier: number;
  #made = 0;

  /** @throws PacketloomError `sink` when the spool cannot be used */
  constructor(target: SegmentTarget, columns: readonly Column[], options: SegmentOptions, context: SinkContext) {
    this.#target = target;
    this.#options = options;
    this.#context = context;
    this.#ids = new SegmentIds(context.configuration, columns);
    const { sink, target: name, encoding, spool, spoolBytes } = options;
    this.#spool =
      spool === undefined ? undefined : new Spool(spool, { sink, target: name, encoding, columns }, spoolBytes);
    this.#earlier = this.#spool?.rows ?? 0;
    this.#filling = new RowBatch(columns, options.rows);
    if (this.#earlier > 0) {
      context.report(`${this.#earlier} rows of an earlier run wait in ${this.#spool!.folder}`);
      this.#work();
    }
  }

  get state(): SinkState {
    const queued = this.#queue.reduce((sum, { rows }) => sum + rows, this.#filling.count);
    const spooled = (this.#spool?.rows ?? 0) - this.#earlier;
    return { waiting: queued, spooled, retrying: this.#retrying };
  }

  async write(batch: RowBatch): Promise<void> {
    for (let from = 0; from < batch.count; ) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#filling.count === 0) this.#since = Date.now();
      from += appendRows(batch, from, this.#filling);
      if (this.#filling.count === this.#filling.capacity) await this.#seal();
    }
  }

  async flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const { patience = 1000 } = this.#options;
    // Smaller ones only while the store keeps up: otherwise rows gather.
    if (this.#filling.count > 0 && Date.now() - this.#since >= patience && this.#queue.length < WAITING)
      await this.#seal();
  }

  async close(): Promise<void> {
    try {
      this.#closing = true;
      // The store has a last time of its own to come back.
      if (this.#failingSince !== undefined) this.#failingSince = Date.now();
      if (this.#failure === undefined && this.#filling.count > 0) await this.#seal();
      while (this.#working !== undefined) await this.#working;
      if (this.#failure !== undefined) throw await this.#keepRest();
    } finally {
      await this.#target.close().catch(() => {});
    }
  }

  async abort(): Promise<void> {
    this.#aborted.abort();
    while (this.#working !== undefined) await this.#working;
    await this.#keepRest();
    await this.#target.close().catch(() => {});
  }

  /** Puts what was not delivered on disk, where there is room; the error of the output, with what became of its rows. */
  async #keepRest(): Promise<unknown> {
    const spool = this.#spool;
    if (spool === undefined) return this.#failure;
    try {
      if (this.#filling.count > 0) this.#queue.push(await this.#take());
      for (let next = this.#queue[0]; next !== undefined && spool.fits(next.payload.length); next = this.#queue[0]) {
        await spool.put(next.place, next.id, next.rows, next.payload);
        this.#queue.shift();
      }
    } catch {
      // What is left is lost, and counted by those who made it.
    }
    const { spooled } = this.state;
    if (spooled === 0 || !(this.#failure instanceof Error)) return this.#failure;
    const { message } = this.#failure;
    const text = `${message}; ${spooled} rows are in ${spool.folder} and go out with the next run`;
    return new PacketloomError('sink', text, { cause: this.#failure });
  }

  async #take(): Promise<Pending> {
    const rows = this.#filling.count;
    const id = this.#ids.next(this.#filling);
    const payload = await this.#target.encode(this.#filling, id);
    this.#filling.count = 0;
    this.#made += 1;
    return { place: this.#made - 1, id, rows, payload };
  }

  /** Sends the rows gathered so far on their way; waits while too much is on it already. */
  async #seal(): Promise<void> {
    this.#queue.push(await this.#take());
    this.#work();
    while (this.#queue.length > WAITING && this.#failure === undefined) {
      if (this.#spool !== undefined && this.#retrying !== undefined) await this.#spill(this.#spool);
      else {
        await new Promise<void>((resolve) => {
          this.#wake.push(resolve);
        });
      }
    }
    if (this.#failure !== undefined && !this.#closing) throw this.#failure;
  }

  /** Moves the newest segment to disk. */
  async #spill(spool: Spool): Promise<void> {
    const newest = this.#queue.at(-1)!;
    const { place, id, rows, payload } = newest;
    if (!spool.fits(payload.length)) {
      const bound = `the spool ${spool.folder} is full (${this.#options.spoolBytes} bytes)`;
      this.#fail(outputError(this.#name, `${this.#retrying}; ${bound}`));
      return;
    }
    // Out of reach of the deliveries that go on meanwhile.
    this.#queue.pop();
    try {
      await spool.put(place, id, rows, payload);
      this.#work();
    } catch (error) {
      this.#queue.push(newest);
      this.#fail(outputError(this.#name, `${this.#retrying}; spool: ${(error as Error).message}`));
    }
  }

  get #name() {
    return { sink: this.#options.sink, target: this.#options.target, stop: () => {} };
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#aborted.abort();
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #work(): void {
    if (this.#working !== undefined || this.#failure !== undefined) return;
    this.#working = this.#run().finally(() => {
      this.#working = undefined;
      this.#wakeAll();
    });
  }

  /** Delivers what waits, in order: an earlier run's rows, then those in memory and on disk by their places. */
  async #run(): Promise<void> {
    const spool = this.#spool;
    try {
      for (;;) {
        const next = this.#queue[0];
        const kept = spool?.segments[0];
        if (kept !== undefined && (next === undefined || kept.place < next.place)) {
          await this.#deliver(await spool!.read(), kept);
          await spool!.shift();
          if (kept.place < 0) this.#earlier -= kept.rows;
          else this.rows += kept.rows;
        } else if (next !== undefined) {
          await this.#deliver(next.payload, next);
          this.#queue.shift();
          this.rows += next.rows;
        } else return;
        this.#wakeAll();
      }
    } catch (error) {
      if (this.#aborted.signal.aborted) return;
      // Any other than that of a delivery is of the spool.
      const known = error instanceof Error && error.name === 'PacketloomError';
      this.#fail(known ? error : outputError(this.#name, error));
    }
  }

  async #deliver(payload: Uint8Array, segment: Segment): Promise<void> {
    for (let pause = FIRST_DELAY; ; pause = Math.min(2 * pause, LONGEST_DELAY)) {
      try {
        await this.#target.deliver(payload, segment);
        this.#recovered();
        return;
      } catch (error) {
        if (error instanceof Error && error.name === 'PacketloomError') throw error;
        this.#troubled(error);
        // Jitter keeps many writers from coming back at the same moment.
        await delay(pause * (0.8 + 0.4 * Math.random()), undefined, { signal: this.#aborted.signal });
      }
    }
  }

  #troubled(error: unknown): void {
    const why = reasonOf(error);
    this.#failingSince ??= Date.now();
    if (this.#retrying === undefined) {
      this.#context.report(`delivery failed, trying again: ${why}`);
      // Those who wait for room may use the spool now.
      this.#retrying = why;
      this.#wakeAll();
    }
    this.#retrying = why;
    const seconds = (Date.now() - this.#failingSince) / 1000;
    if (seconds * 1000 < this.#options.retryMilliseconds || (this.#spool !== undefined && !this.#closing)) return;
    throw outputError(this.#name, `${why} (tried for ${seconds.toFixed(1)} s)`);
  }

  #recovered(): void {
    if (this.#failingSince === undefined) return;
    const seconds = ((Date.now() - this.#failingSince) / 1000).toFixed(1);
    this.#context.report(`deliveries go on after ${seconds} s`);
    this.#failingSince = undefined;
    this.#retrying = undefined;
  }
}
