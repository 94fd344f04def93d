import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, fieldsOf } from './support/registry.ts';

const ipv4 = '4500 001c 0001 0000 40 11 0000 0a000001 0a000002';
const ipv6 = '60000000 0008 11 40 fd000000000000000000000000000001 fd000000000000000000000000000002';
const udp = '0035 d903 0008 0000';

describe('raw', () => {
  it('tells IPv4 from IPv6 by the first bits', () => {
    for (const linkType of [101, 12, 14]) {
      expect(dissect(hex(ipv4, udp), { linkType }).names).toEqual(['raw', 'ip', 'udp']);
      expect(dissect(hex(ipv6, udp), { linkType }).names).toEqual(['raw', 'ipv6', 'udp']);
      expect(dissect(hex('50 00'), { linkType }).names).toEqual(['raw']);
    }
  });

  it('needs no layer of its own for the types that say which IP it is', () => {
    expect(dissect(hex(ipv4, udp), { linkType: 228 }).names).toEqual(['ip', 'udp']);
    expect(dissect(hex(ipv6, udp), { linkType: 229 }).names).toEqual(['ipv6', 'udp']);
  });

  it('is cut short at every byte', () => {
    expectCutShort(hex(ipv4, udp), 28, 101);
    expectCutShort(hex(ipv6, udp), 48, 101);
  });
});

describe('null', () => {
  it('takes the family in either byte order', () => {
    for (const linkType of [0, 108]) {
      for (const family of ['02000000', '00000002']) {
        const frame = dissect(hex(family, ipv4, udp), { linkType });
        expect(frame.names).toEqual(['null', 'ip', 'udp']);
        expect(fieldsOf(frame, 'null')).toEqual([['null.family', '2']]);
      }
      for (const family of ['18', '1c', '1e', '0a']) {
        expect(dissect(hex(family, '000000', ipv6, udp), { linkType }).names).toEqual(['null', 'ipv6', 'udp']);
        expect(dissect(hex('000000', family, ipv6, udp), { linkType }).names).toEqual(['null', 'ipv6', 'udp']);
      }
    }
  });

  it('takes an Ethertype where a system writes one', () => {
    const frame = dissect(hex('0f00 0800', ipv4, udp), { linkType: 0 });
    expect(frame.names).toEqual(['null', 'ip', 'udp']);
    expect(fieldsOf(frame, 'null')).toEqual([['null.type', '0x0800']]);
  });

  it('is cut short at every byte', () => {
    expectCutShort(hex('00000002', ipv4, udp), 32, 108);
  });
});

describe('sll', () => {
  const bytes = hex('0004 0001 0006 02000000000a 0000 0800', ipv4, udp);

  it('reads a frame', () => {
    const frame = dissect(bytes, { linkType: 113 });
    expect(frame.names).toEqual(['sll', 'ip', 'udp']);
    expect(fieldsOf(frame, 'sll')).toEqual([
      ['sll.pkttype', '4'],
      ['sll.hatype', '1'],
      ['sll.halen', '6'],
      ['sll.src.eth', '02:00:00:00:00:0a'],
      ['sll.etype', '0x0800'],
    ]);
  });

  it('is cut short at every byte', () => {
    expectCutShort(bytes, 44, 113);
  });

  it('reads LLC and addresses of other sizes', () => {
    const llc = dissect(hex('0000 0304 0000 0000000000000000 0004', 'e0 e0 03'), { linkType: 113 });
    expect(llc.names).toEqual(['sll', 'llc']);
    expect(llc.values['sll.ltype']).toEqual(['0x0004']);
    const tunnel = dissect(hex('0000 0308 0004 c0000201 00000000 0800', ipv4, udp), { linkType: 113 });
    expect(tunnel.values['sll.src.ipv4']).toEqual(['192.0.2.1']);
    const long = dissect(hex('0000 0020 0014 0102030405060708 0800', ipv4, udp), { linkType: 113 });
    expect(long.values['sll.src.other']).toEqual(['0102030405060708']);
  });
});

describe('sll2', () => {
  const bytes = hex('86dd 0000 00000014 0001 03 06 02000000000a 0000', ipv6, udp);

  it('reads a frame', () => {
    const frame = dissect(bytes, { linkType: 276 });
    expect(frame.names).toEqual(['sll2', 'ipv6', 'udp']);
    expect(fieldsOf(frame, 'sll2')).toEqual([
      ['sll.etype', '0x86dd'],
      ['sll.ifindex', '20'],
      ['sll.hatype', '1'],
      ['sll.pkttype', '3'],
      ['sll.halen', '6'],
      ['sll.src.eth', '02:00:00:00:00:0a'],
    ]);
  });

  it('is cut short at every byte', () => {
    expectCutShort(bytes, 68, 276);
  });
});

it('keeps a frame of an unknown link type, without layers', () => {
  const frame = dissect(hex('00 01 02'), { linkType: 9999 });
  expect(frame).toMatchObject({ names: [], anomalies: [], facts: {} });
});
