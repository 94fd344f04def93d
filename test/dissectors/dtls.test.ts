import { describe, expect, it } from 'vitest';
import { dtlsHello, toUdp } from './support/application-frames.ts';
import { dissect } from './support/registry.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('dtls', () => {
  it('reads a ClientHello', () => {
    expectValues(dtlsHello, {
      'dtls.record.content_type': ['22'],
      'dtls.record.version': ['0xfeff'],
      'dtls.record.epoch': ['0'],
      'dtls.record.sequence_number': ['1'],
      'dtls.record.length': ['75'],
      'dtls.handshake.type': ['1'],
      'dtls.handshake.length': ['63'],
      'dtls.handshake.message_seq': ['1'],
      'dtls.handshake.fragment_offset': ['0'],
      'dtls.handshake.fragment_length': ['63'],
      'dtls.handshake.version': ['0xfefd'],
      'dtls.handshake.random': ['0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
      'dtls.handshake.random_time': ['Jul 15, 1970 16:57:40.000000000 UTC'],
      'dtls.handshake.random_bytes': ['05060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
      'dtls.handshake.session_id_length': ['0'],
      'dtls.handshake.cookie_length': ['2'],
      'dtls.handshake.cookie': ['c0c1'],
      'dtls.handshake.cipher_suites_length': ['4'],
      'dtls.handshake.ciphersuite': ['0xc02b', '0x00ff'],
      'dtls.handshake.comp_methods_length': ['1'],
      'dtls.handshake.comp_method': ['0'],
      'dtls.handshake.extensions_length': ['15'],
      'dtls.handshake.extension.type': ['14', '23'],
      'dtls.handshake.extension.len': ['7', '0'],
      'dtls.use_srtp.protection_profiles_length': ['4'],
      'dtls.use_srtp.protection_profile': ['0x0007', '0x0001'],
      'dtls.use_srtp.mki_length': ['0'],
      'dtls.handshake.ja3_full': ['65277,49195-255,14-23,,'],
      'dtls.handshake.ja3': ['88d2cf2caf56b9624f8f1ce2bbf696db'],
    });
  });

  it('refuses what it is not on port 4740', () => {
    expectRefused('dtls', 4740, toUdp);
  });

  it('refuses what it is not on port 50000', () => {
    expectRefused('dtls', 50000, toUdp);
  });

  it('reads the body of whole messages only', () => {
    const fragment = dissect(
      toUdp(4740, '16 fefd 0000 000000000001 0012', '01 000100 0001 000000 000006', 'fefd 01020304'),
    );
    expect(fragment.values['dtls.handshake.fragment_length']).toEqual(['6']);
    expect(fragment.values['dtls.handshake.version']).toBeUndefined();
  });

  it('leaves alone what a later epoch encrypts', () => {
    const frame = dissect(toUdp(4740, '16 fefd 0001 000000000001 0010', '00'.repeat(16)));
    expect(frame.values['dtls.record.epoch']).toEqual(['1']);
    expect(frame.values['dtls.handshake.type']).toBeUndefined();
  });
});
