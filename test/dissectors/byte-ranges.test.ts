import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPcap } from './support/read-pcap.ts';
import { dissect } from './support/registry.ts';
import { noTshark, tsharkRanges } from './support/tshark.ts';
import { unless } from './support/unless.ts';

const CAPTURES = [
  'community-id/icmp.pcap',
  'community-id/icmp6.pcap',
  'community-id/tcp.pcap',
  'formats/sll2.pcap',
  'link/arp-who-has.pcap',
  'network/ah-esp.pcap',
  'network/icmp6-nd-options.pcap',
  'network/ip6_fragments.pcap',
  'network/ipv6-hbh-routing0.pcap',
  'network/ipv6-srh-ext-header.pcap',
  'network/mip6_bu.pcap',
  'transport/options.pcap',
  'transport/tcp-fast-open.pcap',
];

/** Fields of a few bits, for which tshark highlights the whole word they are taken from, and we the bytes they lie in. */
const IN_A_WORD =
  /^(eth\.(dst|src)\.(lg|ig)|vlan\.(priority|dei)|ipv6\.(tclass(\..*)?|fraghdr\.(more|reserved_bits))|icmpv6\.nd\.na\.flag\..*)$/;

describe('byte ranges of fields equal those of tshark', () => {
  for (const capture of CAPTURES) {
    it(capture, ({ skip }) => {
      unless(noTshark, skip);
      const path = join(import.meta.dirname, '..', 'captures', capture);
      const theirs = tsharkRanges(path);
      let compared = 0;
      readPcap(path).forEach(({ bytes, linkType, wire }, i) => {
        const ours = dissect(bytes, { linkType, wire }).layers.flatMap(({ fields }) => fields);
        for (const [name, ranges] of theirs[i]!) {
          const places = ours.filter((field) => field.name === name && field.offset !== undefined);
          if (places.length !== ranges.length) continue; // values are compared elsewhere
          places.forEach(({ offset = 0, length = 0 }, k) => {
            const [from, size] = ranges[k]!;
            if (IN_A_WORD.test(name)) {
              expect(offset, `${name} of frame ${i + 1}`).toBeGreaterThanOrEqual(from);
              expect(offset + length, `${name} of frame ${i + 1}`).toBeLessThanOrEqual(from + size);
            } else expect([offset, length], `${name} of frame ${i + 1}`).toEqual([from, size]);
            compared += 1;
          });
        }
      });
      expect(compared).toBeGreaterThan(20);
    });
  }
});
