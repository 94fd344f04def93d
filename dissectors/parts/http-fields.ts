import type { Locate } from '../../core/declare/field.ts';
import { computed, header, located, repeated, text } from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { httpHeader } from './http-header.ts';
import {
  headerBounds,
  isFirstLine,
  isNotification,
  isResponse,
  messageEnd,
  methodEnd,
  wordAfter,
  wordEnd,
} from './http-message.ts';
import { digitsAt, find, lineAfter, nextLine, textEnd } from './text-line.ts';

const QUESTION_MARK = 63;
const AMPERSAND = 38;

const decoder = new TextDecoder();
const codes = namesOf('http-status');

const wordLength: Locate = (view, at, end) => wordEnd(view, at, end) - at;
const method: Locate = (view, at, end) => (methodEnd(view, at, end) < 0 ? -1 : at);
const uri: Locate = (view, at, end) => {
  const stop = methodEnd(view, at, end);
  return stop < 0 ? -1 : wordAfter(view, stop, end);
};
const requestVersion: Locate = (view, at, end, frame, layer) => {
  const place = uri(view, at, end, frame, layer);
  return place < 0 ? -1 : wordAfter(view, wordEnd(view, place, end), end);
};
/** Where the question mark of the URI stands. */
const query: Locate = (view, at, end, frame, layer) => {
  const place = uri(view, at, end, frame, layer);
  return place < 0 ? -1 : find(view, place, wordEnd(view, place, end), QUESTION_MARK);
};
/** Parameters of a query stand between ampersands; empty ones are none. */
const afterAmpersands = (view: Uint8Array, at: number, end: number) => {
  let place = at;
  while (place < end && view[place] === AMPERSAND) place += 1;
  return place;
};
const responseVersion: Locate = (view, at, end) => (isResponse(view, at, end) ? at : -1);
const code: Locate = (view, at, end) => (isResponse(view, at, end) ? wordAfter(view, wordEnd(view, at, end), end) : -1);
const codeValue: Locate = (view, at, end, frame, layer) => {
  const place = code(view, at, end, frame, layer);
  return place < 0 ? Number.NaN : digitsAt(view, place, end);
};
const phrase: Locate = (view, at, end, frame, layer) => {
  const place = code(view, at, end, frame, layer);
  return place < 0 ? -1 : wordAfter(view, wordEnd(view, place, end), end);
};
const restOfLine: Locate = (view, at, end) => textEnd(view, at, lineAfter(view, at, end)) - at;
const headersAt =
  (isKind: (view: Uint8Array, at: number, end: number) => boolean): Locate =>
  (view, at, end) =>
    isKind(view, at, end) ? lineAfter(view, at, end) : -1;
const toEnd: Locate = (_view, at, end) => end - at;
/** The URI with scheme and host, which another header names. The span begins at the URI and holds the headers. */
const fullUri = (view: Uint8Array, at: number, length: number): string => {
  const end = at + length;
  const target = decoder.decode(view.subarray(at, wordEnd(view, at, end)));
  const host = headerBounds(view, at, end, 'host');
  if (host === undefined || /^[a-z]+:\/\//i.test(target)) return target;
  const name = decoder.decode(view.subarray(host[0], host[1]));
  return target.startsWith('/') || target === '*' ? `http://${name}${target}` : `${name}${target}`;
};

const message = header({
  isRequest: computed('http.request', 'boolean', (view, at, end) =>
    isResponse(view, at, end) || isNotification(view, at, end) ? Number.NaN : 1,
  ),
  isNotification: computed('http.notification', 'boolean', (view, at, end) =>
    isNotification(view, at, end) ? 1 : Number.NaN,
  ),
  isResponse: computed('http.response', 'boolean', (view, at, end) => (isResponse(view, at, end) ? 1 : Number.NaN)),
  method: located(method, text('http.request.method', wordLength)),
  uri: located(uri, text('http.request.uri', wordLength, { title: 'Request URI' })),
  path: located(
    (view, at, end, frame, layer) => (query(view, at, end, frame, layer) < 0 ? -1 : uri(view, at, end, frame, layer)),
    text('http.request.uri.path', (view, at, end) => find(view, at, end, QUESTION_MARK) - at),
  ),
  query: located(
    (view, at, end, frame, layer) => {
      const place = query(view, at, end, frame, layer);
      return place < 0 ? -1 : place + 1;
    },
    text('http.request.uri.query', wordLength),
  ),
  parameters: repeated({
    from: (view, at, end, frame, layer) => {
      const place = query(view, at, end, frame, layer);
      return place < 0 ? -1 : afterAmpersands(view, place + 1, end);
    },
    to: (view, at, end, frame, layer) => wordEnd(view, uri(view, at, end, frame, layer), end),
    next: (view, at, end) => {
      const place = find(view, at, end, AMPERSAND);
      return place < 0 ? end : afterAmpersands(view, place, end);
    },
    item: header({
      parameter: located(
        (_view, at) => at,
        text('http.request.uri.query.parameter', (view, at, end) => {
          const place = find(view, at, end, AMPERSAND);
          return (place < 0 ? end : place) - at;
        }),
      ),
    }),
    title: 'Parameter',
  }),
  requestVersion: located(requestVersion, text('http.request.version', restOfLine)),
  responseVersion: located(responseVersion, text('http.response.version', wordLength)),
  code: located(code, {
    ...computed('http.response.code', 'uint', codeValue, { title: 'Status code', values: codes }),
    measure: wordLength,
  }),
  description: located(
    code,
    text('http.response.code.desc', wordLength, {
      format: (view, at, length) => codes[digitsAt(view, at, at + length)] ?? 'Unknown',
    }),
  ),
  phrase: located(phrase, text('http.response.phrase', restOfLine)),
  requestHeaders: repeated({
    from: headersAt((view, at, end) => !isResponse(view, at, end) && !isNotification(view, at, end)),
    next: nextLine,
    item: httpHeader('request'),
    title: 'Header',
  }),
  notificationHeaders: repeated({
    from: headersAt(isNotification),
    next: nextLine,
    item: httpHeader('notification'),
    title: 'Header',
  }),
  responseHeaders: repeated({
    from: headersAt(isResponse),
    next: nextLine,
    item: httpHeader('response'),
    title: 'Header',
  }),
  fullUri: located(
    (view, at, end, frame, layer) =>
      headerBounds(view, at, end, 'host') === undefined ? -1 : uri(view, at, end, frame, layer),
    text('http.request.full_uri', toEnd, { title: 'Full request URI', format: fullUri }),
  ),
});

/** The messages of HTTP/1 and of what looks like it (SSDP), one after another. */
export const httpFields = header({
  messages: repeated({
    from: (_view, at) => at,
    next: (view, at, end) => (isFirstLine(view, at, end) ? messageEnd(view, at, end) : -1),
    item: message,
    title: 'Message',
  }),
});
