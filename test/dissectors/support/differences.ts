import type { DissectedFrame } from '../../../core/testing.ts';

/** A class of frames and fields where we differ from tshark 4.0 on purpose, or it from the bytes. */
export interface Difference {
  readonly reason: string;
  readonly fields: RegExp;
  /** `ours` and `theirs` are the values of one field in one frame. */
  applies(frame: DissectedFrame, ours: readonly string[], theirs: readonly string[]): boolean;
}

const has = (frame: DissectedFrame, layer: string, code: string) =>
  frame.anomalies.some((anomaly) => anomaly.layer === layer && anomaly.code === code);

export const differences: readonly Difference[] = [
  {
    reason: 'with a source route tshark shows its last address as the destination; we show what the header says',
    fields: /^ip\.(dst|addr|src_rt)$/,
    applies: (frame) => (frame.values['ip.opt.type'] ?? []).some((type) => type === '131' || type === '137'),
  },
  {
    reason: 'for a total length of 0 tshark shows the length it takes instead; we show what the header says',
    fields: /^ip\.len$/,
    applies: (_frame, ours) => ours.includes('0'),
  },
  {
    reason: 'of a TCP header that ends early tshark leaves out some fields that are there',
    fields: /^tcp\./,
    applies: (frame) => has(frame, 'tcp', 'malformed'),
  },
  {
    reason: 'tshark gives a quoted TCP header of eight bytes one of its two names for the sequence number',
    fields: /^tcp\.seq_raw$/,
    applies: (frame) => frame.layers.some(({ name, quoted }) => name === 'tcp' && quoted),
  },
  {
    reason: 'tshark shows a trailer behind a tagged payload at the tag (vlan.trailer)',
    fields: /^eth\.trailer$/,
    applies: (frame, ours, theirs) =>
      ours.length === 1 && theirs.length === 0 && /vlan|ieee/.test(frame.names[1] ?? ''),
  },
  {
    reason: 'padding is found by the lengths in headers: not behind a protocol that has no dissector yet',
    fields: /^eth\.(padding|trailer)$/,
    applies: (frame, ours) => ours.length === 0 && frame.facts.source === undefined,
  },
  {
    reason: 'of an invalid IPv4 header tshark shows nothing behind the value that is wrong',
    fields: /^ip\./,
    applies: (frame) => has(frame, 'ip', 'malformed'),
  },
  {
    reason: 'of an invalid UDP length tshark shows nothing behind it',
    fields: /^udp\.(checksum|payload)$/,
    applies: (frame) => has(frame, 'udp', 'malformed'),
  },
  {
    reason: 'an option that reaches past its header has what is there',
    fields: /^ipv6\.opt\.unknown$/,
    applies: (frame) => frame.anomalies.length > 0,
  },
  {
    reason: 'prefixes of a route information option (RFC 4191) are not read',
    fields: /^icmpv6\.opt\.prefix(\.length)?$/,
    applies: (frame) => (frame.values['icmpv6.opt.type'] ?? []).includes('24'),
  },
  {
    reason: 'tshark shows the bits of an address only with the whole address',
    fields: /^eth\.((dst|src)\.)?(lg|ig)$/,
    applies: (frame) => has(frame, 'eth', 'truncated'),
  },
];

/** Captures that hold what has no dissector yet, by the reason. */
export const otherCaptures: Readonly<Record<string, string>> = {
  'formats/chdlc-http.pcap': 'Cisco HDLC',
  'formats/dlt_ppp.pcap': 'PPP',
  'formats/fddi-dns-inverse-query.pcap': 'FDDI',
  'formats/icmp-frame-relay.pcap': 'frame relay',
  'formats/ipoib.pcap': 'InfiniBand',
  'formats/modified-kuznetzov.pcap': 'another file format',
  'formats/nflog.pcap': 'NFLOG',
  'formats/ppp_ip_udp_dns.pcap': 'PPP',
  'link/arp-who-has-radiotap.pcap': 'radiotap',
  'link/ieee802.11_exthdr.pcap': 'radiotap',
  'link/macsec-integonly.pcap': 'MACsec',
  'malformed/clusterfuzz-linktype-8224.pcap': 'a file cut in its first record',
  'malformed/fuzz-2021-10-13.pcap': 'another file format',
  'malformed/mobility_opt_asan.pcap': 'the old number of Mobile IPv6',
  'network/AH-IPcomp-IPv6.pcap': 'compressed payloads',
};
