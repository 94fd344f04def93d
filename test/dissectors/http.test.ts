import { describe, expect, it } from 'vitest';
import { httpRequests, httpResponses, lines, toTcp } from './support/application-frames.ts';
import { dissect } from './support/registry.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('http', () => {
  it('reads requests that follow each other', () => {
    expectValues(httpRequests, {
      'http.request': ['1', '1'],
      'http.request.method': ['POST', 'GET'],
      'http.request.uri': ['/a/b?x=1&&y=%20', '/'],
      'http.request.uri.path': ['/a/b'],
      'http.request.uri.query': ['x=1&&y=%20'],
      'http.request.uri.query.parameter': ['x=1', 'y=%20'],
      'http.request.version': ['HTTP/1.1', 'HTTP/1.0'],
      'http.request.line': [
        'Host: example.org\r\n',
        'User-Agent: test\r\n',
        'Cookie: a=1; b=2\r\n',
        'Content-Length: 3\r\n',
        'X-Other: 7\r\n',
      ],
      'http.content_length_header': ['3'],
      'http.cookie': ['a=1; b=2'],
      'http.host': ['example.org'],
      'http.user_agent': ['test'],
      'http.content_length': ['3'],
      'http.cookie_pair': ['a=1', 'b=2'],
      'http.request.full_uri': ['http://example.org/a/b?x=1&&y=%20'],
    });
  });

  it('reads responses, the first in chunks', () => {
    expectValues(httpResponses, {
      'http.response': ['1', '1'],
      'http.response.version': ['HTTP/1.1', 'HTTP/1.1'],
      'http.response.code': ['200', '404'],
      'http.response.code.desc': ['OK', 'Not Found'],
      'http.response.phrase': ['OK', 'Not Found'],
      'http.content_length_header': ['0'],
      'http.content_type': ['text/plain'],
      'http.set_cookie': ['s=1'],
      'http.transfer_encoding': ['chunked'],
      'http.content_length': ['0'],
      'http.response.line': [
        'Transfer-Encoding: chunked\r\n',
        'Content-Type: text/plain\r\n',
        'Set-Cookie: s=1\r\n',
        'Content-Length: 0\r\n',
      ],
    });
  });

  it('refuses what it is not on port 80', () => {
    expectRefused('http', 80, toTcp);
  });

  it('refuses what it is not on port 50080', () => {
    expectRefused('http', 50080, toTcp);
  });

  it('does not read a body as headers', () => {
    const frame = dissect(toTcp(80, lines('POST / HTTP/1.1', 'Content-Length: 22', '', 'Host: not.a.header', '')));
    expect(frame.values['http.host']).toBeUndefined();
    expect(frame.values['http.content_length']).toEqual(['22']);
  });

  it('takes a first line for HTTP only with its version', () => {
    expect(dissect(toTcp(80, lines('GET out of here', ''))).names.at(-1)).toBe('tcp');
    expect(dissect(toTcp(80, lines('GET / HTTP/1.1'))).names.at(-1)).toBe('http');
  });
});
