import type { Segment, SegmentTarget } from '../../../core/deliver/segment-writer.ts';
import { PacketloomError } from '../../../core/errors.ts';
import { column, type RowBatch } from '../../../core/flow/rows.ts';
import { batchOf } from '../../plugins/sinks/rows.ts';

/** What a delivery meets: all well, refused, taken although the answer is lost, refused for good, no answer yet. */
export type Outcome = 'well' | 'away' | 'lost answer' | 'for good' | Promise<void>;

export const columns = [column('number', 'number')];

/** Rows with these numbers. */
export const numbers = (from: number, count: number): RowBatch =>
  batchOf(
    columns,
    Array.from({ length: count }, (_, i) => [from + i]),
  );

/** A store with a ledger that fails as it is told: `plan` says what delivery `attempt` (from 0) meets. */
export class PlannedTarget implements SegmentTarget {
  readonly stored: number[] = [];
  readonly ids: string[] = [];
  /** Segments that were asked for, with every repetition. */
  readonly asked: string[] = [];
  encoded = 0;
  closed = 0;
  plan: (attempt: number) => Outcome;

  constructor(plan: (attempt: number) => Outcome = () => 'well') {
    this.plan = plan;
  }

  encode({ data, count }: RowBatch): Uint8Array {
    this.encoded += 1;
    return Buffer.from(JSON.stringify([...data[0]!.numbers.subarray(0, count)]));
  }

  async deliver(payload: Uint8Array, { id, rows }: Segment): Promise<void> {
    this.asked.push(id);
    const outcome = this.plan(this.asked.length - 1);
    if (outcome instanceof Promise) await outcome;
    if (outcome === 'away') throw new Error('nobody\nthere');
    if (outcome === 'for good') throw new PacketloomError('sink', 'planned: no such table');
    const values = JSON.parse(Buffer.from(payload).toString()) as number[];
    if (values.length !== rows) throw new PacketloomError('sink', `${values.length} rows, not ${rows}`);
    if (!this.ids.includes(id)) {
      this.ids.push(id);
      this.stored.push(...values);
    }
    if (outcome === 'lost answer') throw new Error('connection reset');
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}
