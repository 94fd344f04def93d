import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { cflowFrame, datagram } from './support/service-frames.ts';

describe('cflow', () => {
  it('reads IPFIX with a template', () => {
    const frame = dissect(cflowFrame);
    expect(fieldsOf(frame, 'cflow')).toEqual([
      ['cflow.version', '10'],
      ['cflow.len', '52'],
      ['cflow.timestamp', 'Nov 14, 2023 22:13:20.000000000 UTC'],
      ['cflow.exporttime', '1700000000'],
      ['cflow.sequence', '81'],
      ['cflow.od_id', '6'],
      ['cflow.flowset_id', '2'],
      ['cflow.flowset_length', '20'],
      ['cflow.template_id', '256'],
      ['cflow.template_field_count', '3'],
      ['cflow.template_ipfix_pen_provided', '0'],
      ['cflow.template_ipfix_field_type', '8'],
      ['cflow.template_field_length', '4'],
      ['cflow.template_ipfix_pen_provided', '0'],
      ['cflow.template_ipfix_field_type', '12'],
      ['cflow.template_field_length', '4'],
      ['cflow.template_ipfix_pen_provided', '0'],
      ['cflow.template_ipfix_field_type', '1'],
      ['cflow.template_field_length', '4'],
      ['cflow.flowset_id', '256'],
      ['cflow.flowset_length', '16'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads the flows of version 5', () => {
    const flow =
      '0a000001 0a000002 00000000 0001 0002 0000000a 000003e8 000186a0 00030d40 04d2 0050 00 1b 06 00 fde9 fdea 18 18 0000';
    const frame = dissect(datagram(2055, '0005 0001 000493e0 6553f100 0001e240 0000004d 01 02 4064', flow));
    expect(frame.values['cflow.timestamp']).toEqual(['Nov 14, 2023 22:13:20.000123456 UTC']);
    expect(frame.values['cflow.samplerate']).toEqual(['100']);
    expect(frame.values['cflow.timeend']).toEqual(['200.000000000']);
    expect(frame.values['cflow.octets']).toEqual(['1000']);
    expect(
      dissect(datagram(2055, '0005 0002 000493e0 6553f100 0001e240 0000004d 01 02 4064', flow)).names,
    ).not.toContain('cflow');
  });
});
