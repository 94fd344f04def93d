import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { meter, vendored } from './support.ts';
import { datagram, lines, timed } from './timed.ts';

const columns = { source: 'src_port', segment: 'segment', n: 'frames', snapshot: 'snapshot', reason: 'end_reason' };
const at = (...times: number[]) => times.map((time) => datagram(time, 1, 9));

describe('snapshots', () => {
  test('by frames: the flow as it stands after them, and its own row as ever', async () => {
    const { rows, result } = await timed(at(0, 1, 2, 3), columns, { snapshot: { frames: [1, 3] } });
    expect(lines(rows)).toEqual(['1 0 1 frames:1 ', '1 0 3 frames:3 ', '1 0 4  forced']);
    expect(result.flows).toMatchObject({ rows: 1, snapshots: 2, notKept: 0 });
  });

  test('by time: what came before each period was over; periods without a frame make no row', async () => {
    // Periods end at 10, 20, 30 ... s. The frame at 20 s is not in the row of 20 s; nothing came from 30 to 60 s.
    const { rows } = await timed(at(0, 5000, 19_999, 20_000, 29_999, 65_000), columns, { snapshot: { time: 10e9 } });
    expect(lines(rows)).toEqual(['1 0 2 time:10s ', '1 0 3 time:20s ', '1 0 5 time:30s ', '1 0 6  forced']);
  });

  test('a flow that ends within a period has no row for it', async () => {
    const { rows } = await timed([...at(0, 5000), datagram(500_000, 2, 9)], columns, { snapshot: { time: 10e9 } });
    expect(lines(rows)).toEqual(['1 0 2  idle', '2 0 1  forced']);
  });

  test('periods keep the unit in which they are written', async () => {
    const every = (time: number) => timed(at(0, 700_000), columns, { snapshot: { time }, idleTimeout: 1e15 });
    expect((await every(700e9)).rows[0]!.snapshot).toBe('time:700s');
    expect((await every(600e9)).rows[0]!.snapshot).toBe('time:10m');
    const { rows } = await timed(at(0, 1, 2, 3), columns, { snapshot: { time: 1.5e6 } });
    expect(rows.map((row) => row.snapshot)).toEqual(['time:1500us', 'time:3000us', '']);
  });

  test('count from the begin of a segment', async () => {
    const { rows } = await timed(at(0, 1000, 5000, 6000, 7000), columns, {
      activeTimeout: 4e9,
      snapshot: { frames: [2], time: 1.5e9 },
    });
    expect(lines(rows)).toEqual([
      '1 0 2 frames:2 ',
      '1 0 2  active',
      '1 1 2 frames:2 ',
      '1 1 2 time:1500ms ',
      '1 1 3  forced',
    ]);
  });

  test('stand among other rows at the time of the frame that made them', async () => {
    // Flow 2 is over at 1 s + 20 s. Its row comes behind the snapshot of 5 s and before that of 30 s.
    const frames = [datagram(0, 1, 9), datagram(1000, 2, 9), datagram(5000, 1, 9), datagram(18_000, 1, 9)];
    const settings = { idleTimeout: 20e9, snapshot: { frames: [2, 4] } };
    const { rows } = await timed([...frames, datagram(30_000, 1, 9)], columns, settings);
    expect(lines(rows)).toEqual(['1 0 2 frames:2 ', '2 0 1  idle', '1 0 4 frames:4 ', '1 0 4  forced']);
  });

  test('rows are the same for every size of batch, with disorder and few flows allowed', async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    let now = 0;
    const frames = Array.from({ length: 3000 }, () => {
      now += random(2000);
      return datagram(Math.max(0, now - (random(8) === 0 ? random(9000) : 0)), 1 + random(12), 5000);
    });
    const settings = { idleTimeout: 9e9, activeTimeout: 40e9, maxFlows: 7, snapshot: { frames: [2, 5], time: 3e9 } };
    const more = { ...columns, id: 'flow_id', bytes: 'sum(frame.len)', top: 'max(time)', gaps: 'mean(gap(time))' };
    const one = await timed(frames, more, settings, { size: 1 });
    const other = await timed(frames, more, settings, { size: 1000 });
    expect(other.rows).toEqual(one.rows);
    expect(one.result.flows.snapshots).toBeGreaterThan(500);
    // The flow's own state goes on untouched: without the snapshots the rows are those of a run without them.
    const { snapshot: _, ...without } = settings;
    const plain = await timed(frames, more, without);
    expect(one.rows.filter((row) => row.snapshot === '')).toEqual(plain.rows);
    expect(plain.rows.reduce((sum, row) => sum + Number(row.n), 0)).toBe(3000);
  });

  test('`keep` is asked of each row by itself', async () => {
    const settings = { snapshot: { frames: [1, 2, 3] } };
    const { rows, result } = await timed(at(0, 1, 2), columns, settings, { keep: 'frames > 1' });
    expect(lines(rows)).toEqual(['1 0 2 frames:2 ', '1 0 3 frames:3 ', '1 0 3  forced']);
    expect(result.flows).toMatchObject({ rows: 1, snapshots: 2, notKept: 0 });
    const final = await timed(at(0, 1, 2), columns, settings, { keep: 'not present(snapshot)' });
    expect(lines(final.rows)).toEqual(['1 0 3  forced']);
  });

  test('of a capture: states with objects, texts and lists hold what the frames so far hold', async () => {
    const file = join(vendored, 'flows', 'ftp-data-mix.pcap');
    const rich = {
      id: 'flow_id',
      segment: 'segment',
      n: 'frames',
      snapshot: 'snapshot',
      median: 'median(frame.len)',
      kinds: 'distinct(frame.len)',
      last: 'last(ip.src)',
      std: 'stddev(gap(time))',
      head: 'head(frame.len, 7)',
      mode: 'mode(frame.len)',
    };
    const early = Object.fromEntries(
      Object.entries(rich).map(([name, value]) => [name, value.replace(/^(\w+)\((.*)\)$/, '$1($2, index < 7)')]),
    );
    const snapshots = await meter([file], rich, { snapshot: { frames: [7] } });
    const windows = await meter([file], { ...early, all: 'frames' });
    const picked = snapshots.rows.filter((row) => row.snapshot === 'frames:7');
    // The same values by another way: aggregates over the first seven frames, in the rows of whole flows.
    const byId = new Map(windows.rows.map((row) => [`${row.id} ${row.segment}`, row]));
    expect(picked.length).toBeGreaterThan(10);
    expect(picked).toHaveLength(windows.rows.filter((row) => Number(row.all) >= 7).length);
    for (const row of picked) {
      const { all: _, n: __, snapshot: ___, ...expected } = byId.get(`${row.id} ${row.segment}`)!;
      expect(row).toMatchObject({ ...expected, n: '7' });
    }
  });
});
