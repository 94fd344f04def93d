// Runs one sink in a thread of its own: opens it at the first message, then does as it is told, one thing after the other.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { RowWriter, Sink, SinkContext, SinkState } from '../declare/sink.ts';
import type { ErrorCode, PacketloomError } from '../errors.ts';
import { type Column, type ColumnData, RowBatch } from '../flow/rows.ts';
import { formatNumber, formatNumberFull } from './format-number.ts';

/** What the thread is started with. */
export interface OpenInThread extends Pick<SinkContext, 'precision' | 'live' | 'configuration'> {
  /** File of the sink: its export with this name is opened. */
  readonly module: string;
  readonly sink: string;
  readonly target: string;
  readonly columns: readonly Column[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly batches: readonly (readonly ColumnData[])[];
  /** `moments` of each of them. */
  readonly moments: readonly Float64Array[];
}

/** A request; each is answered once, in order. */
export interface ToThread {
  readonly id: number;
  readonly request:
    | { readonly kind: 'open' | 'flush' | 'rotate' | 'close' | 'abort' }
    | {
        readonly kind: 'write';
        readonly index: number;
        readonly count: number;
        /** Of the text columns, in their order. */
        readonly texts: readonly (string | null)[][];
      };
}

/** An answer, or something said in between. */
export type FromThread =
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly rows: number;
      /** Rows that `write` has been done with. */
      readonly taken: number;
      readonly state: SinkState;
      readonly rotates?: boolean;
      readonly error?: { readonly code: ErrorCode; readonly message: string };
    }
  | { readonly kind: 'report'; readonly line: string }
  | { readonly kind: 'stop' };

const { module, sink: name, target, columns, options, batches, moments, ...rest } = workerData as OpenInThread;
const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);
const given = batches.map((data, i) => new RowBatch(columns, moments[i]!.length, data, moments[i]));
let writer: RowWriter | undefined;
let failure: unknown;
let taken = 0;

const context: SinkContext = {
  ...rest,
  formatNumber: rest.precision === 'full' ? formatNumberFull : formatNumber,
  report: (line) => say({ kind: 'report', line }),
  stop: () => say({ kind: 'stop' }),
};

async function open(): Promise<RowWriter> {
  const found = Object.values((await import(pathToFileURL(module).href)) as Record<string, Partial<Sink>>).find(
    (one) => one?.kind === 'sink' && one.name === name,
  );
  return (found as Sink).open(target, columns, options, context);
}

async function act(request: ToThread['request']): Promise<void> {
  if (request.kind === 'open') {
    writer = await open();
    return;
  }
  if (request.kind === 'abort') return writer?.abort();
  // What was sent before the failure was known is lost, and counted by those who sent it.
  if (failure !== undefined) {
    if (request.kind === 'close') await writer?.abort();
    throw failure;
  }
  if (request.kind !== 'write') return writer![request.kind]?.();
  const batch = given[request.index]!;
  batch.count = request.count;
  let text = 0;
  for (const { texts } of batch.data) {
    if (texts.length === 0) continue;
    const own = request.texts[text]!;
    for (let row = 0; row < own.length; row += 1) texts[row] = own[row]!;
    text += 1;
  }
  await writer!.write(batch);
  taken += request.count;
}

function answer(id: number, error?: unknown): void {
  const { waiting = 0, spooled = 0, retrying } = writer?.state ?? {};
  const { code, message } = (error ?? {}) as Partial<PacketloomError>;
  const fault = error === undefined ? undefined : { code: code ?? 'sink', message: message ?? String(error) };
  say({
    kind: 'answer',
    id,
    rows: writer?.rows ?? 0,
    taken,
    state: { waiting, spooled, retrying },
    rotates: writer?.rotate !== undefined,
    ...(fault === undefined ? {} : { error: fault }),
  });
}

let turn = Promise.resolve();
port.on('message', ({ id, request }: ToThread) => {
  turn = turn.then(() =>
    act(request).then(
      () => answer(id),
      (error: unknown) => {
        failure ??= error;
        answer(id, error);
      },
    ),
  );
});
