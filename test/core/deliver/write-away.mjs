// Writes rows without end to a store that is away: write-away.mjs <spool>. For tests that kill it.
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const { SegmentWriter } = await jiti.import('../../../core/deliver/segment-writer.ts');
const { columns, numbers, PlannedTarget } = await jiti.import('./planned-target.ts');
const { contextOf } = await jiti.import('../../plugins/sinks/rows.ts');

const settings = { sink: 'planned', target: 'here', rows: 4, retryMilliseconds: 60_000, spool: process.argv[2] };
const target = new PlannedTarget(() => 'away');
const writer = new SegmentWriter(target, columns, { ...settings, spoolBytes: 1 << 30 }, contextOf());
for (let row = 0; ; row += 4) await writer.write(numbers(row, 4));
