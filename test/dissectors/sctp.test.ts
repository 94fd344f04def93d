import { describe, expect, it } from 'vitest';
import { inIp, sctpInit, sctpMixed } from './support/application-frames.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults } from './support/registry.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('sctp', () => {
  it('reads INIT with its parameters', () => {
    expectValues(sctpInit, {
      'sctp.srcport': ['40000'],
      'sctp.dstport': ['2905'],
      'sctp.verification_tag': ['0x01020304'],
      'sctp.checksum': ['0x00000000'],
      'sctp.chunk_type': ['1'],
      'sctp.chunk_bit_1': ['0'],
      'sctp.chunk_bit_2': ['0'],
      'sctp.chunk_flags': ['0x00'],
      'sctp.chunk_length': ['44'],
      'sctp.initiate_tag': ['0x00000001'],
      'sctp.init_initiate_tag': ['0x00000001'],
      'sctp.init_credit': ['65535'],
      'sctp.init_nr_out_streams': ['1'],
      'sctp.init_nr_in_streams': ['2'],
      'sctp.init_initial_tsn': ['5'],
      'sctp.parameter_type': ['0x0005', '0x8008', '0x000b'],
      'sctp.parameter_length': ['8', '7', '8'],
      'sctp.parameter_bit_1': ['0', '1', '0'],
      'sctp.parameter_bit_2': ['0', '0', '0'],
      'sctp.parameter_ipv4_address': ['10.0.0.1'],
      'sctp.parameter_hostname': ['abc'],
      'sctp.supported_chunk_type': ['193', '128', '130'],
      'sctp.parameter_padding': ['00'],
    });
  });

  it('reads several chunks', () => {
    expectValues(sctpMixed, {
      'sctp.srcport': ['40000'],
      'sctp.dstport': ['2905'],
      'sctp.verification_tag': ['0x01020304'],
      'sctp.checksum': ['0x00000000'],
      'sctp.chunk_type': ['3', '0', '6'],
      'sctp.chunk_bit_1': ['0', '0', '0'],
      'sctp.chunk_bit_2': ['0', '0', '0'],
      'sctp.chunk_flags': ['0x00', '0x03', '0x01'],
      'sctp.chunk_length': ['28', '19', '12'],
      'sctp.data_e_bit': ['1'],
      'sctp.data_b_bit': ['1'],
      'sctp.data_u_bit': ['0'],
      'sctp.data_i_bit': ['0'],
      'sctp.data_tsn_raw': ['5'],
      'sctp.data_sid': ['0x0001'],
      'sctp.data_ssn': ['2'],
      'sctp.data_payload_proto_id': ['51'],
      'sctp.sack_nounce_sum': ['0'],
      'sctp.sack_cumulative_tsn_ack_raw': ['1'],
      'sctp.sack_a_rwnd': ['65535'],
      'sctp.sack_number_of_gap_blocks': ['2'],
      'sctp.sack_number_of_duplicated_tsns': ['1'],
      'sctp.sack_gap_block_start': ['2', '5'],
      'sctp.sack_gap_block_end': ['3', '6'],
      'sctp.sack_duplicate_tsn': ['9'],
      'sctp.abort_t_bit': ['1'],
      'sctp.cause_code': ['0x000c'],
      'sctp.cause_length': ['7'],
      'sctp.cause_information': ['627965'],
      'sctp.cause_padding': ['00'],
      'sctp.chunk_padding': ['00'],
    });
  });

  it('tells the meter ports and payload', () => {
    expect(dissect(sctpMixed).facts).toMatchObject({ protocol: 132, ports: [40000, 2905], payloadLength: 60 });
  });

  it('is cut short at every byte', () => {
    expectCutShort(sctpInit, 46);
  });

  it('finds chunks that are too short or too long', () => {
    expect(faults(dissect(inIp(132, '9c40 0b59 01020304 00000000', '00 03 0003 00')))).toEqual(['sctp malformed']);
    expect(faults(dissect(inIp(132, '9c40 0b59 01020304 00000000', '00 03 0020 00')))).toEqual(['sctp malformed']);
  });
});
