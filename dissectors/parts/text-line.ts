import type { Field, Locate } from '../../core/declare/field.ts';
import { computed, located, text } from '../../core/declare/kinds.ts';
import { utf8Text } from '../../core/frame/text.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;

/** Behind the line that begins at `at`, which CR LF, LF or CR alone ends; `end` when none of them does. */
export function lineAfter(view: Uint8Array, at: number, end: number): number {
  for (let place = at; place < end; place += 1) {
    const byte = view[place]!;
    if (byte === LINE_FEED) return place + 1;
    if (byte === CARRIAGE_RETURN) return place + 1 < end && view[place + 1] === LINE_FEED ? place + 2 : place + 1;
  }
  return end;
}

/** End of a line's text, whose line break ends before `next`, where there is one. */
export function textEnd(view: Uint8Array, at: number, next: number): number {
  let end = next;
  if (end > at && view[end - 1] === LINE_FEED) end -= 1;
  if (end > at && view[end - 1] === CARRIAGE_RETURN) end -= 1;
  return end;
}

/** The header after the one at `at`, which goes on in lines that begin with a blank. -1 at the empty line that ends them. */
export const nextHeaderLine: Locate = (view, at, end) => {
  let next = lineAfter(view, at, end);
  if (textEnd(view, at, next) === at) return -1;
  while (next < end && isBlank(view[next]!)) next = lineAfter(view, next, end);
  return next;
};

/** The line after the one at `at`, for headers that are shown line by line; -1 at the empty line that ends them. */
export const nextLine: Locate = (view, at, end) => {
  const next = lineAfter(view, at, end);
  return textEnd(view, at, next) === at ? -1 : next;
};

/** Behind the empty line that ends the headers that begin at `at`; -1 when there is none before `end`. */
export function bodyAfter(view: Uint8Array, at: number, end: number): number {
  for (let line = at; line < end; ) {
    const next = lineAfter(view, line, end);
    if (textEnd(view, line, next) === line) return next;
    line = next;
  }
  return -1;
}

/** True when the text at `at` is `word`, in lower case letters; upper case ones in the bytes match too. */
export function isWord(view: Uint8Array, at: number, end: number, word: string): boolean {
  if (at + word.length > end) return false;
  for (let i = 0; i < word.length; i += 1) {
    const byte = view[at + i]!;
    if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Where the value of a header with one of these names (in lower case) begins; -1 for another header. */
export const headerValue =
  (...names: readonly string[]): Locate =>
  (view, at, end) => {
    for (const name of names) {
      if (!isWord(view, at, end, name)) continue;
      let place = at + name.length;
      while (place < end && isBlank(view[place]!)) place += 1;
      if (place >= end || view[place] !== COLON) continue;
      place += 1;
      while (place < end && isBlank(view[place]!)) place += 1;
      return place;
    }
    return -1;
  };

/** The place of a byte from `at` on; -1 when there is none before `end`. */
export function find(view: Uint8Array, at: number, end: number, byte: number): number {
  for (let place = at; place < end; place += 1) if (view[place] === byte) return place;
  return -1;
}

/** The number in decimal digits at `at`; NaN when no digit stands there. Whole up to 2^53. */
export function digitsAt(view: Uint8Array, at: number, end: number): number {
  let value = Number.NaN;
  for (let place = at; place < end && place < at + 15; place += 1) {
    const digit = view[place]! - 48;
    if (digit < 0 || digit > 9) break;
    value = (place === at ? 0 : value * 10) + digit;
  }
  return value;
}

/** Length of the decimal digits from a place on. */
export const digitsLength: Locate = (view, at, end) => {
  let place = at;
  while (place < end && view[place]! >= 48 && view[place]! <= 57) place += 1;
  return place - at;
};

/** True when all bytes are ASCII characters that print. */
export function isPrintable(view: Uint8Array, at: number, end: number): boolean {
  for (let place = at; place < end; place += 1) if (view[place]! < SPACE || view[place]! > 126) return false;
  return true;
}

/** Where the value of a header line begins that begins at `at`. */
function valueAfterColon(view: Uint8Array, at: number, end: number): number {
  let place = find(view, at, end, COLON) + 1;
  while (place < end && isBlank(view[place]!)) place += 1;
  return place;
}
const valueText = (view: Uint8Array, at: number, length: number): string => {
  const value = valueAfterColon(view, at, at + length);
  return utf8Text(view, value, textEnd(view, value, at + length) - value);
};
const wholeLine: Locate = (_view, at, end) => end - at;

/** The value of a header as a text field. Its bytes are the whole line, as Wireshark highlights it. */
export function headerText(name: string, headers: readonly string[], title?: string): Field {
  const value = headerValue(...headers);
  const options = title === undefined ? {} : { title };
  return located(
    (view, at, end, frame, layer) => (value(view, at, end, frame, layer) < 0 ? -1 : at),
    text(name, wholeLine, { ...options, format: valueText }),
  );
}

/** The number that a header holds, on the bytes of its line; text without digits counts as 0, as in Wireshark. */
export function headerNumber(name: string, headers: readonly string[], unit?: string): Field {
  const value = headerValue(...headers);
  const number: Locate = (view, at, end, frame, layer) => {
    const place = value(view, at, end, frame, layer);
    return place < 0 || place >= end ? Number.NaN : digitsAt(view, place, end) || 0;
  };
  return located((_view, at) => at, {
    ...computed(name, 'uint', number, unit === undefined ? {} : { unit }),
    measure: wholeLine,
  });
}
