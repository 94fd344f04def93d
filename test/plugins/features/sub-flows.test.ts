import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureOf } from '../../cli/support/capture.ts';
import { meter, vendored } from '../../flows/support.ts';

const folder = mkdtempSync(join(tmpdir(), 'sub-flows-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Milliseconds, payload; backward where the payload is negative or -0. */
type Frame = readonly [milliseconds: number, payload: number];

/** One flow of UDP datagrams, as the columns asked for. */
async function flowOf(frames: readonly Frame[], names: readonly string[]): Promise<Record<string, string>> {
  const file = join(folder, 'flow.pcap');
  const here = ['10.0.0.1', 1000] as const;
  const there = ['10.0.0.2', 2000] as const;
  const datagrams = frames.map(([milliseconds, payload]) => {
    const back = Object.is(payload, -0) || payload < 0;
    return {
      nanoseconds: 1_700_000_000_000_000_000n + BigInt(milliseconds) * 1_000_000n,
      source: back ? there : here,
      destination: back ? here : there,
      payload: Math.abs(payload),
    };
  });
  writeFileSync(file, captureOf(datagrams));
  const { rows } = await meter([file], Object.fromEntries(names.map((name) => [name, name])));
  expect(rows.length).toBe(1);
  return rows[0]!;
}

const numbers = (row: Record<string, string>): (number | null)[] =>
  Object.values(row).map((text) => (text === '' ? null : Number(text)));

describe('bulks and bursts', () => {
  const NAMES = ['s', '_frames', '_bytes', '_time', '_frames_mean', '_bytes_mean', '_bytes_per_second'];
  const of = (word: string) => NAMES.map((name) => `${word}${name}`);
  // Forward: 100 bytes four times and 50, then an answer; three times 10, and once more exactly 1 s later.
  const FRAMES: Frame[] = [
    [0, 100],
    [50, -0],
    [100, 100],
    [200, 100],
    [300, 100],
    [350, 0],
    [400, 50],
    [500, -7],
    [600, 10],
    [700, 10],
    [800, 10],
    [1800, 10],
    [2000, -7],
  ];

  it('a bulk ends with payload of the other side or a gap above 1 s, not with empty frames', async () => {
    // By hand: 5 frames in 0.4 s and 4 in 1.2 s.
    expect(numbers(await flowOf(FRAMES, of('fwd_bulk')))).toEqual([2, 9, 490, 1.6, 4.5, 245, 306.25]);
    expect(numbers(await flowOf(FRAMES, of('bwd_bulk')))).toEqual([0, 0, 0, 0, null, null, null]);
  });

  it('a burst goes on across answers, and ends with a gap of 1 s', async () => {
    // By hand: 8 frames in 0.8 s; the ninth comes 1 s later.
    expect(numbers(await flowOf(FRAMES, of('fwd_burst')))).toEqual([1, 8, 480, 0.8, 8, 480, 600]);
  });

  it('a bulk that takes no time has no rate', async () => {
    const row = await flowOf(
      [0, 0, 0, 0].map((at) => [at, 5] as const),
      of('fwd_bulk'),
    );
    expect(numbers(row)).toEqual([1, 4, 20, 0, 4, 20, null]);
  });
});

describe('active and idle periods, sub-flows', () => {
  const STATISTICS = ['mean', 'std', 'min', 'max'];
  const of = (word: string) => STATISTICS.map((name) => `${word}_${name}`);
  // Periods of 2 s, 0.5 s and one frame; gaps of 7 s and 10.5 s between them.
  const FRAMES: Frame[] = [
    [0, 1],
    [2000, 1],
    [9000, 1],
    [9500, -1],
    [20_000, 1],
  ];

  it('the last period and those of one frame count', async () => {
    // 2, 0.5 and 0: mean 5/6, sample variance 13/12.
    expect(numbers(await flowOf(FRAMES, of('active')))).toEqual([0.833333333333, 1.04083299973, 0, 2]);
    expect(numbers(await flowOf(FRAMES, ['active_periods', 'active_time', 'idle_periods', 'subflows']))).toEqual([
      3, 2.5, 2, 4,
    ]);
  });

  it('without the last one and those of one frame, as CICFlowMeter counts', async () => {
    // 2 and 0.5: mean 1.25, sample variance 1.125.
    expect(numbers(await flowOf(FRAMES, of('closed_active')))).toEqual([1.25, 1.06066017178, 0.5, 2]);
    // 7 and 10.5: mean 8.75, sample variance 6.125.
    expect(numbers(await flowOf(FRAMES, of('idle')))).toEqual([8.75, 2.47487373415, 7, 10.5]);
  });

  it('a flow without a longer gap is one period, and exactly 5 s is none', async () => {
    const frames: Frame[] = [
      [0, 1],
      [5000, 1],
    ];
    expect(numbers(await flowOf(frames, of('active')))).toEqual([5, null, 5, 5]);
    expect(numbers(await flowOf(frames, of('closed_active')))).toEqual([null, null, null, null]);
    expect(numbers(await flowOf(frames, of('idle')))).toEqual([null, null, null, null]);
  });

  it('the threshold is a parameter', async () => {
    const row = await flowOf(FRAMES, ['period_max(time, 10s)', 'period_min(time, 1s)', 'period_mean(time, 100ms)']);
    // Cut at 10.5 s only: 9.5 s and 0. At above 1 s: 0, 0, 0.5, 0. At above 0.1 s: five frames alone.
    expect(numbers(row)).toEqual([9.5, 0, 0]);
  });

  it('sub-flows share what a flow has', async () => {
    expect(numbers(await flowOf(FRAMES, ['subflow_fwd_frames', 'subflow_bwd_payload_bytes']))).toEqual([1, 0.25]);
  });
});

describe('the beginning of a flow', () => {
  const FRAMES: Frame[] = [
    [0, 5],
    [10, -20],
    [30, -0],
    [31, 40],
    [20_000, 1500],
  ];

  it('is there frame by frame', async () => {
    const row = await flowOf(FRAMES, [
      'head(payload.length, 6)',
      'head(forward, 6)',
      'head(default(gap(time), 0s), 6)',
      'head(payload.length, 3, payload.length > 0)',
    ]);
    expect(numbers(row)).toEqual(
      [
        [5, 20, 0, 40, 1500, null],
        [1, 0, 0, 1, 1, null],
        [0, 0.01, 0.02, 0.001, 19.969, null],
        [5, 20, 40],
      ].flat(),
    );
  });

  it('is there in windows by frames and by time', async () => {
    const names = [
      'early7_frames',
      'early10s_frames',
      'early10s_payload_bytes',
      'fwd_early10s_bytes',
      'early10s_duration',
    ];
    // Frames are 42 bytes longer than their payload; four of them come in the first 10 s.
    expect(numbers(await flowOf(FRAMES, names))).toEqual([5, 4, 65, 129, 0.031]);
  });

  it('is there as histograms with the bins of ipfixprobe', async () => {
    expect(numbers(await flowOf(FRAMES, ['payload_len_histogram']))).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
    // Between frames with payload: 10 ms, 21 ms, 19,969 ms.
    expect(numbers(await flowOf(FRAMES, ['iat_histogram']))).toEqual([1, 1, 0, 0, 0, 0, 0, 1]);
  });
});

it('the first bytes of payload, of both sides and of one, are those that tshark shows', async () => {
  const file = join(vendored, 'transport', 'one_tcp_stream_fin_rst_close_packet.pcap');
  const values = {
    first: 'head_bytes(payload, 8)',
    forward: 'head_bytes(payload, 60, forward)',
    backward: 'head_bytes(payload, 4, backward)',
    nothing: 'head_bytes(payload, 4, tcp.flags.reset)',
  };
  // tshark -T fields -e tcp.payload of frames 4, 6 and 8.
  const frame4 =
    '50524f58592054435034203139322e3136382e3232312e31203139322e3136382e3232312e31333220363432373820333330360d0a';
  const { rows } = await meter([file], values);
  expect(rows.map(({ first, forward, backward, nothing }) => [first, forward, backward, nothing])).toEqual([
    [frame4.slice(0, 16), `${frame4}b200000185a67f`, '4a000000', ''],
  ]);
});
