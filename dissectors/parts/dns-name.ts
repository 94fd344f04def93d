import type { Field, FieldOptions } from '../../core/declare/field.ts';
import { intern } from '../../core/declare/intern.ts';
import { text } from '../../core/declare/kinds.ts';
import type { Frame } from '../../core/frame/frame.ts';
import { shownText } from './shown-text.ts';
import type { Find } from './vector.ts';

const STREAM = intern('dissector', 'tcp');
/** RFC 1035, 2.3.4: octets of a name. */
const LONGEST_NAME = 255;
const LONGEST_LABEL = 63;
const POINTER = 0xc0;
/** The other two forms of a label, by its first bits: 01 and 10. */
const EXTENDED = 0x40;
const RESERVED = 0x80;

/** Where the message of a layer begins: over a stream two bytes of length stand before it (RFC 1035, 4.2.2). */
export function messageStart(frame: Frame, layer: number): number {
  return frame.layerOffset[layer]! + (isOverStream(frame, layer) ? 2 : 0);
}

/** The layer stands in a stream, as the first or as a later message of its segment. */
export function isOverStream(frame: Frame, layer: number): boolean {
  return isInStream(frame, frame.layerParent[layer]!, frame.layerId[layer]!);
}

/** The layer `parent` is a stream, or a message of the dissector `id` in one. */
export function isInStream(frame: Frame, parent: number, id: number): boolean {
  let above = parent;
  while (above >= 0 && frame.layerId[above] === id) above = frame.layerParent[above]!;
  return above >= 0 && frame.layerId[above] === STREAM;
}

/**
 * The place behind a name, whatever a pointer in it leads to; -1 when the name does not end before `end`. A label of the
 * extended form (RFC 2673) ends it, as its length is not known.
 */
export function skipName(view: Uint8Array, at: number, end: number): number {
  let place = at;
  while (place < end) {
    const size = view[place]!;
    if (size >= POINTER) return place + 2 <= end ? place + 2 : -1;
    if (size >= EXTENDED) return size < RESERVED ? place + 1 : -1;
    place += 1 + size;
    if (size === 0) return place;
  }
  return -1;
}

const NAME_FAULTS = {
  loop: '<Name contains a pointer that loops>',
  long: '<Name too long>',
  label: '<Unknown extended label>',
  cut: '<Name goes past end of captured data in packet>',
} as const;

/** What is wrong with a name. */
export type NameFault = keyof typeof NAME_FAULTS;

/**
 * Follows a name and its pointers, which must lead strictly backwards, and hands on its labels.
 * @param base where the message begins that pointers count from
 * @returns what is wrong with it, undefined for nothing
 */
export function followName(
  view: Uint8Array,
  at: number,
  end: number,
  base: number,
  label: (place: number, size: number) => void,
): NameFault | undefined {
  let place = at;
  let lowest = at;
  let length = 0;
  while (place < end) {
    const size = view[place]!;
    if (size === 0) return undefined;
    if (size >= POINTER) {
      if (place + 2 > end) return 'cut';
      const target = base + (((size & 0x3f) << 8) | view[place + 1]!);
      if (target >= lowest) return 'loop';
      lowest = target;
      place = target;
    } else {
      if (size > LONGEST_LABEL) return 'label';
      length += size + 1;
      if (length >= LONGEST_NAME) return 'long';
      if (place + 1 + size > end) return 'cut';
      label(place + 1, size);
      place += 1 + size;
    }
  }
  return 'cut';
}

/** The bytes of a name with dots between its labels; its fault as text where it has one. */
function nameBytes(view: Uint8Array, at: number, end: number, base: number): Uint8Array | string {
  const bytes: number[] = [];
  const fault = followName(view, at, end, base, (place, size) => {
    if (bytes.length > 0) bytes.push(0x2e);
    for (let i = 0; i < size; i += 1) bytes.push(view[place + i]!);
  });
  if (fault !== undefined) return NAME_FAULTS[fault];
  return bytes.length === 0 ? '<Root>' : Uint8Array.from(bytes);
}

/** A name as text: labels with dots between them, UTF-8 where they are, what cannot be seen escaped, `<Root>` for none. */
export function nameText(view: Uint8Array, at: number, end: number, base: number): string {
  const bytes = nameBytes(view, at, end, base);
  return typeof bytes === 'string' ? bytes : shownText(bytes);
}

/** Bytes of a name's text. */
export const nameLength = (view: Uint8Array, at: number, end: number, base: number): number =>
  nameBytes(view, at, end, base).length;

/** Labels of a name; the root has one, of no letters, and so has what is no name, as Wireshark counts. */
export function labelCount(view: Uint8Array, at: number, end: number, base: number): number {
  let count = 0;
  const fault = followName(view, at, end, base, () => {
    count += 1;
  });
  return fault === undefined && count > 0 ? count : 1;
}

const endOf = (frame: Frame, layer: number) => Math.min(frame.layerEnd[layer]!, frame.capturedEnd);

const measureName: Find = (view, at, end) => {
  const after = skipName(view, at, end);
  return after < 0 ? end - at : after - at;
};

/** A field that is a name, compressed or not (RFC 1035, 4.1.4). It spans the bytes that stand at its place. */
export const domainName = (name: string, options: FieldOptions = {}): Field =>
  text(name, measureName, {
    ...options,
    format: (view, at, _length, frame, layer) => nameText(view, at, endOf(frame, layer), messageStart(frame, layer)),
  });

/** The place of a name `skip` bytes into the item, where it is whole; else -1. */
export const nameAt =
  (skip: number): Find =>
  (view, at, end) =>
    skipName(view, at + skip, end) < 0 ? -1 : at + skip;

/** A place behind `names` names that begin `skip` bytes into the item, and `more` bytes on; -1 when they are cut. */
export const behindNames =
  (skip: number, names: number, more = 0): Find =>
  (view, at, end) => {
    let place = at + skip;
    for (let i = 0; i < names && place >= 0; i += 1) place = skipName(view, place, end);
    return place < 0 ? -1 : place + more;
  };
