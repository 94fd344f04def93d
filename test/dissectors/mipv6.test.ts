import { describe, it } from 'vitest';
import { bindingAcknowledgement, bindingUpdate, homeTest } from './support/option-frames.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('mipv6', () => {
  it('reads a home test', () => {
    expectValues(homeTest, {
      'mip6.proto': ['59'],
      'mip6.hlen': ['2'],
      'mip6.mhtype': ['3'],
      'mip6.reserved': ['0x00'],
      'mip6.csum': ['0x1234'],
      'mip6.hot.nindex': ['1'],
      'mip6.hot.cookie': ['0x0102030405060708'],
      'mip6.hot.token': ['0x1112131415161718'],
    });
  });

  it('reads a binding update with options', () => {
    expectValues(bindingUpdate, {
      'mip6.proto': ['59'],
      'mip6.hlen': ['4'],
      'mip6.mhtype': ['5'],
      'mip6.reserved': ['0x00'],
      'mip6.csum': ['0x1234'],
      'mip6.bu.seqnr': ['5'],
      'mip6.bu.a_flag': ['1'],
      'mip6.bu.h_flag': ['1'],
      'mip6.bu.l_flag': ['0'],
      'mip6.bu.k_flag': ['0'],
      'mip6.bu.m_flag': ['0'],
      'mip6.nemo.bu.r_flag': ['0'],
      'mip6.bu.p_flag': ['0'],
      'mip6.bu.f_flag': ['0'],
      'mip6.bu.t_flag': ['0'],
      'mip6.bu.b_flag': ['0'],
      'mip6.bu.lifetime': ['100'],
      'mip6.mobility_opt.len': ['16', '4'],
      'mip6.acoa.acoa': ['2001:db8::1'],
      'mip6.ni.hni': ['1'],
      'mip6.ni.cni': ['2'],
    });
  });

  it('reads a binding acknowledgement', () => {
    expectValues(bindingAcknowledgement, {
      'mip6.proto': ['59'],
      'mip6.hlen': ['1'],
      'mip6.mhtype': ['6'],
      'mip6.reserved': ['0x00'],
      'mip6.csum': ['0x1234'],
      'mip6.ba.status': ['1'],
      'mip6.ba.k_flag': ['1'],
      'mip6.nemo.ba.r_flag': ['0'],
      'mip6.ba.p_flag': ['0'],
      'mip6.ba.t_flag': ['0'],
      'mip6.ba.b_flag': ['0'],
      'mip6.ba.seqnr': ['5'],
      'mip6.ba.lifetime': ['100'],
      'mip6.mobility_opt.len': ['2'],
      'mip6.bra.interval': ['100'],
    });
  });
});
