import { describe, expect, it } from 'vitest';
import { checkBytes, openBench } from '../../core/testing.ts';
import { clientHello, serverCertificate, serverFlight, toTcp } from './support/application-frames.ts';
import { dissect, faults, registry } from './support/registry.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('tls', () => {
  it('reads a ClientHello with its extensions', () => {
    expectValues(clientHello, {
      'tls.record.content_type': ['22'],
      'tls.record.version': ['0x0301'],
      'tls.record.length': ['183'],
      'tls.handshake.type': ['1'],
      'tls.handshake.length': ['179'],
      'tls.handshake.version': ['0x0303'],
      'tls.handshake.random': ['0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
      'tls.handshake.random_time': ['Jul 15, 1970 16:57:40.000000000 UTC'],
      'tls.handshake.random_bytes': ['05060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
      'tls.handshake.session_id_length': ['4'],
      'tls.handshake.session_id': ['aabbccdd'],
      'tls.handshake.cipher_suites_length': ['8'],
      'tls.handshake.ciphersuite': ['0x0a0a', '0x1301', '0xc02b', '0x002f'],
      'tls.handshake.comp_methods_length': ['1'],
      'tls.handshake.comp_method': ['0'],
      'tls.handshake.extensions_length': ['126'],
      'tls.handshake.extension.type': ['6682', '0', '5', '10', '11', '13', '16', '43', '45', '51', '65281', '28', '21'],
      'tls.handshake.extension.len': ['0', '16', '5', '8', '2', '6', '14', '5', '2', '10', '1', '2', '3'],
      'tls.handshake.extensions_server_name_list_len': ['14'],
      'tls.handshake.extensions_server_name_type': ['0'],
      'tls.handshake.extensions_server_name_len': ['11'],
      'tls.handshake.extensions_server_name': ['example.org'],
      'tls.handshake.extensions_status_request_type': ['1'],
      'tls.handshake.extensions_status_request_responder_ids_len': ['0'],
      'tls.handshake.extensions_status_request_exts_len': ['0'],
      'tls.handshake.extensions.supported_versions_len': ['4'],
      'tls.handshake.extensions.supported_version': ['0x0304', '0x0303'],
      'tls.extension.psk_ke_modes_length': ['1'],
      'tls.extension.psk_ke_mode': ['1'],
      'tls.handshake.extensions_key_share_client_length': ['8'],
      'tls.handshake.extensions_key_share_group': ['29'],
      'tls.handshake.extensions_key_share_key_exchange_length': ['4'],
      'tls.handshake.extensions_key_share_key_exchange': ['0a0b0c0d'],
      'tls.handshake.extensions_supported_groups_length': ['6'],
      'tls.handshake.extensions_supported_group': ['0x2a2a', '0x001d', '0x0017'],
      'tls.handshake.extensions_ec_point_formats_length': ['1'],
      'tls.handshake.extensions_ec_point_format': ['0'],
      'tls.handshake.sig_hash_alg_len': ['4'],
      'tls.handshake.sig_hash_alg': ['0x0403', '0x0804'],
      'tls.handshake.sig_hash_hash': ['4', '8'],
      'tls.handshake.sig_hash_sig': ['3', '4'],
      'tls.handshake.extensions_alpn_len': ['12'],
      'tls.handshake.extensions_alpn_str_len': ['2', '8'],
      'tls.handshake.extensions_alpn_str': ['h2', 'http/1.1'],
      'tls.handshake.extensions_padding_data': ['000000'],
      'tls.record_size_limit': ['16385'],
      'tls.handshake.extensions_reneg_info_len': ['0'],
      'tls.handshake.extension.data': ['<MISSING>'],
      'tls.handshake.ja3_full': ['771,4865-49195-47,0-5-10-11-13-16-43-45-51-65281-28-21,29-23,0'],
      'tls.handshake.ja3': ['7ed5b14ae0297fe051126e4350c5ada4'],
    });
  });

  it('reads the records of a server one after another, what is encrypted as such', () => {
    expectValues(serverFlight, {
      'tls.record.content_type': ['22', '22', '20', '22', '21', '23'],
      'tls.record.version': ['0x0303', '0x0303', '0x0303', '0x0303', '0x0303', '0x0303'],
      'tls.record.length': ['53', '27', '1', '16', '2', '4'],
      'tls.app_data': ['deadbeef'],
      'tls.alert_message.level': ['2'],
      'tls.alert_message.desc': ['40'],
      'tls.handshake.type': ['2', '12', '14'],
      'tls.handshake.length': ['49', '19', '0'],
      'tls.handshake.version': ['0x0303'],
      'tls.handshake.random': ['0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
      'tls.handshake.random_time': ['Jul 15, 1970 16:57:40.000000000 UTC'],
      'tls.handshake.random_bytes': ['05060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
      'tls.handshake.session_id_length': ['0'],
      'tls.handshake.ciphersuite': ['0xc02b'],
      'tls.handshake.comp_method': ['0'],
      'tls.handshake.extensions_length': ['9'],
      'tls.handshake.extension.type': ['16'],
      'tls.handshake.extension.len': ['5'],
      'tls.handshake.sig_hash_alg': ['0x0403'],
      'tls.handshake.sig_hash_hash': ['4'],
      'tls.handshake.sig_hash_sig': ['3'],
      'tls.handshake.extensions_alpn_len': ['3'],
      'tls.handshake.extensions_alpn_str_len': ['2'],
      'tls.handshake.extensions_alpn_str': ['h2'],
      'tls.handshake.ja3s_full': ['771,49195,16'],
      'tls.handshake.ja3s': ['73c5401bc2544038f608637524b63c6a'],
      'tls.handshake.server_curve_type': ['0x03'],
      'tls.handshake.server_named_curve': ['0x001d'],
      'tls.handshake.server_point_len': ['4'],
      'tls.handshake.server_point': ['01020304'],
      'tls.handshake.sig_len': ['7'],
      'tls.handshake.sig': ['0a0b0c0d0e0f10'],
    });
  });

  it('refuses what it is not on port 443', () => {
    expectRefused('tls', 443, toTcp);
  });

  it('refuses what it is not on port 50443', () => {
    expectRefused('tls', 50443, toTcp);
  });

  it('reads certificates', () => {
    expectValues(serverCertificate, {
      'tls.handshake.certificates_length': ['7'],
      'tls.handshake.certificate_length': ['4'],
      'tls.handshake.certificate': ['30820102'],
    });
  });

  it('shows a record that goes on in the next segment only when it begins with a ClientHello', () => {
    const hello = dissect(toTcp(443, '16 0301 0200 01 0001fc 0303', '01'.repeat(32), '00 0004 1301 1302'));
    expect(hello.values['tls.record.length']).toEqual(['512']);
    expect(hello.values['tls.handshake.ciphersuite']).toEqual(['0x1301', '0x1302']);
    const data = dissect(toTcp(443, '15 0303 0002 01 00', '17 0303 0200', 'aa'.repeat(20)));
    expect(data.values['tls.record.length']).toEqual(['2']);
    expect([...faults(hello), ...faults(data)]).toEqual([]);
  });

  it('shows a record that the capture cut', () => {
    const cut = dissect(serverFlight.subarray(0, serverFlight.length - 2), { wire: serverFlight.length });
    expect(cut.values['tls.app_data']).toEqual(['dead']);
  });

  it('does not read encrypted handshakes as messages', () => {
    // The explicit nonce of zeros would be a HelloRequest.
    const finished = dissect(toTcp(443, '16 0303 0028', '00'.repeat(8), 'a7'.repeat(32)));
    expect(finished.values['tls.record.content_type']).toEqual(['22']);
    expect(finished.values['tls.handshake.type']).toBeUndefined();
    const request = dissect(toTcp(443, '16 0303 0004', '00 000000'));
    expect(request.values['tls.handshake.type']).toEqual(['0']);
  });

  it('reads a segment full of the smallest messages in time', () => {
    checkBytes('tls', openBench(registry), toTcp(443, '16 0303 0004 0e 000000'.repeat(7000)));
  });

  it('is found on any port by its look', () => {
    const frame = dissect(toTcp(50443, '17 0303 0002 abcd'));
    expect(frame.names.at(-1)).toBe('tls');
  });
});
