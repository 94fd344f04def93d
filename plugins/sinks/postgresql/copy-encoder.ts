import { BinaryRows, type WriteRow } from '../../../core/deliver/binary-rows.ts';
import { nanosecondWords } from '../../../core/deliver/nanoseconds.ts';
import type { ValueKind } from '../../../core/deliver/value-kind.ts';
import type { Column, ColumnData, RowBatch } from '../../../core/flow/rows.ts';
import { writeHash } from '../../../core/output/write-address.ts';
import { bytesOf, specialCharacters, writePlain } from '../../../core/output/write-text.ts';

/** How times are stored: `timestamp` has microseconds, `nanoseconds` is a bigint since 1970. */
export type Times = 'timestamp' | 'nanoseconds';

/** Signature, flags and length of an extension of COPY's binary format. */
const HEAD = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** 2000-01-01, where PostgreSQL counts from. */
const EPOCH = 946_684_800;
/** Microseconds from there to 4713 BC and AD 294276: times outside are stored as -infinity and infinity. */
const FIRST = -211_813_488_000_000_000;
const END = 9_223_371_331_200_000_000;
const WORD = 2 ** 32;
const NUL = specialCharacters('\0');
/** In place of the number of columns. */
const END_OF_ROWS = Buffer.from([0xff, 0xff]);
const REPLACEMENT = '\ufffd';

/** What a value takes at most with its length, texts without their own bytes. */
const BOUNDS: Readonly<Record<ValueKind, number>> = {
  integer: 12,
  double: 12,
  scaled: 12,
  time: 12,
  boolean: 5,
  hash: 20,
  address: 24,
  label: 4,
  text: 4,
};

/**
 * Encodes rows in the binary format of COPY (PostgreSQL manual, "COPY", binary format; the types as their `_recv`
 * functions read them), straight from columns.
 */
export class CopyEncoder {
  /** Texts in which NUL, which PostgreSQL cannot store, was replaced by U+FFFD. */
  replaced = 0;
  /** Times whose nanoseconds were cut to microseconds. */
  cut = 0;
  readonly #rows: BinaryRows;
  readonly #times: Times;
  readonly #words = new Int32Array(2);

  constructor(columns: readonly Column[], times: Times) {
    this.#rows = new BinaryRows(columns, { bounds: BOUNDS, head: HEAD, perRow: 2, end: END_OF_ROWS, nameBytes });
    this.#times = times;
  }

  /** Bytes of the rows; valid for good. */
  encode(batch: RowBatch): Uint8Array {
    return this.#rows.encode(batch, this.#row);
  }

  readonly #row: WriteRow = ({ kinds, divisors, names, buffer, view }, data, row, start) => {
    view.setInt16(start, kinds.length);
    let at = start + 2;
    for (let index = 0; index < kinds.length; index += 1) {
      const column = data[index]!;
      switch (kinds[index]) {
        case 'double':
        case 'scaled': {
          const value = column.numbers[row]!;
          if (value === value) {
            view.setInt32(at, 8);
            view.setFloat64(at + 4, value / divisors[index]!);
            at += 12;
          } else at = this.#empty(at);
          break;
        }
        case 'integer':
          at = this.#integer(column.numbers[row]!, at);
          break;
        case 'boolean': {
          const value = column.numbers[row]!;
          if (value === value) {
            view.setInt32(at, 1);
            view.setUint8(at + 4, value === 0 ? 0 : 1);
            at += 5;
          } else at = this.#empty(at);
          break;
        }
        case 'time':
          at = this.#time(column.numbers[row]!, column.extra[row]!, at);
          break;
        case 'text':
          at = this.#text(column.texts[row]!, at);
          break;
        case 'label':
          at = this.#label(column.numbers[row]!, names[index]!, at);
          break;
        case 'address':
          at = this.#address(column, row, at);
          break;
        default:
          view.setInt32(at, 16);
          at = writeHash(buffer, at + 4, column.words, 2 * row);
      }
    }
    return at;
  };

  #empty(at: number): number {
    this.#rows.view.setInt32(at, -1);
    return at + 4;
  }

  #integer(value: number, at: number): number {
    const view = this.#rows.view;
    if (value !== value) return this.#empty(at);
    view.setInt32(at, 8);
    const small = value | 0;
    if (small === value) {
      view.setInt32(at + 4, small >> 31);
      view.setInt32(at + 8, small);
    } else {
      const whole = Math.min(Math.max(Math.trunc(value), -(2 ** 63)), 2 ** 63 - 1024);
      const high = Math.floor(whole / WORD);
      view.setInt32(at + 4, high);
      view.setUint32(at + 8, whole - high * WORD);
    }
    return at + 12;
  }

  #time(seconds: number, nanoseconds: number, at: number): number {
    if (nanoseconds < 0) return this.#empty(at);
    const view = this.#rows.view;
    view.setInt32(at, 8);
    if (this.#times === 'nanoseconds') {
      nanosecondWords(seconds, nanoseconds, this.#words);
      view.setInt32(at + 4, this.#words[0]!);
      view.setInt32(at + 8, this.#words[1]!);
      return at + 12;
    }
    const micros = Math.floor(nanoseconds / 1000);
    if (micros * 1000 !== nanoseconds) this.cut += 1;
    const value = (seconds - EPOCH) * 1e6 + micros;
    // The ends of 64 bits are -infinity and infinity.
    const outside = value < FIRST ? -(2n ** 63n) : value >= END ? 2n ** 63n - 1n : undefined;
    if (outside !== undefined) view.setBigInt64(at + 4, outside);
    else if (Number.isSafeInteger(value)) {
      const high = Math.floor(value / WORD);
      view.setInt32(at + 4, high);
      view.setUint32(at + 8, value - high * WORD);
    } else view.setBigInt64(at + 4, BigInt(seconds - EPOCH) * 1_000_000n + BigInt(micros));
    return at + 12;
  }

  #text(text: string | null, at: number): number {
    if (text === null) return this.#empty(at);
    const buffer = this.#rows.buffer;
    let length = writePlain(buffer, at + 4, text, NUL);
    if (length < text.length) {
      const storable = text.includes('\0');
      if (storable) this.replaced += 1;
      // A lone surrogate becomes U+FFFD here.
      length = buffer.write(storable ? text.replaceAll('\0', REPLACEMENT) : text, at + 4);
    }
    this.#rows.view.setInt32(at, length);
    return at + 4 + length;
  }

  #label(value: number, names: ReadonlyMap<number, Uint8Array>, at: number): number {
    if (value !== value) return this.#empty(at);
    const name = names.get(value);
    if (name === undefined) return this.#text(String(value), at);
    this.#rows.view.setInt32(at, name.length);
    this.#rows.buffer.set(name, at + 4);
    return at + 4 + name.length;
  }

  /** As `inet_recv` reads it: family, bits, whether it is a network, bytes. */
  #address({ extra, words }: ColumnData, row: number, at: number): number {
    const length = extra[row]!;
    if (length === 0) return this.#empty(at);
    const view = this.#rows.view;
    view.setInt32(at, 4 + length);
    view.setUint32(at + 4, length === 4 ? 0x02_20_00_04 : 0x03_80_00_10);
    for (let word = 0; 4 * word < length; word += 1) view.setUint32(at + 8 + 4 * word, words[4 * row + word]!);
    return at + 8 + length;
  }
}

const nameBytes = (text: string): Uint8Array => bytesOf(text.replaceAll('\0', REPLACEMENT));
