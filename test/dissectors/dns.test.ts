import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';
import { ascii, datagram, dnsAnswer, dnsFrame, segment } from './support/service-frames.ts';

describe('dns', () => {
  it('reads an answer with a compressed name and EDNS', () => {
    const frame = dissect(dnsFrame);
    expect(fieldsOf(frame, 'dns')).toEqual([
      ['dns.id', '0x1234'],
      ['dns.flags', '0x8180'],
      ['dns.flags.response', '1'],
      ['dns.flags.opcode', '0'],
      ['dns.flags.authoritative', '0'],
      ['dns.flags.truncated', '0'],
      ['dns.flags.recdesired', '1'],
      ['dns.flags.recavail', '1'],
      ['dns.flags.z', '0'],
      ['dns.flags.authenticated', '0'],
      ['dns.flags.checkdisable', '0'],
      ['dns.flags.rcode', '0'],
      ['dns.count.queries', '1'],
      ['dns.count.answers', '2'],
      ['dns.count.auth_rr', '0'],
      ['dns.count.add_rr', '1'],
      ['dns.qry.name', 'www.example.org'],
      ['dns.qry.name.len', '15'],
      ['dns.count.labels', '3'],
      ['dns.qry.type', '1'],
      ['dns.qry.class', '0x0001'],
      ['dns.resp.name', 'www.example.org'],
      ['dns.resp.type', '5'],
      ['dns.resp.class', '0x0001'],
      ['dns.resp.ttl', '60'],
      ['dns.resp.len', '6'],
      ['dns.cname', 'web.example.org'],
      ['dns.resp.name', 'web.example.org'],
      ['dns.resp.type', '1'],
      ['dns.resp.class', '0x0001'],
      ['dns.resp.ttl', '60'],
      ['dns.resp.len', '4'],
      ['dns.a', '192.0.2.1'],
      ['dns.resp.name', '<Root>'],
      ['dns.resp.type', '41'],
      ['dns.rr.udp_payload_size', '1232'],
      ['dns.resp.ext_rcode', '0x00'],
      ['dns.resp.edns0_version', '0'],
      ['dns.resp.z', '0x8000'],
      ['dns.resp.z.do', '1'],
      ['dns.resp.z.reserved', '0x0000'],
      ['dns.resp.len', '23'],
      ['dns.opt.code', '10'],
      ['dns.opt.len', '8'],
      ['dns.opt.data', '0102030405060708'],
      ['dns.opt.cookie.client', '0102030405060708'],
      ['dns.opt.cookie.server', '<MISSING>'],
      ['dns.opt.code', '8'],
      ['dns.opt.len', '7'],
      ['dns.opt.data', '00011800c00002'],
      ['dns.opt.client.family', '1'],
      ['dns.opt.client.netmask', '24'],
      ['dns.opt.client.scope', '0'],
      ['dns.opt.client.addr4', '192.0.2.0'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads every message of a segment, each behind its length', () => {
    const [length] = [
      hex(...dnsAnswer)
        .length.toString(16)
        .padStart(4, '0'),
    ];
    const frame = dissect(segment(53, length, ...dnsAnswer, length, ...dnsAnswer));
    expect(frame.names).toEqual(['eth', 'ip', 'tcp', 'dns', 'dns']);
    expect(frame.values['dns.length']).toEqual(['101', '101']);
    expect(frame.values['dns.a']).toEqual(['192.0.2.1', '192.0.2.1']);
    expect(frame.values['dns.cname']).toEqual(['web.example.org', 'web.example.org']);
    expect(frame.anomalies).toEqual([]);
  });

  it('flags a name that points at itself, and ends', () => {
    const frame = dissect(datagram(53, '1234 0100 0001 0000 0000 0000', '03 616263 c00c 0001 0001'));
    expect(frame.values['dns.qry.name']).toEqual(['<Name contains a pointer that loops>']);
    expect(frame.values['dns.qry.type']).toEqual(['1']);
    expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'dns', offset: 54 }]);
  });

  it('follows pointers backwards only', () => {
    const frame = dissect(datagram(53, '1234 0100 0001 0000 0000 0000', 'c010 0001 0001 00'));
    expect(frame.values['dns.qry.name']).toEqual(['<Name contains a pointer that loops>']);
    expect(faults(frame)).toEqual(['dns malformed']);
  });

  it('has the records that are wholly there', () => {
    const whole = datagram(
      53,
      '1234 8180 0001 0002 0000 0000',
      '00 0001 0001',
      'c00c 0001 0001 0000003c 0004 c0000201'.repeat(2),
    );
    const cut = dissect(whole.subarray(0, whole.length - 1), { wire: whole.length });
    expect(cut.values['dns.a']).toEqual(['192.0.2.1']);
    expect(cut.anomalies).toMatchObject([{ code: 'truncated', layer: 'dns', needed: 4, available: 3 }]);
    const short = datagram(
      53,
      '1234 8180 0001 0002 0000 0000',
      '00 0001 0001',
      'c00c 0001 0001 0000003c 0004 c0000201',
    );
    expect(dissect(short).anomalies).toMatchObject([{ code: 'malformed', layer: 'dns', needed: 11, available: 0 }]);
  });

  it('takes the types of a bitmap as record types, as Wireshark does', () => {
    const record = `00 002f 0001 0000003c 000a 00 00 07 62 01 80 08 00 03 80 # A NS SOA MX TXT ... in window 0`;
    const frame = dissect(datagram(53, '1234 8180 0001 0001 0000 0000', '00 002f 0001', record));
    expect(frame.values['dns.resp.type']).toEqual(['47', '1', '2', '6', '15', '16', '28', '46', '47', '48']);
  });

  it('refuses counts without content, more of them than there is room for, and an operation that does not exist', () => {
    for (const bad of [
      ['1234 0100 0000 0000 0000 0000', '00'],
      ['1234 1800 0001 0000 0000 0000', '00 0001 0001'],
      ['1234 0100 0001 0002 0000 0000', '41'.repeat(26)],
      ['1234 0100 0006 0000 0000 0000', `03 ${ascii('abc')} 00 0001 0063 ${'41'.repeat(20)}`],
    ])
      expect(dissect(datagram(53, ...bad)).names).toEqual(['eth', 'ip', 'udp']);
  });
});
