import { nanosecondWords } from '../deliver/nanoseconds.ts';
import { valueKind } from '../deliver/value-kind.ts';
import type { Column, ColumnData } from '../flow/rows.ts';
import { setInteger } from './int64.ts';
import { ADDRESS_BYTES, writeHash, writeIpv4, writeIpv6 } from './write-address.ts';
import { NUMBER_BYTES, writeNumber } from './write-number.ts';
import { bytesOf, specialCharacters, writePlain } from './write-text.ts';

/**
 * What a typed file or store makes of a column:
 * - `integer`: signed 64 bits;
 * - `double`: float64; durations in seconds;
 * - `boolean`;
 * - `time`: nanoseconds since 1970 in signed 64 bits;
 * - `text`: UTF-8; also names of values, addresses, and hashes as 16 hex digits.
 */
export type StoredType = 'integer' | 'double' | 'boolean' | 'time' | 'text';

/** What a typed file or store makes of a column. */
export function storedType(column: Column): StoredType {
  const kind = valueKind(column);
  if (kind === 'scaled') return 'double';
  return kind === 'label' || kind === 'address' || kind === 'hash' ? 'text' : kind;
}

const NONE = specialCharacters('');
/** Seconds past which nanoseconds since 1970 leave 64 bits. */
const LAST_SECOND = 9_223_372_035;

/** Values of one column, laid out as Arrow and DuckDB have them. Those of empty rows mean nothing. */
export class TypedColumn {
  readonly column: Column;
  readonly type: StoredType;
  /** Rows that are empty. */
  nulls = 0;
  /** A bit a row, the lowest first: 0 for empty. */
  readonly validity: Uint8Array;
  /** `double`. */
  readonly doubles: Float64Array;
  /** `integer`, `time`: two words a row, the lower first. */
  readonly words: Int32Array;
  /** The same memory. */
  readonly integers: BigInt64Array;
  /** `boolean`: a byte a row. */
  readonly booleans: Uint8Array;
  /** `text`: where each begins in `bytes`, and behind them where the last ends. */
  readonly offsets: Int32Array;
  bytes: Uint8Array;
  #buffer: Buffer;
  readonly #names = new Map<number, Uint8Array>();
  readonly #scale: number;

  constructor(column: Column, rows: number) {
    this.column = column;
    this.type = storedType(column);
    const of = (...types: StoredType[]) => (types.includes(this.type) ? rows : 0);
    this.validity = new Uint8Array(8 * Math.ceil(rows / 64)).fill(255);
    this.doubles = new Float64Array(of('double'));
    this.integers = new BigInt64Array(of('integer', 'time'));
    this.words = new Int32Array(this.integers.buffer);
    this.booleans = new Uint8Array(of('boolean'));
    this.offsets = new Int32Array(this.type === 'text' ? rows + 1 : 0);
    this.bytes = new Uint8Array(of('text') * 16);
    this.#buffer = Buffer.from(this.bytes.buffer);
    this.#scale = column.decimals > 0 ? 10 ** column.decimals : 1;
    for (const [value, name] of Object.entries(column.labels ?? {})) this.#names.set(Number(value), bytesOf(name));
  }

  clear(): void {
    if (this.nulls > 0) this.validity.fill(255);
    this.nulls = 0;
  }

  isEmpty(row: number): boolean {
    return (this.validity[row >> 3]! & (1 << (row & 7))) === 0;
  }

  /** Takes values of a batch, from row `from` on, as its rows from `to` on. Returns how many do not fit their type. */
  take(data: ColumnData, from: number, count: number, to: number): number {
    switch (this.type) {
      case 'double':
        this.#takeDoubles(data.numbers, from, count, to);
        return 0;
      case 'integer':
        return this.#takeIntegers(data.numbers, from, count, to);
      case 'time':
        return this.#takeTimes(data, from, count, to);
      case 'boolean':
        this.#takeBooleans(data.numbers, from, count, to);
        return 0;
      case 'text':
        this.#takeTexts(data, from, count, to);
        return 0;
    }
  }

  #empty(row: number): void {
    this.validity[row >> 3]! &= ~(1 << (row & 7));
    this.nulls += 1;
  }

  #takeDoubles(numbers: Float64Array, from: number, count: number, to: number): void {
    const doubles = this.doubles;
    const scale = this.#scale;
    doubles.set(numbers.subarray(from, from + count), to);
    for (let row = to; row < to + count; row += 1) {
      const value = doubles[row]!;
      if (value !== value) this.#empty(row);
      else if (scale !== 1) doubles[row] = value / scale;
    }
  }

  #takeIntegers(numbers: Float64Array, from: number, count: number, to: number): number {
    const words = this.words;
    let unfit = 0;
    for (let row = to, i = from; row < to + count; row += 1, i += 1) {
      const value = numbers[i]!;
      const small = value | 0;
      if (small === value) {
        words[2 * row] = small;
        words[2 * row + 1] = small >> 31;
      } else if (value !== value) this.#empty(row);
      else if (!setInteger(words, 2 * row, value)) unfit += 1;
    }
    return unfit;
  }

  #takeTimes({ numbers, extra }: ColumnData, from: number, count: number, to: number): number {
    const words = this.words;
    const pair = new Int32Array(2);
    let unfit = 0;
    for (let i = 0; i < count; i += 1) {
      const nanoseconds = extra[from + i]!;
      if (nanoseconds < 0) {
        this.#empty(to + i);
        continue;
      }
      const seconds = numbers[from + i]!;
      if (Math.abs(seconds) > LAST_SECOND) unfit += 1;
      nanosecondWords(seconds, nanoseconds, pair);
      words[2 * (to + i)] = pair[1]!;
      words[2 * (to + i) + 1] = pair[0]!;
    }
    return unfit;
  }

  #takeBooleans(numbers: Float64Array, from: number, count: number, to: number): void {
    for (let i = 0; i < count; i += 1) {
      const value = numbers[from + i]!;
      if (value !== value) this.#empty(to + i);
      this.booleans[to + i] = value === 0 || value !== value ? 0 : 1;
    }
  }

  #takeTexts(data: ColumnData, from: number, count: number, to: number): void {
    const { kind } = this.column;
    let at = to === 0 ? 0 : this.offsets[to]!;
    this.offsets[to] = at;
    for (let i = 0; i < count; i += 1) {
      const end =
        kind === 'text'
          ? this.#writeText(data.texts[from + i]!, at)
          : kind === 'number'
            ? this.#writeName(data.numbers[from + i]!, at)
            : this.#writeWords(data, from + i, at);
      if (end < 0) this.#empty(to + i);
      else at = end;
      this.offsets[to + i + 1] = at;
    }
  }

  #reserve(capacity: number): void {
    if (capacity <= this.bytes.length) return;
    const more = new Uint8Array(2 * capacity);
    more.set(this.bytes);
    this.bytes = more;
    this.#buffer = Buffer.from(more.buffer);
  }

  /** The place behind the text; -1 for an empty one. */
  #writeText(text: string | null, at: number): number {
    if (text === null) return -1;
    this.#reserve(at + 3 * text.length);
    if (writePlain(this.bytes, at, text, NONE) === text.length) return at + text.length;
    return at + this.#buffer.write(text, at);
  }

  #writeName(value: number, at: number): number {
    if (value !== value) return -1;
    const name = this.#names.get(value);
    this.#reserve(at + Math.max(NUMBER_BYTES, name?.length ?? 0));
    if (name === undefined) return writeNumber(this.bytes, at, value);
    this.bytes.set(name, at);
    return at + name.length;
  }

  #writeWords({ extra, words }: ColumnData, row: number, at: number): number {
    this.#reserve(at + ADDRESS_BYTES);
    if (this.column.kind === 'hash') return writeHash(this.bytes, at, words, 2 * row);
    const length = extra[row]!;
    if (length === 0) return -1;
    return length === 4 ? writeIpv4(this.bytes, at, words[4 * row]!) : writeIpv6(this.bytes, at, words, 4 * row);
  }
}
