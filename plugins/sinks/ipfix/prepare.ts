import type { SinkContext } from '../../../core/declare/sink.ts';
import { PacketloomError } from '../../../core/errors.ts';
import type { Column, RowBatch } from '../../../core/flow/rows.ts';
import { outputError } from '../../../core/output/output.ts';
import { type Fields, planFields } from './fields.ts';
import { MessageEncoder } from './message-encoder.ts';
import { Templates } from './templates.ts';
import { typeInformation } from './type-information.ts';

/** flowStartNanoseconds and flowEndNanoseconds. */
const EXACT = new Set([156, 157]);

/** What decides how rows become messages. */
export interface PrepareOptions {
  /** Most bytes of a message. */
  readonly longest: number;
  readonly domain?: number;
  readonly times?: 'both' | 'nanoseconds' | 'milliseconds';
  readonly enterprise?: number;
}

/** Makes messages of rows. */
export interface RowMessages {
  /** Messages that stand for themselves, for a `Session`. */
  encode(rows: RowBatch): Uint8Array;
}

/**
 * Plans the export of columns. What cannot be exported, or not wholly, is reported, once.
 * @throws PacketloomError `configuration` when no column can
 */
export function prepareEncoder(
  target: string,
  columns: readonly Column[],
  { longest, domain = 1, times = 'both', enterprise }: PrepareOptions,
  { report }: Pick<SinkContext, 'report'>,
): RowMessages {
  const plan = planFields(columns, { enterprise, times });
  if (plan.fields.length === 0) {
    throw new PacketloomError('configuration', `ipfix: ${target}: no information element holds any of the columns`);
  }
  reportPlan(plan, columns, report);
  const refused = new Set<string>();
  const templates = new Templates(plan.fields, ({ column }) => {
    if (!refused.has(column)) report(`${column}: a value does not fit its information element: records go without it`);
    refused.add(column);
  });
  const encoder = new MessageEncoder(templates, {
    longest,
    domain,
    prologue: typeInformation(plan.own, enterprise ?? 0, { longest, domain }),
    refuse: (why) => outputError({ sink: 'ipfix', target, stop: () => {} }, why),
  });
  return {
    encode(rows) {
      const before = encoder.cuts;
      const payload = encoder.encode(rows);
      if (before === 0 && encoder.cuts > 0) report('a text is longer than a message: such texts are cut');
      return payload;
    },
  };
}

function reportPlan({ fields, left }: Fields, columns: readonly Column[], report: (line: string) => void): void {
  if (left.length > 0) {
    const words = left.length === 1 ? 'this column, which is' : 'these columns, which are';
    report(`no information element holds ${words} left out: ${left.join(', ')}`);
  }
  const times = columns.filter(({ kind }) => kind === 'time').map(({ name }) => name);
  const isExact = (name: string) =>
    fields.some(({ column, id, enterprise }) => column === name && (enterprise !== 0 || EXACT.has(id)));
  if (times.some((name) => !left.includes(name) && !isExact(name))) report('times are cut to milliseconds');
}
