/** Abstract data types of RFC 7011, section 6.1, as far as columns can fill them. */
export type ElementType =
  | 'unsigned8'
  | 'unsigned16'
  | 'unsigned32'
  | 'unsigned64'
  | 'signed64'
  | 'float64'
  | 'boolean'
  | 'macAddress'
  | 'string'
  | 'dateTimeSeconds'
  | 'dateTimeMilliseconds'
  | 'dateTimeMicroseconds'
  | 'dateTimeNanoseconds'
  | 'ipv4Address'
  | 'ipv6Address';

/** An information element. */
export interface Element {
  readonly name: string;
  readonly id: number;
  readonly type: ElementType;
}

/**
 * Information elements (IANA, IP Flow Information Export, RFC 7012) that say something that frames of a flow can tell. A
 * column with the name of one is exported as it.
 */
export const ELEMENTS: ReadonlyMap<string, Element> = new Map(
  Object.entries({
    unsigned8: {
      protocolIdentifier: 4,
      ipClassOfService: 5,
      minimumTTL: 52,
      maximumTTL: 53,
      ipVersion: 60,
      flowDirection: 61,
      flowEndReason: 136,
      icmpTypeIPv4: 176,
      icmpCodeIPv4: 177,
      icmpTypeIPv6: 178,
      icmpCodeIPv6: 179,
      ipTTL: 192,
      nextHeaderIPv6: 193,
      ipDiffServCodePoint: 195,
      ipPrecedence: 196,
      fragmentFlags: 197,
      biflowDirection: 239,
      dot1qPriority: 244,
      dot1qCustomerPriority: 246,
    },
    unsigned16: {
      tcpControlBits: 6,
      sourceTransportPort: 7,
      destinationTransportPort: 11,
      icmpTypeCodeIPv4: 32,
      vlanId: 58,
      postVlanId: 59,
      fragmentOffset: 88,
      icmpTypeCodeIPv6: 139,
      tcpWindowSize: 186,
      tcpUrgentPointer: 187,
      dot1qVlanId: 243,
      dot1qCustomerVlanId: 245,
      ethernetType: 256,
      tcpWindowScale: 238,
      httpStatusCode: 457,
    },
    unsigned32: {
      ingressInterface: 10,
      egressInterface: 14,
      bgpSourceAsNumber: 16,
      bgpDestinationAsNumber: 17,
      flowLabelIPv6: 31,
      samplingInterval: 34,
      fragmentIdentification: 54,
      flowDurationMilliseconds: 161,
      flowDurationMicroseconds: 162,
      tcpSequenceNumber: 184,
      tcpAcknowledgementNumber: 185,
      ipPayloadLength: 204,
      samplingPacketInterval: 305,
      samplingPacketSpace: 306,
    },
    unsigned64: {
      octetDeltaCount: 1,
      packetDeltaCount: 2,
      minimumIpTotalLength: 25,
      maximumIpTotalLength: 26,
      octetTotalCount: 85,
      packetTotalCount: 86,
      flowId: 148,
      tcpSynTotalCount: 218,
      tcpFinTotalCount: 219,
      tcpRstTotalCount: 220,
      tcpPshTotalCount: 221,
      tcpAckTotalCount: 222,
      tcpUrgTotalCount: 223,
      initiatorOctets: 231,
      responderOctets: 232,
      initiatorPackets: 298,
      responderPackets: 299,
      layer2SegmentId: 351,
      layer2OctetDeltaCount: 352,
      transportOctetDeltaCount: 401,
      transportPacketDeltaCount: 402,
      layer2FrameDeltaCount: 430,
      minimumLayer2TotalLength: 422,
      maximumLayer2TotalLength: 423,
    },
    macAddress: { sourceMacAddress: 56, destinationMacAddress: 80 },
    string: {
      interfaceName: 82,
      interfaceDescription: 83,
      applicationDescription: 94,
      applicationName: 96,
      userName: 371,
      httpRequestMethod: 459,
      httpRequestHost: 460,
      httpRequestTarget: 461,
      httpMessageVersion: 462,
      httpUserAgent: 468,
      httpContentType: 469,
      httpReasonPhrase: 470,
    },
    dateTimeSeconds: { flowStartSeconds: 150, flowEndSeconds: 151 },
    dateTimeMilliseconds: { flowStartMilliseconds: 152, flowEndMilliseconds: 153 },
    dateTimeMicroseconds: { flowStartMicroseconds: 154, flowEndMicroseconds: 155 },
    dateTimeNanoseconds: { flowStartNanoseconds: 156, flowEndNanoseconds: 157 },
    ipv4Address: { sourceIPv4Address: 8, destinationIPv4Address: 12 },
    ipv6Address: { sourceIPv6Address: 27, destinationIPv6Address: 28 },
  } satisfies Partial<Record<ElementType, Readonly<Record<string, number>>>>).flatMap(([type, ids]) =>
    Object.entries(ids).map(([name, id]) => [name, { name, id, type: type as ElementType }]),
  ),
);

/** What a column is exported as: an element, or several that depend on the row. */
export interface Meaning {
  /** Named feature. */
  readonly feature: string;
  /** What the feature says of itself: another column of the same name is something else. */
  readonly states: string;
  /** Names of elements; `reverse` before one is RFC 5103's, of the other direction. */
  readonly elements: readonly string[];
}

const meaning = (feature: string, states: string, ...elements: string[]): Meaning => ({ feature, states, elements });

/** Both directions of a feature that begins with `fwd_` or `bwd_`; `@` stands for the words of the direction. */
const pair = (feature: string, states: string, element: string): Meaning[] => [
  meaning(`fwd_${feature}`, states.replace('@', 'forward (source to destination)'), element),
  meaning(
    `bwd_${feature}`,
    states.replace('@', 'backward (destination to source)'),
    `reverse${element[0]!.toUpperCase()}${element.slice(1)}`,
  ),
];

/** The named features that are, or fill, an information element. */
export const MEANINGS: readonly Meaning[] = [
  meaning(
    'flow_id',
    'Hash of key, start and repetition: with segment it identifies a row, on every run and machine.',
    'flowId',
  ),
  meaning('src_ip', 'Network address of the sender of the first frame.', 'sourceIPv4Address', 'sourceIPv6Address'),
  meaning(
    'dst_ip',
    'Network address of the receiver of the first frame.',
    'destinationIPv4Address',
    'destinationIPv6Address',
  ),
  meaning(
    'src_port',
    'Port of the sender of the first frame; empty for protocols without ports.',
    'sourceTransportPort',
  ),
  meaning(
    'dst_port',
    'Port of the receiver of the first frame; empty for protocols without ports.',
    'destinationTransportPort',
  ),
  meaning(
    'protocol',
    'IP protocol number (IANA) of what the network layer carries, behind extension headers.',
    'protocolIdentifier',
  ),
  meaning(
    'icmp_type',
    'ICMP or ICMPv6 type of the first frame; empty for other protocols.',
    'icmpTypeIPv4',
    'icmpTypeIPv6',
  ),
  meaning(
    'icmp_code',
    'ICMP or ICMPv6 code of the first frame; empty for other protocols.',
    'icmpCodeIPv4',
    'icmpCodeIPv6',
  ),
  meaning('start', 'Time of the first frame.', 'flowStartNanoseconds', 'flowStartMilliseconds'),
  meaning('end', 'Time of the last frame.', 'flowEndNanoseconds', 'flowEndMilliseconds'),
  meaning('duration', 'Time from the first to the last frame, exact to the nanosecond.', 'flowDurationMilliseconds'),
  meaning(
    'end_reason',
    'Why the row was made: idle, active, end, forced or resources (IPFIX flowEndReason).',
    'flowEndReason',
  ),
  ...pair('frames', 'Frames @.', 'packetDeltaCount'),
  ...pair('network_bytes', 'Bytes of IP headers and payloads @.', 'octetDeltaCount'),
  ...pair('bytes', 'Bytes on the wire (frame.len) @.', 'layer2OctetDeltaCount'),
  ...pair(
    'payload_bytes',
    'Bytes of transport payload @; frames whose transport header was not captured take no part.',
    'transportOctetDeltaCount',
  ),
  ...pair('data_frames', 'Frames with transport payload @.', 'transportPacketDeltaCount'),
  ...pair(
    'tcp_flags',
    'All TCP flags that are set in one segment at least @, as one number (IPFIX tcpControlBits).',
    'tcpControlBits',
  ),
  ...pair('ttl_min', 'Time to live (IPv4) or hop limit (IPv6) @: smallest.', 'minimumTTL'),
  ...pair('ttl_max', 'Time to live (IPv4) or hop limit (IPv6) @: largest.', 'maximumTTL'),
  ...pair('network_len_min', 'Length of IP header and payload @: smallest.', 'minimumIpTotalLength'),
  ...pair('network_len_max', 'Length of IP header and payload @: largest.', 'maximumIpTotalLength'),
  ...pair('len_min', 'Frame length on the wire @: smallest.', 'minimumLayer2TotalLength'),
  ...pair('len_max', 'Frame length on the wire @: largest.', 'maximumLayer2TotalLength'),
  meaning(
    'traffic_class',
    'Type of service (IPv4) or traffic class (IPv6), all 8 bits, of the first frame.',
    'ipClassOfService',
  ),
  meaning('ip_version', 'IP version of the first frame.', 'ipVersion'),
  meaning('vlan_id', 'VLAN id (IEEE 802.1Q, innermost) of the first frame.', 'vlanId'),
  meaning('src_mac', 'Link address of the sender of the first frame.', 'sourceMacAddress'),
  meaning('dst_mac', 'Link address of the receiver of the first frame.', 'destinationMacAddress'),
  meaning(
    'flow.sampling_interval',
    'One of this many frames of the traffic was used (--sampling times --sampled), 1 without sampling; counts and sums of a row are those of the frames used, not scaled up (IPFIX samplingInterval, 34: samplingPacketInterval 1, samplingPacketSpace this less 1).',
    'samplingInterval',
  ),
];

/** An element with its direction. */
export interface Wanted {
  readonly element: Element;
  readonly reverse: boolean;
}

/** An element by its name, with `reverse` before it or without. */
export function elementNamed(name: string): Wanted | undefined {
  const element = ELEMENTS.get(name);
  if (element !== undefined) return { element, reverse: false };
  const [, first, rest] = /^reverse([A-Z])(\w+)$/.exec(name) ?? [];
  const forward = first === undefined ? undefined : ELEMENTS.get(first.toLowerCase() + rest);
  return forward === undefined ? undefined : { element: forward, reverse: true };
}
