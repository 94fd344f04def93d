/**
 * How a number that need not be whole is written as text: as Python prints a float (`54.0`), or Java a double (`1.2E7`).
 * Both are the shortest text that reads back the same.
 */
export type NumberForm = 'python' | 'java';

/** What a column holds, for sinks that are typed. */
export interface Column {
  readonly name: string;
  /**
   * - `number`: float64, NaN empty (with `integer` for whole numbers, `boolean` for 0 and 1, `labels` to print names);
   * - `time`: whole Unix seconds and nanoseconds, -1 nanoseconds empty; printed as seconds with nine decimals;
   * - `text`: string or null;
   * - `address`: four 32-bit words (IPv4 in the first) and a length of 4, 16 or 0 for empty;
   * - `hash`: two 32-bit words, printed as 16 hex digits.
   */
  readonly kind: 'number' | 'time' | 'text' | 'address' | 'hash';
  readonly integer: boolean;
  readonly boolean: boolean;
  /** Fixed number of decimals (exact nanoseconds as seconds have 9; the value is then in nanoseconds); -1 for none. */
  readonly decimals: number;
  readonly labels: Readonly<Record<number, string>> | undefined;
  /** How its text is written, where not as all numbers are. */
  readonly form?: NumberForm;
  /** Canonical unit; empty for none. */
  readonly unit: string;
  /** One sentence, for dictionaries. */
  readonly description: string;
}

/** One column's values for the rows of a batch; which arrays are in use depends on the column's kind. */
export interface ColumnData {
  /** `number`; for `time` the whole seconds. */
  readonly numbers: Float64Array;
  /** `time`: nanoseconds. `address`: length. */
  readonly extra: Int32Array;
  /** `address`: four a row; `hash`: two a row. */
  readonly words: Uint32Array;
  /** `text`. */
  readonly texts: (string | null)[];
}

const NO_NUMBERS = new Float64Array(0);
const NO_INTEGERS = new Int32Array(0);
const NO_WORDS = new Uint32Array(0);

/** Rows as columns, reused from batch to batch. */
export class RowBatch {
  readonly columns: readonly Column[];
  readonly data: readonly ColumnData[];
  readonly capacity: number;
  /**
   * When each row became final by the clock of the run (packet time; live, wall time where no frames come): Unix seconds as
   * float64, NaN where that is not known. Rows leave in the order of it, until the clock steps back.
   */
  readonly moments: Float64Array;
  /** Rows in it. */
  count = 0;

  /** @param data arrays to use in place of new ones, for as many rows; so are `moments` */
  constructor(columns: readonly Column[], capacity = 1024, data?: readonly ColumnData[], moments?: Float64Array) {
    this.columns = columns;
    this.capacity = capacity;
    this.moments = moments ?? new Float64Array(capacity).fill(Number.NaN);
    this.data =
      data ??
      columns.map(({ kind }) => ({
        numbers: kind === 'number' || kind === 'time' ? new Float64Array(capacity) : NO_NUMBERS,
        extra: kind === 'time' || kind === 'address' ? new Int32Array(capacity) : NO_INTEGERS,
        words:
          kind === 'address'
            ? new Uint32Array(4 * capacity)
            : kind === 'hash'
              ? new Uint32Array(2 * capacity)
              : NO_WORDS,
        texts: kind === 'text' ? new Array<string | null>(capacity).fill(null) : [],
      }));
  }
}

/** Copies rows from `from` on to the end of another batch of the same columns, as many as fit; returns how many. */
export function appendRows(source: RowBatch, from: number, to: RowBatch): number {
  const rows = Math.min(source.count - from, to.capacity - to.count);
  to.moments.set(source.moments.subarray(from, from + rows), to.count);
  for (let i = 0; i < source.data.length; i += 1) {
    const { numbers, extra, words, texts } = source.data[i]!;
    const target = to.data[i]!;
    if (numbers.length > 0) target.numbers.set(numbers.subarray(from, from + rows), to.count);
    if (extra.length > 0) target.extra.set(extra.subarray(from, from + rows), to.count);
    const width = words.length / source.capacity;
    if (width > 0) target.words.set(words.subarray(width * from, width * (from + rows)), width * to.count);
    if (texts.length > 0) for (let row = 0; row < rows; row += 1) target.texts[to.count + row] = texts[from + row]!;
  }
  to.count += rows;
  return rows;
}

/** Copies one row to a place in another batch of the same columns. */
export function copyRow(from: RowBatch, row: number, to: RowBatch, place: number): void {
  to.moments[place] = from.moments[row]!;
  for (let i = 0; i < from.data.length; i += 1) {
    const { numbers, extra, words, texts } = from.data[i]!;
    const target = to.data[i]!;
    if (numbers.length > 0) target.numbers[place] = numbers[row]!;
    if (extra.length > 0) target.extra[place] = extra[row]!;
    const width = words.length / from.capacity;
    for (let word = 0; word < width; word += 1) target.words[width * place + word] = words[width * row + word]!;
    if (texts.length > 0) target.texts[place] = texts[row]!;
  }
}

/** A column with the usual defaults. */
export function column(name: string, kind: Column['kind'], rest: Partial<Column> = {}): Column {
  return {
    name,
    kind,
    integer: false,
    boolean: false,
    decimals: -1,
    labels: undefined,
    unit: '',
    description: '',
    ...rest,
  };
}
