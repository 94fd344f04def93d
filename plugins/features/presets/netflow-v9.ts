import { definePreset, type Preset, type PresetColumn } from '../../../core/declare/feature.ts';

const column = (name: string, value: string): PresetColumn => ({ name, value });

/** What a NetFlow v9 exporter says of one direction, under the names of IPFIX. */
export const netflowV9: Preset = definePreset({
  name: 'netflow-v9',
  description: 'One row for each direction, as NetFlow v9 exporters make them, under the names of the IPFIX elements.',
  tool: 'NetFlow v9 (RFC 3954), names of the IPFIX information elements (RFC 7012, IANA)',
  version: '9',
  flow: { bidirectional: false, idleTimeout: '15s', activeTimeout: '30m' },
  columns: [
    column('flowStartMilliseconds', 'unix_ms(start)'),
    column('flowEndMilliseconds', 'unix_ms(end)'),
    column('sourceIPAddress', 'src_ip'),
    column('destinationIPAddress', 'dst_ip'),
    column('sourceTransportPort', 'default(src_port, 0)'),
    column('destinationTransportPort', 'default(dst_port, default(icmp_type * 256 + icmp_code, 0))'),
    column('protocolIdentifier', 'protocol'),
    column('ipClassOfService', 'first(default(ip.dsfield, ipv6.tclass))'),
    column('tcpControlBits', 'default(bit_or(tcp.flags), 0)'),
    column('packetDeltaCount', 'frames'),
    column('octetDeltaCount', 'sum(network.length)'),
    column('minimumIpTotalLength', 'min(network.length)'),
    column('maximumIpTotalLength', 'max(network.length)'),
    column('minimumTTL', 'min(default(ip.ttl, ipv6.hlim))'),
    column('maximumTTL', 'max(default(ip.ttl, ipv6.hlim))'),
    column('ipVersion', 'first(ip.version)'),
    column('flowEndReason', 'end_reason + 0'),
  ],
  differences: [
    'Addresses of both IP versions stand in one column each: the elements are sourceIPv4Address and sourceIPv6Address.',
    'Times are those of the epoch (flowStartMilliseconds): NetFlow v9 has them as milliseconds since the exporter was started.',
    'destinationTransportPort of ICMP holds type x 256 + code, as exporters of NetFlow write it.',
    'Interfaces, next hops, autonomous systems and masks (ingressInterface, ipNextHopIPv4Address, bgpSourceAsNumber ...) cannot be known from frames.',
    'The idle timeout of 15 s and the active one of 30 min are the usual ones of routers; exporters differ, and take others as settings.',
    'A TCP flow that has ended takes late frames for 5 s more (tcpLinger): exporters that look at FIN and RST end it at once.',
  ],
});
