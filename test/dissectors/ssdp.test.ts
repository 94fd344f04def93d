import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { ascii, datagram, ssdpFrame } from './support/service-frames.ts';

describe('ssdp', () => {
  it('reads a search', () => {
    const frame = dissect(ssdpFrame);
    expect(fieldsOf(frame, 'ssdp')).toEqual([
      ['http.request', '1'],
      ['http.request.method', 'M-SEARCH'],
      ['http.request.uri', '*'],
      ['http.request.version', 'HTTP/1.1'],
      ['http.request.line', 'HOST: 239.255.255.250:1900\r\n'],
      ['http.host', '239.255.255.250:1900'],
      ['http.request.line', 'MAN: "ssdp:discover"\r\n'],
      ['http.request.line', 'MX: 1\r\n'],
      ['http.request.line', 'ST: ssdp:all\r\n'],
      ['http.request.full_uri', 'http://239.255.255.250:1900*'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('refuses what is no first line of HTTP', () => {
    expect(dissect(datagram(1900, ascii('HELLO * WORLD\r\n\r\n'))).names).not.toContain('ssdp');
  });
});
