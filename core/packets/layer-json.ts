import type { Dissector } from '../declare/dissector.ts';
import { type Field, isNumeric, isSpan } from '../declare/field.ts';
import { Code, literal } from '../expression/code.ts';
import type { Frame } from '../frame/frame.ts';
import { displayText, fieldText } from '../frame/text.ts';
import { constantOf, putConstant } from './constants.ts';
import type { Cursor } from './cursor.ts';
import { escapeForJson } from './escape.ts';
import { groupCode, headText, tailText } from './field-groups.ts';
import { putHexNumber, putNumber } from './put.ts';
import { BOUNDS, partsCode, type Reading } from './read-code.ts';
import { LISTS } from './row.ts';
import { allParts } from './selection.ts';
import { addString, type TextChunk } from './text-chunk.ts';
import { constantCode, highest, isFreeText, plainText } from './text-code.ts';

/** Writes the fields of one layer as a JSON array without its end, at a place of a chunk. Returns the place behind them. */
export type WriteLayer = (cursor: Cursor, out: TextChunk, at: number, layer: number) => number;

/** Bytes of a field besides its texts: names of keys, numbers, and the field's own name. */
export const FIELD_BYTES = 1024;

/** The inside of a JSON string. */
const inside = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Writes again what stands between two places. */
function repeat(out: TextChunk, at: number, from: number, end: number): number {
  const length = end - from;
  const bytes = out.room(at, length);
  if (length > 64) bytes.copyWithin(at, from, end);
  else for (let i = 0; i < length; i += 1) bytes[at + i] = bytes[from + i]!;
  return at + length;
}

function addDisplay(
  out: TextChunk,
  at: number,
  field: Field,
  frame: Frame,
  layer: number,
  place: number,
  length: number,
  value: number,
): number {
  const text = displayText(field, fieldText(field, frame, layer, place, length, value), value);
  return escapeForJson(out, at, addString(out, at, text));
}

/** Writes the text for people; the value's own text stands between `from` and `till`. See `displayText`. */
function displayCode(code: Code, field: Field): string {
  const { values, display, unit, size } = field;
  const again = `o = ${code.call(repeat, 'out', 'o', 'from', 'till')}; to = out.bytes;`;
  const plain = `${again} ${constantCode(code, unit === undefined ? '' : inside(` ${unit}`))}`;
  if (isSpan(field) || (values === undefined && display !== 'decimal-hex')) return plain;
  if (!isNumeric(field) || display === 'decimal-hex') {
    if (values === undefined && field.type === 'uint' && Number.isInteger(field.scale)) {
      const hex = `o = ${code.call(putHexNumber, 'to', 'o', 'value', literal(size * 2))};`;
      return `${again} ${constantCode(code, ' (')} ${hex} ${constantCode(code, ')')}`;
    }
    const number = isNumeric(field) ? 'value' : `${code.ref(field.readAt)}(bytes, place)`;
    const args = [code.ref(field), 'frame', 'layer', 'place', 'length', number];
    return `o = ${code.call(addDisplay, 'out', 'o', ...args)}; to = out.bytes;`;
  }
  const names = new Map(Object.entries(values!).map(([value, name]) => [Number(value), `${inside(name)} (`]));
  const named = `o = ${code.call(addString, 'out', 'o', 'name')}; to = out.bytes; ${again} ${constantCode(code, ')')}`;
  return `const name = ${code.ref(names)}.get(value); if (name !== undefined) { ${named} } else { ${plain} }`;
}

/** Numbers up to here have the begin of their field ready. */
const READY_VALUES = 4096;
/** Fields up to this offset have their end ready. */
const READY_OFFSETS = 2048;

/** The begin of a field by its value; 0 where it is not made yet. */
interface Heads {
  readonly field: Field;
  readonly known: Int32Array;
}

/** The end of a field of fixed length by its offset; 0 where it is not made yet. */
interface Tails {
  readonly field: Field;
  readonly known: Int32Array;
}

function putHead(out: TextChunk, at: number, { field, known }: Heads, value: number): number {
  const found = known[value];
  if (found !== undefined && found > 0) return putConstant(out, at, found);
  const text = headText(field, value);
  if (found === 0) known[value] = constantOf(text);
  return addString(out, at, text);
}

function putTail(out: TextChunk, at: number, { field, known }: Tails, offset: number): number {
  const found = known[offset];
  if (found !== undefined && found > 0) return putConstant(out, at, found);
  const text = tailText(field, offset);
  if (found === 0) known[offset] = constantOf(text);
  return addString(out, at, text);
}

/** Writes name, value and text for people, without the last quote. */
function headCode(code: Code, field: Field): string {
  const { name, type, format } = field;
  const small =
    type === 'boolean' || (type === 'uint' && Number.isInteger(field.scale) && highest(field) < READY_VALUES);
  if (small && format === undefined) {
    const known = new Int32Array(type === 'boolean' ? 2 : highest(field) + 1);
    const heads: Heads = { field, known };
    return `o = ${code.call(putHead, 'out', 'o', code.ref(heads), 'value')};`;
  }
  const escaping = isFreeText(field) ? `o = ${code.call(escapeForJson, 'out', 'from', 'o')}; to = out.bytes;` : '';
  return `${constantCode(code, `,{"name":${JSON.stringify(name)},"value":"`)}
const from = o; ${plainText(code, field)} ${escaping} const till = o;
${constantCode(code, '","display":"')}
${displayCode(code, field)}`;
}

/** Each field begins with a comma. */
function fieldCode(code: Code, field: Field): string {
  const { mask, shift, measure, locate, compute } = field;
  const bits = mask === 0 ? '}' : `,"mask":${(mask << shift) >>> 0}}`;
  const none = constantCode(code, '"}');
  let tail: string;
  if (measure === undefined) {
    const tails: Tails = { field, known: new Int32Array(READY_OFFSETS) };
    tail = `o = ${code.call(putTail, 'out', 'o', code.ref(tails), 'place - frame.start')}; to = out.bytes;`;
  } else {
    tail = `${constantCode(code, '","offset":')} o = ${code.call(putNumber, 'to', 'o', 'place - frame.start')};
${constantCode(code, ',"length":')} o = ${code.call(putNumber, 'to', 'o', 'length')}; ${constantCode(code, bits)}`;
  }
  const end =
    compute === undefined ? tail : locate === undefined ? none : `if (place < 0) { ${none} } else { ${tail} }`;
  return `to = out.room(o, 0);\n{ ${headCode(code, field)} }\n${end}`;
}

/** Compiles the function that writes the fields of a dissector's layers. The chunk's slack must be {@link FIELD_BYTES}. */
export function compileLayer({ fields }: Dissector, cursor: Cursor): WriteLayer {
  const code = new Code();
  const each = (field: Field) => fieldCode(code, field);
  const together: Reading['together'] = (parts, first, single) => groupCode(code, parts, first, single);
  const body = `const frame = c.frame; const bytes = frame.bytes; c.out = out;
let to = out.bytes; let count = 0; const start = o;
${BOUNDS}
${partsCode({ code, cursor, each, together, lists: LISTS }, allParts(fields))}
if (o === start) { ${constantCode(code, '[')} } else out.bytes[start] = 91; // in place of the first comma
return o;`;
  return code.compile<{ write: WriteLayer }>({ write: code.function('fields', 'c, out, o, layer', body) }).write;
}

/** The constant begin of a layer. */
export const layerHead = ({ name, title }: Dissector): string =>
  `{"name":${JSON.stringify(name)},"title":${JSON.stringify(title)},"offset":`;
