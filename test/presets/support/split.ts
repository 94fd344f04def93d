import type { FramedRow } from './classes.ts';
import type { TextRow } from './expected.ts';
import type { Facts } from './frames.ts';

/**
 * Rows of ours with their frames: those of the flow (`@flow_id`), in order, as many to each segment as it counted
 * (`@frames`).
 */
export function framedRows(rows: readonly TextRow[], frames: readonly Facts[]): FramedRow[] {
  const byFlow = new Map<string, number[]>();
  for (const frame of frames) {
    const id = frame.flow_id as string | null;
    if (id === null) continue;
    const list = byFlow.get(id) ?? [];
    list.push(frame['frame.number'] as number);
    byFlow.set(id, list);
  }
  const taken = new Map<string, number>();
  const ordered = [...rows].sort((a, b) => Number(a['@segment']) - Number(b['@segment']));
  const framed = new Map<TextRow, FramedRow>();
  for (const row of ordered) {
    const id = row['@flow_id']!;
    const from = taken.get(id) ?? 0;
    const count = Number(row['@frames']);
    framed.set(row, { row, frames: (byFlow.get(id) ?? []).slice(from, from + count) });
    taken.set(id, from + count);
  }
  return rows.map((row) => framed.get(row)!);
}
