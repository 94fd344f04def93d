import type { Registry } from '../declare/registry.ts';
import type { RowWriter } from '../declare/sink.ts';
import type { FrameReader, SourceStatistics } from '../declare/source.ts';
import { compileProgram, type FeatureRequest } from '../expression/compile.ts';
import { compileFilter } from '../expression/filter.ts';
import type { Program } from '../expression/program.ts';
import { planKey } from '../flow/key.ts';
import { Meter } from '../flow/meter.ts';
import type { Column, RowBatch } from '../flow/rows.ts';
import { RowBatch as Rows } from '../flow/rows.ts';
import type { FlowSettings } from '../flow/settings.ts';
import { END_REASONS } from '../flow/settings.ts';
import { frameColumns, SKIPPED, Stage } from '../flow/stage.ts';
import { FrameBatch } from '../frame/batch.ts';
import type { DecodeAs } from '../frame/dispatch.ts';
import { makeDispatch } from './dispatch.ts';
import { TimeSpan } from './time-span.ts';

/** Frames in a batch. */
const FRAMES = 2048;
/** Rows in a batch. */
const ROWS = 1024;
/** Wall time runs ahead of frames that are still on their way; a live clock stays this far behind it. */
const GUARD_MILLISECONDS = 1000;

/** An expression of the user's, with the place it came from (`where`, `--where`), for errors. */
export interface Placed {
  readonly text: string;
  readonly at: string;
}

/** What a run of the meter needs. */
export interface FlowRun {
  readonly registry: Registry;
  readonly reader: FrameReader;
  /** Named features and expressions, presets already expanded. */
  readonly features: readonly FeatureRequest[];
  readonly settings: FlowSettings;
  readonly where?: Placed | undefined;
  readonly keep?: Placed | undefined;
  readonly decodeAs?: readonly DecodeAs[];
  /** Runs every dissector, so that anomalies of all layers are counted. */
  readonly validateAll?: boolean;
  /** Opens the outputs, once the columns are known. `stop` ends the run quietly. */
  open(columns: readonly Column[], stop: () => void): Promise<readonly RowWriter[]>;
  readonly signal?: AbortSignal;
  onProgress?(progress: Progress): void;
  readonly limits?: { readonly frames?: number; readonly seconds?: number };
  /** The source is live: wall time moves the run clock when it is drained. */
  readonly live?: boolean;
}

/** How far a run is. */
export interface Progress {
  readonly frames: number;
  readonly openFlows: number;
  readonly rows: number;
  readonly inputs: readonly SourceStatistics[];
}

/** What a run did: everything the summary states. */
export interface RunResult {
  readonly inputs: readonly SourceStatistics[];
  readonly frames: { readonly read: number; readonly used: number; readonly skipped: Readonly<Record<string, number>> };
  /** Bytes on the wire of all frames read. */
  readonly bytes: number;
  readonly flows: {
    readonly rows: number;
    readonly notKept: number;
    readonly byEndReason: Readonly<Record<string, number>>;
  };
  readonly fragments: { readonly joined: number; readonly unmatched: number };
  readonly anomalies: Readonly<Record<string, number>>;
  readonly disorder: { readonly frames: number; readonly steps: number };
  readonly drops: {
    readonly kernel: number | null;
    readonly interface: number | null;
    readonly application: number | null;
  };
  /** Earliest and latest packet time, seconds with nine decimals; null without frames that have a time. */
  readonly time: { readonly first: string | null; readonly last: string | null };
  readonly stopped: 'end' | 'signal' | 'pipe' | 'limit';
}

/**
 * Reads frames to the end, weaves flows and writes rows. Whatever ends the run, open flows get their rows and every
 * output is closed, or aborted when one of them failed.
 * @throws PacketloomError for an expression, key or decode-as that is wrong, a device or sink that fails.
 */
export async function runFlows(run: FlowRun): Promise<RunResult> {
  const { settings, registry } = run;
  const plan = planKey(registry, settings.key, settings.bidirectional);
  const columns = frameColumns(FRAMES);
  const program = compileProgram({
    registry,
    features: run.features,
    ...(run.keep === undefined ? {} : { keep: run.keep }),
    keyFields: plan.fields.map(({ name }) => name),
    columns,
    capacity: FRAMES,
  });
  const filter = run.where === undefined ? undefined : compileFilter(registry, run.where.text, run.where.at);
  const demanded = [...program.demanded, ...(filter?.demanded ?? []), ...plan.fields.map(({ entry }) => entry)];
  const dispatch = makeDispatch(registry, demanded, run.validateAll ?? false, run.decodeAs ?? []);
  const stage = new Stage(dispatch, program, plan, columns, filter);
  const meter = new Meter(settings, plan, program, stage);
  let stopped: RunResult['stopped'] = 'end';
  const writers = await run.open(program.columns, () => {
    stopped = 'pipe';
  });
  const session = new Session(run, program, stage, meter, writers);
  try {
    stopped = await session.read(() => stopped === 'pipe');
    meter.finish();
    await session.flush(true);
  } catch (error) {
    await Promise.allSettled(writers.map((writer) => writer.abort()));
    throw error;
  } finally {
    await run.reader.close();
  }
  await closeAll(writers, stopped === 'pipe');
  return session.result(stopped);
}

/** Closes every output, also when one of them fails; the first failure is the run's. */
async function closeAll(writers: readonly RowWriter[], quietly: boolean): Promise<void> {
  const closed = await Promise.allSettled(writers.map((writer) => writer.close()));
  const failed = closed.find((one) => one.status === 'rejected');
  if (failed !== undefined && !quietly) throw failed.reason;
}

class Session {
  readonly #run: FlowRun;
  readonly #stage: Stage;
  readonly #meter: Meter;
  readonly #writers: readonly RowWriter[];
  readonly #batch = new FrameBatch(FRAMES);
  readonly #rows: RowBatch;
  readonly #span = new TimeSpan();
  readonly #skipped: number[] = SKIPPED.map(() => 0);
  #frames = 0;
  #bytes = 0;

  constructor(run: FlowRun, program: Program, stage: Stage, meter: Meter, writers: readonly RowWriter[]) {
    this.#run = run;
    this.#stage = stage;
    this.#meter = meter;
    this.#writers = writers;
    this.#rows = new Rows(program.columns, ROWS);
  }

  /** Reads until the input, a limit, a signal or a closed pipe ends it. */
  async read(closed: () => boolean): Promise<RunResult['stopped']> {
    const { reader, limits, signal, live } = this.#run;
    const deadline = limits?.seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + limits.seconds * 1000;
    const most = limits?.frames ?? Number.POSITIVE_INFINITY;
    const batch = this.#batch;
    for (;;) {
      if (signal?.aborted) return 'signal';
      if (this.#frames >= most || Date.now() >= deadline) return 'limit';
      const read = reader.read(batch);
      const count = typeof read === 'number' ? read : await read;
      if (count === 0) return signal?.aborted ? 'signal' : 'end';
      if (count > 0) {
        batch.count = Math.min(count, most - this.#frames);
        this.#take();
      } else {
        const wall = Date.now() - GUARD_MILLISECONDS;
        this.#meter.advance(Math.floor(wall / 1000), (wall % 1000) * 1e6);
      }
      await this.flush(live === true);
      if (closed()) return 'pipe';
      this.#run.onProgress?.(this.#progress());
    }
  }

  #take(): void {
    const batch = this.#batch;
    this.#stage.run(batch);
    this.#meter.process(batch);
    this.#frames += batch.count;
    const { skip } = this.#stage;
    for (let i = 0; i < batch.count; i += 1) {
      this.#bytes += batch.wire[i]!;
      if (skip[i] !== 0) this.#skipped[skip[i]!]! += 1;
    }
    this.#span.take(batch);
  }

  /** Hands rows that are final to the outputs: whole batches, or everything. */
  async flush(all: boolean): Promise<void> {
    const rows = this.#rows;
    for (let more = true; more; ) {
      more = this.#meter.drain(rows);
      if (more || (all && rows.count > 0)) {
        for (const writer of this.#writers) {
          const written = writer.write(rows);
          if (written !== undefined) await written;
        }
        rows.count = 0;
      }
    }
  }

  #progress(): Progress {
    return {
      frames: this.#frames,
      openFlows: this.#meter.open,
      rows: this.#meter.counts.rows,
      inputs: this.#run.reader.statistics(),
    };
  }

  result(stopped: RunResult['stopped']): RunResult {
    const { counts } = this.#meter;
    const inputs = this.#run.reader.statistics();
    const skipped: Record<string, number> = {};
    SKIPPED.forEach((reason, i) => {
      if (i > 0 && this.#skipped[i]! > 0) skipped[reason] = this.#skipped[i]!;
    });
    const anomalies = this.#stage.anomalyCounts();
    if (counts.timeAbsent > 0) anomalies['time.absent'] = counts.timeAbsent;
    if (counts.timeSpan > 0) anomalies['time.span'] = counts.timeSpan;
    return {
      inputs,
      frames: { read: this.#frames, used: counts.used, skipped },
      bytes: this.#bytes,
      flows: {
        rows: counts.rows,
        notKept: counts.notKept,
        byEndReason: Object.fromEntries(
          Object.entries(END_REASONS).map(([code, name]) => [name, counts.byEndReason[Number(code)]!]),
        ),
      },
      fragments: { joined: 0, unmatched: 0 },
      anomalies,
      disorder: { frames: counts.disorder, steps: counts.steps },
      drops: {
        kernel: total(inputs, 'kernel'),
        interface: total(inputs, 'interface'),
        application: total(inputs, 'application'),
      },
      time: this.#span.text(),
      stopped,
    };
  }
}

/** A sum of counts, unknown when one of them is. */
function total(inputs: readonly SourceStatistics[], kind: keyof SourceStatistics['drops']): number | null {
  let sum = 0;
  for (const { drops } of inputs) {
    const value = drops[kind];
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
