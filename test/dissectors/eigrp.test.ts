import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { eigrpFrame } from './support/service-frames.ts';

describe('eigrp', () => {
  it('reads a hello message', () => {
    const frame = dissect(eigrpFrame);
    expect(fieldsOf(frame, 'eigrp')).toEqual([
      ['eigrp.version', '2'],
      ['eigrp.opcode', '5'],
      ['eigrp.checksum', '0x0000'],
      ['eigrp.flags', '0x00000000'],
      ['eigrp.flags.eot', '0'],
      ['eigrp.flags.restart', '0'],
      ['eigrp.flags.condrecv', '0'],
      ['eigrp.flags.init', '0'],
      ['eigrp.seq', '0'],
      ['eigrp.ack', '0'],
      ['eigrp.vrid', '0'],
      ['eigrp.as', '100'],
      ['eigrp.tlv_type', '0x0001'],
      ['eigrp.tlv.len', '12'],
      ['eigrp.par.k1', '1'],
      ['eigrp.par.k2', '0'],
      ['eigrp.par.k3', '1'],
      ['eigrp.par.k4', '0'],
      ['eigrp.par.k5', '0'],
      ['eigrp.par.k6', '0'],
      ['eigrp.par.holdtime', '15'],
      ['eigrp.tlv_type', '0x0004'],
      ['eigrp.tlv.len', '8'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });
});
