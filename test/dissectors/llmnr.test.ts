import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { llmnrFrame } from './support/service-frames.ts';

describe('llmnr', () => {
  it('reads a query', () => {
    const frame = dissect(llmnrFrame);
    expect(fieldsOf(frame, 'llmnr')).toEqual([
      ['dns.id', '0x4321'],
      ['dns.flags', '0x0000'],
      ['dns.flags.response', '0'],
      ['dns.flags.opcode', '0'],
      ['dns.flags.conflict', '0'],
      ['dns.flags.truncated', '0'],
      ['dns.flags.tentative', '0'],
      ['dns.count.queries', '1'],
      ['dns.count.answers', '0'],
      ['dns.count.auth_rr', '0'],
      ['dns.count.add_rr', '0'],
      ['dns.qry.name', 'host'],
      ['dns.qry.name.len', '4'],
      ['dns.count.labels', '1'],
      ['dns.qry.type', '28'],
      ['dns.qry.class', '0x0001'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });
});
