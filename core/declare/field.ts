import type { Frame } from '../frame/frame.ts';

/**
 * What a field's value is.
 * - `uint`, `int`, `boolean`, `float`: a number (integers up to 53 bits);
 * - `uint64`, `int64`: eight bytes, exact as two 32-bit words, a float64 in expressions;
 * - `ipv4`, `ipv6`, `mac`, `text`, `bytes`: a span of bytes.
 */
export type FieldType =
  | 'uint'
  | 'int'
  | 'boolean'
  | 'float'
  | 'uint64'
  | 'int64'
  | 'ipv4'
  | 'ipv6'
  | 'mac'
  | 'text'
  | 'bytes';

/** How a number is shown. `decimal-hex` is decimal in rows and both in the tree. */
export type Display = 'decimal' | 'hex' | 'octal' | 'decimal-hex';

/** Texts for values, for display only: unknown numbers stay numbers. */
export type ValueNames = Readonly<Record<number, string>>;

/** What may be stated about any field. */
export interface FieldOptions {
  /** Words for people; from the name where not given. */
  readonly title?: string;
  readonly unit?: string;
  readonly display?: Display;
  /** Digits of a hexadecimal number, where not two for each byte it lies in. */
  readonly digits?: number;
  readonly values?: ValueNames;
  /** The wire value is multiplied by this (a header length in 4-byte words has 4). */
  readonly scale?: number;
  /** Other names that hold this field's value too, as `ip.addr` holds `ip.src` and `ip.dst`. */
  readonly aliases?: readonly string[];
  /** Text of a span where plain UTF-8 is not it (a DNS name). Called for display and text expressions only. */
  readonly format?: (bytes: Uint8Array, offset: number, length: number, frame: Frame, layer: number) => string;
}

/**
 * Finds something in a layer or in an item of a list. `at` is where the layer or item begins, `end` where its readable
 * bytes end (contained and captured); reads must stay below `end`. `frame` and `layer` give the rest where it is needed:
 * `frame.layerEnd[layer]` is the end the headers state, captured or not.
 */
export type Locate = (bytes: Uint8Array, at: number, end: number, frame: Frame, layer: number) => number;

/** True or false about a layer or an item; same arguments as {@link Locate}. */
export type When = (bytes: Uint8Array, at: number, end: number, frame: Frame, layer: number) => boolean;

/** One declared field: the only place where its name, type and width stand. */
export interface Field {
  readonly kind: 'field';
  /** Wireshark's name wherever Wireshark has the field. */
  readonly name: string;
  readonly title: string;
  readonly type: FieldType;
  readonly unit: string | undefined;
  readonly display: Display;
  readonly digits: number | undefined;
  readonly values: ValueNames | undefined;
  readonly scale: number;
  readonly aliases: readonly string[];
  readonly format: FieldOptions['format'];
  /** Bytes it lies in; 0 when the length is found by `measure` or nothing of it lies on the wire. */
  readonly size: number;
  readonly littleEndian: boolean;
  /** Bits inside these bytes, for fields that are not whole bytes: value = (word >>> shift) & mask. 0 = all. */
  readonly mask: number;
  readonly shift: number;
  /** Place from the start of the header or item; -1 when `locate` finds it. */
  readonly offset: number;
  /** Absolute place, or -1 when the field is absent here. */
  readonly locate: Locate | undefined;
  /** Length of a variable span that starts at the absolute place given as `at`. */
  readonly measure: Locate | undefined;
  /** The value itself, for a field that is computed; NaN when absent. With `locate` it says what bytes it is made of. */
  readonly compute: Locate | undefined;
  /** True for a value that a tool derives rather than reads (shown in brackets). */
  readonly generated: boolean;
  /** The number at this field's fixed place in the header or item that begins at `at`. The bytes must be there. */
  read(bytes: Uint8Array, at: number): number;
  /** The number when the field's own first byte is at `place`. */
  readAt(bytes: Uint8Array, place: number): number;
}

/** Items one after another: options, records, labels, extension headers. */
export interface Repeated {
  readonly kind: 'repeated';
  /** Where the first item begins, or -1 when there is none. */
  readonly from: Locate;
  /** Where the list ends; the layer's readable end where not given. Asked only when an item begins inside the layer. */
  readonly to: Locate | undefined;
  /** Where the item after the one at `at` begins, which is also where this one ends; a value not above `at` ends the list. */
  readonly next: Locate;
  /** What an item holds. */
  readonly item: Fields;
  /** Words for people, for the tree. */
  readonly title: string;
}

/** A layer's or an item's parts, in wire order. */
export type Fields = Readonly<Record<string, Field | Repeated>>;

/** True for numbers that fit a float64 column as they are. */
export function isNumeric(field: Field): boolean {
  return field.type === 'uint' || field.type === 'int' || field.type === 'boolean' || field.type === 'float';
}

/** True for the types whose value is a span of bytes. */
export function isSpan(field: Field): boolean {
  const { type } = field;
  return type === 'ipv4' || type === 'ipv6' || type === 'mac' || type === 'text' || type === 'bytes';
}
