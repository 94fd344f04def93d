import type { SinkContext } from '../../../core/declare/sink.ts';
import { type Column, RowBatch } from '../../../core/flow/rows.ts';
import { formatNumber } from '../../../core/output/format-number.ts';

/**
 * A value as tests write it: a number, a text, null for empty; a time as [seconds, nanoseconds]; an address as 4 or 8
 * numbers (bytes of IPv4, groups of IPv6); a hash as bigint.
 */
export type Value = number | string | null | bigint | readonly number[];

function setWords(words: Uint32Array, at: number, value: readonly number[]): void {
  const bits = value.length === 4 ? 8 : 16;
  const big = value.reduce((sum, part) => (sum << BigInt(bits)) | BigInt(part), 0n);
  const count = value.length === 4 ? 1 : 4;
  for (let word = 0; word < count; word += 1)
    words[at + word] = Number((big >> BigInt(32 * (count - 1 - word))) & 0xffffffffn);
}

/** A batch of the rows, whose values stand in the order of the columns. */
export function batchOf(columns: readonly Column[], rows: readonly (readonly Value[])[]): RowBatch {
  const batch = new RowBatch(columns, Math.max(1, rows.length));
  batch.count = rows.length;
  columns.forEach(({ kind }, index) => {
    const { numbers, extra, words, texts } = batch.data[index]!;
    rows.forEach((row, at) => {
      const value = row[index]!;
      if (kind === 'number') numbers[at] = value === null ? Number.NaN : (value as number);
      else if (kind === 'text') texts[at] = value as string | null;
      else if (kind === 'time') [numbers[at], extra[at]] = (value as [number, number] | null) ?? [0, -1];
      else if (kind === 'hash') {
        words[2 * at] = Number((value as bigint) >> 32n);
        words[2 * at + 1] = Number((value as bigint) & 0xffffffffn);
      } else {
        extra[at] = value === null ? 0 : (value as readonly number[]).length === 4 ? 4 : 16;
        if (value !== null) setWords(words, 4 * at, value as readonly number[]);
      }
    });
  });
  return batch;
}

/** What the engine would give to a sink; `stopped` counts the calls of `stop`. */
export function contextOf(rest: Partial<SinkContext> = {}): SinkContext & { stopped: number } {
  const context = {
    stopped: 0,
    stop: () => {
      context.stopped += 1;
    },
    report: () => {},
    formatNumber,
    precision: 'twelve' as const,
    live: false,
    configuration: '0'.repeat(64),
    ...rest,
  };
  return context;
}
