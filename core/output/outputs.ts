import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Registry } from '../declare/registry.ts';
import type { RowWriter, SinkContext, SinkState } from '../declare/sink.ts';
import { PacketloomError } from '../errors.ts';
import type { FeatureRequest } from '../expression/read.ts';
import type { Column, RowBatch } from '../flow/rows.ts';
import type { WantedSink } from '../run/settle.ts';
import type { OutputSummary } from '../run/summary.ts';
import { formatNumber, formatNumberFull } from './format-number.ts';
import { outputError } from './output.ts';
import { RowRing } from './row-ring.ts';
import { type RowView, rowView } from './row-view.ts';

/** What outputs need to know of their run. */
export interface OutputsOptions extends Pick<SinkContext, 'precision' | 'live' | 'configuration'> {
  /** Prints a line for people on stderr. */
  report(line: string): void;
}

/** How one output is doing. */
export interface OutputState extends Omit<OutputSummary, 'spooled'>, SinkState {
  /** Why it has ended before the run; undefined for one that goes on. */
  readonly failure: string | undefined;
}

/** One output of a run. */
interface Entry {
  readonly wanted: WantedSink;
  readonly view: RowView;
  readonly writer: RowWriter;
  /** Rows that were for it. */
  made: number;
  failure: unknown;
  /** Milliseconds since 1970. */
  failedAt: number | undefined;
}

const isStandardOutput = (target: string): boolean => target === '-' || target === '/dev/stdout';

/** The file behind a path and its links. */
function fileOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** Name of the hidden column with the condition of an output. */
const conditionName = (output: number): string => `keep of output ${output + 1}`;

/**
 * The outputs of a run, to the run a single one: each with its own columns and rows. One that fails ends alone, and what
 * it should have got is counted as lost; when all have failed the run is stopped.
 */
export class Outputs implements RowWriter {
  readonly #wanted: readonly WantedSink[];
  readonly #registry: Registry;
  readonly #options: OutputsOptions;
  #entries: readonly Entry[] = [];
  #stop: () => void = () => {};
  #rotate = false;

  constructor(wanted: readonly WantedSink[], registry: Registry, options: OutputsOptions) {
    this.#wanted = wanted;
    this.#registry = registry;
    this.#options = options;
  }

  /** Columns that a run must make for the conditions of outputs; no output shows them. */
  get conditions(): FeatureRequest[] {
    return this.#wanted.flatMap(({ keep }, i) =>
      keep === undefined ? [] : [{ name: conditionName(i), value: keep.text, at: keep.at }],
    );
  }

  /** The columns of a run that outputs may show. */
  shown(columns: readonly Column[]): readonly Column[] {
    const hidden = new Set(this.conditions.map(({ name }) => name));
    return columns.filter(({ name }) => !hidden.has(name));
  }

  /**
   * Opens all outputs; when one cannot be opened, none stays open.
   * @param stop called when a reader of a pipe went away, or the last output has failed
   */
  async open(columns: readonly Column[], stop: () => void): Promise<readonly RowWriter[]> {
    this.#stop = stop;
    this.#refuseShared();
    const views = this.#wanted.map((wanted, i) => this.#view(columns, wanted, i));
    const entries: Entry[] = [];
    try {
      for (const [i, wanted] of this.#wanted.entries()) entries.push(await this.#open(wanted, views[i]!));
    } catch (error) {
      await Promise.allSettled(entries.map(({ writer }) => writer.abort()));
      throw error;
    }
    this.#entries = entries;
    return [this];
  }

  /** Two outputs to one file: those in threads of their own do not know of one another. */
  #refuseShared(): void {
    const seen = new Map<string, boolean>();
    for (const { sink: name, target } of this.#wanted) {
      const { offThread } = this.#registry.sinks.get(name)!;
      if (isStandardOutput(target) || URL.canParse(target)) continue;
      const path = fileOf(target);
      if (seen.get(path) === true || (seen.has(path) && offThread)) {
        throw outputError({ sink: name, target, stop: () => {} }, 'another output goes to the same file');
      }
      seen.set(path, offThread);
    }
  }

  #view(columns: readonly Column[], { columns: names, keep, at }: WantedSink, output: number): RowView {
    const shown = this.shown(columns);
    for (const name of names ?? []) {
      if (shown.some((column) => column.name === name)) continue;
      throw new PacketloomError('configuration', `${at}.columns: the run makes no column "${name}"`);
    }
    const wanted = names ?? shown.map(({ name }) => name);
    const places = wanted.map((name) => columns.findIndex((column) => column.name === name));
    if (keep === undefined) return rowView(columns, places);
    const condition = columns.findIndex(({ name }) => name === conditionName(output));
    if (columns[condition]?.boolean !== true) {
      throw new PacketloomError('configuration', `${keep.at}: ${JSON.stringify(keep.text)}: expected a condition`);
    }
    return rowView(columns, places, condition);
  }

  async #open(wanted: WantedSink, view: RowView): Promise<Entry> {
    const { sink: name, target, options } = wanted;
    const { report, ...rest } = this.#options;
    const sink = this.#registry.sinks.get(name)!;
    const say = (line: string) => report(`${name} ${target}: ${line}`);
    const context: SinkContext = {
      ...rest,
      stop: this.#stop,
      report: say,
      formatNumber: rest.precision === 'full' ? formatNumberFull : formatNumber,
    };
    // A thread has no standard output of its own: what is written there goes by way of this one.
    const threaded = sink.offThread && !isStandardOutput(target);
    const open = threaded ? (await import('./off-thread.ts')).openOffThread : undefined;
    const own = await open?.(sink, target, view.columns, options, context);
    const opened = own ?? (await sink.open(target, view.columns, options, context));
    const { live } = this.#options;
    const ring = live ? new RowRing(opened, view.columns, { drop: true, report: say }) : undefined;
    return { wanted, view, writer: ring ?? opened, made: 0, failure: undefined, failedAt: undefined };
  }

  write(batch: RowBatch): Promise<void> | void {
    const rows = this.#entries.map((entry) => {
      const own = entry.view.of(batch);
      entry.made += own.count;
      return own;
    });
    const rotate = this.#takeRequest();
    return this.#each(async ({ writer }, i) => {
      if (rows[i]!.count > 0) await writer.write(rows[i]!);
      if (rotate) await writer.rotate?.();
    });
  }

  flush(): Promise<void> {
    const rotate = this.#takeRequest();
    return this.#each(async ({ writer }) => {
      await writer.flush?.();
      if (rotate) await writer.rotate?.();
    });
  }

  #takeRequest(): boolean {
    const rotate = this.#rotate;
    this.#rotate = false;
    return rotate;
  }

  /** Begins new files with the next rows or flush; false where no output rotates. */
  requestRotation(): boolean {
    this.#rotate = this.#entries.some(({ writer }) => writer.rotate !== undefined);
    return this.#rotate;
  }

  async close(): Promise<void> {
    await this.#each(({ writer }) => writer.close(), false);
  }

  async abort(): Promise<void> {
    await this.#each(({ writer }) => writer.abort(), false);
  }

  /** Does something with each output that has not failed; one that fails now is seen off. */
  async #each(act: (entry: Entry, i: number) => Promise<void>, goesOn = true): Promise<void> {
    await Promise.all(
      this.#entries.map(async (entry, i) => {
        if (entry.failure !== undefined) return;
        try {
          await act(entry, i);
        } catch (error) {
          await this.#fail(entry, error, goesOn);
        }
      }),
    );
  }

  async #fail(entry: Entry, error: unknown, goesOn: boolean): Promise<void> {
    entry.failure = error;
    entry.failedAt = Date.now();
    if (!goesOn) return;
    await entry.writer.abort().catch(() => {});
    const others = this.#entries.filter(({ failure }) => failure === undefined).length;
    if (others === 0) this.#stop();
    else this.#options.report(`${(error as Error).message}; the other outputs go on`);
  }

  get rows(): number {
    return this.#entries.reduce((sum, { writer }) => sum + writer.rows, 0);
  }

  /** The first failure of an output; undefined when all are well. */
  get failure(): unknown {
    return this.#entries.find(({ failure }) => failure !== undefined)?.failure;
  }

  /** How each of them is doing now. */
  states(): OutputState[] {
    return this.#entries.map((entry) => {
      const { spooled = 0, retrying } = entry.writer.state ?? {};
      const failure = entry.failure === undefined ? undefined : (entry.failure as Error).message;
      const summary = this.#summaryOf(entry);
      // Wherever they are: a queue, a thread, a row group that is not full.
      const waiting = failure === undefined ? entry.made - summary.rows - spooled - (summary.lost?.rows ?? 0) : 0;
      return { ...summary, waiting, spooled, retrying, failure };
    });
  }

  /** What each of them got. */
  summary(): OutputSummary[] {
    return this.#entries.map((entry) => this.#summaryOf(entry));
  }

  #summaryOf({ wanted, writer, made, failure, failedAt }: Entry): OutputSummary {
    const { sink, target } = wanted;
    const { spooled = 0 } = writer.state ?? {};
    const { dropped = 0, droppedSince } = writer instanceof RowRing ? writer : {};
    const lost = failure === undefined ? dropped : made - writer.rows - spooled;
    const reason = failure === undefined ? 'too slow' : (failure as Error).message;
    const since = new Date(droppedSince ?? failedAt ?? 0).toISOString();
    return {
      sink,
      target,
      rows: writer.rows,
      ...(spooled > 0 ? { spooled } : {}),
      ...(lost > 0 ? { lost: { rows: lost, since, reason } } : {}),
    };
  }
}
