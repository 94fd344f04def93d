import { describe, expect, it } from 'vitest';

import { dissect, faults, fieldsOf } from './support/registry.ts';
import { igmpFrame, packet } from './support/service-frames.ts';

describe('igmp', () => {
  it('reads a version 3 report', () => {
    const frame = dissect(igmpFrame);
    expect(fieldsOf(frame, 'igmp')).toEqual([
      ['igmp.version', '3'],
      ['igmp.type', '0x22'],
      ['igmp.reserved', '00'],
      ['igmp.checksum', '0x0000'],
      ['igmp.reserved', '0000'],
      ['igmp.num_grp_recs', '2'],
      ['igmp.record_type', '1'],
      ['igmp.aux_data_len', '0'],
      ['igmp.num_src', '1'],
      ['igmp.maddr', '224.0.0.5'],
      ['igmp.saddr', '10.0.0.7'],
      ['igmp.record_type', '4'],
      ['igmp.aux_data_len', '0'],
      ['igmp.num_src', '0'],
      ['igmp.maddr', '224.0.0.251'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('tells the version of a query by its length and code', () => {
    const version = (dump: string) => dissect(packet(2, dump)).values['igmp.version'];
    expect(version('11 00 0000 00000000')).toEqual(['1']);
    expect(version('11 64 0000 e0000005')).toEqual(['2']);
    expect(version('11 64 0000 e0000005 02 7d 0000')).toEqual(['3']);
  });

  it('reads a coded response time (RFC 3376, 4.1.1)', () => {
    expect(dissect(packet(2, '11 94 0000 e0000005 02 7d 0000')).values['igmp.max_resp']).toEqual(['320']);
  });

  it('is malformed below eight bytes, and keeps all of the payload of its packet', () => {
    expect(faults(dissect(packet(2, '16 00 0000')))).toEqual(['igmp malformed']);
    expect(dissect(igmpFrame).facts).toMatchObject({ protocol: 2, payloadLength: 28 });
  });
});
