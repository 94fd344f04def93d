import {
  bodyAfter,
  digitsAt,
  find,
  headerValue,
  isPrintable,
  isWord,
  lineAfter,
  nextHeaderLine,
  textEnd,
} from './text-line.ts';

const SPACE = 32;

/** Methods of RFC 9110, WebDAV (RFC 4918 and its like) and UPnP, in lower case. */
const METHODS = [
  'get',
  'post',
  'head',
  'put',
  'delete',
  'options',
  'trace',
  'connect',
  'patch',
  'propfind',
  'proppatch',
  'mkcol',
  'copy',
  'move',
  'lock',
  'unlock',
  'report',
  'search',
  'notify',
  'subscribe',
  'unsubscribe',
  'm-search',
  'poll',
  'bmove',
  'bcopy',
  'bpropfind',
  'rpc_in_data',
  'rpc_out_data',
];

/** `HTTP/` and a version: the beginning of a response. */
export const isResponse = (view: Uint8Array, at: number, end: number): boolean =>
  isWord(view, at, end, 'http/') && digitsAt(view, at + 5, end) <= 9;

/** Where the method ends when the line begins with one and a blank; else -1. */
export function methodEnd(view: Uint8Array, at: number, end: number): number {
  for (const method of METHODS) {
    const stop = at + method.length;
    if (stop < end && view[stop] === SPACE && isUpper(view, at, end) && isWord(view, at, end, method)) return stop;
  }
  return -1;
}
const isUpper = (view: Uint8Array, at: number, end: number) => at < end && view[at]! >= 65 && view[at]! <= 90;

/** A message of the UPnP eventing methods, which Wireshark counts neither as request nor as response. */
export const isNotification = (view: Uint8Array, at: number, end: number): boolean =>
  ['notify ', 'subscribe ', 'unsubscribe '].some((word) => isWord(view, at, end, word));

/** End of the word at `at` in its line. */
export function wordEnd(view: Uint8Array, at: number, end: number): number {
  const limit = textEnd(view, at, lineAfter(view, at, end));
  const blank = find(view, at, limit, SPACE);
  return blank < 0 ? limit : blank;
}

/** The place behind the blanks at `at`; -1 at the end of the line. */
export function wordAfter(view: Uint8Array, at: number, end: number): number {
  let place = at;
  while (place < end && view[place] === SPACE) place += 1;
  return place < end && view[place] !== 13 && view[place] !== 10 ? place : -1;
}

/** A first line of HTTP/1, as far as the bytes go. */
export function isFirstLine(view: Uint8Array, at: number, end: number): boolean {
  if (isResponse(view, at, end)) return true;
  const method = methodEnd(view, at, end);
  if (method < 0) return false;
  const next = lineAfter(view, method, end);
  const stop = textEnd(view, method, next);
  if (stop === next) return isPrintable(view, method, end);
  // The version is the last word.
  let word = stop;
  while (word > method && view[word - 1] !== SPACE) word -= 1;
  return isWord(view, word, stop, 'http/');
}

const contentLength = headerValue('content-length');
const transferEncoding = headerValue('transfer-encoding');

/** Where the chunks of a body end, with their trailer; `end` when the last is not there. RFC 9112 section 7.1. */
function chunksEnd(view: Uint8Array, at: number, end: number): number {
  let place = at;
  while (place < end) {
    let size = 0;
    let digits = 0;
    for (; place < end && digits < 8; place += 1, digits += 1) {
      const digit = hexDigit(view[place]!);
      if (digit < 0) break;
      size = size * 16 + digit;
    }
    if (digits === 0) return end;
    place = lineAfter(view, place, end);
    if (size === 0) {
      const trailer = bodyAfter(view, place, end);
      return trailer < 0 ? end : trailer;
    }
    place += size + 2;
  }
  return end;
}
const hexDigit = (byte: number): number => {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
};

/** Where a message ends that begins at `at`: RFC 9112 section 6.3, as far as the message itself says. */
export function messageEnd(view: Uint8Array, at: number, end: number): number {
  const headers = lineAfter(view, at, end);
  const body = bodyAfter(view, headers, end);
  if (body < 0) return end;
  let length = -1;
  let chunked = false;
  for (let line = headers; line < body; ) {
    const next = nextHeaderLine(view, line, body, undefined as never, 0);
    if (next < 0) break;
    const size = contentLength(view, line, next, undefined as never, 0);
    if (size >= 0) length = digitsAt(view, size, next);
    const coding = transferEncoding(view, line, next, undefined as never, 0);
    if (coding >= 0) chunked = isWord(view, coding, next, 'chunked');
    line = next;
  }
  const response = isResponse(view, at, end);
  if (response) {
    const code = digitsAt(view, wordEnd(view, at, end) + 1, end);
    if (code < 200 || code === 204 || code === 304) return body;
  }
  if (chunked) return chunksEnd(view, body, end);
  if (length >= 0) return Math.min(body + length, end);
  return response ? end : body;
}

/** The value of a header among those from `at` to `end`, as bounds; undefined without it. */
export function headerBounds(
  view: Uint8Array,
  at: number,
  end: number,
  name: string,
): readonly [number, number] | undefined {
  const value = headerValue(name);
  for (let line = lineAfter(view, at, end); line < end; ) {
    const next = nextHeaderLine(view, line, end, undefined as never, 0);
    if (next < 0) return undefined;
    const place = value(view, line, next, undefined as never, 0);
    if (place >= 0) return [place, textEnd(view, place, next)];
    line = next;
  }
  return undefined;
}
