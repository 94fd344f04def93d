import { describe, expect, it } from 'vitest';
import { dccpRequest, dccpShort, inIp } from './support/application-frames.ts';
import { dissect, faults } from './support/registry.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('dccp', () => {
  it('reads a request', () => {
    expectValues(dccpRequest, {
      'dccp.srcport': ['40000'],
      'dccp.dstport': ['5001'],
      'dccp.data_offset': ['7'],
      'dccp.ccval': ['1'],
      'dccp.cscov': ['2'],
      'dccp.checksum': ['0xabcd'],
      'dccp.res1': ['0x00'],
      'dccp.type': ['0'],
      'dccp.x': ['1'],
      'dccp.res2': ['0x00'],
      'dccp.seq_raw': ['2'],
      'dccp.service_code': ['707406378'],
      'dccp.option_type': ['32', '0', '0', '0'],
      'dccp.feature_number': ['1'],
    });
  });

  it('reads short sequence numbers, here of an acknowledgment', () => {
    expectValues(dccpShort, {
      'dccp.srcport': ['40000'],
      'dccp.dstport': ['5001'],
      'dccp.data_offset': ['5'],
      'dccp.ccval': ['0'],
      'dccp.cscov': ['0'],
      'dccp.checksum': ['0xabcd'],
      'dccp.res1': ['0x00'],
      'dccp.type': ['3'],
      'dccp.x': ['0'],
      'dccp.ack_res': ['0x0000'],
      'dccp.ack_raw': ['7'],
      'dccp.option_type': ['38'],
      'dccp.ack_vector.nonce_0': ['c001'],
    });
  });

  it('reads the short sequence number itself', () => {
    expect(dissect(dccpShort).values['dccp.seq_raw']).toEqual(['258']); // 000102; tshark has it as dccp.seq only
  });

  it('tells the meter ports and payload', () => {
    expect(dissect(dccpRequest).facts).toMatchObject({ protocol: 33, ports: [40000, 5001], payloadLength: 0 });
  });

  it('has a data offset that leaves room for the header', () => {
    const frame = dissect(inIp(33, '9c40 1389 04 00 abcd 01 00 0000 00000002', '2a2a2a2a'));
    expect(faults(frame)).toEqual(['dccp malformed']);
    expect(frame.facts.payloadLength).toBeUndefined();
  });
});
