/** Which earlier frames a frame is compared with: both bounds hold where both are given. Equal ones are skipped. */
export interface DuplicateWindow {
  /** Frames, the frame itself counted (so that 5 compares with the four before it). */
  readonly frames?: number;
  /** How far back in packet time, in nanoseconds. */
  readonly time?: number;
}

/** When a flow that goes on gives a row as it stands. */
export interface SnapshotPoints {
  /** After these numbers of frames of the segment, ascending. */
  readonly frames?: readonly number[];
  /** Whenever this many nanoseconds of the segment are over. */
  readonly time?: number;
}

/** How frames become flows. All times in nanoseconds. */
export interface FlowSettings {
  /** `addresses`, `protocol`, `ports`, and names of fields. */
  readonly key: readonly string[];
  /** Both directions are one flow; else each direction is its own. */
  readonly bidirectional: boolean;
  /** A flow without a frame for this long has ended. */
  readonly idleTimeout: number;
  /** A flow that has lasted this long is cut into another segment. */
  readonly activeTimeout: number;
  /** How long a TCP flow that has ended still takes frames. */
  readonly tcpLinger: number;
  /** A frame this far behind the run clock is a step of the clock, not disorder. */
  readonly clockStep: number;
  /** Flows at most; the least recently active one makes room. */
  readonly maxFlows: number;
  /** What happens to a frame that is behind the run clock: its time is moved up to the flow's last, or it is skipped. */
  readonly disorder: 'clamp' | 'drop';
  /**
   * Who is the source of a flow: the sender of its first frame, or (`repair`) the receiver where that frame shows that an
   * earlier one was missed: it is a SYN+ACK, or comes from a well-known port (below 1024) to one that is not.
   */
  readonly direction: 'first' | 'repair';
  /** Frames up to this late are put in order of time; 0 for none. */
  readonly reorder: number;
  /** Whose flows: of the innermost packets of frames with tunnels, of the outermost, or of both. */
  readonly tunnels: 'inner' | 'outer' | 'both';
  /** Packets whose fragments are joined to the flow of the first one at a time, and fragments that wait for it; 0 for none. */
  readonly maxFragments: number;
  /** How long the fragments of one packet belong together, and how long they wait for the first. */
  readonly fragmentTimeout: number;
  /** Frames that are not IP have flows of their link addresses. */
  readonly nonIp: boolean;
  /** Addresses and prefixes of the inside. */
  readonly homeNetworks: readonly string[];
  /** Seed of the Community ID. */
  readonly communityIdSeed: number;
  readonly duplicates?: DuplicateWindow;
  /** One of this many frames is used, the others are skipped; all of them where it is not stated. */
  readonly sampling?: number;
  /** One of this many frames was left when the traffic reached the source; all of them where it is not stated. */
  readonly sampled?: number;
  readonly snapshot?: SnapshotPoints;
}

const SECOND = 1e9;

export const defaultFlowSettings: FlowSettings = Object.freeze({
  key: Object.freeze(['addresses', 'protocol', 'ports']),
  bidirectional: true,
  idleTimeout: 120 * SECOND,
  activeTimeout: 1800 * SECOND,
  tcpLinger: 5 * SECOND,
  clockStep: 10 * SECOND,
  maxFlows: 1_000_000,
  disorder: 'clamp',
  direction: 'first',
  reorder: 0,
  tunnels: 'inner',
  maxFragments: 4096,
  fragmentTimeout: 30 * SECOND,
  nonIp: false,
  homeNetworks: Object.freeze([]),
  communityIdSeed: 0,
});

/** Why a flow ended: the IPFIX flowEndReason (RFC 5102, section 5.11.3). */
export const END_REASONS = { 1: 'idle', 2: 'active', 3: 'end', 4: 'forced', 5: 'resources' } as const;

export const IDLE = 1;
export const ACTIVE = 2;
export const END = 3;
export const FORCED = 4;
export const RESOURCES = 5;
export type EndReason = keyof typeof END_REASONS;
