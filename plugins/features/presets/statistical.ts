import { definePreset, type Preset } from '../../../core/declare/feature.ts';

const directions = (name: string): string[] => [name, `fwd_${name}`, `bwd_${name}`];
const each = (names: readonly string[]): string[] => names.flatMap(directions);

/** 85 columns for statistics and machine learning. */
export const statistical: Preset = definePreset({
  name: 'statistical',
  description:
    'Moments of lengths, payloads and times between frames in total, forward and backward, TCP flags and windows by direction, rates and ratios.',
  columns: [
    ...['flow_id', 'segment', 'src_ip', 'src_port', 'dst_ip', 'dst_port', 'protocol', 'start', 'end', 'duration'],
    ...each(['frames', 'bytes', 'payload_bytes']),
    ...each(['len_min', 'len_max', 'len_mean', 'len_std']),
    ...each(['payload_len_min', 'payload_len_max', 'payload_len_mean', 'payload_len_std']),
    ...each(['iat_min', 'iat_max', 'iat_mean', 'iat_std']),
    ...['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'].flatMap((flag) => [
      `fwd_${flag}_count`,
      `bwd_${flag}_count`,
    ]),
    ...['first', 'min', 'max'].flatMap((which) => [`fwd_win_${which}`, `bwd_win_${which}`]),
    ...['bytes_per_second', 'fwd_bytes_per_second', 'bwd_bytes_per_second', 'frames_per_second'],
    ...['bytes_ratio', 'frames_ratio', 'payload_share'],
    'end_reason',
  ],
});
