import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, names } from './support/compare.ts';
import { otherCaptures } from './support/differences.ts';
import { noTshark, tsharkFields } from './support/tshark.ts';
import { unless } from './support/unless.ts';

const vendored = join(import.meta.dirname, '..', 'captures');
const shared = join(import.meta.dirname, '..', '..', '..', 'shared', 'captures');
const recordedFile = join(import.meta.dirname, 'recorded.json');

/** Captures whose values are recorded, so that they are compared without tshark too. */
const RECORDED = [
  'formats/LINKTYPE_IPV6.pcap',
  'formats/linktype_ipv4.pcap',
  'formats/null_loopback.pcap',
  'formats/sll2.pcap',
  'formats/tcp-handshake-nano.pcap',
  'link/802.1ad_QinQ.pcap',
  'link/EthDot3.pcap',
  'link/arp-who-has.pcap',
  'link/packet_trailer.pcap',
  'network/4in6.pcap',
  'network/ipv4-each-option.pcap',
  'network/ipv4-options.pcap',
  'network/ipv6-hbh-routing0.pcap',
  'network/ipv6-srh-ext-header.pcap',
  'network/mip6_bu.pcap',
  'network/ip4-bad-chksum.pcap',
  'community-id/icmp.pcap',
  'community-id/icmp6.pcap',
  'transport/options.pcap',
  'transport/option-sack.pcap',
  'transport/syn-synack.pcap',
  'malformed/udp-len-invalid.pcap',
];

/** Larger ones, read where they are at hand. */
const SHARED = [
  'flows/reddit.pcap',
  'flows/skype.pcap',
  'flows/infected-host-mix.pcap',
  'flows/tor-v6-mix.pcap',
  'formats/sll.pcap',
  'formats/snaplen-truncated-simson.pcap',
  'formats/snaplen-truncated-tcp-timestamp.pcap',
  'network/6in4tunnel.pcap',
  'transport/mptcp-v1.pcap',
];

type Recorded = Readonly<Record<string, readonly Readonly<Record<string, readonly string[]>>[]>>;

/** Captures of the layers that have dissectors. */
const captures = readdirSync(vendored, { recursive: true, encoding: 'utf8' })
  .filter(
    (path) => path.endsWith('.pcap') && /^(formats|link|malformed|network|transport)/.test(path) && !isOther(path),
  )
  .toSorted();

function isOther(path: string): boolean {
  return otherCaptures[path] !== undefined || isPcapng(join(vendored, path));
}

function isPcapng(path: string): boolean {
  return readFileSync(path).readUInt32BE(0) === 0x0a0d0d0a;
}

function checkAgainst(path: string): void {
  const rows = tsharkFields(path, names);
  const index = new Map(names.map((name, i) => [name, i]));
  const { frames, unexplained } = compare(path, (frame, name) => rows[frame]?.[index.get(name)!] ?? []);
  expect(rows.length, 'frames').toBe(frames);
  expect(unexplained).toEqual([]);
}

describe('fields equal those that tshark recorded', () => {
  const recorded = JSON.parse(existsSync(recordedFile) ? readFileSync(recordedFile, 'utf8') : '{}') as Recorded;

  for (const capture of RECORDED) {
    it(capture, () => {
      const frames = recorded[capture]!;
      const {
        frames: count,
        same,
        unexplained,
      } = compare(join(vendored, capture), (frame, name) => frames[frame]?.[name] ?? []);
      expect(count).toBe(frames.length);
      expect(unexplained).toEqual([]);
      expect(same).toBeGreaterThan(10 * count);
    });
  }

  it('are as tshark says them now', ({ skip }) => {
    unless(noTshark, skip);
    const now = Object.fromEntries(
      RECORDED.map((capture) => {
        const rows = tsharkFields(join(vendored, capture), names);
        return [
          capture,
          rows.map((row) =>
            Object.fromEntries(names.map((name, i) => [name, row[i]!]).filter(([, values]) => values!.length > 0)),
          ),
        ];
      }),
    );
    if (process.env.PACKETLOOM_RECORD) writeFileSync(recordedFile, `${JSON.stringify(now)}\n`);
    else expect(recorded).toEqual(now);
  });
});

describe('fields equal those of tshark', () => {
  it('in the vendored captures, each difference explained', ({ skip }) => {
    unless(noTshark, skip);
    const unexplained = captures.map((capture) => {
      const rows = tsharkFields(join(vendored, capture), names);
      const index = new Map(names.map((name, i) => [name, i]));
      const compared = compare(join(vendored, capture), (frame, name) => rows[frame]?.[index.get(name)!] ?? []);
      return {
        capture,
        frames: rows.length === compared.frames,
        unexplained: compared.unexplained.slice(0, 5),
        reasons: compared.reasons,
      };
    });
    expect(unexplained.filter((one) => !one.frames || one.unexplained.length > 0)).toEqual([]);
  }, 300_000);

  for (const capture of SHARED) {
    it(capture, ({ skip }) => {
      unless(noTshark, skip);
      unless(existsSync(join(shared, capture)) ? undefined : 'the shared captures are not here', skip);
      checkAgainst(join(shared, capture));
    });
  }
});
