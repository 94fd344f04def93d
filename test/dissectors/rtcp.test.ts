import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { between, rtcpFrame } from './support/service-frames.ts';

describe('rtcp', () => {
  it('reads a compound of sender report and description', () => {
    const frame = dissect(rtcpFrame);
    expect(fieldsOf(frame, 'rtcp')).toEqual([
      ['rtcp.version', '2'],
      ['rtcp.padding', '0'],
      ['rtcp.rc', '1'],
      ['rtcp.pt', '200'],
      ['rtcp.length', '12'],
      ['rtcp.senderssrc', '0xaabbccdd'],
      ['rtcp.timestamp.ntp.msw', '3758096384'],
      ['rtcp.timestamp.ntp.lsw', '2147483648'],
      ['rtcp.timestamp.ntp', 'Feb  2, 2019 11:39:44.500000000 UTC'],
      ['rtcp.timestamp.rtp', '160'],
      ['rtcp.sender.packetcount', '10'],
      ['rtcp.sender.octetcount', '1600'],
      ['rtcp.ssrc.identifier', '0x11111111'],
      ['rtcp.ssrc.fraction', '32'],
      ['rtcp.ssrc.cum_nr', '-2'],
      ['rtcp.ssrc.high_cycles', '1'],
      ['rtcp.ssrc.high_seq', '2'],
      ['rtcp.ssrc.ext_high', '65538'],
      ['rtcp.ssrc.jitter', '7'],
      ['rtcp.ssrc.lsr', '305419896'],
      ['rtcp.ssrc.dlsr', '65536'],
      ['rtcp.version', '2'],
      ['rtcp.padding', '0'],
      ['rtcp.sc', '1'],
      ['rtcp.pt', '202'],
      ['rtcp.length', '3'],
      ['rtcp.ssrc.identifier', '0xaabbccdd'],
      ['rtcp.sdes.type', '1'],
      ['rtcp.sdes.length', '4'],
      ['rtcp.sdes.text', 'name'],
      ['rtcp.sdes.type', '0'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads the reason of a goodbye', () => {
    const frame = dissect(between(30_001, 40_393, '80 c9 0001 00000005', '82 cb 0003 00000005 00000006 03 627965'));
    expect(frame.values['rtcp.ssrc.identifier']).toEqual(['0x00000005', '0x00000006']);
    expect(frame.values['rtcp.sdes.text']).toEqual(['bye']);
  });

  it('is guessed only where its packets fill the datagram', () => {
    expect(dissect(between(30_001, 40_393, '80 c9 0001 00000005 00')).names).not.toContain('rtcp');
    expect(dissect(between(30_001, 40_393, '80 c9 0002 00000005')).names).not.toContain('rtcp');
    expect(dissect(between(30_001, 40_393, '80 cb 0001 00000005')).names).not.toContain('rtcp');
  });
});
