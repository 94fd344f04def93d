import { definePreset, type Preset, type PresetColumn } from '../../../core/declare/feature.ts';

const STATISTICS = [
  ['min', 'min'],
  ['mean', 'mean'],
  ['max', 'max'],
  ['stdev', 'stddev'],
] as const;

const side = (way: 'forward' | 'backward'): PresetColumn[] => [
  { name: `apply(packetTotalCount,${way})`, value: `count(${way})` },
  { name: `apply(octetTotalCount,${way})`, value: `sum(network.length, ${way})` },
  ...STATISTICS.map(([name, aggregate]) => ({
    name: `apply(${name}(ipTotalLength),${way})`,
    value: `${aggregate}(network.length, ${way})`,
  })),
  ...STATISTICS.map(([name, aggregate]) => ({
    name: `apply(${name}(_interPacketTimeSeconds),${way})`,
    value: `${aggregate}(gap(time), ${way})`,
  })),
  { name: `apply(tcpSynTotalCount,${way})`, value: `count(tcp.flags.syn, ${way})` },
  { name: `apply(tcpAckTotalCount,${way})`, value: `count(tcp.flags.ack, ${way})` },
  { name: `apply(tcpFinTotalCount,${way})`, value: `count(tcp.flags.fin, ${way})` },
  { name: `apply(_tcpCwrTotalCount,${way})`, value: `count(tcp.flags.cwr, ${way})` },
];

/**
 * The feature vector CAIA (Williams, Zander, Armitage: A preliminary performance comparison of five machine learning
 * algorithms for practical IP traffic flow classification, 2006) as go-flows computes it for bidirectional flows.
 */
export const caia: Preset = definePreset({
  name: 'caia',
  description: 'The CAIA vector for bidirectional flows, in the names that go-flows gives its columns.',
  tool: 'go-flows, specification CAIA of CN-TU/Datasets-preprocessing',
  version: '2020',
  flow: { idleTimeout: '300s', activeTimeout: '1800s' },
  columns: [
    { name: 'flowStartSeconds', value: 'start' },
    { name: 'flowDurationMilliseconds', value: 'duration', unit: 'ms' },
    { name: 'sourceIPAddress', value: 'src_ip' },
    { name: 'destinationIPAddress', value: 'dst_ip' },
    { name: 'sourceTransportPort', value: 'src_port' },
    { name: 'destinationTransportPort', value: 'dst_port' },
    { name: 'protocolIdentifier', value: 'protocol' },
    ...side('forward'),
    ...side('backward'),
  ],
  differences: [
    'flowStartSeconds has nine decimals and flowDurationMilliseconds has what lies below a millisecond: go-flows cuts both to whole numbers.',
    'apply(...(ipTotalLength)) of IPv6 counts the 40 bytes of the header as octetTotalCount does: go-flows leaves them out of the one and counts them in the other.',
    'A sample standard deviation of one value is empty: go-flows prints NaN. Statistics of a direction without frames are empty.',
    'sourceTransportPort and destinationTransportPort of ICMP are empty: go-flows has type and code there.',
    'A TCP flow that has ended takes frames for 5 s more (tcpLinger): go-flows ends it with the RST or the last ACK, and what follows is another flow.',
    'Expired flows do not wait for a scan of the table, which go-flows makes every 100 s of packet time; the flows are the same.',
  ],
});
