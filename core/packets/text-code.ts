import type { Field } from '../declare/field.ts';
import { type Code, literal } from '../expression/code.ts';
import { writeSmall } from '../output/write-digits.ts';
import { bytesOf } from '../output/write-text.ts';
import { addField, addHexBytes, addHexText, addText } from './add.ts';
import { constantOf, NO_CONSTANT, putConstant } from './constants.ts';
import { escapeForJson, escapeForTabs } from './escape.ts';
import { putByte, putBytes, putHexNumber, putHexWord, putIpv4, putIpv6, putMac, putNumber } from './put.ts';
import { addString, type TextChunk } from './text-chunk.ts';

// Generated code writes to the chunk `out`: `to` are its bytes, `o` is the place of the next. Both are variables.

/** How rows of frames are written: columns with tabs or commas between them, or JSON lines. */
export type PacketFormat = 'csv' | 'tsv' | 'jsonl';

/** True when the text of a value may hold any character; else it is digits, letters, points and colons. */
export const isFreeText = (field: Field): boolean => field.type === 'text' || field.format !== undefined;

/** Writes the same bytes always. */
export function constantCode(code: Code, text: string): string {
  if (text === '') return '';
  const bytes = bytesOf(text);
  const constant = bytes.length > 2 ? constantOf(text) : NO_CONSTANT;
  if (constant !== NO_CONSTANT) return `o = ${code.call(putConstant, 'out', 'o', literal(constant))};`;
  if (bytes.length > 8) return `o = ${code.call(putBytes, 'to', 'o', code.ref(bytes))};`;
  const stores = Array.from(bytes, (byte, i) => `to[o${i === 0 ? '' : ` + ${i}`}] = ${byte};`);
  return `${stores.join(' ')} o += ${bytes.length};`;
}

/** The highest value that an unsigned field can have. */
function highest({ size, mask, scale, compute }: Field): number {
  if (compute !== undefined || size === 0 || size > 4) return Number.POSITIVE_INFINITY;
  return (mask === 0 ? 256 ** size - 1 : mask) * scale;
}

/** Writes an unsigned number by what its field can hold. */
function unsignedCode(code: Code, field: Field): string {
  const most = highest(field);
  const put = most < 256 ? putByte : most < 2 ** 31 ? writeSmall : putNumber;
  return `o = ${code.call(put, 'to', 'o', 'value')};`;
}

function hexCode(code: Code, field: Field): string {
  const { size } = field;
  const digits = field.digits ?? 2 * size;
  return highest(field) < 256 ** size && digits === 2 * size
    ? `o = ${code.call(putHexWord, 'to', 'o', 'value', literal(size))};`
    : `o = ${code.call(putHexNumber, 'to', 'o', 'value', literal(digits))};`;
}

/** Writes the text of one occurrence, as it is. */
function plainText(code: Code, field: Field): string {
  const put = (fn: unknown, ...args: string[]) => `o = ${code.call(fn, 'to', 'o', ...args)};`;
  const add = (fn: unknown, ...args: string[]) => `o = ${code.call(fn, 'out', 'o', ...args)}; to = out.bytes;`;
  if (field.format === undefined) {
    switch (field.type) {
      case 'mac':
        return put(putMac, 'bytes', 'place');
      case 'ipv4':
        return put(putIpv4, 'bytes', 'place');
      case 'ipv6':
        return put(putIpv6, 'bytes', 'place');
      case 'bytes':
        return add(addHexText, 'bytes', 'place', 'length');
      case 'text':
        return add(addText, code.ref(field), 'frame', 'layer', 'place', 'length');
      case 'boolean':
        if (field.display !== 'hex' && field.display !== 'octal') {
          return `to[o] = value === 0 ? 48 : 49; o += 1;`;
        }
        break;
      case 'uint':
        // A scale such as 0.5 makes numbers that are not whole.
        if (!Number.isInteger(field.scale)) break;
        if (field.display === 'hex') return hexCode(code, field);
        if (field.display !== 'octal') return unsignedCode(code, field);
    }
  }
  const value = field.type === 'uint' || field.type === 'int' || field.type === 'boolean' || field.type === 'float';
  return add(addField, code.ref(field), 'frame', 'layer', 'place', 'length', value ? 'value' : 'NaN');
}

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');

/** Writes a number as JSON has it. */
function addJsonNumber(out: TextChunk, at: number, value: number): number {
  if (Number.isInteger(value)) return putNumber(out.room(at, 0), at, value);
  return addString(out, at, Number.isFinite(value) ? String(value) : 'null');
}

/** Writes one occurrence as a JSON value: numbers and flags as such, everything else as text. */
function jsonValue(code: Code, field: Field): string {
  const { type, format } = field;
  if (type === 'boolean') {
    return `o = ${code.call(putBytes, 'to', 'o', `value === 0 ? ${code.ref(FALSE)} : ${code.ref(TRUE)}`)};`;
  }
  if (type === 'uint' && Number.isInteger(field.scale)) return unsignedCode(code, field);
  if (type === 'uint' || type === 'int' || type === 'float')
    return `o = ${code.call(addJsonNumber, 'out', 'o', 'value')}; to = out.bytes;`;
  if ((type === 'uint64' || type === 'int64') && format === undefined) {
    return plainText(code, { ...field, display: 'decimal' });
  }
  const quote = constantCode(code, '"');
  if (type === 'bytes' && format === undefined) {
    return `${quote} o = ${code.call(addHexBytes, 'out', 'o', 'bytes', 'place', 'length')}; to = out.bytes; ${quote}`;
  }
  const text = plainText(code, field);
  if (!isFreeText(field)) return `${quote} ${text} ${quote}`;
  const escaping = `o = ${code.call(escapeForJson, 'out', 'from', 'o')}; to = out.bytes;`;
  return `${quote} { const from = o; ${text} ${escaping} } ${quote}`;
}

/** Writes one occurrence of a field in a format; cells of `csv` are put in quotes when they are whole. */
export function valueCode(code: Code, field: Field, format: PacketFormat): string {
  if (format === 'jsonl') return jsonValue(code, field);
  const text = plainText(code, field);
  if (format === 'csv' || !isFreeText(field)) return text;
  return `{ const from = o; ${text} o = ${code.call(escapeForTabs, 'out', 'from', 'o')}; to = out.bytes; }`;
}
