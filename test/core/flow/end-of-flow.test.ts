import { describe, expect, test } from 'vitest';
import { meter, s, type ToyFrame } from './harness.ts';

const summary = (frames: readonly ToyFrame[], settings = {}) =>
  meter(frames, settings).rows.map(
    ({ key, segment, frames: count, reason }) => `${key.split(':')[1]!.split('>')[0]} #${segment} ${count} ${reason}`,
  );

/** A frame of the flow that is named by its port. */
const at = (time: number, port: number): ToyFrame => ({ time: s(time), ports: [port, 9] });
const client = { from: 1, to: 2, ports: [1000, 80] as const };
const server = { from: 2, to: 1, ports: [80, 1000] as const };

describe('eviction', () => {
  test('takes the least recently active flow, also among frames that come at almost the same time', () => {
    const frames = [at(0, 1), at(0.1, 2), at(0.2, 3), at(0.3, 1), at(0.31, 4), at(0.32, 2), at(0.33, 5)];
    expect(summary(frames, { maxFlows: 3 })).toEqual([
      '2 #0 1 resources',
      '3 #0 1 resources',
      '1 #0 2 resources',
      '4 #0 1 forced',
      '2 #0 1 forced',
      '5 #0 1 forced',
    ]);
  });

  test('of frames at one moment the one that came first goes first', () => {
    expect(summary([at(0, 1), at(0, 2), at(0, 3)], { maxFlows: 2 })).toEqual([
      '1 #0 1 resources',
      '2 #0 1 forced',
      '3 #0 1 forced',
    ]);
  });

  test('a flow that is over anyway ends for its own reason', () => {
    expect(summary([at(0, 1), at(119, 2), at(120, 3)], { maxFlows: 2 })).toEqual([
      '1 #0 1 idle',
      '2 #0 1 forced',
      '3 #0 1 forced',
    ]);
    expect(summary([at(0, 1), at(119, 2), at(119.999999, 3)], { maxFlows: 2 })[0]).toBe('1 #0 1 resources');
  });

  test('of a flow that was cut and had no frame since gives no row', () => {
    const { rows, meter: subject } = meter([at(0, 1), at(5, 1), at(50, 2)], { maxFlows: 1, activeTimeout: 10e9 });
    expect(rows.map((row) => [row.frames, row.reason])).toEqual([
      [2, 'active'],
      [1, 'forced'],
    ]);
    expect(subject.counts.byEndReason).toEqual([0, 0, 1, 0, 1, 0]);
  });
});

describe('two limits at one moment', () => {
  test('idle wins over active also when the next frame is the flow’s own', () => {
    const frames = [at(0, 1), at(60, 1), at(180, 1)];
    expect(summary(frames, { activeTimeout: 180e9 })).toEqual(['1 #0 2 idle', '1 #0 1 forced']);
    // Cut a nanosecond before; what goes on has no frame until it is over.
    expect(summary(frames, { activeTimeout: 180e9 - 1 })).toEqual(['1 #0 2 active', '1 #0 1 forced']);
    const ids = meter(frames, { activeTimeout: 180e9 - 1 }).rows.map((row) => row.id);
    expect(new Set(ids).size).toBe(2);
  });

  test('a frame at the moment of the cut opens the next segment', () => {
    expect(summary([at(0, 1), at(60, 1), at(100, 1)], { activeTimeout: 100e9 })).toEqual([
      '1 #0 2 active',
      '1 #1 1 forced',
    ]);
  });

  test('the end of a connection wins over idle', () => {
    const reset: ToyFrame = { ...client, time: s(0), flags: 'R', sequence: 1 };
    expect(summary([reset, at(30, 7)], { idleTimeout: 5e9, tcpLinger: 5e9 })[0]).toBe('1000 #0 1 end');
    expect(summary([reset, at(30, 7)], { idleTimeout: 5e9 - 1, tcpLinger: 5e9 })[0]).toBe('1000 #0 1 idle');
  });
});

describe('a cut', () => {
  test('within the linger: a late segment makes a segment of its own that ends with it', () => {
    const late = (time: number): ToyFrame => ({ ...client, time: s(time), flags: 'A', sequence: 2, acknowledgment: 1 });
    const frames: ToyFrame[] = [
      { ...client, time: s(0), flags: 'S', sequence: 1 },
      { ...server, time: s(2), flags: 'RA', sequence: 0, acknowledgment: 2 },
    ];
    const rows = (active: number, ...times: number[]) =>
      summary([...frames, ...times.map(late), at(30, 7)], { activeTimeout: active * 1e9 }).slice(0, -1);
    // Cut at 6 s; the frame at 6.5 s restarts the linger, over at 11.5 s and so before the next cut, due at 12.5 s.
    expect(rows(6, 6.5)).toEqual(['1000 #0 2 active', '1000 #1 1 end']);
    // Cuts at 3, 7 and 11.95 s: each before the linger from 4 s (to 9) and from 8.95 s (to 13.95) is over.
    expect(rows(3, 4, 8.95)).toEqual(['1000 #0 2 active', '1000 #1 1 active', '1000 #2 1 active']);
  });

  test('nothing in the linger after it: no row, and the next SYN is another flow', () => {
    const frames: ToyFrame[] = [
      { ...client, time: s(0), flags: 'S', sequence: 1 },
      { ...server, time: s(2), flags: 'RA', sequence: 0, acknowledgment: 2 },
      { ...client, time: s(6), flags: 'S', sequence: 99 },
    ];
    const { rows } = meter(frames, { activeTimeout: 3e9 });
    expect(rows.map((row) => [row.segment, row.frames, row.reason])).toEqual([
      [0, 2, 'active'],
      [0, 1, 'forced'],
    ]);
    expect(rows[0]!.id).not.toBe(rows[1]!.id);
  });

  test('several periods without a frame are one cut', () => {
    expect(summary([at(0, 1), at(1, 1), at(35, 1)], { activeTimeout: 10e9 })).toEqual([
      '1 #0 2 active',
      '1 #1 1 forced',
    ]);
  });
});

describe('after a reset', () => {
  const start: ToyFrame[] = [
    { ...client, time: s(0), flags: 'A', sequence: 1, acknowledgment: 10, payload: 1 },
    { ...server, time: s(1), flags: 'R', sequence: 10 },
  ];

  test('payload reopens; the flow then ends by itself, not with the linger of the reset', () => {
    const data: ToyFrame = { ...client, time: s(5.9), flags: 'A', sequence: 2, acknowledgment: 10, payload: 1 };
    const again: ToyFrame = { ...client, time: s(60), flags: 'A', sequence: 3, acknowledgment: 10, payload: 1 };
    expect(summary([...start, data, again])).toEqual(['1000 #0 4 forced']);
    // 5 s after the reset it is over.
    const late = { ...data, time: s(6) };
    expect(summary([...start, late])).toEqual(['1000 #0 2 end', '1000 #0 1 forced']);
  });

  test('a second reset ends it again', () => {
    const data: ToyFrame = { ...client, time: s(2), flags: 'A', sequence: 2, acknowledgment: 10, payload: 1 };
    const reset: ToyFrame = { ...server, time: s(3), flags: 'R', sequence: 11 };
    expect(summary([...start, data, reset, at(30, 7)])[0]).toBe('1000 #0 4 end');
  });
});

describe('a step of the clock', () => {
  test('flows end for what was due before it, else forced; all rows of the clock before come first', () => {
    const fin = (time: number): ToyFrame => ({ ...client, time: s(time), flags: 'R', sequence: 1 });
    const frames = [at(100, 1), at(219, 2), fin(219.5), at(220.2, 3), at(50, 4), at(51, 2), at(300, 5)];
    // At 220.2 s flow 1 has been idle for 120 s. The connection that was reset lingers: it ends.
    expect(summary(frames)).toEqual([
      '1 #0 1 idle',
      '1000 #0 1 end',
      '2 #0 1 forced',
      '3 #0 1 forced',
      '4 #0 1 idle',
      '2 #0 1 idle',
      '5 #0 1 forced',
    ]);
  });

  test('of exactly the limit is disorder still', () => {
    const { meter: subject } = meter([at(100, 1), at(90, 1)]);
    expect(subject.counts).toMatchObject({ steps: 0, disorder: 1 });
    const { meter: other } = meter([at(100, 1), at(89.999999, 1)]);
    expect(other.counts).toMatchObject({ steps: 1, disorder: 0 });
  });
});

describe('rows', () => {
  test('of one moment come by the first frame of the flow, then by segment; forced ones last', () => {
    const frames = [at(0, 2), at(0, 1), at(1, 3), at(10, 1), at(10, 2), at(20, 4), at(20.5, 4)];
    expect(summary(frames, { activeTimeout: 5e9, idleTimeout: 15e9 })).toEqual([
      '2 #0 1 active',
      '1 #0 1 active',
      '3 #0 1 active',
      '2 #1 1 active',
      '1 #1 1 active',
      '4 #0 2 forced',
    ]);
  });
});
