import { type Field, type Fields, isSpan } from '../declare/field.ts';
import { fixedSize } from '../declare/kinds.ts';

/** Values of a header's fields, by the keys of its declaration: numbers, or the bytes of a span. */
export type Values<F extends Fields> = { readonly [K in keyof F]?: number | bigint | readonly number[] | Uint8Array };

/** What a number on the wire can be: the least and the greatest. */
function rangeOf({ size, mask, type }: Field): readonly [bigint, bigint] {
  if (mask !== 0) return [0n, BigInt(mask)];
  const bits = BigInt(8 * size);
  return type === 'int' || type === 'int64'
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
}

/** The number on the wire for a value. */
function wireNumber(key: string, field: Field, value: number | bigint): bigint {
  const { scale } = field;
  const number = typeof value === 'bigint' ? value : value / scale;
  if (typeof number === 'number' && !Number.isInteger(number))
    throw new TypeError(`"${key}" is a multiple of ${scale}, not ${value}`);
  const [least, greatest] = rangeOf(field);
  if (number >= least && number <= greatest) return BigInt(number);
  const factor = BigInt(Math.round(scale));
  throw new TypeError(`"${key}" is ${least * factor} to ${greatest * factor}, not ${value}`);
}

function put(
  bytes: Uint8Array,
  { size, mask, shift, littleEndian, scale, offset }: Field,
  value: number | bigint,
): void {
  let rest = BigInt(typeof value === 'bigint' ? value : Math.round(value / scale));
  rest = mask === 0 ? BigInt.asUintN(8 * size, rest) : (rest & BigInt(mask)) << BigInt(shift);
  for (let i = 0; i < size; i += 1) {
    const place = offset + (littleEndian ? i : size - 1 - i);
    bytes[place]! |= Number(rest & 0xffn);
    rest >>= 8n;
  }
}

function putFloat(bytes: Uint8Array, { size, offset }: Field, value: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (size === 4) view.setFloat32(offset, value);
  else view.setFloat64(offset, value);
}

/**
 * The bytes of a header, made from its declaration: `headerBytes(fields, { type: 1, value: 300 })`. Fields that are not
 * stated are zero; located, repeated and computed ones are not part of it.
 * @throws TypeError for a value that does not fit its field.
 */
export function headerBytes<F extends Fields>(fields: F, values: Values<F>): Uint8Array {
  const bytes = new Uint8Array(fixedSize(fields));
  for (const [key, value] of Object.entries(values)) {
    const field = fields[key];
    if (value === undefined) continue;
    if (field === undefined || field.kind !== 'field' || field.offset < 0 || field.compute !== undefined)
      throw new TypeError(`"${key}" is no field with a fixed place`);
    if (typeof value === 'number' || typeof value === 'bigint') {
      if (isSpan(field)) throw new TypeError(`"${key}" is a span of ${field.size} bytes: give its bytes`);
      if (field.type === 'float') putFloat(bytes, field, Number(value));
      else put(bytes, field, wireNumber(key, field, value));
    } else if (value.length !== field.size) {
      throw new TypeError(`"${key}" has ${field.size} bytes, not ${value.length}`);
    } else bytes.set(value, field.offset);
  }
  return bytes;
}
