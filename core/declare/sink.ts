import type { Column, RowBatch } from '../flow/rows.ts';

/**
 * An opened output. `write` is called once at a time and its promise is the back-pressure; the batch belongs to the
 * caller and is reused when the promise resolves. After `write` only `close` or `abort`, once: `close` makes the output
 * complete under its final name, `abort` leaves none there (rows written so far stay in `<name>.partial`). Never called
 * in parallel, never after the end: a sink needs no locks. Faults reject with a PacketloomError of code `sink`.
 */
export interface RowWriter {
  write(batch: RowBatch): Promise<void> | void;
  close(): Promise<void>;
  abort(): Promise<void>;
  /** Rows taken so far. */
  readonly rows: number;
}

/** What the engine gives to every sink. */
export interface SinkContext {
  /** Ends the run quietly: the reader of a pipe went away. */
  stop(): void;
  /** Text of a number: the one function for the whole run (12 significant digits, or `precision: full`). */
  readonly formatNumber: (value: number) => string;
  /** `full` prints the shortest text that reads back the same. */
  readonly precision: 'twelve' | 'full';
}

/** A kind of output. */
export interface Sink {
  readonly kind: 'sink';
  readonly name: string;
  readonly description: string;
  /** File name endings that choose it, with the dot. */
  readonly extensions: readonly string[];
  /** JSON Schema of its options (an object schema without `path`); options arrive validated, defaulted and frozen. */
  readonly options: Readonly<Record<string, unknown>>;
  /** `target` is a path, a URL, or `-` for standard output. */
  open(
    target: string,
    columns: readonly Column[],
    options: Readonly<Record<string, unknown>>,
    context: SinkContext,
  ): Promise<RowWriter>;
}

/** Declares a sink. */
export function defineSink(
  sink: Omit<Sink, 'kind' | 'extensions' | 'options'> & Partial<Pick<Sink, 'extensions' | 'options'>>,
): Sink {
  return Object.freeze({
    kind: 'sink',
    extensions: [],
    options: { type: 'object', properties: {}, additionalProperties: false },
    ...sink,
  });
}
