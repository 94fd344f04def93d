import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { datagram, tftpFrame } from './support/service-frames.ts';

describe('tftp', () => {
  it('reads a read request with an option', () => {
    const frame = dissect(tftpFrame);
    expect(fieldsOf(frame, 'tftp')).toEqual([
      ['tftp.opcode', '1'],
      ['tftp.source_file', 'rfc1350.txt'],
      ['tftp.type', 'octet'],
      ['tftp.option.name', 'tsize'],
      ['tftp.option.value', '0'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads blocks and errors where the port is its own', () => {
    expect(dissect(datagram(69, '0003 0007 6162')).values['tftp.block']).toEqual(['7']);
    const error = dissect(datagram(69, '0005 0001 6e6f 00'));
    expect(error.values['tftp.error.code']).toEqual(['1']);
    expect(error.values['tftp.error.message']).toEqual(['no']);
    expect(dissect(datagram(69, '0007 0001 6e6f 00')).names).not.toContain('tftp');
  });
});
