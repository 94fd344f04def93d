import { type Field, isSpan } from '../declare/field.ts';
import { type Code, literal } from '../expression/code.ts';
import { eachItem, lengthOf } from '../frame/values.ts';
import type { Cursor } from './cursor.ts';
import type { WantedLayer, WantedPart } from './selection.ts';

/** How code that meets occurrences is written. */
export interface Reading {
  readonly code: Code;
  /** The cursor that the code runs at: functions for the items of lists find everything there. */
  readonly cursor: Cursor;
  /**
   * Writes what happens with one occurrence. In scope: `bytes`, `place` (-1 for a computed value), `length`, `value` (a
   * number, for fields that have one), `frame`, `layer`, the cursor `c`, its `out`, and the variables of `lists`.
   */
  readonly each: (field: Field) => string;
  /**
   * Statements that put variables into the cursor before a list is read and take them out after it, and the same at the
   * begin and end of the function for an item.
   */
  readonly lists: { readonly before: string; readonly after: string; readonly enter: string; readonly leave: string };
}

const WORDS: Readonly<Record<number, string>> = {
  1: 'bytes[place]',
  2: '(bytes[place] << 8 | bytes[place + 1])',
  3: '(bytes[place] << 16 | bytes[place + 1] << 8 | bytes[place + 2])',
  4: '((bytes[place] << 24 | bytes[place + 1] << 16 | bytes[place + 2] << 8 | bytes[place + 3]) >>> 0)',
};

/** The number at `place`: written out for whole bytes and bits in network order, else the field's own reader. */
function numberAt(code: Code, field: Field): string {
  const { type, size, mask, shift, scale, littleEndian } = field;
  const word = WORDS[size];
  if (word === undefined || littleEndian || (type !== 'uint' && type !== 'boolean')) {
    return `${code.ref(field.readAt)}(bytes, place)`;
  }
  const bits = mask === 0 ? word : `((${word} >>> ${literal(shift)} & ${literal(mask)}) >>> 0)`;
  const truth = type === 'boolean' && mask !== 1 ? `(${bits} === 0 ? 0 : 1)` : bits;
  return scale === 1 ? truth : `${truth} * ${literal(scale)}`;
}

/** `place` and whether it lies wholly in the layer or item; see `placeOf` in core/frame/values.ts. */
function placeCode(code: Code, field: Field): readonly [place: string, there: string] {
  const size = literal(field.size);
  if (field.locate === undefined) return [`at + ${literal(field.offset)}`, `place + ${size} <= end`];
  return [`${code.ref(field.locate)}(bytes, at, end, frame, layer)`, `place >= at && place + ${size} <= end`];
}

/** See `lengthOf` in core/frame/values.ts. */
function lengthCode(code: Code, field: Field): string {
  if (field.measure === undefined) return `const length = ${literal(field.size)};`;
  return `let length = ${code.ref(field.measure)}(bytes, place, end, frame, layer);
if (length < 0) length = 0;
else if (place + length > end) length = end - place;`;
}

function fieldCode({ code, each }: Reading, field: Field): string {
  const [place, there] = placeCode(code, field);
  if (field.compute === undefined) {
    const value = isSpan(field) ? '' : `const value = ${numberAt(code, field)};`;
    return `{ const place = ${place};
if (${there}) { ${lengthCode(code, field)} ${value}
${each(field)}
} }`;
  }
  const located =
    field.locate === undefined ? 'const place = -1;' : `let place = ${place}; if (!(${there})) place = -1;`;
  const length = code.call(lengthOf, code.ref(field), 'frame', 'layer', 'place', 'end');
  return `{ const value = ${code.ref(field.compute)}(bytes, at, end, frame, layer);
if (value === value) { ${located} const length = place < 0 ? 0 : ${length};
${each(field)}
} }`;
}

const PARAMETERS = 'c, frame, bytes, out, layer, at, end';

function partCode(reading: Reading, part: WantedPart): string {
  if (part.kind === 'field') return fieldCode(reading, part.field);
  const { code, cursor, lists } = reading;
  const body = `${lists.enter}\n${partsCode(reading, part.parts)}\n${lists.leave}`;
  const item = code.function('item', PARAMETERS, body);
  // One function object for all frames: the bounds come as arguments, the rest from the cursor.
  const call = `const c = ${code.ref(cursor)};\n${item}(c, c.frame, c.frame.bytes, c.out, c.layer, at, end);`;
  const visit = code.function('visit', 'at, end', call);
  const read = code.call(eachItem, code.ref(part.list), 'frame', 'layer', 'at', 'end', visit);
  return `${lists.before} c.layer = layer; ${read}; ${lists.after}`;
}

/** Writes code that meets the occurrences in one layer, whose `layer`, `at` and `end` are in scope. */
export function partsCode(reading: Reading, parts: readonly WantedPart[]): string {
  return parts.map((part) => partCode(reading, part)).join('\n');
}

/** Statements for `at` and `end` of a layer. */
export const BOUNDS = `const at = frame.layerOffset[layer];
const stated = frame.layerEnd[layer];
const end = stated < frame.capturedEnd ? stated : frame.capturedEnd;`;

/**
 * Writes code that meets every occurrence of the wanted fields in the frame last walked: layer by layer, in the order of
 * the field tree. Quoted packets take part.
 * @param enough a condition under which no more occurrences are wanted; empty for none
 */
export function occurrencesCode(reading: Reading, layers: readonly WantedLayer[], enough: string): string {
  const going = enough === '' ? '' : ` && !(${enough})`;
  const bodies = layers.map(({ parts }) => `${BOUNDS}\n${partsCode(until(reading, enough), parts)}`);
  if (layers.length === 1) {
    const id = literal(layers[0]!.dissector.id);
    return `for (let layer = c.first[${id}]; layer >= 0${going}; layer = c.next[layer]) {
${bodies[0]!}
}`;
  }
  const cases = layers.map(({ dissector }, i) => `case ${literal(dissector.id)}: {\n${bodies[i]!}\nbreak;\n}`);
  return `for (let layer = 0; layer < frame.layerCount${going}; layer += 1) {
switch (frame.layerId[layer]) {
${cases.join('\n')}
}
}`;
}

/** The same reading, up to an occurrence after which a condition holds. */
export function until(reading: Reading, enough: string): Reading {
  if (enough === '') return reading;
  return { ...reading, each: (field) => `if (!(${enough})) {\n${reading.each(field)}\n}` };
}
