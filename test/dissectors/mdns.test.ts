import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { mdnsFrame } from './support/service-frames.ts';

describe('mdns', () => {
  it('reads an announcement that flushes', () => {
    const frame = dissect(mdnsFrame);
    expect(fieldsOf(frame, 'mdns')).toEqual([
      ['dns.id', '0x0000'],
      ['dns.flags', '0x8400'],
      ['dns.flags.response', '1'],
      ['dns.flags.opcode', '0'],
      ['dns.flags.authoritative', '1'],
      ['dns.flags.truncated', '0'],
      ['dns.flags.recdesired', '0'],
      ['dns.flags.recavail', '0'],
      ['dns.flags.z', '0'],
      ['dns.flags.authenticated', '0'],
      ['dns.flags.checkdisable', '0'],
      ['dns.flags.rcode', '0'],
      ['dns.count.queries', '0'],
      ['dns.count.answers', '2'],
      ['dns.count.auth_rr', '0'],
      ['dns.count.add_rr', '0'],
      ['dns.resp.name', '_http._tcp.local'],
      ['dns.resp.type', '12'],
      ['dns.resp.class', '0x0001'],
      ['dns.resp.cache_flush', '0'],
      ['dns.resp.ttl', '4500'],
      ['dns.resp.len', '6'],
      ['dns.ptr.domain_name', 'wel._http._tcp.local'],
      ['dns.srv.service', 'wel'],
      ['dns.srv.proto', '_http'],
      ['dns.srv.name', '_tcp.local'],
      ['dns.resp.type', '33'],
      ['dns.resp.class', '0x0001'],
      ['dns.resp.cache_flush', '1'],
      ['dns.resp.ttl', '120'],
      ['dns.resp.len', '15'],
      ['dns.srv.priority', '0'],
      ['dns.srv.weight', '0'],
      ['dns.srv.port', '80'],
      ['dns.srv.target', 'host.local'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('has the multicast flags apart from the class', () => {
    const frame = dissect(mdnsFrame);
    expect(frame.values['dns.resp.cache_flush']).toEqual(['0', '1']);
    expect(frame.values['dns.srv.target']).toEqual(['host.local']);
  });
});
