import { describe, expect, it } from 'vitest';
import { inIp, udpliteFrame } from './support/application-frames.ts';
import { dissect, faults } from './support/registry.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('udplite', () => {
  it('reads a header', () => {
    expectValues(udpliteFrame, {
      'udp.srcport': ['40000'],
      'udp.dstport': ['9999'],
      'udp.checksum_coverage': ['8'],
      'udp.checksum': ['0x1234'],
    });
  });

  it('is as long as IP says, whatever the checksum covers', () => {
    expect(dissect(udpliteFrame).facts).toMatchObject({ protocol: 136, ports: [40000, 9999], payloadLength: 5 });
  });

  it('covers nothing less than its header and nothing beyond the packet', () => {
    expect(faults(dissect(inIp(136, '9c40 270f 0007 1234 68')))).toEqual(['udplite malformed']);
    expect(faults(dissect(inIp(136, '9c40 270f 000a 1234 68')))).toEqual(['udplite malformed']);
    expect(faults(dissect(inIp(136, '9c40 270f 0000 1234 68')))).toEqual([]);
  });
});
