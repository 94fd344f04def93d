import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultFlowSettings, type FlowSettings } from '../../../core/flow/settings.ts';
import { meterFrames } from '../../../core/packets/meter-frames.ts';
import { captureFile } from '../../../plugins/sources/capture-file.ts';
import { sharedCapture } from '../../cli/support/command.ts';
import { csvRows } from '../explain/support.ts';
import { registry } from './support.ts';

const office = join(import.meta.dirname, '..', '..', '..', 'examples', 'captures', 'office.pcap');
const wanted = ['flow_id', 'segment', 'frames'].map((name) => ({ name, value: name, at: 'test' }));
const FRAMES = 10_000;

/** Frames of each row, counted frame by frame, and as the rows have it. */
async function both(capture: string, flow: Partial<FlowSettings>): Promise<readonly [string[], string[]]> {
  const settings = { ...defaultFlowSettings, ...flow };
  const known = await meterFrames({ registry, settings, reader: await captureFile.open([capture], {}) });
  const counts = new Map<string, number>();
  for (let number = 1; number <= FRAMES; number += 1) {
    for (const one of [known.of(number), known.second(number)]) {
      if (one === undefined) continue;
      const id = [one.high, one.low].map((word) => word.toString(16).padStart(8, '0')).join('');
      const row = `${id}/${one.segment}`;
      counts.set(row, (counts.get(row) ?? 0) + 1);
    }
  }
  const [, ...rows] = await csvRows([capture], { wanted, flow });
  return [
    [...counts].map(([row, count]) => `${row} ${count}`).toSorted(),
    rows.map(([id, segment, frames]) => `${id}/${segment} ${frames}`).toSorted(),
  ];
}

const SETTINGS: readonly Partial<FlowSettings>[] = [
  {},
  { activeTimeout: 10e6 },
  { bidirectional: false },
  { tunnels: 'both' },
  { tunnels: 'outer' },
  { reorder: 1e9 },
  { duplicates: { frames: 5 } },
];

describe('the frames of each row', () => {
  it.each(SETTINGS)('are as many as the row counts, under %j', async (flow) => {
    const [counted, rows] = await both(office, flow);
    expect(rows.length).toBeGreaterThan(100);
    expect(counted).toEqual(rows);
  });

  it.each([
    'network/ip4_fragments.pcap',
    'network/gtp1_gn_normal_incl_fragmentation.pcap',
    'flows/nonmonotonic-1kxun.pcap',
  ])('of %s, whatever fragments, tunnels and disorder it has', async (name) => {
    const capture = sharedCapture(name);
    if (capture === undefined) return;
    for (const flow of SETTINGS) {
      const [counted, rows] = await both(capture, flow);
      expect(counted, JSON.stringify(flow)).toEqual(rows);
    }
  });
});
