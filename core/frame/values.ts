import type { Field, Fields, Repeated } from '../declare/field.ts';
import { isSpan } from '../declare/field.ts';
import type { Frame } from './frame.ts';

/** Items of one list in one layer at most; hostile lists end here. */
export const MAXIMUM_ITEMS = 4096;

/** The occurrences of a field, in reused columns. */
export class Occurrences {
  count = 0;
  /** Place of the first byte in the frame's `bytes`; -1 for a computed value. */
  readonly place: number[] = [];
  readonly length: number[] = [];
  /** The number; NaN for spans. For 64-bit values the nearest float64. */
  readonly value: number[] = [];
  readonly layer: number[] = [];

  add(place: number, length: number, value: number, layer: number): void {
    const { count } = this;
    this.place[count] = place;
    this.length[count] = length;
    this.value[count] = value;
    this.layer[count] = layer;
    this.count = count + 1;
  }
}

/** End of what can be read of a layer: contained and captured. */
export function readableEnd(frame: Frame, layer: number): number {
  const end = frame.layerEnd[layer]!;
  return Math.min(end, frame.capturedEnd);
}

/** Place of a field in the layer or item from `at` to `end`; -1 where it is absent or not wholly there. */
export function placeOf(field: Field, frame: Frame, layer: number, at: number, end: number): number {
  const place = field.locate === undefined ? at + field.offset : field.locate(frame.bytes, at, end, frame, layer);
  return place < at || place + field.size > end ? -1 : place;
}

/** Length of a field that lies at `place`, cut at `end`. */
export function lengthOf(field: Field, frame: Frame, layer: number, place: number, end: number): number {
  if (field.measure === undefined) return field.size;
  const length = field.measure(frame.bytes, place, end, frame, layer);
  return length < 0 ? 0 : place + length > end ? end - place : length;
}

/** The first value of a numeric field in a layer; NaN where absent. */
export function numberIn(field: Field, path: readonly Repeated[], frame: Frame, layer: number): number {
  if (path.length > 0) {
    scratch.count = 0;
    collectIn(field, path, frame, layer, scratch);
    return scratch.count > 0 ? scratch.value[0]! : Number.NaN;
  }
  const at = frame.layerOffset[layer]!;
  const end = readableEnd(frame, layer);
  if (field.compute !== undefined) return field.compute(frame.bytes, at, end, frame, layer);
  const place = placeOf(field, frame, layer, at, end);
  return place < 0 ? Number.NaN : field.readAt(frame.bytes, place);
}

const scratch = new Occurrences();

/** Adds every occurrence of a field in one layer (or in the item from `at` to `end`), in wire order. */
export function collectIn(
  field: Field,
  path: readonly Repeated[],
  frame: Frame,
  layer: number,
  out: Occurrences,
  at = frame.layerOffset[layer]!,
  end = readableEnd(frame, layer),
): void {
  if (path.length === 0) collectOne(field, frame, layer, at, end, out);
  else descend(field, path, 0, frame, layer, at, end, out);
}

function collectOne(field: Field, frame: Frame, layer: number, at: number, end: number, out: Occurrences): void {
  if (field.compute !== undefined) {
    const value = field.compute(frame.bytes, at, end, frame, layer);
    if (value !== value) return;
    const place = field.locate === undefined ? -1 : placeOf(field, frame, layer, at, end);
    out.add(place, place < 0 ? 0 : lengthOf(field, frame, layer, place, end), value, layer);
    return;
  }
  const place = placeOf(field, frame, layer, at, end);
  if (place < 0) return;
  const length = lengthOf(field, frame, layer, place, end);
  out.add(place, length, isSpan(field) ? Number.NaN : field.readAt(frame.bytes, place), layer);
}

/** {@link eachItem} without a function made for each frame. */
function descend(
  field: Field,
  path: readonly Repeated[],
  depth: number,
  frame: Frame,
  layer: number,
  at: number,
  end: number,
  out: Occurrences,
): void {
  const list = path[depth]!;
  const { bytes, listAt } = frame;
  let item = list.from(bytes, at, end, frame, layer);
  if (item < at || item >= end) return;
  const stop = list.to === undefined ? end : Math.min(end, list.to(bytes, at, end, frame, layer));
  for (let count = 0; item < stop && count < MAXIMUM_ITEMS; count += 1) {
    frame.listAt = at;
    const next = list.next(bytes, item, stop, frame, layer);
    if (!(next > item)) break;
    const itemEnd = Math.min(next, stop);
    if (depth + 1 === path.length) collectOne(field, frame, layer, item, itemEnd, out);
    else descend(field, path, depth + 1, frame, layer, item, itemEnd, out);
    item = next;
  }
  frame.listAt = listAt;
}

/** Calls `visit` with the bounds of every item of a list; ends at the first item that does not move on. */
export function eachItem(
  list: Repeated,
  frame: Frame,
  layer: number,
  at: number,
  end: number,
  visit: (at: number, end: number) => void,
): void {
  const { bytes } = frame;
  let item = list.from(bytes, at, end, frame, layer);
  if (item < at || item >= end) return;
  const stop = list.to === undefined ? end : Math.min(end, list.to(bytes, at, end, frame, layer));
  const { listAt } = frame;
  for (let count = 0; item < stop && count < MAXIMUM_ITEMS; count += 1) {
    frame.listAt = at;
    const next = list.next(bytes, item, stop, frame, layer);
    if (!(next > item)) break;
    visit(item, Math.min(next, stop));
    item = next;
  }
  frame.listAt = listAt;
}

/** The layers of a dissector that are not quoted (or all of them), outermost first. */
export function layersOf(frame: Frame, dissectorId: number, quoted: boolean, out: number[]): number {
  let count = 0;
  for (let layer = 0; layer < frame.layerCount; layer += 1) {
    if (frame.layerId[layer] === dissectorId && (quoted || (frame.layerFlags[layer]! & 2) === 0)) {
      out[count] = layer;
      count += 1;
    }
  }
  return count;
}

/** Fields and lists of a layer, in order of declaration. */
export const partsOf = (fields: Fields): readonly (Field | Repeated)[] => Object.values(fields);
