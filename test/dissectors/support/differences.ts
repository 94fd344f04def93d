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

/** Bytes at a port of `protocol` (or that tshark guesses to be it) that its dissector here refuses. */
const refused = (protocol: string, layers = [protocol]): Difference => ({
  reason: `port-only: what tshark takes for ${protocol} by its port or conversation is refused`,
  fields: new RegExp(`^${protocol}\\.`),
  applies: (frame, ours) => ours.length === 0 && !layers.some((name) => frame.names.includes(name)),
});

export const differences: readonly Difference[] = [
  refused('dns', ['dns', 'mdns', 'llmnr']),
  ...['nbns', 'rtp', 'rtcp', 'stun', 'tftp', 'radius'].map((protocol) => refused(protocol)),
  {
    reason: 'of a client subnet option that is too short tshark reads what follows it',
    fields: /^dns\.opt\.client\./,
    applies: (_frame, ours, theirs) => ours.length === 0 && theirs.length === 1,
  },
  {
    reason: 'with a source route tshark shows its last address as the destination; we show what the header says',
    fields: /^ip\.(dst|addr|src_rt)$/,
    applies: (frame) => (frame.values['ip.opt.type'] ?? []).some((type) => type === '131' || type === '137'),
  },
  {
    reason: 'a frame ends at 32 layers here',
    fields: /./,
    applies: (frame) => frame.anomalies.some(({ code }) => code === 'depth'),
  },
  {
    reason: 'a request line without a version (HTTP 0.9) is not read',
    fields: /^http\./,
    applies: (frame, ours) => ours.length === 0 && !frame.names.includes('http'),
  },
  {
    reason: 'the hello of SSL 2, in its own framing, is not read',
    fields: /^tls\./,
    applies: (frame, ours) => ours.length === 0 && !frame.names.includes('tls'),
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
    reason: 'tshark calls the type of a record opaque once other frames told it that the connection speaks TLS 1.3',
    fields: /^tls\.record\.content_type$/,
    applies: (_frame, ours, theirs) =>
      ours.includes('23') &&
      ours.filter((type) => type !== '23').join() === theirs.filter((type) => type !== '23').join(),
  },
  {
    reason: 'what a MQTT connection of version 3.1 has else tshark knows from its CONNECT, in another frame',
    fields: /^mqtt\.(hdr_reserved|conack\.flags(\.sp)?|dupflag|qos)$/,
    applies: (frame) => frame.names.includes('mqtt'),
  },
  {
    reason: 'tshark does not fill its field for the type of a mobility option',
    fields: /^mip6\.mobility_opt$/,
    applies: (_frame, _ours, theirs) => theirs.length === 0,
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
