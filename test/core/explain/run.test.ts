import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedCapture } from '../../cli/support/command.ts';
import { vendored } from '../packets/support.ts';
import { csvRows, explain, registry, type Settings } from './support.ts';

const office = join(import.meta.dirname, '..', '..', '..', 'examples', 'captures', 'office.pcap');
const ID = { name: '@id', value: 'flow_id', at: 'test' };
const SEGMENT = { name: '@segment', value: 'segment', at: 'test' };

/** Explains every column of some rows, and compares what each ends in with the row. */
async function compare(
  captures: readonly string[],
  settings: Settings,
  rowsWanted: readonly number[],
): Promise<number> {
  const all = { ...settings, wanted: [ID, SEGMENT, ...settings.wanted] };
  const [head = [], ...rows] = await csvRows(captures, all);
  let compared = 0;
  for (const place of rowsWanted) {
    const row = rows[place]!;
    const explained = await explain(captures, all, row[0]!, Number(row[1]), head);
    expect(explained, `row ${place}`).toBeDefined();
    const cells = new Map(
      explained!.features.flatMap(({ columns, cells }) => columns.map((name, i) => [name, cells[i]!])),
    );
    expect(head.map((name) => cells.get(name))).toEqual(row);
    compared += row.length;
  }
  return compared;
}

describe('the explanation ends in the cells of the row, byte for byte', () => {
  it.each([...registry.presets.keys()])('%s', { timeout: 120_000 }, async (preset) => {
    const settings = { wanted: [{ preset, at: 'test' }] };
    expect(await compare([office], settings, [0, 3, 40, 100])).toBeGreaterThan(20);
  });

  it('every aggregate that a number of a frame can be given', { timeout: 120_000 }, async () => {
    const given = [
      'variance_pop',
      'skewness',
      'kurtosis',
      'rms',
      'cv',
      'median',
      'entropy',
      'mode',
      'distinct',
      'range',
    ];
    const wanted = given.flatMap((name) => [
      { name: `${name}_lengths`, value: `${name}(frame.len)`, at: 'test' },
      { name: `${name}_gaps`, value: `${name}(gap(frame.len), backward)`, at: 'test' },
    ]);
    const more = [
      { name: 'sizes', value: 'head(payload.length, 5)', at: 'test' },
      { name: 'ratio', value: 'sum(frame.len, forward) / default(sum(frame.len, backward), 1)', at: 'test' },
      { name: 'late', value: 'count(time - start > 10ms and frame.len > 60)', at: 'test' },
      { name: 'port', value: 'first(tcp.dstport)', at: 'test' },
      { name: 'server', value: 'first(ip.src, backward)', at: 'test' },
      { name: 'milliseconds', value: 'mean(gap(time))', unit: 'ms', at: 'test' },
    ];
    await compare([office], { wanted: [...wanted, ...more] }, [0, 1, 50, 120]);
  });

  it('segments of a flow that was cut', { timeout: 60_000 }, async () => {
    const wanted = [{ preset: 'statistical', at: 'test' }];
    const settings = { wanted, flow: { activeTimeout: 10e6 } };
    const [head = [], ...rows] = await csvRows([office], { ...settings, wanted: [ID, SEGMENT, ...wanted] });
    expect(head.slice(0, 2)).toEqual(['@id', '@segment']);
    const cut = rows.flatMap((row, i) => (row[1] === '0' ? [] : [i])).slice(0, 3);
    expect(cut.length).toBe(3);
    await compare([office], settings, cut);
  });

  it('rows of captures made by others', { timeout: 120_000 }, async () => {
    const wanted = [{ preset: 'statistical', at: 'test' }];
    await compare([vendored('transport/rst-inject-rae.pcap')], { wanted }, [0]);
    const shared = sharedCapture('network/ip4_fragments.pcap');
    if (shared !== undefined) await compare([shared], { wanted }, [0]);
  });
});

describe('frames that come into flows another way', () => {
  const wanted = [{ preset: 'statistical', at: 'test' }];

  it.each([
    ['network/ip4_fragments.pcap', {}],
    ['network/gtp1_gn_normal_incl_fragmentation.pcap', { tunnels: 'both' as const }],
    ['flows/nonmonotonic-1kxun.pcap', { reorder: 5e9 }],
    ['flows/nonmonotonic-1kxun.pcap', { duplicates: { frames: 5 }, snapshot: { frames: [2] } }],
  ])('%s under %j', { timeout: 60_000 }, async (name, flow) => {
    const capture = sharedCapture(name);
    if (capture === undefined) return;
    const rows = await csvRows([capture], { wanted: [ID, ...wanted], flow });
    // Rows of snapshots are not explained: the last row of a flow is.
    const places = rows
      .slice(1)
      .flatMap((row, i, all) => (all.findLastIndex((one) => one[0] === row[0]) === i ? [i] : []));
    await compare([capture], { wanted, flow }, places.slice(0, 4));
  });
});

describe('the steps', () => {
  it('are the frames of the flow, and the last one gives the row', async () => {
    const wanted = [{ preset: 'basic', at: 'test' }];
    const [head = [], ...rows] = await csvRows([office], { wanted });
    const row = rows[0]!;
    const of = (name: string): string => row[head.indexOf(name)]!;
    const explained = await explain([office], { wanted }, of('flow_id'), 0, ['sum(frame.len, forward)', 'fwd_bytes']);
    const [sum, bytes] = explained!.features;
    const [{ frames = [] } = {}] = sum!.parts;
    expect(frames.length).toBe(Number(of('fwd_frames')) + Number(of('bwd_frames')));
    expect(explained!.source).toBe(`${of('src_ip')}:${of('src_port')}`);
    // The values that were taken, added by hand, are the row's.
    const taken = frames.filter((frame) => frame.taken);
    expect(taken.every(({ direction }) => direction === 'forward')).toBe(true);
    const total = taken.reduce((all, frame) => all + Number(frame.values[0]), 0);
    expect(String(total)).toBe(of('fwd_bytes'));
    expect(sum!.cells).toEqual([of('fwd_bytes')]);
    expect(bytes!.cells).toEqual([of('fwd_bytes')]);
    expect(frames.at(-1)!.cells).toEqual([of('fwd_bytes')]);
  });

  it('says when the run has no such row', async () => {
    const wanted = [{ preset: 'basic', at: 'test' }];
    expect(await explain([office], { wanted }, '0123456789abcdef', 0, ['fwd_bytes'])).toBeUndefined();
  });

  it('explains a row that "keep" leaves out', async () => {
    const wanted = [{ preset: 'basic', at: 'test' }];
    const [, row = []] = await csvRows([office], { wanted });
    const keep = { text: 'frames > 1000', at: 'keep' };
    const explained = await explain([office], { wanted, keep }, row[0]!, 0, ['frames']);
    expect(explained!.kept).toBe(false);
    expect(explained!.features[0]!.cells).toEqual(['11']);
  });
});
