import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

const own = (name: string, description: string, value = name): Feature =>
  defineFeature({ name, description, value, empty: EMPTY[name] ?? 'never empty' });

/** When columns of the key are empty. */
const EMPTY: Readonly<Record<string, string>> = {
  src_ip: 'empty for flows of link addresses',
  dst_ip: 'empty for flows of link addresses',
  src_port: 'empty for protocols without ports',
  dst_port: 'empty for protocols without ports',
  protocol: 'empty for flows of link addresses',
  icmp_type: 'empty for other protocols than ICMP and ICMPv6',
  icmp_code: 'empty for other protocols than ICMP and ICMPv6',
};

/** What identifies a row, and what the meter itself says of it. */
export const flowFeatures: readonly Feature[] = [
  own('flow_id', 'Hash of key, start and repetition: with segment it identifies a row, on every run and machine.'),
  own('segment', 'Number of the row within its flow, from 0: the active timeout cuts long flows.'),
  own('src_ip', 'Network address of the sender of the first frame.'),
  own('src_port', 'Port of the sender of the first frame; empty for protocols without ports.'),
  own('dst_ip', 'Network address of the receiver of the first frame.'),
  own('dst_port', 'Port of the receiver of the first frame; empty for protocols without ports.'),
  own('protocol', 'IP protocol number (IANA) of what the network layer carries, behind extension headers.'),
  own('icmp_type', 'ICMP or ICMPv6 type of the first frame; empty for other protocols.'),
  own('icmp_code', 'ICMP or ICMPv6 code of the first frame; empty for other protocols.'),
  own('start', 'Time of the first frame.'),
  own('end', 'Time of the last frame.'),
  own('duration', 'Time from the first to the last frame, exact to the nanosecond.'),
  own('flow.duration', 'Time from the first to the last frame, exact to the nanosecond.', 'duration'),
  own('end_reason', 'Why the row was made: idle, active, end, forced or resources (IPFIX flowEndReason).'),
  own('direction_repaired', "Source and destination are not those of the flow's first frame: it answers one not seen."),
  own(
    'snapshot',
    'Which snapshot of a running flow the row is (frames:7, time:10s); empty for a row that ends a segment.',
  ),
  own(
    'flow.sampling_interval',
    'One of this many frames of the traffic was used (--sampling times --sampled), 1 without sampling; counts and sums of a row are those of the frames used, not scaled up (IPFIX samplingInterval, 34: samplingPacketInterval 1, samplingPacketSpace this less 1).',
    'sampling_interval',
  ),
];
