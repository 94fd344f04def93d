import type { Dissector } from '../declare/dissector.ts';
import { type Field, type Fields, isSpan, type Repeated } from '../declare/field.ts';
import { internedCount } from '../declare/intern.ts';
import type { Frame } from '../frame/frame.ts';
import { eachItem, lengthOf, partsOf, placeOf, readableEnd } from '../frame/values.ts';
import { type FieldGroup, groupAt, putGroup } from './field-groups.ts';
import { addFieldJson } from './field-json.ts';
import { type FieldWriting, prepareField } from './field-writing.ts';
import type { TextChunk } from './text-chunk.ts';

/** Bytes of a field besides its texts: names of keys, numbers, and the field's own name. */
export const FIELD_BYTES = 1024;

/** A part of a layer, prepared. Plain data and few functions: what meets every protocol once should be warm at once. */
type JsonPart =
  /** Of many fields none ever comes: how one is written is made with the first value. */
  | { readonly kind: 'field'; readonly field: Field; writing: FieldWriting | undefined; readonly span: boolean }
  | { readonly kind: 'group'; readonly group: FieldGroup; readonly fields: readonly JsonPart[] }
  | { readonly kind: 'list'; readonly list: Repeated; readonly visit: (at: number, end: number) => void };

type FieldPart = Extract<JsonPart, { kind: 'field' }>;

/** Writes the fields of layers as JSON. */
export class LayerJson {
  readonly #frame: Frame;
  /** By dissector id; made when the first layer of its kind comes. */
  readonly #parts: (readonly JsonPart[] | undefined)[] = new Array(internedCount('dissector')).fill(undefined);
  // Where the writing is.
  #out: TextChunk | undefined;
  #place = 0;
  #layer = 0;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /**
   * Writes the fields of one layer as a JSON array without its end, at a place of a chunk with a slack of
   * {@link FIELD_BYTES}. Returns the place behind them.
   */
  add(out: TextChunk, at: number, dissector: Dissector, layer: number): number {
    let parts = this.#parts[dissector.id];
    if (parts === undefined) {
      parts = this.#prepare(dissector.fields);
      this.#parts[dissector.id] = parts;
    }
    this.#out = out;
    this.#layer = layer;
    this.#place = at;
    this.#addParts(out, parts, this.#frame.layerOffset[layer]!, readableEnd(this.#frame, layer));
    out.room(this.#place, 1);
    out.bytes[at] = 91; // in place of the first comma
    return Math.max(this.#place, at + 1);
  }

  #prepare(fields: Fields): readonly JsonPart[] {
    const all = partsOf(fields);
    const parts: JsonPart[] = [];
    for (let i = 0; i < all.length; ) {
      const part = all[i]!;
      const group = groupAt(all, i);
      if (group !== undefined) {
        parts.push({ kind: 'group', group, fields: group.fields.map(prepare) });
        i += group.fields.length;
        continue;
      }
      if (part.kind === 'field') parts.push(prepare(part));
      else {
        const inner = this.#prepare(part.item);
        const visit = (at: number, end: number) => this.#addParts(this.#out!, inner, at, end);
        parts.push({ kind: 'list', list: part, visit });
      }
      i += 1;
    }
    return parts;
  }

  #addParts(out: TextChunk, parts: readonly JsonPart[], at: number, end: number): void {
    const frame = this.#frame;
    const layer = this.#layer;
    for (let i = 0; i < parts.length; i += 1) {
      const part = parts[i]!;
      if (part.kind === 'field') this.#addField(out, part, at, end);
      else if (part.kind === 'list') eachItem(part.list, frame, layer, at, end, part.visit);
      else {
        const from = at + part.group.base;
        const whole = from + part.group.size <= end;
        const behind = whole ? putGroup(out, this.#place, part.group, frame.bytes, from, from - frame.start) : -1;
        if (behind >= 0) this.#place = behind;
        else this.#addParts(out, part.fields, at, end);
      }
    }
  }

  #addField(out: TextChunk, part: FieldPart, at: number, end: number): void {
    const { field, span } = part;
    const frame = this.#frame;
    const layer = this.#layer;
    let value = Number.NaN;
    let place = -1;
    if (field.compute !== undefined) {
      value = field.compute(frame.bytes, at, end, frame, layer);
      if (value !== value) return;
      if (field.locate !== undefined) place = placeOf(field, frame, layer, at, end);
    } else {
      place = placeOf(field, frame, layer, at, end);
      if (place < 0) return;
      if (!span) value = field.readAt(frame.bytes, place);
    }
    const length = place < 0 ? 0 : lengthOf(field, frame, layer, place, end);
    part.writing ??= prepareField(field);
    this.#place = addFieldJson(out, this.#place, part.writing, frame, layer, place, length, value);
  }
}

const prepare = (field: Field): JsonPart => ({ kind: 'field', field, writing: undefined, span: isSpan(field) });

/** The constant begin of a layer. */
export const layerHead = ({ name, title }: Dissector): string =>
  `{"name":${JSON.stringify(name)},"title":${JSON.stringify(title)},"offset":`;
