import type { Column, ColumnData, NumberForm, RowBatch } from '../flow/rows.ts';
import { RowChunk } from './row-chunk.ts';
import { ADDRESS_BYTES, writeHash, writeIpv4, writeIpv6 } from './write-address.ts';
import { writeDouble } from './write-double.ts';
import { NUMBER_BYTES, writeNumber } from './write-number.ts';
import { DECIMALS_BYTES, TIME_BYTES, writeDecimals, writeTime } from './write-seconds.ts';

/** How a text format lays out a row. All bytes are constants, made once per output. */
export interface RowFormat {
  /** Before the first row. */
  readonly head: Uint8Array;
  /** Before the value of each column. */
  readonly before: readonly Uint8Array[];
  /** Behind the last value. */
  readonly end: Uint8Array;
  /** In place of an empty value. */
  readonly empty: Uint8Array;
  /** Around addresses and hashes; 0 for nothing. */
  readonly quote: number;
  /** False and true. */
  readonly booleans: readonly [Uint8Array, Uint8Array];
  /** Bytes that a UTF-16 unit of a text takes at most, and those that stand around a text. */
  readonly textBytes: readonly [perUnit: number, around: number];
  /** Writes a text, quoted and escaped, and returns the place behind it. `buffer` is the same memory as `bytes`. */
  writeText(bytes: Uint8Array, buffer: Buffer, at: number, text: string): number;
}

const NUMBER = 0;
const DECIMALS = 1;
const NAMED = 2;
const TIME = 3;
const TEXT = 4;
const ADDRESS = 5;
const HASH = 6;
const DOUBLE = 7;

function codeOf({ kind, boolean, labels, decimals, form }: Column): number {
  if (kind === 'text') return TEXT;
  if (kind === 'time') return TIME;
  if (kind === 'address') return ADDRESS;
  if (kind === 'hash') return HASH;
  if (boolean || labels !== undefined) return NAMED;
  if (form !== undefined) return DOUBLE;
  return decimals >= 0 ? DECIMALS : NUMBER;
}

/** Values that have a name, such as true or an end reason, with the bytes of the name. */
function namesOf({ boolean, labels }: Column, format: RowFormat): ReadonlyMap<number, Uint8Array> {
  const names = new Map<number, Uint8Array>();
  if (boolean) {
    names.set(0, format.booleans[0]);
    names.set(1, format.booleans[1]);
  }
  for (const [value, label] of Object.entries(labels ?? {})) {
    const room = Buffer.alloc(format.textBytes[0] * label.length + format.textBytes[1]);
    names.set(Number(value), new Uint8Array(room.subarray(0, format.writeText(room, room, 0, label))));
  }
  return names;
}

/** Most bytes of a value; texts are measured one by one. */
function boundOf(code: number, names: ReadonlyMap<number, Uint8Array>): number {
  if (code === TEXT) return 0;
  if (code === ADDRESS || code === HASH) return ADDRESS_BYTES + 2;
  if (code === DECIMALS) return DECIMALS_BYTES;
  if (code === TIME) return TIME_BYTES;
  return Math.max(NUMBER_BYTES, ...[...names.values()].map(({ length }) => length));
}

function put(bytes: Uint8Array, at: number, constant: Uint8Array): number {
  const { length } = constant;
  for (let index = 0; index < length; index += 1) bytes[at + index] = constant[index]!;
  return at + length;
}

/**
 * Turns rows into bytes, straight from the columns. Nothing is allocated for a row, but for texts outside ASCII or in
 * need of escapes, and where a single row does not fit the buffer.
 */
export class RowEncoder {
  readonly #format: RowFormat;
  readonly #codes: Uint8Array;
  readonly #decimals: Int32Array;
  readonly #names: readonly ReadonlyMap<number, Uint8Array>[];
  readonly #forms: readonly (NumberForm | undefined)[];
  readonly #texts: readonly number[];
  /** Most bytes of a row without its texts. */
  readonly #bound: number;
  readonly #formatNumber: ((value: number) => string) | undefined;
  readonly #full: number;
  #chunk: RowChunk;
  #spare: RowChunk;

  /**
   * `formatNumber` is given where numbers that are not whole are to have another text than 12 significant digits;
   * `full` is the number of bytes from which on a chunk should be taken.
   */
  constructor(columns: readonly Column[], format: RowFormat, formatNumber?: (value: number) => string, full = 1 << 17) {
    this.#format = format;
    this.#formatNumber = formatNumber;
    this.#full = full;
    this.#codes = Uint8Array.from(columns, codeOf);
    this.#decimals = Int32Array.from(columns, ({ decimals }) => decimals);
    this.#forms = columns.map(({ form }) => form);
    this.#names = columns.map((column) => namesOf(column, format));
    this.#texts = [...this.#codes.keys()].filter((index) => this.#codes[index] === TEXT);
    const values = columns.map((_, index) => {
      const value = boundOf(this.#codes[index]!, this.#names[index]!);
      return format.before[index]!.length + Math.max(value, format.empty.length);
    });
    this.#bound = values.reduce((sum, bound) => sum + bound, format.end.length);
    this.#chunk = new RowChunk(full + Math.max(full, this.#bound, format.head.length));
    this.#spare = new RowChunk(full + Math.max(full, this.#bound));
    if (format.head.length > 0) this.#chunk.endRow(put(this.#chunk.bytes, 0, format.head));
  }

  /** True when the chunk should be taken. */
  get full(): boolean {
    return this.#chunk.length >= this.#full;
  }

  /** Gives what is encoded and goes on in the chunk taken before, which must be free again. */
  take(): RowChunk {
    const taken = this.#chunk;
    this.#chunk = this.#spare;
    this.#chunk.clear();
    this.#spare = taken;
    return taken;
  }

  /** Encodes rows of a batch from row `from` up to `to`, until full. Returns the first row that was not taken. */
  encode({ data, count }: RowBatch, from: number, to = count): number {
    const chunk = this.#chunk;
    const [perUnit, around] = this.#format.textBytes;
    let row = from;
    for (; row < to && !this.full; row += 1) {
      let need = chunk.length + this.#bound;
      for (const index of this.#texts) need += perUnit * (data[index]!.texts[row]?.length ?? 0) + around;
      chunk.reserve(need);
      chunk.endRow(this.#encodeRow(chunk, data, row));
    }
    return row;
  }

  #encodeRow(chunk: RowChunk, data: readonly ColumnData[], row: number): number {
    const { bytes } = chunk;
    const codes = this.#codes;
    const { before, empty, end } = this.#format;
    let at = chunk.length;
    for (let index = 0; index < codes.length; index += 1) {
      const column = data[index]!;
      at = put(bytes, at, before[index]!);
      const first = at;
      switch (codes[index]) {
        case NUMBER: {
          const value = column.numbers[row]!;
          const digit = value | 0;
          // Most columns of most rows: a single digit.
          if (digit === value && digit >= 0 && digit < 10) {
            bytes[at] = 48 + digit;
            at += 1;
          } else at = writeNumber(bytes, at, value, this.#formatNumber);
          break;
        }
        case DECIMALS:
          at = writeDecimals(bytes, at, column.numbers[row]!, this.#decimals[index]!);
          break;
        case DOUBLE:
          at = writeDouble(bytes, at, column.numbers[row]!, this.#forms[index]!);
          break;
        case NAMED:
          at = this.#encodeNamed(bytes, at, column.numbers[row]!, this.#names[index]!);
          break;
        case TIME:
          if (column.extra[row]! >= 0) at = writeTime(bytes, at, column.numbers[row]!, column.extra[row]!);
          break;
        case TEXT: {
          const text = column.texts[row];
          if (typeof text === 'string') at = this.#format.writeText(bytes, chunk.buffer, at, text);
          break;
        }
        default:
          at = this.#encodeWords(bytes, at, column, codes[index] === HASH, row);
      }
      if (at === first) at = put(bytes, at, empty);
    }
    return put(bytes, at, end);
  }

  #encodeNamed(bytes: Uint8Array, at: number, value: number, names: ReadonlyMap<number, Uint8Array>): number {
    const name = names.get(value);
    return name === undefined ? writeNumber(bytes, at, value, this.#formatNumber) : put(bytes, at, name);
  }

  #encodeWords(bytes: Uint8Array, at: number, { extra, words }: ColumnData, hash: boolean, row: number): number {
    const { quote } = this.#format;
    const length = hash ? 8 : extra[row]!;
    if (length === 0) return at;
    let place = at;
    if (quote !== 0) {
      bytes[place] = quote;
      place += 1;
    }
    if (hash) place = writeHash(bytes, place, words, 2 * row);
    else if (length === 4) place = writeIpv4(bytes, place, words[4 * row]!);
    else place = writeIpv6(bytes, place, words, 4 * row);
    if (quote === 0) return place;
    bytes[place] = quote;
    return place + 1;
  }
}
