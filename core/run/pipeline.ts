import type { RowWriter } from '../declare/sink.ts';
import type { SourceStatistics } from '../declare/source.ts';
import { PacketloomError } from '../errors.ts';
import { compileFilter } from '../expression/filter.ts';
import type { Program } from '../expression/program.ts';
import type { ClockTime } from '../flow/clock-time.ts';
import { planKey } from '../flow/key-plan.ts';
import { Meter } from '../flow/meter.ts';
import type { RowBatch } from '../flow/rows.ts';
import { RowBatch as Rows } from '../flow/rows.ts';
import { END_REASONS } from '../flow/settings.ts';
import { DUPLICATE, frameColumns, HELD, placesFor, SAMPLED, SKIPPED, Stage } from '../flow/stage.ts';
import { stageOptions } from '../flow/stage-options.ts';
import { FrameBatch } from '../frame/batch.ts';
import { makeDispatch } from './dispatch.ts';
import { DuplicateFilter } from './duplicates.ts';
import { BATCH_FRAMES, type FlowRun, type Progress, type RunResult, type RunState } from './flow-run.ts';
import { type ImitatingParts, imitate } from './imitate.ts';
import { makeProgram } from './make-program.ts';
import { ReorderingReader } from './reorder.ts';
import { Sampler } from './sampling.ts';
import { TimeSpan, timeText } from './time-span.ts';

/** Rows in a batch. */
const ROWS = 1024;
/** Milliseconds between two calls of `flush` of the outputs of a live run. */
const FLUSH_MILLISECONDS = 250;
/** Wall time runs ahead of frames that are still on their way; a live clock stays this far behind it. */
const GUARD_MILLISECONDS = 1000;

/**
 * Reads frames to the end, weaves flows and writes rows. Whatever ends the run, open flows get their rows and every
 * output is closed, or aborted when one of them failed.
 * @throws PacketloomError for an expression, key or decode-as that is wrong, a device or sink that fails.
 */
export async function runFlows(run: FlowRun): Promise<RunResult> {
  const { program, stage, meter } =
    run.imitation === undefined ? measure(run) : imitate(run, run.imitation, BATCH_FRAMES);
  let stopped: RunResult['stopped'] = 'end';
  const writers = await run.open(program.columns, () => {
    stopped = 'pipe';
  });
  run.watch?.begin(
    (slot) => meter.facts(slot),
    (place) => (meter instanceof Meter ? meter.elsewhere(place) : undefined),
  );
  // Order is worth a wait only where nobody waits: rows of a live run leave as they become final.
  if (run.live === true && meter instanceof Meter) meter.rowDelay = 0;
  const session = new Session(run, program, stage, meter, writers);
  run.observe?.(() => session.state());
  let failure: PacketloomError | undefined;
  try {
    try {
      stopped = await session.read(() => stopped === 'pipe');
    } catch (error) {
      // The rows of what a device gave until it failed are right.
      if (!(error instanceof PacketloomError) || error.code !== 'device') throw error;
      failure = error;
    }
    await session.takeRest();
    meter.finish();
    await session.flush(true);
  } catch (error) {
    await Promise.allSettled(writers.map((writer) => writer.abort()));
    throw error;
  } finally {
    await run.reader.close();
  }
  await closeAll(writers, stopped === 'pipe');
  const result = session.result(stopped);
  return failure === undefined ? result : { ...result, failure };
}

/** What looks at frames and weaves them into flows. */
type Parts = { readonly program: Program; readonly stage: Stage; readonly meter: Meter } | ImitatingParts;

/** The parts of a run that measures by its own rules. */
function measure(run: FlowRun): Parts {
  const { settings, registry } = run;
  const plan = planKey(registry, settings.key, settings.bidirectional);
  const options = stageOptions(registry, settings);
  const capacity = placesFor(BATCH_FRAMES, options);
  const columns = frameColumns(capacity);
  const program = makeProgram(run, {
    registry,
    features: run.features,
    ...(run.keep === undefined ? {} : { keep: run.keep }),
    keyFields: plan.fields.map(({ name }) => name),
    columns,
    capacity,
  });
  const filter = run.where === undefined ? undefined : compileFilter(registry, run.where.text, run.where.at);
  const demanded = [...program.demanded, ...(filter?.demanded ?? []), ...plan.fields.map(({ entry }) => entry)];
  const dispatch = makeDispatch(registry, demanded, run.validateAll ?? false, run.decodeAs ?? []);
  const stage = new Stage(dispatch, program, plan, columns, filter, options);
  return { program, stage, meter: new Meter(settings, plan, program, stage, run.watch?.slots) };
}

/** Closes every output, also when one of them fails; the first failure is the run's. */
async function closeAll(writers: readonly RowWriter[], quietly: boolean): Promise<void> {
  const closed = await Promise.allSettled(writers.map((writer) => writer.close()));
  const failed = closed.find((one) => one.status === 'rejected');
  if (failed !== undefined && !quietly) throw failed.reason;
}

class Session {
  readonly #run: FlowRun;
  readonly #stage: Parts['stage'];
  readonly #meter: Parts['meter'];
  readonly #writers: readonly RowWriter[];
  readonly #batch = new FrameBatch(BATCH_FRAMES);
  readonly #rows: RowBatch;
  readonly #span = new TimeSpan();
  readonly #skipped: number[] = SKIPPED.map(() => 0);
  readonly #reordering: ReorderingReader | undefined;
  readonly #duplicates: DuplicateFilter | undefined;
  readonly #sampler: Sampler | undefined;
  #frames = 0;
  #bytes = 0;
  #stepsTold = 0;

  constructor(
    run: FlowRun,
    program: Program,
    stage: Parts['stage'],
    meter: Parts['meter'],
    writers: readonly RowWriter[],
  ) {
    this.#run = run;
    this.#stage = stage;
    this.#meter = meter;
    this.#writers = writers;
    this.#rows = new Rows(program.columns, ROWS);
    const { reorder: window, clockStep: step, duplicates, sampling } = run.settings;
    if (window > 0) {
      const most = run.limits?.frames ?? Number.POSITIVE_INFINITY;
      this.#reordering = new ReorderingReader(run.reader, { window, step, most, lag: run.lag ?? 0 });
    }
    if (duplicates !== undefined) this.#duplicates = new DuplicateFilter(duplicates);
    if (sampling !== undefined) this.#sampler = new Sampler(sampling);
  }

  /** Reads until the input, a limit, a signal or a closed pipe ends it. */
  async read(closed: () => boolean): Promise<RunResult['stopped']> {
    const { limits, signal, live, settings } = this.#run;
    const reader = this.#reordering ?? this.#run.reader;
    const guard = GUARD_MILLISECONDS + (this.#run.lag ?? 0) + Math.ceil(settings.reorder / 1e6);
    const deadline = limits?.seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + limits.seconds * 1000;
    const most = limits?.frames ?? Number.POSITIVE_INFINITY;
    const batch = this.#batch;
    let flushed = Date.now();
    for (;;) {
      // A live source ends by the same signal, when it has handed over what it had captured by then.
      if (signal?.aborted && live !== true) return 'signal';
      if (this.#frames >= most || Date.now() >= deadline) return 'limit';
      const read = reader.read(batch);
      const count = typeof read === 'number' ? read : await read;
      if (count === 0) return signal?.aborted ? 'signal' : 'end';
      if (count > 0) {
        batch.count = Math.min(count, most - this.#frames);
        this.#take();
      } else if (signal?.aborted) return 'signal';
      else if (count === -1) {
        const wall = Date.now() - guard;
        this.#meter.advance(Math.floor(wall / 1000), (wall % 1000) * 1e6);
      }
      await this.flush(live === true);
      if (live === true && Date.now() - flushed >= FLUSH_MILLISECONDS) {
        for (const writer of this.#writers) await writer.flush?.();
        flushed = Date.now();
      }
      if (closed()) return 'pipe';
      this.#run.onProgress?.(this.#progress());
    }
  }

  /** Takes the frames that still wait for their place in time. */
  async takeRest(): Promise<void> {
    const reordering = this.#reordering;
    while (reordering !== undefined && reordering.rest(this.#batch) > 0) {
      this.#take();
      await this.flush(false);
    }
  }

  #take(): void {
    const batch = this.#batch;
    for (let i = 0; i < batch.count; i += 1) this.#bytes += batch.wire[i]!;
    this.#span.take(batch);
    if (this.#duplicates !== undefined || this.#sampler !== undefined) this.#leaveOut();
    this.#frames += batch.count;
    this.#run.watch?.enter(batch, this.#frames - batch.count);
    this.#stage.run(batch);
    this.#meter.process(batch);
    const { skip } = this.#stage;
    for (let i = 0; i < batch.count; i += 1) if (skip[i] !== 0 && skip[i] !== HELD) this.#skipped[skip[i]!]! += 1;
    this.#tellSteps();
  }

  /** Takes duplicates out of the batch, and of the others those that are not sampled; the rest keep their numbers in the run. */
  #leaveOut(): void {
    const batch = this.#batch;
    const { count } = batch;
    if (this.#reordering === undefined) {
      batch.numbers ??= new Float64Array(batch.capacity);
      for (let i = 0; i < count; i += 1) batch.numbers[i] = this.#frames + i + 1;
    }
    this.#duplicates?.filter(batch);
    const different = batch.count;
    this.#sampler?.filter(batch);
    this.#frames += count - batch.count;
    this.#skipped[DUPLICATE]! += count - different;
    this.#skipped[SAMPLED]! += different - batch.count;
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

  /** Tells of clock steps: of the last one, where a batch had several. */
  #tellSteps(): void {
    const { counts, lastStep } = this.#meter;
    if (counts.steps === this.#stepsTold || lastStep === undefined) return;
    this.#stepsTold = counts.steps;
    const { from, to } = lastStep;
    this.#run.onClockStep?.({ from: clockText(from), to: clockText(to), count: counts.steps });
  }

  result(stopped: RunResult['stopped']): RunResult {
    const { openFlows: _, clock: __, ...rest } = this.state();
    return { ...rest, stopped };
  }

  state(): RunState {
    const { counts, clock } = this.#meter;
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
        snapshots: counts.snapshots,
        notKept: counts.notKept,
        byEndReason: Object.fromEntries(
          Object.entries(END_REASONS).map(([code, name]) => [name, counts.byEndReason[Number(code)]!]),
        ),
      },
      fragments: this.#meter.fragments,
      anomalies,
      disorder: { frames: counts.disorder, steps: counts.steps, reordered: this.#reordering?.reordered ?? 0 },
      drops: {
        kernel: total(inputs, 'kernel'),
        interface: total(inputs, 'interface'),
        application: total(inputs, 'application'),
      },
      ...(this.#run.additions?.labels === undefined ? {} : { labels: this.#run.additions.labels.counts() }),
      time: this.#span.text(),
      openFlows: this.#meter.open,
      clock: clock === undefined ? null : clockText(clock),
    };
  }
}

const clockText = ({ seconds, nanoseconds }: ClockTime): string => timeText(seconds, nanoseconds);

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
