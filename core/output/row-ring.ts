import type { RowWriter, SinkState } from '../declare/sink.ts';
import { appendRows, type Column, RowBatch } from '../flow/rows.ts';

/** Batches that wait at most. */
const BATCHES = 64;
const ROWS = 1024;

/** What a ring does when it is full, and whom it tells. */
export interface RingOptions {
  /** Rows that find no room are dropped and counted; otherwise `write` waits. */
  readonly drop: boolean;
  /** A line for people: dropping has begun, or is over. */
  report(line: string): void;
  readonly batches?: number;
}

/**
 * An output around an output that takes rows at once and hands them on by itself, so that a slow one does not hold up
 * frames. Memory is bounded: what finds no room waits or is dropped.
 */
export class RowRing implements RowWriter {
  /** Rows dropped because the output was too slow. */
  dropped = 0;
  /** When the first of them was dropped, milliseconds since 1970. */
  droppedSince: number | undefined;
  readonly #writer: RowWriter;
  readonly #columns: readonly Column[];
  readonly #options: RingOptions;
  readonly #most: number;
  readonly #queue: RowBatch[] = [];
  readonly #spare: RowBatch[] = [];
  /** The one that `writer` has now. */
  #given: RowBatch | undefined;
  #made = 0;
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;
  #failure: unknown;
  #wake: (() => void) | undefined;
  #turn: 'flush' | 'rotate' | undefined;
  #dropping: { readonly since: number; readonly before: number } | undefined;

  constructor(writer: RowWriter, columns: readonly Column[], options: RingOptions) {
    this.#writer = writer;
    this.#columns = columns;
    this.#options = options;
    this.#most = options.batches ?? BATCHES;
    if (writer.rotate !== undefined) this.rotate = () => this.#ask('rotate');
  }

  rotate?: () => void;

  get rows(): number {
    return this.#writer.rows;
  }

  get state(): SinkState {
    const { waiting = 0, spooled = 0, retrying } = this.#writer.state ?? {};
    const queued = this.#queue.reduce((sum, { count }) => sum + count, this.#given?.count ?? 0);
    return { waiting: waiting + queued, spooled, retrying };
  }

  async write(batch: RowBatch): Promise<void> {
    this.#recovered();
    for (let from = 0; from < batch.count; ) {
      if (this.#failure !== undefined) throw this.#failure;
      const place = this.#place();
      if (place !== undefined) {
        from += appendRows(batch, from, place);
        this.#work();
      } else if (this.#options.drop) {
        this.#drop(batch.count - from);
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
    this.#recovered();
  }

  flush(): void {
    this.#recovered();
    this.#ask('flush');
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    await this.#drain();
    this.#recovered(true);
    if (this.#failure === undefined) return this.#writer.close();
    await this.#writer.abort();
    throw this.#failure;
  }

  /** Hands on what waits before it aborts the output, unless that has failed. */
  async abort(): Promise<void> {
    await this.#drain();
    await this.#writer.abort();
  }

  async #drain(): Promise<void> {
    while (this.#isWorking) await this.#working;
  }

  #ask(turn: 'flush' | 'rotate'): void {
    if (this.#turn !== 'rotate') this.#turn = turn;
    this.#work();
  }

  /** A batch with room for rows; undefined when there is none. */
  #place(): RowBatch | undefined {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.count < last.capacity) return last;
    if (this.#queue.length >= this.#most) return undefined;
    if (this.#spare.length === 0) {
      if (this.#made > this.#most) return undefined;
      this.#made += 1;
      this.#spare.push(new RowBatch(this.#columns, ROWS));
    }
    const batch = this.#spare.pop()!;
    batch.count = 0;
    this.#queue.push(batch);
    return batch;
  }

  #work(): void {
    if (this.#isWorking || this.#failure !== undefined) return;
    this.#isWorking = true;
    this.#working = this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0 || this.#turn !== undefined) {
        const batch = this.#queue.shift();
        if (batch === undefined) await this.#take();
        else {
          this.#given = batch;
          await this.#writer.write(batch);
          this.#given = undefined;
          this.#spare.push(batch);
        }
        this.#wake?.();
      }
    } catch (error) {
      this.#failure = error;
      this.#wake?.();
    } finally {
      this.#isWorking = false;
    }
  }

  /** What was asked for besides rows, when none wait. */
  async #take(): Promise<void> {
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === 'rotate') await this.#writer.rotate?.();
    else await this.#writer.flush?.();
  }

  #drop(rows: number): void {
    this.#dropping ??= { since: Date.now(), before: this.dropped };
    if (this.dropped === this.#dropping.before) this.#options.report('too slow: rows are being dropped');
    this.droppedSince ??= Date.now();
    this.dropped += rows;
  }

  #recovered(atEnd = false): void {
    if (this.#dropping === undefined || (!atEnd && this.#queue.length * 2 > this.#most)) return;
    const rows = this.dropped - this.#dropping.before;
    const seconds = ((Date.now() - this.#dropping.since) / 1000).toFixed(1);
    this.#dropping = undefined;
    this.#options.report(`${rows} rows were dropped in ${seconds} s: too slow`);
  }
}
