import type { Field, FieldOptions, Fields, FieldType, Locate, Repeated, When } from './field.ts';
import { reader } from './reader.ts';

/** A field without its place yet: `header` and the place functions give it one. */
type Draft = Field & { readonly bitWidth: number; readonly within: boolean };

function titleOf(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1).replaceAll('_', ' ');
  return last.charAt(0).toUpperCase() + last.slice(1);
}

interface Shape {
  readonly size?: number;
  readonly littleEndian?: boolean;
  readonly bitWidth?: number;
  readonly measure?: Locate;
  readonly compute?: Locate;
}

function draft(name: string, type: FieldType, shape: Shape, options: FieldOptions = NO_OPTIONS): Field {
  const scale = options.scale ?? 1;
  const size = shape.size ?? 0;
  const littleEndian = shape.littleEndian ?? false;
  const { read, readAt } = reader(0, size, 0, 0, scale, littleEndian, type);
  return Object.freeze({
    kind: 'field',
    name,
    title: options.title ?? titleOf(name),
    type,
    unit: options.unit,
    display: options.display ?? 'decimal',
    digits: options.digits,
    values: options.values,
    scale,
    aliases: options.aliases ?? NO_ALIASES,
    format: options.format,
    size,
    littleEndian,
    mask: 0,
    shift: 0,
    offset: 0,
    locate: undefined,
    measure: shape.measure,
    compute: shape.compute,
    generated: shape.compute !== undefined,
    bitWidth: shape.bitWidth ?? 0,
    within: false,
    read,
    readAt,
  } satisfies Draft) as Field;
}

const NO_OPTIONS: FieldOptions = Object.freeze({});
const NO_ALIASES: readonly string[] = Object.freeze([]);

/** What changes when a field gets its place. */
interface Placement {
  readonly size?: number;
  readonly mask?: number;
  readonly shift?: number;
  readonly littleEndian?: boolean;
  readonly within?: boolean;
  readonly locate?: Locate;
}

/**
 * The same field at `offset`, with readers made for that place. Written out, so that all fields are objects of one shape
 * (code that meets many of them stays fast) and thousands of them are made quickly at every start.
 */
function place(field: Field, offset: number, changes: Placement = NO_CHANGES): Field {
  const { type, scale, bitWidth, within } = field as Draft;
  const size = changes.size ?? field.size;
  const mask = changes.mask ?? field.mask;
  const shift = changes.shift ?? field.shift;
  const littleEndian = changes.littleEndian ?? field.littleEndian;
  const { read, readAt } = reader(offset, size, mask, shift, scale, littleEndian, type);
  return Object.freeze({
    kind: 'field',
    name: field.name,
    title: field.title,
    type,
    unit: field.unit,
    display: field.display,
    digits: field.digits,
    values: field.values,
    scale,
    aliases: field.aliases,
    format: field.format,
    size,
    littleEndian,
    mask,
    shift,
    offset,
    locate: changes.locate ?? field.locate,
    measure: field.measure,
    compute: field.compute,
    generated: field.generated,
    bitWidth,
    within: changes.within ?? within,
    read,
    readAt,
  } satisfies Draft) as Field;
}

const NO_CHANGES: Placement = Object.freeze({});

/** Unsigned integer of one byte. */
export const uint8 = (name: string, options?: FieldOptions): Field => draft(name, 'uint', { size: 1 }, options);
/** Unsigned integer of two bytes, network order. */
export const uint16 = (name: string, options?: FieldOptions): Field => draft(name, 'uint', { size: 2 }, options);
/** Unsigned integer of three bytes, network order. */
export const uint24 = (name: string, options?: FieldOptions): Field => draft(name, 'uint', { size: 3 }, options);
/** Unsigned integer of four bytes, network order. */
export const uint32 = (name: string, options?: FieldOptions): Field => draft(name, 'uint', { size: 4 }, options);
/** Unsigned integer of six bytes, network order. */
export const uint48 = (name: string, options?: FieldOptions): Field => draft(name, 'uint', { size: 6 }, options);
/** Unsigned integer of eight bytes, network order. */
export const uint64 = (name: string, options?: FieldOptions): Field => draft(name, 'uint64', { size: 8 }, options);
/** Unsigned integer of two bytes, least significant first. */
export const uint16le = (name: string, options?: FieldOptions): Field =>
  draft(name, 'uint', { size: 2, littleEndian: true }, options);
/** Unsigned integer of four bytes, least significant first. */
export const uint32le = (name: string, options?: FieldOptions): Field =>
  draft(name, 'uint', { size: 4, littleEndian: true }, options);
/** Unsigned integer of eight bytes, least significant first. */
export const uint64le = (name: string, options?: FieldOptions): Field =>
  draft(name, 'uint64', { size: 8, littleEndian: true }, options);
/** Signed integer of one byte, two's complement. */
export const int8 = (name: string, options?: FieldOptions): Field => draft(name, 'int', { size: 1 }, options);
/** Signed integer of two bytes, network order, two's complement. */
export const int16 = (name: string, options?: FieldOptions): Field => draft(name, 'int', { size: 2 }, options);
/** Signed integer of three bytes, network order, two's complement. */
export const int24 = (name: string, options?: FieldOptions): Field => draft(name, 'int', { size: 3 }, options);
/** Signed integer of four bytes, network order, two's complement. */
export const int32 = (name: string, options?: FieldOptions): Field => draft(name, 'int', { size: 4 }, options);
/** Signed integer of eight bytes, network order, two's complement. */
export const int64 = (name: string, options?: FieldOptions): Field => draft(name, 'int64', { size: 8 }, options);
/** IEEE 754 number of four bytes, network order. */
export const float32 = (name: string, options?: FieldOptions): Field => draft(name, 'float', { size: 4 }, options);
/** IEEE 754 number of eight bytes, network order. */
export const float64 = (name: string, options?: FieldOptions): Field => draft(name, 'float', { size: 8 }, options);
/** IPv4 address. */
export const ipv4 = (name: string, options?: FieldOptions): Field => draft(name, 'ipv4', { size: 4 }, options);
/** IPv6 address. */
export const ipv6 = (name: string, options?: FieldOptions): Field => draft(name, 'ipv6', { size: 16 }, options);
/** IEEE 802 address of six bytes. */
export const mac = (name: string, options?: FieldOptions): Field => draft(name, 'mac', { size: 6 }, options);

/** Bits that follow the bits before them, most significant first; together they fill whole bytes (32 bits at most). */
export const bits = (name: string, width: number, options?: FieldOptions): Field =>
  draft(name, 'uint', { bitWidth: width }, options);
/** One bit, as a boolean; of several bits, true when any of them is set. */
export const flag = (name: string, options?: FieldOptions, width = 1): Field =>
  draft(name, 'boolean', { bitWidth: width }, options);
/**
 * A field that is some bits of the bytes it lies in, all of which it is shown in: `masked(uint8(name), 0xf0)`,
 * `masked(flag(name), 0x8000, 2)`. The value is shifted down to the mask's lowest bit. In a header it takes the place of
 * these bytes, or as a `part` lies in the field before it.
 */
export function masked(
  field: Field,
  mask: number,
  size: number = field.size || 1,
  littleEndian: boolean = field.littleEndian,
): Field {
  const shift = 31 - Math.clz32(mask & -mask);
  return place(field, field.offset, { size, mask: mask >>> shift, shift, littleEndian });
}

/** Bits that mean nothing and are no field: they only take their place. Not as the last of a header. */
export const unused = (width: number): Field => draft('', 'uint', { bitWidth: width });

/** Length of a span: a number of bytes, or a function that measures it. */
type Length = number | Locate;
const shapeOf = (length: Length): Shape => (typeof length === 'number' ? { size: length } : { measure: length });

/** Bytes as they are; the length is fixed or measured from the place where they begin. */
export const bytes = (name: string, length: Length, options?: FieldOptions): Field =>
  draft(name, 'bytes', shapeOf(length), options);
/** Text in UTF-8 (or as `format` says); the length is fixed or measured from the place where it begins. */
export const text = (name: string, length: Length, options?: FieldOptions): Field =>
  draft(name, 'text', shapeOf(length), options);

/**
 * A number that is worked out instead of read. `type` is a number type; `compute` gives NaN where there is none. `size` is
 * that of the bytes it is made of, where it is `located`.
 */
export const computed = (
  name: string,
  type: 'uint' | 'int' | 'boolean' | 'float',
  compute: Locate,
  options?: FieldOptions,
  size = 0,
): Field => draft(name, type, { compute, size }, options);

/** A part of the field before it: the next bits inside those bytes, most significant first. Takes no place of its own. */
export function part(field: Field): Field {
  return place(field, 0, { within: true });
}

/** A field whose place is found: `locate` returns the absolute offset of its first byte, or -1 where it is absent. */
export function located(locate: Locate, field: Field): Field {
  return place(field, -1, { locate });
}

/**
 * A field that is there only when `when` holds, `offset` bytes after the start of the header or item. `when` is asked
 * only where the field's own bytes can be read.
 */
export function optional(when: When, field: Field, offset: number): Field {
  const reach = offset + field.size;
  return located(
    (view, at, end, frame, layer) => (at + reach <= end && when(view, at, end, frame, layer) ? at + offset : -1),
    field,
  );
}

/** A list of items; see {@link Repeated}. */
export function repeated(list: {
  readonly from: Locate;
  readonly to?: Locate;
  readonly next: Locate;
  readonly item: Fields;
  readonly title?: string;
}): Repeated {
  return Object.freeze({ kind: 'repeated', to: undefined, title: 'Item', ...list });
}

/**
 * Gives fields their places in wire order. Fixed fields follow each other; bits share bytes; a `part` lies inside the
 * field before it; `located`, `optional`, `repeated` and `computed` ones take no place.
 * @throws RangeError when bits do not fill whole bytes.
 */
export function header<const T extends Fields>(fields: T): T {
  const placed: Record<string, Field | Repeated> = {};
  let offset = 0;
  let bit = 0;
  let run: { key: string; field: Draft; bit: number }[] = [];
  let whole: { offset: number; size: number; bit: number } | undefined; // what the next part lies in
  const close = () => {
    if (run.length === 0) return;
    if (bit % 8 !== 0 || bit > 32) {
      throw new RangeError(`the bits of "${run[0]!.field.name}" and what follows fill ${bit} bits`);
    }
    for (const one of run) placed[one.key] = narrow(one.field, offset, bit / 8, one.bit);
    whole = { offset, size: bit / 8, bit: whole?.bit ?? 0 };
    offset += bit / 8;
    run = [];
    bit = 0;
  };
  for (const [key, value] of Object.entries(fields)) {
    const field = value as Draft;
    placed[key] = value; // keeps the order of declaration
    if (value.kind === 'repeated' || field.locate !== undefined || field.compute !== undefined) continue;
    const width = field.mask !== 0 ? field.size * 8 : field.bitWidth || field.size * 8;
    if (field.within) {
      if (whole === undefined) throw new RangeError(`"${field.name}" is a part, and no field stands before it`);
      if (field.mask !== 0) {
        placed[key] = place(field, whole.offset);
        continue;
      }
      if (run.length > 0) run.push({ key, field, bit: whole.bit });
      else placed[key] = narrow(field, whole.offset, whole.size, whole.bit);
      whole.bit += width;
    } else if (field.bitWidth > 0 && field.mask === 0) {
      run.push({ key, field, bit });
      whole = { offset, size: 0, bit };
      bit += width;
      if (bit % 8 === 0) close();
    } else {
      close();
      if (field.measure !== undefined) throw new RangeError(`"${field.name}" has no fixed length: use located()`);
      placed[key] = place(field, offset);
      whole = { offset, size: field.size, bit: 0 };
      offset += field.size;
    }
  }
  close();
  const named = Object.entries(placed).filter(([, value]) => value.kind === 'repeated' || value.name !== '');
  // A copy in one go: an object that grew key by key is a hash table to V8, and each look at a field a call.
  return Object.freeze(Object.fromEntries(named)) as unknown as T;
}

function narrow(field: Draft, offset: number, size: number, bit: number): Field {
  const width = field.bitWidth || field.size * 8;
  // The smallest whole bytes that hold the bits, as Wireshark highlights them.
  const first = bit >> 3;
  const last = (bit + width - 1) >> 3;
  const bytesUsed = last - first + 1;
  if (last >= size) throw new RangeError(`"${field.name}" reaches past the ${size} bytes it is a part of`);
  return place(field, offset + first, {
    size: bytesUsed,
    shift: bytesUsed * 8 - (bit - first * 8) - width,
    mask: width === 32 ? 0xffffffff : 2 ** width - 1,
  });
}

/** Bytes that the fixed fields of a header or item take: the least it needs. */
export function fixedSize(fields: Fields): number {
  let size = 0;
  for (const field of Object.values(fields)) {
    if (field.kind === 'field' && field.locate === undefined && field.compute === undefined) {
      size = Math.max(size, field.offset + field.size);
    }
  }
  return size;
}
