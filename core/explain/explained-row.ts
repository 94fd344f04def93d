import type { Anonymizer } from '../anonymize/anonymizer.ts';
import { formatAddress } from '../expression/address.ts';
import type { Value } from '../expression/evaluate.ts';
import { FACTS } from '../expression/facts.ts';
import type { FlowFacts } from '../expression/program.ts';
import { END_REASONS } from '../flow/settings.ts';
import type { Explanation } from './explanation.ts';
import { absoluteTime } from './value-text.ts';

/** What is known of a flow when its row is made. */
export type ExplainedRow = Omit<Explanation, 'features' | 'segments'>;

/** A row's head, with the addresses that the row shows. */
export function rowOf(
  facts: FlowFacts,
  flowId: string,
  kept: boolean,
  anonymizer: Anonymizer | undefined,
): ExplainedRow {
  const { start, end, base, segment, frames, protocol, endReason } = facts;
  const side = (address: Value, port: Value): string => {
    const text = typeof address === 'string' ? formatAddress(anonymizer?.address(address) ?? address) : '';
    const end = typeof port === 'number' && Number.isFinite(port) ? String(port) : '';
    return end === '' ? text : `${text.includes(':') ? `[${text}]` : text}:${end}`;
  };
  return {
    flow_id: flowId,
    segment,
    source: side(FACTS.src_ip!(facts), FACTS.src_port!(facts)),
    destination: side(FACTS.dst_ip!(facts), FACTS.dst_port!(facts)),
    protocol,
    start: absoluteTime(start, base),
    end: absoluteTime(end, base),
    frames,
    end_reason: END_REASONS[endReason as keyof typeof END_REASONS] ?? '',
    kept,
  };
}
