import type { Column, RowBatch } from '../flow/rows.ts';

/** How a sink is doing, for metrics and the summary. */
export interface SinkState {
  /** Rows in memory that are not in the output yet. */
  readonly waiting: number;
  /** Rows on disk that go out when the output is there again, with this run or the next. */
  readonly spooled: number;
  /** Why the last delivery failed, while it is tried again; undefined when all is well. */
  readonly retrying: string | undefined;
}

/**
 * An opened output. `write` is called once at a time and its promise is the back-pressure; the batch belongs to the
 * caller and is reused when the promise resolves. After `write` only `close` or `abort`, once: `close` makes the output
 * complete under its final name, `abort` leaves none there (rows written so far stay in `<name>.partial`). Never called
 * in parallel, never after the end: a sink needs no locks. Faults reject with a PacketloomError of code `sink`; after one
 * only `abort` follows.
 */
export interface RowWriter {
  write(batch: RowBatch): Promise<void> | void;
  /** Hands on what waits in memory: called every second or so while a live run goes on, between writes. */
  flush?(): Promise<void> | void;
  /** Ends the file being written and begins another (SIGHUP), between writes; absent where nothing rotates. */
  rotate?(): Promise<void> | void;
  close(): Promise<void>;
  abort(): Promise<void>;
  /** Rows in the output for good, as far as is known; exact once `close` or `abort` has settled. */
  readonly rows: number;
  /** Bytes in the file, as far as is known: what rotation by size goes by. */
  readonly bytes?: number;
  /** Absent where rows never wait longer than `write`. */
  readonly state?: SinkState;
}

/** What the engine gives to every sink. */
export interface SinkContext {
  /** Ends the run quietly: the reader of a pipe went away. */
  stop(): void;
  /** Prints a line for people on stderr: a delivery that is tried again, a connection that is back. */
  report(line: string): void;
  /** Text of a number: the one function for the whole run (12 significant digits, or `precision: full`). */
  readonly formatNumber: (value: number) => string;
  /** `full` prints the shortest text that reads back the same. */
  readonly precision: 'twelve' | 'full';
  /** Rows should leave soon, in small portions where few come; otherwise portions depend on rows alone. */
  readonly live: boolean;
  /** SHA-256 (hex) of everything in the configuration that decides what rows hold. */
  readonly configuration: string;
}

/** A kind of output. */
export interface Sink {
  readonly kind: 'sink';
  readonly name: string;
  readonly description: string;
  /** File name endings that choose it, with the dot. */
  readonly extensions: readonly string[];
  /** URL schemes that choose it, besides its name: `postgres` for `postgres://...`. */
  readonly schemes: readonly string[];
  /**
   * JSON Schema of its options (an object schema without `path`, `columns` and `keep`, which every sink has); options
   * arrive validated, defaulted and frozen. In a URL they are parameters.
   */
  readonly options: Readonly<Record<string, unknown>>;
  /** It is opened in a thread of its own, where that is possible: its work would hold up frames. */
  readonly offThread: boolean;
  /** `target` is a path, a URL, or `-` for standard output. */
  open(
    target: string,
    columns: readonly Column[],
    options: Readonly<Record<string, unknown>>,
    context: SinkContext,
  ): Promise<RowWriter>;
}

type Defaulted = 'extensions' | 'schemes' | 'options' | 'offThread';

/** Declares a sink. */
export function defineSink(sink: Omit<Sink, 'kind' | Defaulted> & Partial<Pick<Sink, Defaulted>>): Sink {
  return Object.freeze({
    kind: 'sink',
    extensions: [],
    schemes: [],
    options: { type: 'object', properties: {}, additionalProperties: false },
    offThread: false,
    ...sink,
  });
}
