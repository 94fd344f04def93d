import type { Field } from '../declare/field.ts';
import { internedName } from '../declare/intern.ts';
import type { FieldEntry } from '../declare/registry.ts';
import { EXCHANGE, type Frame, ONE_WAY, PORTS } from '../frame/frame.ts';
import { carrierLayer, tunnelIdOf, tunnelLayer } from '../frame/packet-level.ts';
import { collectIn, layersOf, lengthOf, numberIn, Occurrences, placeOf, readableEnd } from '../frame/values.ts';
import { byteEntropy } from './runtime.ts';
import type { FieldNode } from './tree.ts';

/** The several values of a field in one frame, in a reused object. */
export class List {
  count = 0;
  readonly numbers: number[] = [];
  readonly texts: string[] = [];
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const layers: number[] = [];
const found = new Occurrences();

/** Texts of short spans, such as addresses, which come again with most frames: by number of bytes and value. */
const SHORT_TEXTS = 4096;
const shortKeys = new Float64Array(SHORT_TEXTS);
const shortTexts = new Array<string>(SHORT_TEXTS).fill('');

/** Text of four bytes, or of six. */
function shortText(bytes: Uint8Array, from: number, length: number): string {
  const at = from + length - 4;
  const low = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const high = length === 6 ? (bytes[from]! << 8) | bytes[from + 1]! | 0x10000 : 0x20000;
  const key = high * 0x1_0000_0000 + (low >>> 0);
  const place = (Math.imul(low ^ (high << 7), 0x9e3779b1) >>> 20) & (SHORT_TEXTS - 1);
  if (shortKeys[place] !== key) {
    shortKeys[place] = key;
    shortTexts[place] = plainText(bytes, from, from + length);
  }
  return shortTexts[place]!;
}

function plainText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** Bytes as text, one UTF-16 unit a byte. */
export function bytesText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from === 6 || to - from === 4) return shortText(bytes, from, to - from);
  // A copy in one go costs less than the pieces of a longer text.
  if (to - from > 24) return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  return plainText(bytes, from, to);
}

/** Text of a span: as the field formats it, UTF-8 for texts, and bytes for the rest. */
function spanText(field: Field, frame: Frame, layer: number, place: number, length: number): string {
  if (field.format !== undefined && field.type === 'text')
    return field.format(frame.bytes, place, length, frame, layer);
  if (field.type !== 'text') return bytesText(frame.bytes, place, place + length);
  return decoder.decode(frame.bytes.subarray(place, place + length));
}

/** The layer of an occurrence: the one that gave the key, or the n-th (from 1, or from the end by -1); -1 for none. */
export function layerOf(frame: Frame, id: number, occurrence: FieldNode['occurrence']): number {
  if (typeof occurrence !== 'number') return frame.lastLayer[id] ?? -1;
  const count = layersOf(frame, id, false, layers);
  const place = occurrence > 0 ? occurrence - 1 : count + occurrence;
  return place >= 0 && place < count ? layers[place]! : -1;
}

/** The entry of a field that the frame has: of several protocols the innermost one there. */
export function entryOf({ entries, occurrence }: Pick<FieldNode, 'entries' | 'occurrence'>, frame: Frame): FieldEntry {
  let best = entries[0]!;
  if (entries.length === 1) return best;
  let innermost = -1;
  for (const entry of entries) {
    const layer = layerOf(frame, entry.dissector.id, occurrence);
    if (layer > innermost) {
      innermost = layer;
      best = entry;
    }
  }
  return best;
}

const finite = (value: number): number => (value - value === 0 ? value : Number.NaN);

/** The number of a field in a layer; NaN where it is absent or not finite. */
export const numberOf = ({ field, path }: FieldEntry, frame: Frame, layer: number): number =>
  finite(numberIn(field, path, frame, layer));

/** The text of a field that stands in no list; null where it is absent. */
export function textOf({ field }: FieldEntry, frame: Frame, layer: number): string | null {
  const at = frame.layerOffset[layer]!;
  const end = readableEnd(frame, layer);
  const place = placeOf(field, frame, layer, at, end);
  return place < 0 ? null : spanText(field, frame, layer, place, lengthOf(field, frame, layer, place, end));
}

/** The first text of a field, in whatever list; null where it is absent. */
export function firstText(entry: FieldEntry, frame: Frame, layer: number): string | null {
  if (entry.path.length === 0) return textOf(entry, frame, layer);
  found.count = 0;
  collectIn(entry.field, entry.path, frame, layer, found);
  return found.count === 0 ? null : spanText(entry.field, frame, layer, found.place[0]!, found.length[0]!);
}

/** All values of a field in the layers it asks for, in order. */
export function fillList(node: FieldNode, frame: Frame, list: List): void {
  list.count = 0;
  for (const entry of node.entries) {
    const { id } = entry.dissector;
    if (node.occurrence === 'every') {
      for (let layer = 0; layer < frame.layerCount; layer += 1) {
        if (frame.layerId[layer] === id && (frame.layerFlags[layer]! & 2) === 0)
          addValues(node.numeric, entry, frame, layer, list);
      }
    } else {
      const layer = layerOf(frame, id, node.occurrence);
      if (layer >= 0) addValues(node.numeric, entry, frame, layer, list);
    }
  }
}

function addValues(numeric: boolean, entry: FieldEntry, frame: Frame, layer: number, list: List): void {
  const { field, path } = entry;
  if (numeric && path.length === 0) {
    const value = numberOf(entry, frame, layer);
    if (value === value) {
      list.numbers[list.count] = value;
      list.count += 1;
    }
    return;
  }
  if (path.length === 0) {
    const text = textOf(entry, frame, layer);
    if (text === null) return;
    list.texts[list.count] = text;
    list.count += 1;
    return;
  }
  found.count = 0;
  collectIn(field, path, frame, layer, found);
  for (let i = 0; i < found.count; i += 1) {
    if (numeric) {
      const value = finite(found.value[i]!);
      if (value !== value) continue;
      list.numbers[list.count] = value;
    } else list.texts[list.count] = spanText(field, frame, layer, found.place[i]!, found.length[i]!);
    list.count += 1;
  }
}

/** Entropy of the bytes of a span field. */
export function fieldEntropy({ field }: FieldEntry, frame: Frame, layer: number): number {
  const at = frame.layerOffset[layer]!;
  const end = readableEnd(frame, layer);
  const place = placeOf(field, frame, layer, at, end);
  return place < 0 ? Number.NaN : byteEntropy(frame.bytes, place, place + lengthOf(field, frame, layer, place, end));
}

/** End of the transport payload that was captured. */
const payloadEnd = (frame: Frame): number => Math.min(frame.payloadEnd, frame.capturedEnd);

/** Values of a frame that no field holds: what the key is made of, seen from the frame's sender, and the payload. */
export const FRAME_TEXTS = {
  source: (frame: Frame): string | null =>
    frame.addressLength === 0 ? null : bytesText(frame.bytes, frame.addressAt, frame.addressAt + frame.addressLength),
  destination: (frame: Frame): string | null =>
    frame.addressLength === 0
      ? null
      : bytesText(frame.bytes, frame.addressAt + frame.addressLength, frame.addressAt + 2 * frame.addressLength),
  tunnelName: (frame: Frame): string | null => {
    const layer = carrierLayer(frame);
    return layer < 0 ? null : (internedName('dissector', frame.layerId[layer]!) ?? null);
  },
  payload: (frame: Frame): string | null =>
    frame.networkLayer < 0 || frame.payloadAt < 0 ? null : bytesText(frame.bytes, frame.payloadAt, payloadEnd(frame)),
} as const;

const message = (frame: Frame): boolean => frame.portKind === EXCHANGE || frame.portKind === ONE_WAY;

export const FRAME_NUMBERS = {
  sourcePort: (frame: Frame): number => (frame.portKind === PORTS ? frame.sourcePort : Number.NaN),
  destinationPort: (frame: Frame): number => (frame.portKind === PORTS ? frame.destinationPort : Number.NaN),
  protocol: (frame: Frame): number => (frame.protocol < 0 ? Number.NaN : frame.protocol),
  type: (frame: Frame): number => (message(frame) ? frame.sourcePort : Number.NaN),
  /** Type of the counterpart, which is what a message against the flow's direction answers. */
  mate: (frame: Frame): number =>
    frame.portKind === EXCHANGE ? frame.mate : frame.portKind === ONE_WAY ? frame.sourcePort : Number.NaN,
  code: (frame: Frame): number => (message(frame) ? frame.destinationPort : Number.NaN),
  tunnelId: (frame: Frame): number => tunnelIdOf(frame, tunnelLayer(frame, frame.networkLayer)),
  payloadEntropy: (frame: Frame): number =>
    frame.networkLayer < 0 || frame.payloadAt < 0
      ? Number.NaN
      : byteEntropy(frame.bytes, frame.payloadAt, payloadEnd(frame)),
} as const;
