import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { between, segment, stunFrame } from './support/service-frames.ts';

describe('stun', () => {
  it('reads an answer with a hidden address (RFC 5769, 2.2)', () => {
    const frame = dissect(stunFrame);
    expect(fieldsOf(frame, 'stun')).toEqual([
      ['stun.type', '0x0101'],
      ['stun.type.class', '0x0010'],
      ['stun.type.method', '0x0001'],
      ['stun.length', '60'],
      ['stun.cookie', '2112a442'],
      ['stun.id', 'b7e7a701bc34d686fa87dfae'],
      ['stun.network_version', '3'],
      ['stun.attribute', '0x8022'],
      ['stun.att.type', '0x8022'],
      ['stun.att.type.comprehension', '0x0001'],
      ['stun.att.type.assignment', '0x0000'],
      ['stun.att.length', '11'],
      ['stun.att.software', 'test vector'],
      ['stun.att.padding', '1'],
      ['stun.attribute', '0x0020'],
      ['stun.att.type', '0x0020'],
      ['stun.att.type.comprehension', '0x0000'],
      ['stun.att.type.assignment', '0x0000'],
      ['stun.att.length', '8'],
      ['stun.att.reserved', '00'],
      ['stun.att.family', '0x01'],
      ['stun.att.port', '32853'],
      ['stun.att.ipv4', '192.0.2.1'],
      ['stun.attribute', '0x0008'],
      ['stun.att.type', '0x0008'],
      ['stun.att.type.comprehension', '0x0000'],
      ['stun.att.type.assignment', '0x0000'],
      ['stun.att.length', '20'],
      ['stun.att.hmac', '2b91f599fd9e90c38c7489f92af9ba53f06be7d7'],
      ['stun.attribute', '0x8028'],
      ['stun.att.type', '0x8028'],
      ['stun.att.type.comprehension', '0x0001'],
      ['stun.att.type.assignment', '0x0000'],
      ['stun.att.length', '4'],
      ['stun.att.crc32', '0xc07d4c96'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('is recognised by its cookie on any port, alone and behind a length over TCP', () => {
    const request = '0001 0008 2112a442 0102030405060708090a0b0c 0024 0004 6e0001ff';
    const plain = dissect(between(50_000, 50_001, request));
    expect(plain.names.at(-1)).toBe('stun');
    expect(plain.values['stun.att.priority']).toEqual(['1845494271']);
    const framed = dissect(segment(50_001, '001c', request, '001c', request));
    expect(framed.names).toEqual(['eth', 'ip', 'tcp', 'stun', 'stun']);
    expect(framed.values['stun.tcp_frame_length']).toEqual(['28', '28']);
  });

  it('has data of a channel', () => {
    const frame = dissect(between(50_000, 3478, '4003 0004 01020304'));
    expect(fieldsOf(frame, 'stun')).toEqual([
      ['stun.channel', '0x4003'],
      ['stun.length', '4'],
    ]);
    expect(dissect(between(50_000, 3478, '4003 0009 01020304')).names).not.toContain('stun');
  });
});
