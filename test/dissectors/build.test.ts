import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing.ts';
import { buildFrame, ethernet, extension, ipv4, ipv6, message, tag, tcp, udp } from '../../dissectors/build.ts';
import { noTshark, tsharkFields } from './support/tshark.ts';
import { unless } from './support/unless.ts';
import { writePcap } from './support/write-pcap.ts';

describe('frames built by layers', () => {
  it('are these bytes', () => {
    // The IPv4 header is the worked example with checksum b861.
    const header = { source: '192.168.0.1', destination: '192.168.0.199', id: 0, flags: 2 };
    const built = buildFrame(
      ethernet(),
      tag({ id: 5, priority: 1 }),
      ipv4(header),
      udp({ checksum: 0 }),
      new Uint8Array(87),
    );
    expect(built).toEqual(
      hex(
        '020000000002 020000000001 8100',
        '2005 0800',
        '45 00 0073 0000 4000 40 11 b861 c0a80001 c0a800c7',
        'c000 0035 005f 0000',
        '00'.repeat(87),
      ),
    );
  });

  it('state what they are told to', () => {
    const built = buildFrame(
      ethernet({ type: 0x0800, trailer: [9] }),
      ipv4({ length: 1, checksum: 2, protocol: 3, headerLength: 16 }),
    );
    expect(built).toEqual(
      hex('020000000002 020000000001 0800', '44 00 0001 0001 0000 40 03 0002 0a000001 0a000002', '09'),
    );
    expect(() => buildFrame([1], ethernet())).toThrow(TypeError);
  });

  it('have checksums that tshark calls good', ({ skip }) => {
    unless(noTshark, skip);
    const payload = [1, 2, 3, 4, 5];
    const frames = [
      buildFrame(ethernet(), ipv4({ options: [1, 1, 1] }), tcp({ options: [2, 4, 5, 0xb4] }), payload),
      buildFrame(ethernet(), ipv4(), udp({ source: 5000, destination: 5001 }), payload),
      buildFrame(ethernet(), ipv4(), message(4, 8), payload),
      buildFrame(ethernet(), ipv6(), tcp(), payload),
      buildFrame(
        ethernet(),
        ipv6({ destination: 'fe80::1:2' }),
        extension(60, [1, 4, 0, 0, 0, 0]),
        udp({ source: 5000, destination: 5001 }),
        payload,
      ),
      buildFrame(ethernet(), ipv6(), message(6, 128), payload),
      buildFrame(ethernet(), ipv4({ checksum: 1 }), udp({ checksum: 1 }), payload),
    ];
    const folder = mkdtempSync(join(tmpdir(), 'built-'));
    try {
      const path = join(folder, 'built.pcap');
      writePcap(path, frames);
      const names = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6'].map((protocol) => `${protocol}.checksum.status`);
      expect(tsharkFields(path, names)).toEqual([
        [['1'], ['1'], [], [], []],
        [['1'], [], ['1'], [], []],
        [['1'], [], [], ['1'], []],
        [[], ['1'], [], [], []],
        [[], [], ['1'], [], []],
        [[], [], [], [], ['1']],
        [['0'], [], ['0'], [], []],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
