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
});

/** Why a flow ended: the IPFIX flowEndReason (RFC 5102, section 5.11.3). */
export const END_REASONS = { 1: 'idle', 2: 'active', 3: 'end', 4: 'forced', 5: 'resources' } as const;

export const IDLE = 1;
export const ACTIVE = 2;
export const END = 3;
export const FORCED = 4;
export const RESOURCES = 5;
export type EndReason = keyof typeof END_REASONS;
