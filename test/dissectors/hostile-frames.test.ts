import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostileFrames } from './support/hostile-frames.ts';
import { dissect, faults } from './support/registry.ts';
import { noTshark, tsharkFields } from './support/tshark.ts';
import { unless } from './support/unless.ts';
import { writePcap } from './support/write-pcap.ts';

describe('hostile frames', () => {
  for (const { title, bytes, wire, layers, faults: expected, ports, payloadLength } of hostileFrames) {
    it(title, () => {
      const frame = dissect(bytes, wire === undefined ? {} : { wire });
      expect(frame.names).toEqual(layers);
      expect(faults(frame)).toEqual(expected);
      expect(frame.facts.ports).toEqual(ports);
      expect(frame.facts.payloadLength).toBe(payloadLength);
    });
  }

  it('has the layers that tshark finds', ({ skip }) => {
    unless(noTshark, skip);
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    try {
      const path = join(folder, 'hostile.pcap');
      const frames = hostileFrames.map(({ bytes }) => bytes);
      writePcap(
        path,
        frames,
        1,
        hostileFrames.map(({ bytes, wire }) => wire ?? bytes.length),
      );
      const rows = tsharkFields(path, ['frame.protocols', 'tcp.srcport', 'udp.srcport']);
      hostileFrames.forEach(({ title, tshark, ports }, i) => {
        const [protocols, tcpPort, udpPort] = rows[i]!;
        // What tshark makes of a payload, and that it calls a frame malformed, is behind the layers compared here.
        const found = protocols![0]!.replace(/:(data|_ws\.[a-z]+|http|dns|domain)\b.*$/, '');
        expect(found, title).toBe(tshark);
        if (ports !== undefined) expect([...tcpPort!, ...udpPort!], title).toEqual([String(ports[0])]);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
