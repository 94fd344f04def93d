import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FlowRow, type FlowsOptions, flows, type RunResult } from '../../../cli/library.ts';
import { datagram, lines, timed } from '../../flows/timed.ts';

const port = { port: 'src_port' };
/** A datagram each 10 ms, from ports 1, 2, 3 ... */
const input = (count: number) => Array.from({ length: count }, (_, i) => datagram(10 * i, i + 1, 60_000));

describe('sampling', () => {
  test('uses the first of every so many frames, however the source cuts its batches', async () => {
    for (const size of [1, 2, 3, 4, 7]) {
      const { rows, result } = await timed(input(11), port, { sampling: 3 }, { size });
      expect(lines(rows), `batches of ${size}`).toEqual(['1', '4', '7', '10']);
      expect(result.frames).toEqual({ read: 11, used: 4, skipped: { sampled: 7 } });
      // Bytes and times are those of all that was read.
      expect(result.bytes).toBe(11 * 46);
      expect(result.time).toEqual({ first: '1700000000.000000000', last: '1700000000.100000000' });
    }
  });

  test('of one uses all, and of more than there are the first', async () => {
    expect((await timed(input(5), port, { sampling: 1 })).result.frames).toEqual({ read: 5, used: 5, skipped: {} });
    const { result } = await timed(input(5), port, { sampling: 1000 });
    expect(result.frames).toEqual({ read: 5, used: 1, skipped: { sampled: 4 } });
  });

  test('does not change the numbers of frames, and comes before the filter', async () => {
    const { rows, result } = await timed(input(9), port, { sampling: 2 }, { where: 'frame.number > 3' });
    expect(lines(rows)).toEqual(['5', '7', '9']);
    expect(result.frames).toEqual({ read: 9, used: 3, skipped: { filtered: 2, sampled: 4 } });
  });

  test('comes behind the search for duplicates: of different frames one in so many', async () => {
    const [a, b, c, d] = input(4) as [never, never, never, never];
    const { rows, result } = await timed([a, a, b, b, c, c, d, d], port, { sampling: 2, duplicates: { frames: 2 } });
    expect(lines(rows)).toEqual(['1', '3']);
    expect(result.frames).toEqual({ read: 8, used: 2, skipped: { duplicate: 4, sampled: 2 } });
  });

  test('counts in the order of time where frames are put in it', async () => {
    const [a, b, c, d] = input(4) as [never, never, never, never];
    expect(lines((await timed([a, c, b, d], port, { sampling: 2 })).rows)).toEqual(['1', '2']);
    expect(lines((await timed([a, c, b, d], port, { sampling: 2, reorder: 1e9 })).rows)).toEqual(['1', '3']);
  });

  test('ends with --count at so many frames read', async () => {
    const { result } = await timed(input(9), port, { sampling: 2 }, { count: 5 });
    expect(result.frames).toEqual({ read: 5, used: 3, skipped: { sampled: 2 } });
  });
});

describe('the rate', () => {
  const office = join(import.meta.dirname, '..', '..', '..', 'examples', 'captures', 'office.pcap');

  async function rows(options: FlowsOptions): Promise<{ rows: FlowRow[]; result: RunResult }> {
    const all: FlowRow[] = [];
    let result: RunResult | undefined;
    const onResult = (one: RunResult) => {
      result = one;
    };
    for await (const row of flows(office, { ...options, onResult })) all.push(row);
    return { rows: all, result: result! };
  }

  test('stands in the last column of every row: what is left out here times what was left out before', async () => {
    for (const [flow, rate, used] of [
      [{ sampling: 10 }, 10, 135],
      [{ sampled: 64 }, 64, 1350],
      [{ sampling: 10, sampled: 64 }, 640, 135],
      [{ sampling: 1 }, 1, 1350],
    ] as const) {
      const { rows: found, result } = await rows({ flow, features: ['src_ip', 'frames'] });
      expect(Object.keys(found[0]!)).toEqual(['src_ip', 'frames', 'sampling_interval']);
      expect(new Set(found.map((row) => row.sampling_interval))).toEqual(new Set([rate]));
      const { read, used: ofFlows, skipped } = result.frames;
      expect(read).toBe(1350);
      expect(skipped.sampled ?? 0).toBe(1350 - used);
      expect(ofFlows + (skipped.etherType ?? 0)).toBe(used);
      // Counts are not scaled up.
      expect(found.reduce((sum, row) => sum + Number(row.frames), 0)).toBe(ofFlows);
    }
  });

  test('stands behind the column of snapshots, and once where it is asked for', async () => {
    const flow = { sampling: 2, snapshot: { frames: [3] } };
    const { rows: found } = await rows({ flow, features: ['frames'] });
    expect(Object.keys(found[0]!)).toEqual(['frames', 'snapshot', 'sampling_interval']);
    const own = [{ name: 'rate', feature: 'flow.sampling_interval' }, 'frames'];
    expect(Object.keys((await rows({ flow: { sampling: 2 }, features: own })).rows[0]!)).toEqual(['rate', 'frames']);
  });

  test('is 1, where asked for, without sampling, and no column else', async () => {
    const { rows: found } = await rows({ features: ['frames', 'flow.sampling_interval'] });
    expect(new Set(found.map((row) => row['flow.sampling_interval']))).toEqual(new Set([1]));
    expect(Object.keys((await rows({ features: ['frames'] })).rows[0]!)).toEqual(['frames']);
  });

  test('can be used in expressions', async () => {
    const features = ['frames', { name: 'estimate', value: 'frames * sampling_interval' }];
    const { rows: found } = await rows({ flow: { sampling: 10 }, features });
    expect(found.every((row) => Number(row.estimate) === 10 * Number(row.frames))).toBe(true);
  });

  test('is a whole number from 1, and no setting of a tool that is reproduced', async () => {
    await expect(rows({ flow: { sampling: 0 } })).rejects.toThrow('flow.sampling');
    await expect(rows({ flow: { sampled: 1.5 } })).rejects.toThrow('flow.sampled');
    await expect(rows({ preset: 'nfstream', compatibility: 'exact', flow: { sampling: 2 } })).rejects.toThrow(
      'flow.sampling cannot be set with "compatibility": "exact"',
    );
  });
});
