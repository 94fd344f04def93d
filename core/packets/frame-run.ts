import type { FieldEntry, Registry } from '../declare/registry.ts';
import type { FrameReader } from '../declare/source.ts';
import { asksForFlow, compileFilter } from '../expression/filter.ts';
import type { FrameContext, FrameFilter } from '../expression/program.ts';
import type { FlowSettings } from '../flow/settings.ts';
import { FrameBatch } from '../frame/batch.ts';
import type { DecodeAs, Dispatch } from '../frame/dispatch.ts';
import type { Frame } from '../frame/frame.ts';
import { walk } from '../frame/walk.ts';
import { makeDispatch } from '../run/dispatch.ts';
import type { Placed } from '../run/flow-run.ts';
import { Cursor } from './cursor.ts';
import { FlowIds, flowPlan } from './flow-ids.ts';
import type { FlowOfFrame, FrameFlows } from './frame-flows.ts';

/** What a run over frames needs. */
export interface FrameRunOptions {
  readonly registry: Registry;
  /** What it holds back (`rest`) is taken also when the run is ended early. */
  readonly reader: FrameReader & { rest?(batch: FrameBatch): number };
  /** The fields that are read of frames that are kept. */
  readonly demanded: readonly FieldEntry[];
  /** Every dissector runs. */
  readonly all?: boolean;
  /** Frames are looked into even where nothing is demanded. */
  readonly layers?: boolean;
  /** Times of earlier frames are wanted. */
  readonly times?: boolean;
  /** The frames' flows are wanted, with these settings of the meter. */
  readonly flows?: FlowSettings | undefined;
  /** The frames' flows, known from a run of the meter before, in place of `flows`. */
  readonly known?: FrameFlows | undefined;
  /** What the meter of `flows` sees: `where` itself where not stated, unless it asks for the flow. */
  readonly metered?: Placed | undefined;
  readonly where?: Placed | undefined;
  readonly decodeAs?: readonly DecodeAs[];
  readonly signal?: AbortSignal;
  /** The source is live. */
  readonly live?: boolean;
  readonly limits?: { readonly frames?: number; readonly seconds?: number };
  /** Number of the first frame that is looked at. */
  readonly from?: number;
  /** Frames in a batch. */
  readonly capacity?: number;
  readonly frame?: Frame;
}

/** Why a run over frames ended. */
export type Stopped = 'end' | 'signal' | 'limit' | 'stopped';

const FRAMES = 2048;

const hexText = (word: number): string => word.toString(16).padStart(8, '0');

/** Reads frames one after the other, walks them as far as needed, and keeps those that a filter lets pass. */
export class FrameRun {
  readonly cursor: Cursor;
  readonly #options: FrameRunOptions;
  readonly #batch: FrameBatch;
  readonly #dispatch: Dispatch;
  readonly #filter: FrameFilter | undefined;
  readonly #flows: FlowIds | undefined;
  readonly #walks: boolean;
  /** The filter asks for the frame's flow. */
  readonly #asks: boolean;
  readonly #deadline: number;
  readonly #context: FrameContext = { number: 0, time: 0, wireLength: 0, capturedLength: 0 };

  /** @throws PacketloomError for a filter or decode-as that is wrong */
  constructor(options: FrameRunOptions) {
    const { registry, where, demanded, all = false, decodeAs = [], capacity = FRAMES } = options;
    const flows = options.flows === undefined || options.known ? undefined : flowPlan(registry, options.flows);
    const asks = options.flows !== undefined || options.known !== undefined;
    const seconds = options.limits?.seconds;
    this.#options = options;
    this.#deadline = seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
    this.#filter = where === undefined ? undefined : compileFilter(registry, where.text, where.at, asks);
    const fields = [...demanded, ...(this.#filter?.demanded ?? []), ...(flows?.demanded ?? [])];
    this.#dispatch = makeDispatch(registry, fields, all, decodeAs);
    this.#asks = asks && where !== undefined && asksForFlow(where.text);
    this.#walks = all || options.layers === true || demanded.length > 0 || this.#filter !== undefined;
    this.#batch = new FrameBatch(capacity);
    this.cursor = new Cursor(this.#dispatch.dissectorIds, options.reader, options.frame);
    // A filter keeps state in its own columns: the meter gets one of its own.
    const metered = options.metered ?? (this.#asks ? undefined : where);
    const filter =
      flows === undefined || metered === undefined ? undefined : compileFilter(registry, metered.text, metered.at);
    this.#flows =
      flows === undefined
        ? undefined
        : new FlowIds(this.#dispatch, flows.plan, flows.settings, filter, capacity, flows.options);
  }

  /** Frames read so far. */
  get frames(): number {
    return this.cursor.number;
  }

  /**
   * Reads to the end. `take` gets the cursor at every frame that is kept; `after` is called between batches (`idle`: a
   * live source has nothing now) and ends the run by false.
   */
  async read(take: (cursor: Cursor) => void, after: (idle: boolean) => Promise<boolean> | boolean): Promise<Stopped> {
    for (;;) {
      const next = this.next(take);
      const found = typeof next === 'object' ? await next : next;
      if (typeof found === 'string') {
        await this.#takeRest(take, after);
        return found;
      }
      const going = after(!found);
      if (!(typeof going === 'boolean' ? going : await going)) return 'stopped';
    }
  }

  async #takeRest(take: (cursor: Cursor) => void, after: (idle: boolean) => Promise<boolean> | boolean): Promise<void> {
    const { reader } = this.#options;
    while ((reader.rest?.(this.#batch) ?? 0) > 0) {
      this.#take(take);
      if (!(await after(false))) return;
    }
  }

  /** Reads one batch: whether there was one, or why there is none any more. */
  next(take: (cursor: Cursor) => void): boolean | Stopped | Promise<boolean | Stopped> {
    const { reader, limits, signal, live = false } = this.#options;
    // A live source ends by the same signal, when it has handed over what it had captured by then.
    if (signal?.aborted && !live) return 'signal';
    if (this.frames >= (limits?.frames ?? Number.POSITIVE_INFINITY) || Date.now() >= this.#deadline) return 'limit';
    const read = reader.read(this.#batch);
    return typeof read === 'number' ? this.#receive(read, take) : read.then((count) => this.#receive(count, take));
  }

  #receive(count: number, take: (cursor: Cursor) => void): boolean | Stopped {
    const { limits, signal } = this.#options;
    if (count === 0) return signal?.aborted ? 'signal' : 'end';
    if (count < 0) return signal?.aborted ? 'signal' : false;
    this.#batch.count = Math.min(count, (limits?.frames ?? Number.POSITIVE_INFINITY) - this.frames);
    this.#take(take);
    return true;
  }

  #take(take: (cursor: Cursor) => void): void {
    const { cursor } = this;
    const batch = this.#batch;
    const flows = this.#flows;
    const filter = this.#filter;
    const walks = this.#walks;
    flows?.run(batch);
    cursor.enter(batch);
    const { from = 1, times = false, known } = this.#options;
    for (let i = 0; i < batch.count; i += 1) {
      cursor.index = i;
      cursor.number += 1;
      if (cursor.number < from) continue;
      if (walks) walk(cursor.frame, this.#dispatch, batch, i);
      if (known !== undefined) this.#enterFlow(known.of(cursor.number));
      else if (flows !== undefined) {
        cursor.flowHigh = flows.high[i]!;
        cursor.flowLow = flows.low[i]!;
        cursor.segment = flows.segment[i]!;
      }
      let kept = filter === undefined || this.#passes(filter);
      if (!kept && known?.second(cursor.number) !== undefined) {
        this.#enterFlow(known.second(cursor.number));
        kept = this.#passes(filter!);
      }
      if (kept) {
        if (walks) cursor.link();
        take(cursor);
        if (walks) cursor.unlink();
      }
      if (times) cursor.leave(kept);
    }
  }

  #enterFlow(flow: FlowOfFrame | undefined): void {
    const { cursor } = this;
    cursor.flowHigh = flow?.high ?? -1;
    cursor.flowLow = flow?.low ?? 0;
    cursor.segment = flow?.segment ?? 0;
  }

  #passes(filter: FrameFilter): boolean {
    const { batch, index, number, frame } = this.cursor;
    const context = this.#context;
    const nanoseconds = batch.nanoseconds[index]!;
    context.number = number;
    context.time = nanoseconds < 0 ? Number.NaN : batch.seconds[index]! * 1e9 + nanoseconds;
    context.wireLength = batch.wire[index]!;
    context.capturedLength = batch.captured[index]!;
    if (this.#asks) {
      const { flowHigh, flowLow, segment } = this.cursor;
      context.flowId = flowHigh < 0 ? null : hexText(flowHigh) + hexText(flowLow);
      context.segment = flowHigh < 0 ? Number.NaN : segment;
    }
    return filter.test(frame, context);
  }
}
