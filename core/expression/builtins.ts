import type { ValueType } from '../declare/value-type.ts';
import { ADDRESS, BOOLEAN, BYTES, DURATION, INTEGER, numberType, TEXT, TIME } from './types.ts';

/** A value that no dissector declares. */
export interface Builtin {
  readonly type: ValueType;
  /** Known of one frame of a flow. */
  readonly frame: boolean;
  /** Known of a flow. */
  readonly flow: boolean;
  /** Known of a frame before it has a flow: in `where`. */
  readonly filter: boolean;
  /** One sentence. */
  readonly description: string;
}

const BYTE_COUNT = numberType('bytes', true);
const frame = (type: ValueType, filter: boolean, description: string): Builtin => ({
  type,
  frame: true,
  flow: false,
  filter,
  description,
});
const flow = (type: ValueType, description: string): Builtin => ({
  type,
  frame: false,
  flow: true,
  filter: false,
  description,
});
const both = (type: ValueType, filter: boolean, description: string): Builtin => ({
  type,
  frame: true,
  flow: true,
  filter,
  description,
});
const where = (type: ValueType, description: string): Builtin => ({
  type,
  frame: false,
  flow: false,
  filter: true,
  description,
});

/** IPFIX flowEndReason, as printed. */
export const END_REASONS: Readonly<Record<number, string>> = {
  1: 'idle',
  2: 'active',
  3: 'end',
  4: 'forced',
  5: 'resources',
};

/** Whose flows a row is one of. */
const LEVELS: Readonly<Record<number, string>> = { 0: 'outer', 1: 'inner' };

/** Where a flow goes, seen from the home networks. */
const DIRECTIONS: Readonly<Record<number, string>> = { 0: 'external', 1: 'outbound', 2: 'inbound', 3: 'internal' };

/** All built-in values, by name. */
export const BUILTINS: Readonly<Record<string, Builtin>> = Object.freeze({
  time: frame(TIME, true, 'Time of the frame, never before the frame that came before it in its flow.'),
  'frame.len': frame(BYTE_COUNT, true, 'Bytes on the wire, with the frame check sequence if the record has one.'),
  'network.length': frame(BYTE_COUNT, true, 'Bytes of IP header and payload.'),
  'transport.length': frame(BYTE_COUNT, true, 'Bytes of transport header and payload.'),
  'payload.length': frame(BYTE_COUNT, true, 'Bytes of transport payload.'),
  payload: frame(BYTES, true, 'Transport payload, as far as it was captured.'),
  index: frame(INTEGER, false, 'Number of the frame in its flow, from 0.'),
  forward: frame(BOOLEAN, false, "The frame goes from the flow's source to its destination."),
  backward: frame(BOOLEAN, false, "The frame goes from the flow's destination to its source."),
  'frame.number': where(INTEGER, 'Number of the frame in the run, from 1.'),
  'frame.cap_len': where(BYTE_COUNT, 'Bytes captured.'),
  start: both(TIME, false, 'Time of the first frame of the segment.'),
  src_ip: both(ADDRESS, false, "Network address of the sender of the flow's first frame."),
  dst_ip: both(ADDRESS, false, "Network address of the receiver of the flow's first frame."),
  src_port: both(INTEGER, false, "Port of the sender of the flow's first frame; empty without ports."),
  dst_port: both(INTEGER, false, "Port of the receiver of the flow's first frame; empty without ports."),
  protocol: both(INTEGER, true, 'IP protocol number of what the network layer carries.'),
  icmp_type: both(INTEGER, false, "ICMP or ICMPv6 type of the flow's first frame; empty for others."),
  icmp_code: both(INTEGER, false, "ICMP or ICMPv6 code of the flow's first frame; empty for others."),
  'tunnel.name': frame(
    TEXT,
    true,
    'Protocol of the tunnel header nearest around the packet that gave the key (vxlan, gre, gtp; ip for IP in IP); empty outside of tunnels.',
  ),
  'tunnel.id': frame(
    INTEGER,
    true,
    "Id of that tunnel where it is the same in both directions (VXLAN and Geneve network identifier, GRE key): part of the flow's key.",
  ),
  duration: flow(DURATION, 'Time from the first to the last frame.'),
  end: flow(TIME, 'Time of the last frame.'),
  end_reason: flow(
    { ...INTEGER, labels: END_REASONS },
    'Why the row was made: 1 idle, 2 active, 3 end, 4 forced, 5 resources (IPFIX flowEndReason).',
  ),
  segment: flow(INTEGER, 'Number of the row within its flow, from 0: the active timeout cuts long flows.'),
  frames: flow(INTEGER, 'Frames in both directions.'),
  direction_repaired: flow(
    BOOLEAN,
    "Source and destination are not those of the flow's first frame: it answers one that was missed.",
  ),
  snapshot: flow(
    TEXT,
    'Which snapshot of a flow that goes on the row is (frames:7, time:10s); empty for the row that ends a segment.',
  ),
  sampling_interval: flow(
    INTEGER,
    'One of this many frames of the traffic was used: what the run skipped, times what it was told was left out before; 1 without sampling. No count is scaled up by it.',
  ),
  level: flow(
    { ...INTEGER, labels: LEVELS },
    'Which packets of frames the flow is made of: 0 outer, the outermost, or 1 inner, the innermost.',
  ),
  src_home: flow(BOOLEAN, 'The source lies in a home network; empty without home networks.'),
  dst_home: flow(BOOLEAN, 'The destination lies in a home network; empty without home networks.'),
  direction: flow(
    { ...INTEGER, labels: DIRECTIONS },
    'Where the flow goes, seen from the home networks: 0 external, 1 outbound, 2 inbound, 3 internal; empty without home networks.',
  ),
  community_id: flow(
    TEXT,
    'Community ID, version 1, with the configured seed; empty without addresses, and where ports that belong to it are not known.',
  ),
  flow_id: flow(TEXT, 'Hash of key, start and repetition: 16 hexadecimal digits, the same on every run and machine.'),
});

/** Looks a built-in up by its own name only. */
export const builtinOf = (name: string): Builtin | undefined =>
  Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
