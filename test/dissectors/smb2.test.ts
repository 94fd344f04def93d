import { describe, expect, it } from 'vitest';
import { smb2Answer, smb2Encrypted, smb2Negotiate, toTcp } from './support/application-frames.ts';
import { dissect } from './support/registry.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('smb2', () => {
  it('reads a negotiation', () => {
    expectValues(smb2Negotiate, {
      'nbss.type': ['0x00'],
      'nbss.length': ['104'],
      'smb2.protocol_id': ['0xfe534d42'],
      'smb2.header_len': ['64'],
      'smb2.credit.charge': ['1'],
      'smb2.channel_sequence': ['0'],
      'smb2.cmd': ['0'],
      'smb2.credits.requested': ['1'],
      'smb2.flags': ['0x00000000'],
      'smb2.flags.response': ['0'],
      'smb2.flags.async': ['0'],
      'smb2.flags.chained': ['0'],
      'smb2.flags.signature': ['0'],
      'smb2.flags.priority_mask': ['0'],
      'smb2.flags.dfs': ['0'],
      'smb2.flags.replay': ['0'],
      'smb2.chain_offset': ['0x00000000'],
      'smb2.msg_id': ['5'],
      'smb2.pid': ['0x0000feff'],
      'smb2.tid': ['0x00000000'],
      'smb2.sesid': ['0x1000000000000069'],
      'smb2.signature': ['00000000000000000000000000000000'],
      'smb2.buffer_code': ['0x0024'],
      'smb2.buffer_code.length': ['18'],
      'smb2.buffer_code.dynamic': ['0'],
      'smb2.dialect_count': ['2'],
      'smb2.sec_mode': ['0x01'],
      'smb2.sec_mode.sign_enabled': ['1'],
      'smb2.sec_mode.sign_required': ['0'],
      'smb2.capabilities': ['0x00000077'],
      'smb2.capabilities.dfs': ['1'],
      'smb2.capabilities.leasing': ['1'],
      'smb2.capabilities.large_mtu': ['1'],
      'smb2.capabilities.multi_channel': ['0'],
      'smb2.capabilities.persistent_handles': ['1'],
      'smb2.capabilities.directory_leasing': ['1'],
      'smb2.capabilities.encryption': ['1'],
      'smb2.client_guid': ['04030201-0605-0807-090a-0b0c0d0e0f10'],
      'smb2.dialect': ['0x0202', '0x0310'],
    });
  });

  it('reads an asynchronous answer', () => {
    expectValues(smb2Answer, {
      'nbss.type': ['0x00'],
      'nbss.length': ['73'],
      'smb2.protocol_id': ['0xfe534d42'],
      'smb2.header_len': ['64'],
      'smb2.credit.charge': ['1'],
      'smb2.nt_status': ['0x00000000'],
      'smb2.cmd': ['1'],
      'smb2.credits.granted': ['1'],
      'smb2.flags': ['0x00000003'],
      'smb2.flags.response': ['1'],
      'smb2.flags.async': ['1'],
      'smb2.flags.chained': ['0'],
      'smb2.flags.signature': ['0'],
      'smb2.flags.priority_mask': ['0'],
      'smb2.flags.dfs': ['0'],
      'smb2.flags.replay': ['0'],
      'smb2.chain_offset': ['0x00000000'],
      'smb2.msg_id': ['5'],
      'smb2.aid': ['0x000000000000002a'],
      'smb2.sesid': ['0x1000000000000069'],
      'smb2.signature': ['00000000000000000000000000000000'],
      'smb2.buffer_code': ['0x0009'],
      'smb2.buffer_code.length': ['4'],
      'smb2.buffer_code.dynamic': ['1'],
      'smb2.session_flags': ['0x0001'],
      'smb2.ses_flags.guest': ['1'],
      'smb2.ses_flags.null': ['0'],
      'smb2.ses_flags.encrypt': ['0'],
    });
  });

  it('reads the header of an encrypted message', () => {
    expectValues(smb2Encrypted, {
      'nbss.type': ['0x00'],
      'nbss.length': ['56'],
      'smb2.protocol_id': ['0xfd534d42'],
      'smb2.sesid': ['0x1000000000000069'],
      'smb2.header.transform.signature': ['a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1'],
      'smb2.header.transform.nonce': ['b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2'],
      'smb2.header.transform.msg_size': ['4'],
      'smb2.header.transform.reserved': ['0000'],
      'smb2.header.transform.flags': ['0x0001'],
      'smb2.header.transform.flags.encrypted': ['1'],
    });
  });

  it('refuses what it is not on port 445', () => {
    expectRefused('smb2', 445, toTcp);
  });

  it('refuses what it is not on port 139', () => {
    expectRefused('smb2', 139, toTcp);
  });

  it('follows the chain of messages', () => {
    const header = (chain: string) =>
      `fe534d42 4000 0000 00000000 0d00 0100 00000000 ${chain} ${'00'.repeat(40)} 0400 0000`;
    const frame = dissect(toTcp(445, '00 00008c', header('48000000'), '00000000', header('00000000')));
    expect(frame.values['smb2.cmd']).toEqual(['13', '13']);
    const loop = dissect(toTcp(445, '00 000044', header('01000000')));
    expect(loop.values['smb2.cmd']).toBeUndefined();
  });
});
