import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { computed, header, located, repeated, text } from '../core/declare/kinds.ts';
import { uriParts } from './parts/sip-address.ts';
import { sipHeader } from './parts/sip-header.ts';
import { digitsAt, find, isPrintable, isWord, lineAfter, nextHeaderLine, textEnd } from './parts/text-line.ts';
import { tcpPort, udpPort } from './tables.ts';

const VERSION = 'sip/2.0';
const SPACE = 32;
/** Methods registered with IANA. */
const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
].map((name) => name.toLowerCase());

const isStatus = (view: Uint8Array, at: number, end: number) =>
  isWord(view, at, end, `${VERSION} `) && digitsAt(view, at + 8, end) >= 100;
/** Where the method ends when the line is a request: method, URI and version between blanks. */
function methodEnd(view: Uint8Array, at: number, end: number): number {
  for (const method of METHODS) {
    if (at + method.length < end && isWord(view, at, end, method) && view[at + method.length] === SPACE) {
      return at + method.length;
    }
  }
  return -1;
}
const isRequest = (view: Uint8Array, at: number, end: number) => methodEnd(view, at, end) >= 0;
const requested: Locate = (view, at, end) => (isRequest(view, at, end) ? at : -1);
const status: Locate = (view, at, end) => (isStatus(view, at, end) ? at : -1);
const lineLength: Locate = (view, at, end) => textEnd(view, at, lineAfter(view, at, end)) - at;
const wordLength: Locate = (view, at, end) => {
  const limit = at + lineLength(view, at, end, undefined as never, 0);
  const blank = find(view, at, limit, SPACE);
  return (blank < 0 ? limit : blank) - at;
};
const uri: Locate = (view, at, end) => {
  const method = methodEnd(view, at, end);
  return method < 0 ? -1 : method + 1;
};
const uriEnd = (view: Uint8Array, at: number, end: number) => at + wordLength(view, at, end, undefined as never, 0);
const code: Locate = (view, at, end) => (isStatus(view, at, end) ? at + 8 : -1);

const fields = header({
  requestLine: located(requested, text('sip.Request-Line', lineLength)),
  method: located(requested, text('sip.Method', wordLength)),
  uri: located(uri, text('sip.r-uri', wordLength, { title: 'Request URI' })),
  ...uriParts('sip.r-uri', uri, uriEnd),
  statusLine: located(status, text('sip.Status-Line', lineLength)),
  status: located(code, {
    ...computed('sip.Status-Code', 'uint', (view, at, end) =>
      isStatus(view, at, end) ? digitsAt(view, at + 8, end) : Number.NaN,
    ),
    measure: () => 3,
  }),
  headers: repeated({
    from: (view, at, end) => lineAfter(view, at, end),
    next: nextHeaderLine,
    item: sipHeader,
    title: 'Header',
  }),
});

/** Session Initiation Protocol, RFC 3261: first line and headers. */
export const sip = defineDissector({
  name: 'sip',
  title: 'Session Initiation Protocol',
  claims: [udpPort.at(5060), tcpPort.at(5060), udpPort.guess()],
  fields,
  minimum: 8,
  accept: (view, at, end) => {
    if (find(view, at, lineAfter(view, at, end), 0) >= 0) return false;
    if (isStatus(view, at, end)) return true;
    const method = methodEnd(view, at, end);
    if (method < 0) return false;
    // The line ends in the version, unless it is cut.
    const next = lineAfter(view, method, end);
    const stop = textEnd(view, method, next);
    return (next === end && isPrintable(view, method, end)) || isWord(view, stop - VERSION.length, stop, VERSION);
  },
});
