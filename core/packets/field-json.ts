import { type Field, isNumeric } from '../declare/field.ts';
import type { Frame } from '../frame/frame.ts';
import { displayText, fieldText, numberText } from '../frame/text.ts';
import { addHexText, addText } from './add.ts';
import { constantOf, putConstant, putEither } from './constants.ts';
import { escapeForJson } from './escape.ts';
import {
  ANY,
  BOTH_BASES,
  BYTES,
  closingText,
  DECIMAL,
  EMPTY,
  type FieldWriting,
  HEX,
  IPV4,
  IPV6,
  MAC,
  NAMED,
  READY,
  TEXT,
} from './field-writing.ts';
import { putHexNumber, putIpv4, putIpv6, putMac, putNumber } from './put.ts';
import { addString, type TextChunk } from './text-chunk.ts';

/** The begin of a field with a number: name, value, text for people without its last quote. */
export function headText(field: Field, value: number): string {
  const text = numberText(field, value);
  const display = JSON.stringify(displayText(field, text, value)).slice(0, -1);
  return `,{"name":${JSON.stringify(field.name)},"value":"${text}","display":${display}`;
}

/** The end of a field with a place. */
export const tailText = (field: Field, offset: number, length: number): string =>
  `","offset":${offset},"length":${length}${closingText(field)}`;

const OPEN = constantOf(' (');
const CLOSE = constantOf(')');
const MIDDLE = constantOf('","display":"');
const OFFSET = constantOf('","offset":');
const LENGTH = constantOf(',"length":');

/** Writes again what stands between two places. */
function repeat(out: TextChunk, at: number, from: number, end: number): number {
  const length = end - from;
  const bytes = out.room(at, length);
  if (length > 64) bytes.copyWithin(at, from, end);
  else for (let i = 0; i < length; i += 1) bytes[at + i] = bytes[from + i]!;
  return at + length;
}

function addValue(
  out: TextChunk,
  at: number,
  { field, value: kind }: FieldWriting,
  frame: Frame,
  layer: number,
  place: number,
  length: number,
  value: number,
): number {
  const { bytes } = frame;
  switch (kind) {
    case DECIMAL:
      return putNumber(out.bytes, at, value);
    case HEX:
      return putHexNumber(out.bytes, at, value, field.digits ?? field.size * 2);
    case MAC:
      return putMac(out.bytes, at, bytes, place);
    case IPV4:
      return putIpv4(out.bytes, at, bytes, place);
    case IPV6:
      return putIpv6(out.bytes, at, bytes, place);
    case BYTES:
      return addHexText(out, at, bytes, place, length);
    case TEXT:
      return escapeForJson(out, at, addText(out, at, field, frame, layer, place, length));
    default:
      return escapeForJson(out, at, addString(out, at, fieldText(field, frame, layer, place, length, value)));
  }
}

/** Adds the text for people; the value's own stands between `from` and `till`. See `displayText`. */
function addDisplay(
  out: TextChunk,
  at: number,
  { field, display, unit, unitConstant, names }: FieldWriting,
  frame: Frame,
  layer: number,
  place: number,
  length: number,
  value: number,
  from: number,
  till: number,
): number {
  if (display === NAMED) {
    const name = names.get(value);
    if (name !== undefined) {
      return putConstant(out, repeat(out, putEither(out, at, name.constant, name.text), from, till), CLOSE);
    }
  } else if (display === BOTH_BASES) {
    const behind = putConstant(out, repeat(out, at, from, till), OPEN);
    return putConstant(out, putHexNumber(out.bytes, behind, value, field.size * 2), CLOSE);
  } else if (display === ANY) {
    const number = isNumeric(field) ? value : field.readAt(frame.bytes, place);
    const text = displayText(field, fieldText(field, frame, layer, place, length, value), number);
    return escapeForJson(out, at, addString(out, at, text));
  }
  const end = repeat(out, at, from, till);
  return unit === '' ? end : putEither(out, end, unitConstant, unit);
}

function addTail(out: TextChunk, at: number, writing: FieldWriting, offset: number, length: number): number {
  const { field } = writing;
  const { ready, closing } = writing.ends;
  if (length !== field.size || offset >= READY) {
    const behind = putNumber(out.bytes, putConstant(out, at, OFFSET), offset);
    return putConstant(out, putNumber(out.bytes, putConstant(out, behind, LENGTH), length), closing);
  }
  const found = ready[offset]!;
  if (found > 0) return putConstant(out, at, found);
  const text = tailText(field, offset, length);
  if (found === 0) ready[offset] = constantOf(text);
  return addString(out, at, text);
}

function addHead(out: TextChunk, at: number, writing: FieldWriting, value: number): number {
  const { heads } = writing;
  const found = value < heads.length ? heads[value]! : 0;
  if (found > 0) return putConstant(out, at, found);
  const text = headText(writing.field, value);
  if (heads === EMPTY) writing.heads = new Int32Array(writing.most);
  if (found === 0) writing.heads[value] = constantOf(text);
  return addString(out, at, text);
}

/**
 * Writes an occurrence of a field as a JSON object with a comma before it. `place` is -1, and `length` 0, for a computed
 * value that lies nowhere; `value` is NaN for spans. Returns the place behind it.
 */
export function addFieldJson(
  out: TextChunk,
  at: number,
  writing: FieldWriting,
  frame: Frame,
  layer: number,
  place: number,
  length: number,
  value: number,
): number {
  out.room(at, 0);
  let end: number;
  // Not for NaN.
  if (value < writing.most) end = addHead(out, at, writing, value);
  else {
    const from = putEither(out, at, writing.headConstant, writing.head);
    const till = addValue(out, from, writing, frame, layer, place, length, value);
    end = putConstant(out, till, MIDDLE);
    end = addDisplay(out, end, writing, frame, layer, place, length, value, from, till);
  }
  if (place < 0) return addString(out, end, '"}');
  return addTail(out, end, writing, place - frame.start, length);
}
