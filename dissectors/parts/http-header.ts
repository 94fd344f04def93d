import type { Fields, Locate } from '../../core/declare/field.ts';
import { header, located, repeated, text } from '../../core/declare/kinds.ts';
import { find, headerNumber, headerText, headerValue, textEnd } from './text-line.ts';

/** Headers with a field of their own: RFC 9110, 6265, 6455, 7239; others have their line. */
const HEADERS: readonly (readonly [header: string, field: string])[] = [
  ['accept', 'accept'],
  ['accept-encoding', 'accept_encoding'],
  ['accept-language', 'accept_language'],
  ['authorization', 'authorization'],
  ['cache-control', 'cache_control'],
  ['connection', 'connection'],
  ['content-encoding', 'content_encoding'],
  ['content-length', 'content_length_header'],
  ['content-type', 'content_type'],
  ['cookie', 'cookie'],
  ['date', 'date'],
  ['host', 'host'],
  ['last-modified', 'last_modified'],
  ['location', 'location'],
  ['proxy-authenticate', 'proxy_authenticate'],
  ['proxy-authorization', 'proxy_authorization'],
  ['referer', 'referer'],
  ['sec-websocket-accept', 'sec_websocket_accept'],
  ['sec-websocket-extensions', 'sec_websocket_extensions'],
  ['sec-websocket-key', 'sec_websocket_key'],
  ['sec-websocket-protocol', 'sec_websocket_protocol'],
  ['sec-websocket-version', 'sec_websocket_version'],
  ['server', 'server'],
  ['set-cookie', 'set_cookie'],
  ['transfer-encoding', 'transfer_encoding'],
  ['upgrade', 'upgrade'],
  ['user-agent', 'user_agent'],
  ['www-authenticate', 'www_authenticate'],
  ['x-forwarded-for', 'x_forwarded_for'],
];
const cookie = headerValue('cookie');
const whole: Locate = (_view, at, end) => end - at;

/** One header line: its text with the line break, and its value under its own name. Those of notifications have no
 * field for the line. */
export function httpHeader(side: 'request' | 'response' | 'notification'): Fields {
  return header({
    ...(side === 'notification' ? {} : { line: located((_view, at) => at, text(`http.${side}.line`, whole)) }),
    ...Object.fromEntries(HEADERS.map(([name, field]) => [field, headerText(`http.${field}`, [name])])),
    contentLength: headerNumber('http.content_length', ['content-length'], 'bytes'),
    cookies: repeated({
      from: cookie,
      to: (view, at, end) => textEnd(view, at, end),
      next: (view, at, end) => {
        const semicolon = find(view, at, end, 59);
        let place = semicolon < 0 ? end : semicolon + 1;
        while (place < end && view[place] === 32) place += 1;
        return place;
      },
      item: header({
        pair: located(
          (_view, at) => at,
          text('http.cookie_pair', (view, at, end) => {
            const semicolon = find(view, at, end, 59);
            return (semicolon < 0 ? end : semicolon) - at;
          }),
        ),
      }),
      title: 'Cookie',
    }),
  });
}
