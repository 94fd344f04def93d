import type { SinkContext } from '../declare/sink.ts';
import { reasonOf } from './reason.ts';
import type { SegmentTarget } from './segment-writer.ts';

/** A store that can be looked at before there are rows. */
export interface PreparedTarget extends SegmentTarget {
  /** Rejects with a PacketloomError for what will not pass: a table of other columns, rights that are missing. */
  prepare(): Promise<void>;
}

/**
 * Looks at a store before rows come. What will not pass ends the output at once; of a store that is not ready a line is
 * printed, and the first delivery tries again.
 * @throws PacketloomError as `prepare` does; the store is closed then
 */
export async function prepareStore(store: PreparedTarget, context: SinkContext): Promise<void> {
  try {
    await store.prepare();
  } catch (error) {
    if (error instanceof Error && error.name === 'PacketloomError') {
      await store.close();
      throw error;
    }
    context.report(`not ready, rows wait: ${reasonOf(error)}`);
  }
}
