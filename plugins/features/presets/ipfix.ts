import { definePreset, type Preset } from '../../../core/declare/feature.ts';

/** Columns that are IPFIX information elements, for the sink of the same name. */
export const ipfix: Preset = definePreset({
  name: 'ipfix',
  description: 'What the IPFIX sink exports without loss: every column is an information element, of either direction.',
  columns: [
    'flow_id',
    'src_ip',
    'src_port',
    'dst_ip',
    'dst_port',
    'protocol',
    'icmp_type',
    'icmp_code',
    'start',
    'end',
    'end_reason',
    'fwd_frames',
    'bwd_frames',
    'fwd_network_bytes',
    'bwd_network_bytes',
    'fwd_tcp_flags',
    'bwd_tcp_flags',
    'traffic_class',
    'fwd_ttl_min',
    'fwd_ttl_max',
    'vlan_id',
  ],
});
