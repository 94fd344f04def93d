import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { RowWriter, Sink, SinkContext, SinkState } from '../declare/sink.ts';
import { PacketloomError } from '../errors.ts';
import { appendRows, type Column, type ColumnData, RowBatch } from '../flow/rows.ts';
import { packageFile } from '../package-root.ts';
import type { FromThread, OpenInThread, ToThread } from './sink-thread.ts';

/** Batches on their way to the thread at most. */
const BATCHES = 4;
const ROWS = 1024;

/** Arrays that both threads see; texts travel with each message. */
function sharedData(columns: readonly Column[], rows: number): ColumnData[] {
  return columns.map(({ kind }) => {
    const words = kind === 'address' ? 4 * rows : kind === 'hash' ? 2 * rows : 0;
    const numbers = kind === 'number' || kind === 'time' ? rows : 0;
    const extra = kind === 'time' || kind === 'address' ? rows : 0;
    return {
      numbers: new Float64Array(new SharedArrayBuffer(8 * numbers)),
      extra: new Int32Array(new SharedArrayBuffer(4 * extra)),
      words: new Uint32Array(new SharedArrayBuffer(4 * words)),
      texts: kind === 'text' ? new Array<string | null>(rows).fill(null) : [],
    };
  });
}

/** A sink in a thread of its own: rows are copied into arrays that both threads see. */
class ThreadWriter implements RowWriter {
  rows = 0;
  state: SinkState = { waiting: 0, spooled: 0, retrying: undefined };
  readonly #worker: Worker;
  readonly #context: SinkContext;
  readonly #batches: readonly RowBatch[];
  readonly #free: number[];
  readonly #answers = new Map<number, { resolve(): void; reject(error: Error): void }>();
  readonly #name: string;
  #last = 0;
  #failure: Error | undefined;
  /** Nobody answers any more. */
  #over = false;
  #wake: (() => void) | undefined;
  #sent = 0;

  constructor(name: string, request: OpenInThread, context: SinkContext) {
    this.#name = name;
    this.#context = context;
    const { columns } = request;
    this.#batches = request.batches.map((data, i) => new RowBatch(columns, ROWS, data, request.moments[i]));
    this.#free = [...this.#batches.keys()];
    this.#worker = new Worker(packageFile('dist/core/output/sink-thread.js'), { workerData: request });
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error) => this.#fail(`its thread ended: ${error.message}`));
    this.#worker.on('exit', () => this.#fail('its thread ended'));
  }

  rotate?: () => Promise<void>;

  /** Resolves when the sink is open. */
  async opened(): Promise<void> {
    await this.#ask({ kind: 'open' });
  }

  async write(batch: RowBatch): Promise<void> {
    for (let from = 0; from < batch.count; ) {
      while (this.#free.length === 0 && this.#failure === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if (this.#failure !== undefined) throw this.#failure;
      const index = this.#free.pop()!;
      const place = this.#batches[index]!;
      place.count = 0;
      from += appendRows(batch, from, place);
      const texts = place.data.flatMap((data) => (data.texts.length > 0 ? [data.texts.slice(0, place.count)] : []));
      this.#sent += place.count;
      this.#ask({ kind: 'write', index, count: place.count, texts }).then(
        () => this.#giveBack(index),
        () => this.#giveBack(index),
      );
    }
  }

  #giveBack(index: number): void {
    this.#free.push(index);
    this.#wake?.();
  }

  flush(): Promise<void> {
    return this.#ask({ kind: 'flush' });
  }

  async close(): Promise<void> {
    try {
      await this.#ask({ kind: 'close' });
    } finally {
      await this.#end();
    }
  }

  async abort(): Promise<void> {
    await this.#ask({ kind: 'abort' }).catch(() => {});
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#worker.removeAllListeners('exit');
    await this.#worker.terminate();
  }

  #ask(message: ToThread['request']): Promise<void> {
    if (this.#over) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#last += 1;
      this.#answers.set(this.#last, { resolve, reject });
      this.#worker.postMessage({ id: this.#last, request: message } satisfies ToThread);
    });
  }

  #hear(message: FromThread): void {
    if (message.kind === 'report') this.#context.report(message.line);
    else if (message.kind === 'stop') this.#context.stop();
    else this.#take(message);
  }

  #take(message: Extract<FromThread, { kind: 'answer' }>): void {
    const { id, rows, state, error, rotates } = message;
    this.rows = rows;
    this.state = { ...state, waiting: state.waiting + Math.max(0, this.#sent - message.taken) };
    if (rotates === true) this.rotate = () => this.#ask({ kind: 'rotate' });
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (error === undefined) {
      answer?.resolve();
      return;
    }
    const failure = new PacketloomError(error.code, error.message);
    this.#failure ??= failure;
    answer?.reject(failure);
  }

  #fail(why: string): void {
    this.#over = true;
    this.#failure ??= new PacketloomError('sink', `${this.#name}: ${why}`);
    for (const { reject } of this.#answers.values()) reject(this.#failure);
    this.#answers.clear();
    this.#wake?.();
  }
}

/**
 * Opens a sink of this package in a thread of its own; undefined where that is not possible (another package's sink, or
 * sources that were not compiled).
 * @param module file that has the sink as an export
 * @throws PacketloomError as its own `open` does
 */
export async function openOffThread(
  sink: Sink,
  target: string,
  columns: readonly Column[],
  options: Readonly<Record<string, unknown>>,
  context: SinkContext,
  module = packageFile(`dist/plugins/sinks/${sink.name}.js`),
): Promise<RowWriter | undefined> {
  if (!existsSync(module)) return undefined;
  const { precision, live, configuration } = context;
  const batches = Array.from({ length: BATCHES }, () => sharedData(columns, ROWS));
  const moments = batches.map(() => new Float64Array(new SharedArrayBuffer(8 * ROWS)));
  const settings = { precision, live, configuration };
  const request = { module, sink: sink.name, target, columns, options, ...settings, batches, moments };
  const writer = new ThreadWriter(`${sink.name} ${target}`, request, context);
  try {
    await writer.opened();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return writer;
}
