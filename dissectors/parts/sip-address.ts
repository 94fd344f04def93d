import type { Field, Locate } from '../../core/declare/field.ts';
import { located, text } from '../../core/declare/kinds.ts';
import { find, isWord, textEnd } from './text-line.ts';

const LESS = 60;
const GREATER = 62;
const SEMICOLON = 59;
const COLON = 58;
const AT = 64;
const QUOTE = 34;
const COMMA = 44;

/** Place of a byte outside quotes, of which one that is never closed is none; -1 when there is none. */
function unquoted(view: Uint8Array, at: number, end: number, byte: number): number {
  for (let place = at; place < end; place += 1) {
    if (view[place] === byte) return place;
    if (view[place] === QUOTE) place = Math.max(place, find(view, place + 1, end, QUOTE));
  }
  return -1;
}

/** First of several bytes; `end` when none of them stands there. */
function before(view: Uint8Array, at: number, end: number, ...stops: number[]): number {
  for (let place = at; place < end; place += 1) if (stops.includes(view[place]!)) return place;
  return end;
}

/** Finds a part of a SIP URI that begins at `at` and ends at `end`: RFC 3261 section 19.1. */
type Part = (view: Uint8Array, at: number, end: number) => number;

const schemeEnd: Part = (view, at, end) => {
  for (const scheme of ['sip:', 'sips:', 'tel:']) if (isWord(view, at, end, scheme)) return at + scheme.length;
  return -1;
};
/** Where the user ends; -1 without one. */
const userEnd: Part = (view, at, end) => {
  const place = find(view, at, end, AT);
  return place;
};
const hostAt: Part = (view, at, end) => {
  const from = schemeEnd(view, at, end);
  if (from < 0) return -1;
  const user = userEnd(view, from, end);
  return user < 0 ? from : user + 1;
};
const hostEnd: Part = (view, at, end) => {
  if (view[at] === 91) {
    const close = find(view, at, end, 93);
    return close < 0 ? end : close + 1;
  }
  return before(view, at, end, COLON, SEMICOLON, GREATER, 63);
};
const portAt: Part = (view, at, end) => {
  const host = hostAt(view, at, end);
  const close = host < 0 ? end : hostEnd(view, host, end);
  return close < end && view[close] === COLON ? close + 1 : -1;
};

/** User, host and port of the URI that `locate` and `endOf` find, as fields under a name. */
export function uriParts(
  name: string,
  locate: Locate,
  endOf: (view: Uint8Array, at: number, end: number) => number,
): Record<string, Field> {
  const inUri =
    (part: Part): Locate =>
    (view, at, end, frame, layer) => {
      const uri = locate(view, at, end, frame, layer);
      return uri < 0 ? -1 : part(view, uri, endOf(view, uri, end));
    };
  return {
    [`${name}User`]: located(
      inUri((view, at, end) => {
        const from = schemeEnd(view, at, end);
        return from < 0 || userEnd(view, from, end) <= from ? -1 : from;
      }),
      text(`${name}.user`, (view, at, end) => before(view, at, find(view, at, end, AT), COLON) - at),
    ),
    [`${name}Host`]: located(
      inUri((view, at, end) => {
        const from = hostAt(view, at, end);
        return from < 0 || hostEnd(view, from, end) === from ? -1 : from;
      }),
      text(`${name}.host`, (view, at, end) => hostEnd(view, at, before(view, at, end, 32, 13, 10)) - at),
    ),
    [`${name}Port`]: located(
      inUri(portAt),
      text(`${name}.port`, (view, at, end) => before(view, at, end, SEMICOLON, GREATER, 63, 32, 13, 10) - at),
    ),
  };
}

/** A display name in quotes that are never closed: what follows is no address, as Wireshark sees it. */
const isUnclosed = (view: Uint8Array, at: number, end: number) =>
  view[at] === QUOTE && find(view, at + 1, end, QUOTE) < 0;

/** Where the URI of an address begins: behind `<`, or at once. */
export const addressUri =
  (value: Locate): Locate =>
  (view, at, end, frame, layer) => {
    const from = value(view, at, end, frame, layer);
    if (from < 0 || isUnclosed(view, from, end)) return -1;
    const open = unquoted(view, from, end, LESS);
    if (open < 0) return schemeEnd(view, from, end) < 0 ? -1 : from;
    return find(view, open, end, GREATER) < 0 ? -1 : open + 1;
  };
/** Where such a URI ends: at `>`, or without one at the first parameter. */
export const uriEnd = (view: Uint8Array, at: number, end: number): number => {
  const open = view[at - 1] === LESS;
  return open ? before(view, at, end, GREATER) : before(view, at, textEnd(view, at, end), SEMICOLON, COMMA, 32);
};
/** The display name before `<`; -1 without one. */
export const displayName =
  (value: Locate): Locate =>
  (view, at, end, frame, layer) => {
    const from = value(view, at, end, frame, layer);
    return from < 0 || isUnclosed(view, from, end) || unquoted(view, from, end, LESS) <= from ? -1 : from;
  };
export const displayLength: Locate = (view, at, end) => {
  const open = unquoted(view, at, end, LESS);
  if (view[at] !== QUOTE) return open - at;
  const close = find(view, at + 1, end, QUOTE);
  return (close < 0 ? open : close + 1) - at;
};

/** The value of a parameter `;name=` behind the URI of an address or a value; -1 without it. `name` in lower case. */
export const parameter =
  (value: Locate, name: string): Locate =>
  (view, at, end, frame, layer) => {
    const from = value(view, at, end, frame, layer);
    if (from < 0) return -1;
    const open = unquoted(view, from, end, LESS);
    const close = open < 0 ? from : find(view, open, end, GREATER);
    for (let place = unquoted(view, close < 0 ? from : close, end, SEMICOLON); place >= 0; ) {
      let word = place + 1;
      while (word < end && view[word] === 32) word += 1;
      if (isWord(view, word, end, name)) {
        const next = word + name.length;
        if (next < end && view[next] === 61) return next + 1;
        // A parameter may stand without a value: what is there is its name.
        if (next >= end || [SEMICOLON, 13, 10].includes(view[next]!)) return word;
      }
      place = unquoted(view, place + 1, end, SEMICOLON);
    }
    return -1;
  };
export const parameterLength: Locate = (view, at, end) => before(view, at, end, SEMICOLON, COMMA, 32, 13, 10) - at;
