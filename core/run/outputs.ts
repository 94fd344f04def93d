import type { Registry } from '../declare/registry.ts';
import type { RowWriter, SinkContext } from '../declare/sink.ts';
import type { Column } from '../flow/rows.ts';
import { formatNumber, formatNumberFull } from './format-number.ts';
import type { WantedSink } from './settle.ts';
import type { OutputSummary } from './summary.ts';

/** The outputs of a run: opened together, and counted. */
export class Outputs {
  readonly #wanted: readonly WantedSink[];
  readonly #registry: Registry;
  readonly #context: Omit<SinkContext, 'stop'>;
  #writers: readonly RowWriter[] = [];

  constructor(wanted: readonly WantedSink[], registry: Registry, precision: SinkContext['precision']) {
    this.#wanted = wanted;
    this.#registry = registry;
    this.#context = { precision, formatNumber: precision === 'full' ? formatNumberFull : formatNumber };
  }

  /** Opens all outputs; when one cannot be opened, none stays open. */
  async open(columns: readonly Column[], stop: () => void): Promise<readonly RowWriter[]> {
    const opened: RowWriter[] = [];
    try {
      for (const { sink, target, options } of this.#wanted) {
        const context = { ...this.#context, stop };
        opened.push(await this.#registry.sinks.get(sink)!.open(target, columns, options, context));
      }
    } catch (error) {
      await Promise.allSettled(opened.map((writer) => writer.abort()));
      throw error;
    }
    this.#writers = opened;
    return opened;
  }

  /** What each of them got. */
  summary(): OutputSummary[] {
    return this.#wanted.map(({ sink, target }, i) => ({ sink, target, rows: this.#writers[i]?.rows ?? 0 }));
  }
}
