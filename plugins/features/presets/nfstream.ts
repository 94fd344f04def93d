import { definePreset, type Preset, type PresetColumn, type PresetOptions } from '../../../core/declare/feature.ts';
import { nfstreamImitation } from '../imitations/nfstream/index.ts';

/** A side of a flow as NFStream names it, with the condition that frames fulfil. */
const SIDES = [
  ['bidirectional', ''],
  ['src2dst', ', forward'],
  ['dst2src', ', backward'],
] as const;

/** What `accounting_mode` 0 to 3 takes as the size of a packet. */
const SIZES = ['frame.len', 'network.length', 'transport.length', 'payload.length'] as const;

/** Flags in NFStream's order: its name, our field's name, the bit. */
const FLAGS = [
  ['syn', 'syn', 0x02],
  ['cwr', 'cwr', 0x80],
  ['ece', 'ece', 0x40],
  ['urg', 'urg', 0x20],
  ['ack', 'ack', 0x10],
  ['psh', 'push', 0x08],
  ['rst', 'reset', 0x04],
  ['fin', 'fin', 0x01],
] as const;

/** Where what is not in the walked frame's fields comes from: the fields, or the imitation. */
interface Basis {
  readonly id: string;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly version: string;
  readonly vlan: string;
  readonly tunnel: string;
  /** Aggregates for mean and standard deviation: of total and sides together, or with the tool's rounding errors. */
  readonly mean: string;
  readonly stddev: string;
  flag(field: string, bit: number): string;
  /** From the first to the last frame that fulfils a condition: a duration, or milliseconds. */
  lasting(and: string): string;
}

const or0 = (value: string): string => `default(${value}, 0)`;
const inMilliseconds = (value: string): string => `${value} / 1ms`;

const NOBODY = '00:00:00:00:00:00';

const CORRECTED: Basis = {
  id: 'flow_id',
  sourceAddress: `default(first(eth.src), ${NOBODY})`,
  destinationAddress: `default(first(eth.dst), ${NOBODY})`,
  version: 'default(first(ipv6.version), first(ip.version))',
  vlan: 'default(first(vlan.id), 0)',
  tunnel: 'default(first(gtp.flags.version), 0)',
  mean: 'mean',
  stddev: 'stddev',
  flag: (field) => `tcp.flags.${field}`,
  lasting: (and) => `last(time${and}) - first(time${and})`,
};

const EXACT: Basis = {
  id: 'nfstream.id',
  sourceAddress: 'first(nfstream.src_mac)',
  destinationAddress: 'first(nfstream.dst_mac)',
  version: 'first(nfstream.ip_version)',
  vlan: 'first(nfstream.vlan_id)',
  tunnel: 'first(nfstream.tunnel_id)',
  mean: 'running_mean',
  stddev: 'running_stddev',
  flag: (_field, bit) => `nfstream.tcp_flags & ${bit} != 0`,
  lasting: (and) => `unix_ms(last(time${and})) - unix_ms(first(time${and}))`,
};

function core(basis: Basis, size: string): PresetColumn[] {
  const side = ([name, and]: (typeof SIDES)[number]): PresetColumn[] => [
    { name: `${name}_first_seen_ms`, value: or0(`unix_ms(first(time${and}))`) },
    { name: `${name}_last_seen_ms`, value: or0(`unix_ms(last(time${and}))`) },
    { name: `${name}_duration_ms`, value: or0(basis.lasting(and)), unit: 'ms' },
    { name: `${name}_packets`, value: and === '' ? 'frames' : `count(${and.slice(2)})` },
    { name: `${name}_bytes`, value: `sum(${size}${and})` },
  ];
  return [
    { name: 'id', value: basis.id },
    { name: 'expiration_id', value: 'end_reason == 2' },
    { name: 'src_ip', value: 'src_ip' },
    { name: 'src_mac', value: basis.sourceAddress },
    { name: 'src_oui', value: `cut(${basis.sourceAddress}, 8)` },
    { name: 'src_port', value: or0('src_port') },
    { name: 'dst_ip', value: 'dst_ip' },
    { name: 'dst_mac', value: basis.destinationAddress },
    { name: 'dst_oui', value: `cut(${basis.destinationAddress}, 8)` },
    { name: 'dst_port', value: or0('dst_port') },
    { name: 'protocol', value: 'protocol' },
    { name: 'ip_version', value: basis.version },
    { name: 'vlan_id', value: basis.vlan },
    { name: 'tunnel_id', value: basis.tunnel },
    ...SIDES.flatMap(side),
  ];
}

function statistical(basis: Basis, size: string): PresetColumn[] {
  const ofSizes = ([name, and]: (typeof SIDES)[number]): PresetColumn[] => [
    { name: `${name}_min_ps`, value: or0(`min(${size}${and})`) },
    { name: `${name}_mean_ps`, value: or0(`${basis.mean}(${size}${and})`), form: 'python' },
    { name: `${name}_stddev_ps`, value: or0(`${basis.stddev}(${size}${and})`), form: 'python' },
    { name: `${name}_max_ps`, value: or0(`max(${size}${and})`) },
  ];
  const gap = inMilliseconds('gap(time)');
  const ofGaps = ([name, and]: (typeof SIDES)[number]): PresetColumn[] => [
    { name: `${name}_min_piat_ms`, value: or0(`min(${gap}${and})`) },
    { name: `${name}_mean_piat_ms`, value: or0(`${basis.mean}(${gap}${and})`), form: 'python' },
    { name: `${name}_stddev_piat_ms`, value: or0(`${basis.stddev}(${gap}${and})`), form: 'python' },
    { name: `${name}_max_piat_ms`, value: or0(`max(${gap}${and})`) },
  ];
  const ofFlags = ([name, and]: (typeof SIDES)[number]): PresetColumn[] =>
    FLAGS.map(([flag, field, bit]) => ({
      name: `${name}_${flag}_packets`,
      value: `count(${basis.flag(field, bit)}${and})`,
    }));
  return [...SIDES.flatMap(ofSizes), ...SIDES.flatMap(ofGaps), ...SIDES.flatMap(ofFlags)];
}

const sequences = (size: string, n: number): PresetColumn[] => [
  { name: 'splt_direction', value: `sequence(backward, ${n})` },
  { name: 'splt_ps', value: `sequence(${size}, ${n})` },
  { name: 'splt_piat_ms', value: `sequence(${or0(inMilliseconds('gap(time)'))}, ${n})` },
];

function columnsOf(basis: Basis, { accountingMode, statistics, splt }: PresetOptions): PresetColumn[] {
  const size = SIZES[accountingMode as number]!;
  return [
    ...core(basis, size),
    ...(statistics === true ? statistical(basis, size) : []),
    ...((splt as number) > 0 ? sequences(size, splt as number) : []),
  ];
}

const options = {
  accountingMode: {
    description: 'Size of a packet: 0 the frame, 1 the IP packet, 2 transport header and payload, 3 payload.',
    type: 'integer',
    minimum: 0,
    maximum: 3,
    default: 0,
  },
  statistics: { description: 'With the columns of statistical_analysis=True.', type: 'boolean', default: true },
  splt: {
    description: 'Packets in the columns of splt_analysis; 0 for none.',
    type: 'integer',
    minimum: 0,
    maximum: 1000,
    default: 10,
  },
} as const;

const DEFAULTS: PresetOptions = { accountingMode: 0, statistics: true, splt: 10 };

/** NFStream 6.5.4: its core, statistical and SPLT columns. */
export const nfstream: Preset = definePreset({
  name: 'nfstream',
  description:
    'Columns of NFStream with statistical_analysis=True and splt_analysis=10, in its names, order and units.',
  tool: 'NFStream',
  version: '6.5.4',
  flow: { idleTimeout: '120s', activeTimeout: '30m' },
  differences: [
    'id is the flow id; in exact mode the number of the record as NFStream counts it.',
    'Flows end as ours do: after FIN or RST, and the active timeout without waiting for another packet; NFStream knows idle and active timeout only, and looks for the active one when the next packet comes.',
    'Gaps and durations have fractions of a millisecond; NFStream cuts each time to whole milliseconds first.',
    'Lengths are not cut to 16 bits, IPv6 has its 40 bytes of header in accounting mode 1, and protocols without ports have a transport length.',
    'Later IP fragments belong to the flow of their first one; NFStream ignores them.',
    'ICMP flows are told apart by type and code; NFStream has one flow for all ICMP between two hosts.',
    'The columns of nDPI (application_name and following) are not made.',
    'vlan_id and tunnel_id are columns only; in NFStream they belong to the key. tunnel_id knows GTP-U alone, in exact mode CAPWAP and TZSP too.',
    'In exact mode: reads past a damaged part of a capture are not reproduced, and records longer than they say have their captured length.',
  ],
  columns: columnsOf(CORRECTED, DEFAULTS),
  options,
  columnsWith: (given) => columnsOf(CORRECTED, given),
  exact: { imitation: nfstreamImitation, columns: (given) => columnsOf(EXACT, given) },
});
