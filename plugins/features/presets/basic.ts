import { definePreset, type Preset } from '../../../core/declare/feature.ts';

/** What `packetloom flows` prints when nothing is asked for. */
export const basic: Preset = definePreset({
  name: 'basic',
  description: 'Key, times, frames and bytes by direction, and why the flow ended.',
  columns: [
    'flow_id',
    'segment',
    'src_ip',
    'src_port',
    'dst_ip',
    'dst_port',
    'protocol',
    'start',
    'end',
    'duration',
    'fwd_frames',
    'bwd_frames',
    'fwd_bytes',
    'bwd_bytes',
    'end_reason',
  ],
});
