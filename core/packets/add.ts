import type { Field } from '../declare/field.ts';
import type { Frame } from '../frame/frame.ts';
import { fieldText } from '../frame/text.ts';
import { PAIR_WORDS } from './put.ts';
import { addString, type TextChunk } from './text-chunk.ts';

// Each of these writes a text of any length at a place of a chunk, with room for it, and returns the place behind it.

/** Bytes as hexadecimal digits. */
export function addHexBytes(out: TextChunk, at: number, source: Uint8Array, place: number, length: number): number {
  out.room(at, 2 * length);
  const { view } = out;
  let end = at;
  for (let i = place; i < place + length; i += 1) {
    view.setUint16(end, PAIR_WORDS[source[i]!]!);
    end += 2;
  }
  return end;
}

/** Bytes as hexadecimal digits; Wireshark's word for an empty span. */
export function addHexText(out: TextChunk, at: number, source: Uint8Array, place: number, length: number): number {
  return length === 0 ? addString(out, at, '<MISSING>') : addHexBytes(out, at, source, place, length);
}

/** The text of an occurrence, as {@link fieldText} has it: ASCII straight from the frame. */
export function addText(
  out: TextChunk,
  at: number,
  field: Field,
  frame: Frame,
  layer: number,
  place: number,
  length: number,
): number {
  const source = frame.bytes;
  const bytes = out.room(at, length);
  for (let i = 0; i < length; i += 1) {
    const unit = source[place + i]!;
    if (unit === 0) return at + i;
    if (unit > 127) return addString(out, at, fieldText(field, frame, layer, place, length, Number.NaN));
    bytes[at + i] = unit;
  }
  return at + length;
}

/** The text of an occurrence of any kind. */
export function addField(
  out: TextChunk,
  at: number,
  field: Field,
  frame: Frame,
  layer: number,
  place: number,
  length: number,
  value: number,
): number {
  return addString(out, at, fieldText(field, frame, layer, place, length, value));
}
