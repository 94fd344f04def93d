import { communityId } from '../flow/community-id.ts';
import { EXCHANGE, ONE_WAY, PORTS } from '../frame/frame.ts';
import type { FlowFacts } from './program.ts';
import { addressText, idText } from './write.ts';

const message = ({ portKind }: FlowFacts): boolean => portKind === EXCHANGE || portKind === ONE_WAY;

/** Built-in values of a flow, read from what the meter says of it. */
export const FACTS: Readonly<Record<string, (facts: FlowFacts) => number | string | null>> = {
  start: (facts) => facts.start,
  end: (facts) => facts.end,
  duration: (facts) => facts.duration,
  end_reason: (facts) => facts.endReason,
  segment: (facts) => facts.segment,
  frames: (facts) => facts.frames,
  direction_repaired: (facts) => facts.repaired,
  snapshot: (facts) => facts.snapshot,
  protocol: (facts) => (facts.protocol < 0 ? Number.NaN : facts.protocol),
  src_port: (facts) => (facts.portKind === PORTS ? facts.sourcePort : Number.NaN),
  dst_port: (facts) => (facts.portKind === PORTS ? facts.destinationPort : Number.NaN),
  icmp_type: (facts) => (message(facts) ? facts.sourcePort : Number.NaN),
  icmp_code: (facts) => (message(facts) ? facts.destinationPort : Number.NaN),
  src_ip: (facts) => addressText(facts.sourceWords, facts.addressLength),
  dst_ip: (facts) => addressText(facts.destinationWords, facts.addressLength),
  flow_id: idText,
  level: (facts) => facts.level,
  src_home: (facts) => facts.sourceHome,
  dst_home: (facts) => facts.destinationHome,
  direction: (facts) => 2 * facts.destinationHome + facts.sourceHome,
  community_id: communityId,
  sampling_interval: (facts) => facts.samplingInterval,
};
