import type { Column, ColumnData } from '../../../core/flow/rows.ts';
import { ADDRESS_BYTES, writeIpv4, writeIpv6 } from '../../../core/output/write-address.ts';
import type { ElementType } from './elements.ts';

/** Where records are written: the same memory three times. */
export interface Bytes {
  readonly array: Uint8Array;
  readonly view: DataView;
  /** Texts that did not fit and were cut. */
  cuts: number;
}

/** Length of a field whose records say how long it is (RFC 7011, section 7). */
export const VARIABLE = 65535;

/** How the values of a column are written as an abstract data type. */
export interface Value {
  /** Bytes; {@link VARIABLE} for texts. */
  readonly length: number;
  /** Whether the row has a value that the type holds. */
  has(data: readonly ColumnData[], row: number): boolean;
  /** Whether the row has one that the type does not hold. */
  refuses?(data: readonly ColumnData[], row: number): boolean;
  /** Writes it; returns where it ends. `longest` is for texts: bytes that may be written. */
  write(bytes: Bytes, at: number, data: readonly ColumnData[], row: number, longest: number): number;
}

/** Seconds from the epoch of NTP (1900) to that of Unix. */
const NTP_EPOCH = 2_208_988_800;
const WORD = 2 ** 32;

const BITS: Partial<Record<ElementType, number>> = { unsigned8: 8, unsigned16: 16, unsigned32: 32, unsigned64: 64 };

/** Nanoseconds of the units that a duration can be printed in, and of the ends of elements' names. */
const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };
const ENDS: Readonly<Record<string, number>> = { Milliseconds: 1e6, Microseconds: 1e3 };

/** What a duration is multiplied by to be in the unit in the name of the element; undefined for what is none. */
function factorOf({ unit, decimals }: Column, name: string): number | undefined {
  const wanted = ENDS[/M[a-z]+seconds$/.exec(name)?.[0] ?? ''];
  const own = decimals === 9 ? 1 : UNITS[unit];
  return wanted === undefined || own === undefined ? undefined : own / wanted;
}

function write64({ view }: Bytes, at: number, value: number): number {
  view.setUint32(at, Math.floor(value / WORD));
  view.setUint32(at + 4, value >>> 0 === value ? value : value - Math.floor(value / WORD) * WORD);
  return at + 8;
}

/** @param cut a fraction is left out: of a time or duration, what is finer than its unit; a count with one is no count */
function unsigned(index: number, bits: number, cut: boolean, factor = 1): Value {
  const most = bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1;
  const read = cut
    ? (data: readonly ColumnData[], row: number) => Math.floor(data[index]!.numbers[row]! * factor)
    : (data: readonly ColumnData[], row: number) => data[index]!.numbers[row]!;
  const holds = (value: number) => value >= 0 && value <= most && Number.isInteger(value);
  return {
    length: bits / 8,
    has: (data, row) => holds(read(data, row)),
    refuses(data, row) {
      const value = read(data, row);
      return value === value && !holds(value);
    },
    write(bytes, at, data, row) {
      const value = read(data, row);
      if (bits === 64) return write64(bytes, at, value);
      if (bits === 32) bytes.view.setUint32(at, value);
      else if (bits === 16) bytes.view.setUint16(at, value);
      else bytes.array[at] = value;
      return at + bits / 8;
    },
  };
}

const hasNumber =
  (index: number) =>
  (data: readonly ColumnData[], row: number): boolean => {
    const value = data[index]!.numbers[row]!;
    return value === value;
  };

const signed64 = (index: number): Value => ({
  length: 8,
  has: (data, row) => Number.isSafeInteger(data[index]!.numbers[row]),
  refuses: (data, row) => hasNumber(index)(data, row) && !Number.isSafeInteger(data[index]!.numbers[row]),
  write: (bytes, at, data, row) => write64(bytes, at, data[index]!.numbers[row]!),
});

function float64(index: number, scale: number): Value {
  return {
    length: 8,
    has: hasNumber(index),
    write({ view }, at, data, row) {
      view.setFloat64(at, data[index]!.numbers[row]! / scale);
      return at + 8;
    },
  };
}

/** 1 is true, 2 is false (RFC 7011, section 6.1.5). */
const truth = (index: number): Value => ({
  length: 1,
  has: hasNumber(index),
  write({ array }, at, data, row) {
    array[at] = data[index]!.numbers[row] === 0 ? 2 : 1;
    return at + 1;
  },
});

const hash = (index: number): Value => ({
  length: 8,
  has: () => true,
  write({ view }, at, data, row) {
    const { words } = data[index]!;
    view.setUint32(at, words[2 * row]!);
    view.setUint32(at + 4, words[2 * row + 1]!);
    return at + 8;
  },
});

/** @param length 4 for the addresses of IPv4, 16 for those of IPv6: rows with the other have no value */
const address = (index: number, length: 4 | 16): Value => ({
  length,
  has: (data, row) => data[index]!.extra[row] === length,
  write({ view }, at, data, row) {
    const { words } = data[index]!;
    for (let word = 0; word < length / 4; word += 1) view.setUint32(at + 4 * word, words[4 * row + word]!);
    return at + length;
  },
});

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

const linkAddress = (index: number): Value => ({
  length: 6,
  has: (data, row) => MAC.test(data[index]!.texts[row] ?? ''),
  refuses: (data, row) => data[index]!.texts[row] !== null && !MAC.test(data[index]!.texts[row]!),
  write({ array }, at, data, row) {
    const text = data[index]!.texts[row]!;
    for (let i = 0; i < 6; i += 1) array[at + i] = Number.parseInt(text.slice(3 * i, 3 * i + 2), 16);
    return at + 6;
  },
});

const encoder = new TextEncoder();

/** A text behind its length: one byte, or 255 and two. Cut between characters where it is too long. */
function text(read: (data: readonly ColumnData[], row: number) => string | null | undefined): Value {
  return {
    length: VARIABLE,
    has: (data, row) => typeof read(data, row) === 'string',
    write(bytes, at, data, row, longest) {
      const { array, view } = bytes;
      const value = read(data, row)!;
      const long = 3 * value.length > 254;
      const start = at + (long ? 3 : 1);
      const { read: taken, written } = encoder.encodeInto(value, array.subarray(start, at + longest));
      if (taken < value.length) bytes.cuts += 1;
      if (long) {
        array[at] = 255;
        view.setUint16(at + 1, written);
      } else array[at] = written;
      return start + written;
    },
  };
}

function addressText({ extra, words }: ColumnData, row: number): string | null {
  if (extra[row] === 0) return null;
  const bytes = Buffer.alloc(ADDRESS_BYTES);
  const end = extra[row] === 4 ? writeIpv4(bytes, 0, words[4 * row]!) : writeIpv6(bytes, 0, words, 4 * row);
  return bytes.toString('latin1', 0, end);
}

/** Time of a row in units of `parts` a second since 1970; NTP's 64 bits where `parts` is undefined. */
function time(index: number, parts: number | undefined, epoch: number): Value {
  return {
    length: parts === 1 ? 4 : 8,
    has: (data, row) => data[index]!.extra[row]! >= 0 && data[index]!.numbers[row]! + epoch >= 0,
    refuses: (data, row) => data[index]!.extra[row]! >= 0 && data[index]!.numbers[row]! + epoch < 0,
    write(bytes, at, data, row) {
      const seconds = data[index]!.numbers[row]!;
      const nanoseconds = data[index]!.extra[row]!;
      if (parts === 1) bytes.view.setUint32(at, seconds);
      else if (parts !== undefined) write64(bytes, at, seconds * parts + Math.floor(nanoseconds / (1e9 / parts)));
      else {
        bytes.view.setUint32(at, seconds + NTP_EPOCH);
        // 2^32 / 10^9, in numbers that stay exact. Rounded up, so that those who cut find the same nanosecond.
        bytes.view.setUint32(at + 4, Math.ceil((nanoseconds * 2 ** 23) / 5 ** 9));
      }
      return at + (parts === 1 ? 4 : 8);
    },
  };
}

function timeValue(column: Column, index: number, type: ElementType): Value | undefined {
  if (column.kind === 'time') {
    if (type === 'dateTimeNanoseconds') return time(index, undefined, NTP_EPOCH);
    if (type === 'dateTimeMilliseconds') return time(index, 1000, 0);
    if (type === 'dateTimeSeconds') return time(index, 1, 0);
    return undefined;
  }
  // A number is one in the element's unit already: unix_ms(start).
  if (column.kind !== 'number' || (type !== 'dateTimeMilliseconds' && type !== 'dateTimeSeconds')) return undefined;
  return unsigned(index, type === 'dateTimeSeconds' ? 32 : 64, true);
}

/** How a column's values are written as a type; undefined where they cannot be. */
export function columnValue(column: Column, index: number, type: ElementType, name: string): Value | undefined {
  const { kind, labels, decimals } = column;
  const bits = BITS[type];
  if (bits !== undefined) {
    if (kind === 'hash') return bits === 64 ? hash(index) : undefined;
    if (kind !== 'number') return undefined;
    const factor = factorOf(column, name);
    return factor === undefined ? unsigned(index, bits, false) : unsigned(index, bits, true, factor);
  }
  if (type.startsWith('dateTime')) return timeValue(column, index, type);
  if (type === 'ipv4Address' || type === 'ipv6Address')
    return kind === 'address' ? address(index, type === 'ipv4Address' ? 4 : 16) : undefined;
  if (type === 'macAddress') return kind === 'text' ? linkAddress(index) : undefined;
  if (type === 'string') {
    if (kind === 'address') return text((data, row) => addressText(data[index]!, row));
    if (kind === 'text') return text((data, row) => data[index]!.texts[row]);
    const name = labels && ((number: number) => labels[number] ?? (number === number ? String(number) : null));
    return name && text((data, row) => name(data[index]!.numbers[row]!));
  }
  if (kind !== 'number') return undefined;
  if (type === 'boolean') return truth(index);
  if (type === 'signed64') return signed64(index);
  return float64(index, decimals > 0 ? 10 ** decimals : 1);
}
