import { caia } from '../../../plugins/features/presets/caia.ts';
import { cicflowmeter } from '../../../plugins/features/presets/cicflowmeter.ts';
import { nfstream } from '../../../plugins/features/presets/nfstream.ts';
import { zeekConn } from '../../../plugins/features/presets/zeek-conn.ts';
import { is, not, presetColumnsOf, type Tool, type ToolColumn } from './tool.ts';

const PRESET = (name: string): string => `The preset \`${name}\` has them under these names and in this order.`;

/** CICFlowMeter, whose columns are the preset's. */
export const cic: Tool = {
  name: 'CICFlowMeter',
  version: 'corrected fork, 4dd5319 of 2024-06-26',
  about: `${PRESET('cicflowmeter')} \`cicflowmeter-2017\` has those of the data set of 2017. What differs is on the page of the presets.`,
  columns: presetColumnsOf(cicflowmeter),
};

const DPI = 'applications are not recognised by their content';

/** NFStream, whose columns are the preset's but for what nDPI says. */
export const nfs: Tool = {
  name: 'NFStream',
  version: '6.5.4',
  about: `${PRESET('nfstream')}`,
  columns: [
    ...presetColumnsOf(nfstream),
    ...['application_name', 'application_category_name', 'application_is_guessed', 'application_confidence'].map(
      (name) => not(name, DPI),
    ),
    is('requested_server_name', 'first(tls.handshake.extensions_server_name)', { note: 'of TLS' }),
    not('client_fingerprint', 'JA3 and HASSH are not made'),
    not('server_fingerprint', 'JA3S and HASSH are not made'),
    is('user_agent', 'first(http.user_agent)'),
    is('content_type', 'first(http.content_type)'),
    not('system_process_pid, system_process_name', 'processes cannot be known from frames'),
  ],
};

const OF_FRAME = 'a value of one packet';

/** go-flows: the vector CAIA, and its elements. */
export const goFlows: Tool = {
  name: 'go-flows (CAIA, elements)',
  version: '3ba1ac9 and later, CAIA of CN-TU/Datasets-preprocessing',
  about: `${PRESET('caia')} Below them the elements that its language builds on.`,
  columns: [
    ...presetColumnsOf(caia),
    is('flowStartMilliseconds', 'unix_ms(start)'),
    is('flowEndMilliseconds', 'unix_ms(end)'),
    is('flowDurationMicroseconds', 'duration', { unit: 'us' }),
    is('flowEndReason', 'end_reason'),
    is('flowId', 'flow_id'),
    is('packetTotalCount', 'frames'),
    is('octetTotalCount', 'network_bytes'),
    is('layer2OctetTotalCount', 'bytes'),
    is('minimumLayer2TotalLength', 'len_min'),
    is('maximumLayer2TotalLength', 'len_max'),
    is('minimumIpTotalLength', 'network_len_min'),
    is('maximumIpTotalLength', 'network_len_max'),
    is('minimumTTL', 'ttl_min'),
    is('maximumTTL', 'ttl_max'),
    is('sourceMacAddress', 'src_mac'),
    is('destinationMacAddress', 'dst_mac'),
    is('dot1qVlanId', 'vlan_id'),
    is('ipClassOfService', 'traffic_class'),
    is('ipVersion', 'ip_version'),
    is('tcpControlBits', 'tcp_flags'),
    ...(['Syn', 'Ack', 'Fin', 'Psh', 'Rst', 'Urg'] as const).map((flag) =>
      is(`tcp${flag}TotalCount`, `${flag.toLowerCase()}_count`),
    ),
    is('_tcpEceTotalCount', 'ece_count'),
    is('_tcpCwrTotalCount', 'cwr_count'),
    is('_interPacketTimeMicroseconds', 'mean(gap(time))', { unit: 'us', note: `${OF_FRAME}: here in an aggregate` }),
    is('_payload', 'payload_head'),
    not('__timeWindow<duration>', 'a key of time windows: rows of running flows come by `--snapshot`'),
    not('__label', 'rules for labels: `--labels`'),
    is('httpRequestHost', 'first(http.host)'),
  ],
};

/** YAF with `--flow-stats`: once forward, once with `reverse` before the name. */
const yafStatistics: readonly ToolColumn[] = (
  [
    ['', 'forward'],
    ['reverse ', 'backward'],
  ] as const
).flatMap(([word, way]) => [
  is(`${word}smallPacketCount`, `count(payload.length < 60, ${way})`),
  is(`${word}largePacketCount`, `count(payload.length > 225, ${way})`),
  is(`${word}nonEmptyPacketCount`, `count(payload.length > 0, ${way})`),
  is(`${word}dataByteCount`, `sum(payload.length, ${way})`),
  is(`${word}averageInterarrivalTime`, `mean(gap(time), ${way})`, { unit: 'ms' }),
  is(`${word}firstNonEmptyPacketSize`, `first(payload.length, payload.length > 0, ${way})`),
  is(`${word}maxPacketSize`, `max(payload.length, ${way})`),
  is(`${word}standardDeviationPayloadLength`, `stddev(payload.length, payload.length > 0, ${way})`, {
    note: 'of all packets with payload: of the first ten there',
  }),
  is(`${word}standardDeviationInterarrivalTime`, `stddev(gap(time), ${way})`, {
    unit: 'ms',
    note: 'of all packets: of the first ten there',
  }),
]);

/** YAF: its basic record and `--flow-stats`. */
export const yaf: Tool = {
  name: 'YAF (basic record, --flow-stats)',
  version: '2.12, 3.0',
  about: 'Names are those of IPFIX and of CERT; the other direction has them as reverse elements (RFC 5103).',
  columns: [
    is('flowStartMilliseconds', 'unix_ms(start)'),
    is('flowEndMilliseconds', 'unix_ms(end)'),
    is('packetTotalCount', 'fwd_frames'),
    is('reversePacketTotalCount', 'bwd_frames'),
    is('octetTotalCount', 'fwd_network_bytes'),
    is('reverseOctetTotalCount', 'bwd_network_bytes'),
    is('reverseFlowDeltaMilliseconds', 'response_time', { unit: 'ms' }),
    is('flowEndReason', 'end_reason'),
    is('vlanId', 'vlan_id'),
    is('ipClassOfService', 'traffic_class'),
    is('initialTCPFlags', 'first(tcp.flags, forward)'),
    is('reverseInitialTCPFlags', 'first(tcp.flags, backward)'),
    is('unionTCPFlags', 'bit_or(tcp.flags, forward, index > 0)'),
    is('reverseUnionTCPFlags', 'bit_or(tcp.flags, backward)', { note: 'the first one among them' }),
    is('tcpSequenceNumber', 'first(tcp.seq_raw, forward)'),
    is('reverseTcpSequenceNumber', 'first(tcp.seq_raw, backward)'),
    is('payload', 'fwd_payload_head'),
    is('reversePayload', 'bwd_payload_head'),
    is('payloadEntropy', 'mean(byte_entropy(payload), forward)', {
      note: 'of each packet: of the first ones together there',
    }),
    ...yafStatistics,
    is('firstEightNonEmptyPacketDirections', 'head(forward, 8, payload.length > 0)', {
      note: 'a list in the place of bits',
    }),
    not('silkAppLabel, applicationId', DPI),
    not('flowAttributes', 'bits of YAF'),
  ],
};

/** Zeek's conn.log. */
export const zeek: Tool = {
  name: 'Zeek conn.log',
  version: '6.0',
  about: PRESET('zeek-conn'),
  columns: [
    ...presetColumnsOf(zeekConn),
    is('proto', 'protocol', { note: 'number in the place of the name' }),
    not('service', DPI),
    not(
      'missed_bytes',
      'bytes that were acknowledged but not seen are not summed up: `lost_segments`, `acks_of_lost` count segments',
    ),
    not('tunnel_parents', 'the outer flows of a tunnel: see `--tunnels both`, `tunnel`, `tunnel_id`'),
    is('community_id', 'community_id'),
    is('vlan', 'vlan_id'),
    is('orig_l2_addr', 'src_mac'),
    is('resp_l2_addr', 'dst_mac'),
  ],
};
