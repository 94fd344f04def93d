import type { Field, FieldOptions } from '../../core/declare/field.ts';
import { computed, located, text } from '../../core/declare/kinds.ts';
import type { Find } from './vector.ts';

/** Lengths of the basic encoding rules (ITU-T X.690): tags of one byte, definite lengths of up to three bytes. */

/** Where the content of the element at `at` begins; -1 when its header is cut or has another form. */
export const contentOf: Find = (view, at, end) => {
  if (at < 0 || at + 2 > end || (view[at]! & 0x1f) === 0x1f) return -1;
  const first = view[at + 1]!;
  if (first < 0x80) return at + 2;
  const count = first & 0x7f;
  return count === 0 || count > 3 || at + 2 + count > end ? -1 : at + 2 + count;
};

/** Where the element at `at` ends; -1 when its header is cut. May lie behind `end`. */
export const endOf: Find = (view, at, end) => {
  const content = contentOf(view, at, end);
  if (content < 0) return -1;
  if (content === at + 2) return content + view[at + 1]!;
  let length = 0;
  for (let place = at + 2; place < content; place += 1) length = length * 256 + view[place]!;
  return content + length;
};

/** The element that stands `index` elements behind `from`; -1 when there are fewer. */
export function element(view: Uint8Array, from: number, end: number, index: number): number {
  let place = from;
  for (let left = index; left > 0 && place >= 0; left -= 1) place = endOf(view, place, end);
  return place < 0 || place >= end ? -1 : place;
}

/** The length of a short content stands right before it, in either form of length. */
const before: Find = (view, at) => view[at - 1]!;

/** The exact value of an integer, two's complement or (for counters) not. */
function integerText(view: Uint8Array, at: number, length: number, signed: boolean): string {
  let value = 0n;
  for (let i = 0; i < length; i += 1) value = (value << 8n) | BigInt(view[at + i]!);
  return String(signed ? BigInt.asIntN(length * 8, value) : value);
}

/** An integer of up to nine bytes whose element `find` finds, -1 for none. */
export function integer(name: string, find: Find, signed: boolean, options: FieldOptions = {}): Field {
  const value: Find = (view, at, end) => {
    const place = find(view, at, end);
    const content = contentOf(view, place, end);
    const length = content < 0 ? 0 : view[content - 1]!;
    if (length === 0 || length > 9 || content + length > end) return Number.NaN;
    let number = signed ? (view[content]! << 24) >> 24 : view[content]!;
    for (let i = 1; i < length; i += 1) number = number * 256 + view[content + i]!;
    return number;
  };
  const field = computed(name, signed ? 'int' : 'uint', value, {
    ...options,
    format: (view, at, length) => integerText(view, at, length, signed),
  });
  return located((view, at, end) => contentOf(view, find(view, at, end), end), { ...field, measure: before });
}

/** An object identifier in dotted form (X.690, 8.19). */
export function identifierText(view: Uint8Array, at: number, length: number): string {
  const numbers: number[] = [];
  let number = 0;
  for (let place = at; place < at + length; place += 1) {
    number = number * 128 + (view[place]! & 0x7f);
    if (view[place]! >= 0x80) continue;
    if (numbers.length === 0) {
      const first = number < 80 ? Math.floor(number / 40) : 2;
      numbers.push(first, number - first * 40);
    } else numbers.push(number);
    number = 0;
  }
  return numbers.join('.');
}

/** The content of the element that `find` finds, to be located by it. */
export const contentAt =
  (find: Find): Find =>
  (view, at, end) =>
    contentOf(view, find(view, at, end), end);

/** An object identifier whose element `find` finds. */
export const identifier = (name: string, find: Find, options: FieldOptions = {}): Field =>
  located(contentAt(find), text(name, lengthBefore, { ...options, format: identifierText }));

/** Length of a content, from the bytes before it, in one byte or in the long form of two or three. */
export const lengthBefore: Find = (view, at, end) => {
  const last = view[at - 1]!;
  for (let count = 1; count <= 3; count += 1) {
    if (view[at - 1 - count] !== (0x80 | count)) continue;
    let length = 0;
    for (let place = at - count; place < at; place += 1) length = length * 256 + view[place]!;
    return Math.min(length, end - at);
  }
  return Math.min(last, end - at);
};
