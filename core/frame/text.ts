import type { Field } from '../declare/field.ts';
import type { Frame } from './frame.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as lower-case hexadecimal digits, without separators. */
export function hexText(bytes: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let i = offset; i < offset + length; i += 1) text += HEX[bytes[i]!]!;
  return text;
}

/** An IEEE 802 address: six pairs of hexadecimal digits between colons. */
export function macText(bytes: Uint8Array, offset: number, length = 6): string {
  let text = '';
  for (let i = 0; i < length; i += 1) text += i === 0 ? HEX[bytes[offset]!]! : `:${HEX[bytes[offset + i]!]!}`;
  return text;
}

/** An IPv4 address in dotted form. */
export function ipv4Text(bytes: Uint8Array, offset: number): string {
  return `${bytes[offset]!}.${bytes[offset + 1]!}.${bytes[offset + 2]!}.${bytes[offset + 3]!}`;
}

/** An IPv6 address in the form of RFC 5952, with the last four bytes dotted where section 5 has it. */
export function ipv6Text(bytes: Uint8Array, offset: number): string {
  const words = Array.from({ length: 8 }, (_, i) => (bytes[offset + 2 * i]! << 8) | bytes[offset + 2 * i + 1]!);
  const dotted = isEmbeddedIpv4(words);
  const count = dotted ? 6 : 8;
  let best = -1;
  let bestLength = 1; // a single group of zeros is not shortened
  for (let i = 0; i < count; i += 1) {
    let length = 0;
    while (i + length < count && words[i + length] === 0) length += 1;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
    if (length > 0) i += length;
  }
  let text = '';
  for (let i = 0; i < count; i += 1) {
    if (i === best) {
      text += '::';
      i += bestLength - 1;
    } else text += `${text === '' || text.endsWith(':') ? '' : ':'}${words[i]!.toString(16)}`;
  }
  if (!dotted) return text;
  return `${text}${text.endsWith(':') ? '' : ':'}${ipv4Text(bytes, offset + 12)}`;
}

/** `::a.b.c.d` (but neither `::` nor `::1`) and `::ffff:a.b.c.d`, as inet_ntop prints them. */
function isEmbeddedIpv4(words: readonly number[]): boolean {
  for (let i = 0; i < 5; i += 1) if (words[i] !== 0) return false;
  return words[5] === 0xffff || (words[5] === 0 && words[6] !== 0);
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** A number as `tshark -T fields` prints it: flags as 1 and 0, hexadecimal with all digits of its bytes. */
export function numberText(field: Field, value: number): string {
  if (field.display === 'hex') return `0x${value.toString(16).padStart(field.digits ?? field.size * 2, '0')}`;
  if (field.display === 'octal') return `0${value.toString(8)}`;
  return String(value);
}

/** Text in UTF-8, as far as its first zero byte: what stands behind one is not shown. */
export function utf8Text(bytes: Uint8Array, place: number, length: number): string {
  let end = place;
  while (end < place + length && bytes[end] !== 0) end += 1;
  return decoder.decode(bytes.subarray(place, end));
}

/** Eight bytes as an exact number, decimal or hexadecimal as the field says. */
function wideText(field: Field, bytes: Uint8Array, place: number): string {
  let value = 0n;
  for (let i = 0; i < 8; i += 1) value = (value << 8n) | BigInt(bytes[field.littleEndian ? place + 7 - i : place + i]!);
  if (field.display === 'hex') return `0x${value.toString(16).padStart(16, '0')}`;
  return String(field.type === 'int64' ? BigInt.asIntN(64, value) : value);
}

/**
 * The text of one occurrence of a field, as `tshark -T fields` prints it.
 * @param place of its first byte in the frame's bytes, -1 for a computed value
 * @param length of it in bytes
 * @param value the number, where it is one
 */
export function fieldText(
  field: Field,
  frame: Frame,
  layer: number,
  place: number,
  length: number,
  value: number,
): string {
  const { bytes } = frame;
  if (field.format !== undefined) return field.format(bytes, place, length, frame, layer);
  switch (field.type) {
    case 'mac':
      return macText(bytes, place);
    case 'ipv4':
      return ipv4Text(bytes, place);
    case 'ipv6':
      return ipv6Text(bytes, place);
    case 'bytes':
      return length === 0 ? '<MISSING>' : hexText(bytes, place, length);
    case 'text':
      return utf8Text(bytes, place, length);
    case 'uint64':
    case 'int64':
      return wideText(field, bytes, place);
    default:
      return numberText(field, value);
  }
}

/** The text for people: with the name of the value, with its unit, or in both bases. */
export function displayText(field: Field, text: string, value: number): string {
  const name = field.values?.[value];
  if (name !== undefined) return `${name} (${text})`;
  if (field.display === 'decimal-hex') return `${text} (0x${value.toString(16).padStart(field.size * 2, '0')})`;
  return field.unit === undefined ? text : `${text} ${field.unit}`;
}
