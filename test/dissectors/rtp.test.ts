import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { between, rtpFrame } from './support/service-frames.ts';

describe('rtp', () => {
  it('reads a packet of G.711', () => {
    const frame = dissect(rtpFrame);
    expect(fieldsOf(frame, 'rtp')).toEqual([
      ['rtp.version', '2'],
      ['rtp.padding', '0'],
      ['rtp.ext', '0'],
      ['rtp.cc', '0'],
      ['rtp.marker', '1'],
      ['rtp.p_type', '8'],
      ['rtp.seq', '2892'],
      ['rtp.timestamp', '160'],
      ['rtp.ssrc', '0x44a1b2c3'],
      [
        'rtp.payload',
        'd5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5',
      ],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('is not guessed between odd ports, with other sizes or other first bytes', () => {
    const payload = 'd5'.repeat(160);
    for (const [source, destination, dump] of [
      [30_001, 40_392, `80 08 0b4c 000000a0 44a1b2c3 ${payload}`],
      [30_000, 40_392, `80 08 0b4c 000000a0 44a1b2c3 ${payload} d5`],
      [30_000, 40_392, `90 08 0b4c 000000a0 44a1b2c3 ${payload}`],
      [30_000, 40_392, `80 4d 0b4c 000000a0 44a1b2c3 ${payload}`],
      [30_000, 40_392, `80 08 0b4c 000000a0 00000000 ${payload}`],
    ] as const)
      expect(dissect(between(source, destination, dump)).names).toEqual(['eth', 'ip', 'udp']);
  });

  it('says that it was guessed', () => {
    expect(dissect(between(30_000, 40_392, `80 60 0b4c 000000a0 44a1b2c3 0102`)).names.at(-1)).toBe('rtp');
  });
});
