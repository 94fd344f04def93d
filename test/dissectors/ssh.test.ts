import { describe, expect, it } from 'vitest';
import { lines, sshBanner, sshKeys, toTcp } from './support/application-frames.ts';
import { dissect } from './support/registry.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('ssh', () => {
  it('reads a version line', () => {
    expectValues(sshBanner, {
      'ssh.protocol': ['SSH-2.0-Test_1.0 comment'],
    });
  });

  it('reads the key exchange in the clear', () => {
    expectValues(sshKeys, {
      'ssh.packet_length': ['108'],
      'ssh.padding_length': ['5'],
      'ssh.message_code': ['20'],
      'ssh.cookie': ['a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'],
      'ssh.kex_algorithms_length': ['9'],
      'ssh.kex_algorithms': ['kex1,kex2'],
      'ssh.server_host_key_algorithms_length': ['7'],
      'ssh.server_host_key_algorithms': ['ssh-rsa'],
      'ssh.encryption_algorithms_client_to_server_length': ['4'],
      'ssh.encryption_algorithms_client_to_server': ['aes1'],
      'ssh.encryption_algorithms_server_to_client_length': ['4'],
      'ssh.encryption_algorithms_server_to_client': ['aes2'],
      'ssh.mac_algorithms_client_to_server_length': ['4'],
      'ssh.mac_algorithms_client_to_server': ['mac1'],
      'ssh.mac_algorithms_server_to_client_length': ['4'],
      'ssh.mac_algorithms_server_to_client': ['mac2'],
      'ssh.compression_algorithms_client_to_server_length': ['4'],
      'ssh.compression_algorithms_client_to_server': ['none'],
      'ssh.compression_algorithms_server_to_client_length': ['4'],
      'ssh.compression_algorithms_server_to_client': ['zlib'],
      'ssh.languages_client_to_server_length': ['0'],
      'ssh.languages_server_to_client_length': ['0'],
      'ssh.first_kex_packet_follows': ['0'],
      'ssh.kex.reserved': ['00000000'],
      'ssh.kex.hassh_algorithms': ['kex1,kex2;aes1;mac1;none'],
      'ssh.kex.hassh': ['4e98d87f798c365e5229452d67cfc470'],
      'ssh.padding_string': ['0000000000'],
    });
  });

  it('refuses what it is not on port 22', () => {
    expectRefused('ssh', 22, toTcp);
  });

  it('reads both in one segment', () => {
    const frame = dissect(toTcp(22, lines('SSH-2.0-x'), '0000000c 0a 15', '00'.repeat(10)));
    expect(frame.values['ssh.protocol']).toEqual(['SSH-2.0-x']);
    expect(frame.values['ssh.message_code']).toEqual(['21']);
  });
});
