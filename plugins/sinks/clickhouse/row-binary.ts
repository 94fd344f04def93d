import { BinaryRows, type WriteRow } from '../../../core/deliver/binary-rows.ts';
import { nanosecondWords } from '../../../core/deliver/nanoseconds.ts';
import type { ValueKind } from '../../../core/deliver/value-kind.ts';
import type { Column, ColumnData, RowBatch } from '../../../core/flow/rows.ts';
import { ADDRESS_BYTES, writeHash, writeIpv4, writeIpv6 } from '../../../core/output/write-address.ts';
import { bytesOf, specialCharacters, writePlain } from '../../../core/output/write-text.ts';

/** How addresses are stored: as text, or as IPv6, with IPv4 mapped into it. */
export type Addresses = 'text' | 'ipv6';

const NONE = specialCharacters('');
const WORD = 2 ** 32;
/** Bytes of a length in front of a text. */
const LENGTH = 5;

/** What a value takes at most with its mark of NULL, texts without their own bytes. */
const BOUNDS: Readonly<Record<ValueKind, number>> = {
  integer: 9,
  double: 9,
  scaled: 9,
  time: 9,
  boolean: 2,
  hash: 17,
  address: 2 + ADDRESS_BYTES,
  label: 1 + LENGTH,
  text: 1 + LENGTH,
};

/**
 * Encodes rows as RowBinary (ClickHouse manual, "Formats"), straight from columns. All but hashes are Nullable; what an
 * older server has in place of a type (Int64 for DateTime64(9), UInt8 for Bool, FixedString(16) for IPv6) has the same bytes.
 */
export class RowBinaryEncoder {
  readonly #rows: BinaryRows;
  readonly #addresses: Addresses;
  readonly #words = new Int32Array(2);

  constructor(columns: readonly Column[], addresses: Addresses) {
    const nothing = new Uint8Array(0);
    this.#rows = new BinaryRows(columns, {
      bounds: BOUNDS,
      head: nothing,
      perRow: 0,
      end: nothing,
      nameBytes: bytesOf,
    });
    this.#addresses = addresses;
  }

  /** Bytes of the rows; valid for good. */
  encode(batch: RowBatch): Uint8Array {
    return this.#rows.encode(batch, this.#row);
  }

  readonly #row: WriteRow = ({ kinds, divisors, names, buffer, view }, data, row, start) => {
    let at = start;
    for (let index = 0; index < kinds.length; index += 1) {
      const column = data[index]!;
      const kind = kinds[index]!;
      if (kind === 'hash') {
        buffer[at] = 16;
        at = writeHash(buffer, at + 1, column.words, 2 * row);
        continue;
      }
      const empty = isEmpty(kind, column, row);
      buffer[at] = empty ? 1 : 0;
      at += 1;
      if (empty) continue;
      switch (kind) {
        case 'double':
        case 'scaled':
          view.setFloat64(at, column.numbers[row]! / divisors[index]!, true);
          at += 8;
          break;
        case 'integer':
          this.#integer(column.numbers[row]!, at);
          at += 8;
          break;
        case 'boolean':
          buffer[at] = column.numbers[row] === 0 ? 0 : 1;
          at += 1;
          break;
        case 'time':
          nanosecondWords(column.numbers[row]!, column.extra[row]!, this.#words);
          view.setInt32(at, this.#words[1]!, true);
          view.setInt32(at + 4, this.#words[0]!, true);
          at += 8;
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
      }
    }
    return at;
  };

  #integer(value: number, at: number): void {
    const view = this.#rows.view;
    const small = value | 0;
    if (small === value) {
      view.setInt32(at, small, true);
      view.setInt32(at + 4, small >> 31, true);
      return;
    }
    const whole = Math.min(Math.max(Math.trunc(value), -(2 ** 63)), 2 ** 63 - 1024);
    const high = Math.floor(whole / WORD);
    view.setUint32(at, whole - high * WORD, true);
    view.setInt32(at + 4, high, true);
  }

  /** A length of seven bits a byte, lowest first (LEB128). */
  #length(value: number, at: number): number {
    let [rest, place] = [value, at];
    for (; rest > 127; rest >>>= 7) {
      this.#rows.buffer[place] = (rest & 127) | 128;
      place += 1;
    }
    this.#rows.buffer[place] = rest;
    return place + 1;
  }

  #text(text: string, at: number): number {
    const place = this.#length(text.length, at);
    if (writePlain(this.#rows.buffer, place, text, NONE) === text.length) return place + text.length;
    // A lone surrogate becomes U+FFFD here.
    const bytes = bytesOf(text);
    return this.#bytes(bytes, at);
  }

  #bytes(bytes: Uint8Array, at: number): number {
    const place = this.#length(bytes.length, at);
    this.#rows.buffer.set(bytes, place);
    return place + bytes.length;
  }

  #label(value: number, names: ReadonlyMap<number, Uint8Array>, at: number): number {
    const name = names.get(value);
    return name === undefined ? this.#text(String(value), at) : this.#bytes(name, at);
  }

  #address({ extra, words }: ColumnData, row: number, at: number): number {
    const four = extra[row] === 4;
    if (this.#addresses === 'text') {
      const buffer = this.#rows.buffer;
      const end = four ? writeIpv4(buffer, at + 1, words[4 * row]!) : writeIpv6(buffer, at + 1, words, 4 * row);
      buffer[at] = end - at - 1;
      return end;
    }
    const view = this.#rows.view;
    // ::ffff:10.0.0.1
    for (let word = 0; word < 4; word += 1) {
      const mapped = word === 3 ? words[4 * row]! : word === 2 ? 0xffff : 0;
      view.setUint32(at + 4 * word, four ? mapped : words[4 * row + word]!);
    }
    return at + 16;
  }
}

function isEmpty(kind: ValueKind, { numbers, extra, texts }: ColumnData, row: number): boolean {
  switch (kind) {
    case 'text':
      return texts[row] === null;
    case 'time':
      return extra[row]! < 0;
    case 'address':
      return extra[row] === 0;
    default: {
      const value = numbers[row]!;
      return value !== value;
    }
  }
}
