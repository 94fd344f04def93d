import { describe, expect, test } from 'vitest';
import { meter, s, type ToyFrame } from './harness.ts';

const summary = (frames: readonly ToyFrame[], settings = {}) =>
  meter(frames, settings).rows.map(
    ({ key, segment, frames: count, reason }) => `${key} #${segment} ${count} ${reason}`,
  );

describe('idle timeout', () => {
  const at = (...times: bigint[]) => times.map((time) => ({ time }));

  test('a gap of exactly the timeout splits, one nanosecond less does not', () => {
    const t = 119_999_999_999n;
    expect(meter(at(0n, t, 2n * t + 1n)).rows.map((row) => row.frames)).toEqual([2, 1]);
    expect(meter(at(0n, t, 2n * t)).rows.map((row) => row.frames)).toEqual([3]);
  });

  test('expiry does not wait for traffic of the same flow', () => {
    const { rows } = meter([{ time: s(0) }, { time: s(200), ports: [1, 2] }, { time: s(201), ports: [1, 2] }]);
    expect(rows.map((row) => [row.reason, row.frames])).toEqual([
      ['idle', 1],
      ['forced', 2],
    ]);
  });

  test('with disorder the last time of the flow counts, not the clock at its last frame', () => {
    // The flow's last packet time is 95 s although the clock stood at 100 s; at clock 215 s it has been over for exactly 120 s.
    const frames = (clock: number): ToyFrame[] => [
      { time: s(90) },
      { time: s(100), ports: [1, 2] },
      { time: s(95) },
      { time: s(clock), ports: [1, 2] },
      { time: s(214) },
    ];
    expect(summary(frames(214.9)).filter((row) => row.startsWith('1:1000'))).toEqual(['1:1000>2:2000/17 #0 3 forced']);
    expect(summary(frames(215)).filter((row) => row.startsWith('1:1000'))).toEqual([
      '1:1000>2:2000/17 #0 2 idle',
      '1:1000>2:2000/17 #0 1 forced',
    ]);
  });
});

describe('active timeout', () => {
  test('cuts by the clock; the next frame opens the next segment with the same flow_id and direction', () => {
    const frames: ToyFrame[] = [];
    for (let i = 0; i <= 40; i += 1)
      frames.push({ time: s(i * 100), ...(i % 2 ? { from: 2, to: 1, ports: [2000, 1000] as const } : {}) });
    const { rows } = meter(frames);
    // Frames at 0, 100 ... 1700 | 1800 ... 3500 | 3600 ... 4000
    expect(rows.map((row) => [row.segment, row.frames, row.forward, row.reason, row.start])).toEqual([
      [0, 18, 9, 'active', s(0)],
      [1, 18, 9, 'active', s(1800)],
      [2, 5, 3, 'forced', s(3600)],
    ]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(1);
    expect(rows.every((row) => row.key.startsWith('1:1000>2:2000'))).toBe(true);
  });

  test('an empty continuation makes no row', () => {
    const frames: ToyFrame[] = [];
    for (let i = 0; i < 18; i += 1) frames.push({ time: s(i * 100) });
    frames.push({ time: s(5000), ports: [1, 2] });
    expect(summary(frames)).toEqual(['1:1000>2:2000/17 #0 18 active', '1:1>2:2/17 #0 1 forced']);
  });

  test('the earlier of two limits wins, a tie is idle', () => {
    const frames = [{ time: s(0) }, { time: s(60) }, { time: s(1000), ports: [1, 2] as const }];
    expect(summary(frames, { activeTimeout: 100e9 })[0]).toContain('#0 2 active');
    expect(summary(frames, { activeTimeout: 180e9 })[0]).toContain('#0 2 idle');
    expect(summary(frames, { activeTimeout: 180e9 - 1 })[0]).toContain('#0 2 active');
  });
});

describe('direction and key', () => {
  test('both directions are one flow, forward as the first frame went', () => {
    const frames: ToyFrame[] = [
      { time: s(0), from: 9, to: 1, ports: [5000, 80] },
      { time: s(1), from: 1, to: 9, ports: [80, 5000] },
      { time: s(2), from: 9, to: 1, ports: [5000, 80] },
    ];
    expect(meter(frames).rows).toMatchObject([{ key: '9:5000>1:80/17', frames: 3, forward: 2 }]);
    expect(meter(frames, { bidirectional: false }).rows).toMatchObject([
      { key: '9:5000>1:80/17', frames: 2, forward: 2 },
      { key: '1:80>9:5000/17', frames: 1, forward: 1 },
    ]);
  });

  test('on one host the ports tell the directions apart', () => {
    const { rows } = meter([
      { time: s(0), from: 1, to: 1, ports: [5000, 80] },
      { time: s(1), from: 1, to: 1, ports: [80, 5000] },
    ]);
    expect(rows).toMatchObject([{ key: '1:5000>1:80/17', frames: 2, forward: 1 }]);
  });

  test('request and reply are one flow, one-way messages keep their direction', () => {
    const echo = (time: bigint, from: number, to: number, type: number): ToyFrame => ({
      time,
      from,
      to,
      ports: [type, 0],
      kind: 'exchange',
    });
    expect(meter([echo(s(0), 1, 2, 8), echo(s(1), 2, 1, 0)]).rows).toMatchObject([
      { key: '1:8>2:0/1', frames: 2, forward: 1 },
    ]);
    const way = (time: bigint, from: number, to: number): ToyFrame => ({
      time,
      from,
      to,
      ports: [3, 1],
      kind: 'one-way',
    });
    expect(meter([way(s(0), 1, 2), way(s(1), 2, 1)]).rows).toHaveLength(2);
  });

  test('fields join the key; one that differs by direction is refused', () => {
    const frames: ToyFrame[] = [
      { time: s(0), label: 1 },
      { time: s(1), label: 2 },
      { time: s(2), label: 1, from: 2, to: 1, ports: [2000, 1000] },
    ];
    expect(
      meter(frames, { key: ['addresses', 'protocol', 'ports', 'toy.label'] }).rows.map((row) => row.frames),
    ).toEqual([2, 1]);
    expect(() => meter(frames, { key: ['addresses', 'toy.sequence'] })).toThrow(
      /toy\.sequence.*differs between the two directions/,
    );
    expect(() => meter(frames, { key: ['toy.nothing'] })).toThrow(/no field "toy.nothing"/);
    expect(() => meter(frames, { key: ['toy.src'] })).toThrow(/"toy.src" needs "toy.dst"/);
  });

  test('without ports in the key a host pair is one flow', () => {
    const frames: ToyFrame[] = [{ time: s(0) }, { time: s(1), ports: [7, 8] }];
    expect(meter(frames, { key: ['addresses'] }).rows).toMatchObject([{ key: '1:0>2:0/-1', frames: 2 }]);
  });
});

describe('TCP end', () => {
  const client = { from: 1, to: 2, ports: [1000, 80] as const };
  const server = { from: 2, to: 1, ports: [80, 1000] as const };
  const session = (start: number, isn = 100): ToyFrame[] => [
    { ...client, time: s(start), flags: 'S', sequence: isn },
    { ...server, time: s(start + 0.1), flags: 'SA', sequence: 500, acknowledgment: isn + 1 },
    { ...client, time: s(start + 0.2), flags: 'A', sequence: isn + 1, acknowledgment: 501 },
    { ...client, time: s(start + 0.3), flags: 'FA', sequence: isn + 1, acknowledgment: 501 },
    { ...server, time: s(start + 0.4), flags: 'FA', sequence: 501, acknowledgment: isn + 2 },
    { ...client, time: s(start + 0.5), flags: 'A', sequence: isn + 2, acknowledgment: 502 },
  ];
  const other = (at: number): ToyFrame => ({ time: s(at), ports: [1, 2] });

  test('the last ACK and late segments within the linger stay with the flow; a new SYN starts another', () => {
    const frames = [
      ...session(0),
      { ...server, time: s(4), flags: 'A', sequence: 502, acknowledgment: 102 },
      ...session(6, 9000),
    ];
    expect(summary(frames)).toEqual(['1:1000>2:80/6 #0 7 end', '1:1000>2:80/6 #0 6 end']);
  });

  test('after the linger an ended flow is over', () => {
    const frames = [
      ...session(0),
      { ...server, time: s(5.5), flags: 'A', sequence: 502, acknowledgment: 102 },
      other(20),
    ];
    expect(summary(frames)).toEqual(['1:1000>2:80/6 #0 6 end', '2:80>1:1000/6 #0 1 forced', '1:1>2:2/17 #0 1 forced']);
  });

  test('a SYN with the same sequence number is a retransmission, SYN+ACK never starts a flow', () => {
    const frames: ToyFrame[] = [
      { ...client, time: s(0), flags: 'S', sequence: 1 },
      { ...client, time: s(1), flags: 'S', sequence: 1 },
      { ...server, time: s(2), flags: 'SA', sequence: 7, acknowledgment: 2 },
      { ...server, time: s(3), flags: 'SA', sequence: 9, acknowledgment: 2 },
      { ...client, time: s(4), flags: 'S', sequence: 2 },
    ];
    expect(summary(frames)).toEqual(['1:1000>2:80/6 #0 4 end', '1:1000>2:80/6 #0 1 forced']);
  });

  test('a simultaneous open is one flow', () => {
    const frames: ToyFrame[] = [
      { ...client, time: s(0), flags: 'S', sequence: 1 },
      { ...server, time: s(0.1), flags: 'S', sequence: 50 },
      { ...client, time: s(0.2), flags: 'SA', sequence: 1, acknowledgment: 51 },
      { ...server, time: s(0.3), flags: 'SA', sequence: 50, acknowledgment: 2 },
    ];
    expect(summary(frames)).toEqual(['1:1000>2:80/6 #0 4 forced']);
  });

  test('RST ends; payload or an advancing ACK afterwards reopens', () => {
    const start: ToyFrame[] = [
      { ...client, time: s(0), flags: 'A', sequence: 1, acknowledgment: 10 },
      { ...server, time: s(1), flags: 'R', sequence: 10 },
    ];
    expect(summary([...start, other(100)])[0]).toBe('1:1000>2:80/6 #0 2 end');
    const data: ToyFrame = { ...client, time: s(2), flags: 'A', sequence: 1, acknowledgment: 10, payload: 5 };
    expect(summary([...start, data, other(100)])[0]).toBe('1:1000>2:80/6 #0 3 forced');
    const still: ToyFrame = { ...client, time: s(2), flags: 'A', sequence: 1, acknowledgment: 10 };
    expect(summary([...start, still, other(100)])[0]).toBe('1:1000>2:80/6 #0 3 end');
    const further: ToyFrame = { ...client, time: s(2), flags: 'A', sequence: 1, acknowledgment: 11 };
    expect(summary([...start, further, other(100)])[0]).toBe('1:1000>2:80/6 #0 3 forced');
  });

  test('sequence numbers that wrap past 2^32 are followed', () => {
    const frames: ToyFrame[] = [
      { ...client, time: s(0), flags: 'A', sequence: 0xfffffffe, acknowledgment: 0xffffffff },
      { ...client, time: s(0.1), flags: 'FA', sequence: 0xfffffffe, acknowledgment: 0xffffffff, payload: 3 },
      { ...server, time: s(0.2), flags: 'FA', sequence: 0xffffffff, acknowledgment: 2 },
      { ...client, time: s(0.3), flags: 'A', sequence: 2, acknowledgment: 0 },
      other(100),
    ];
    expect(summary(frames)[0]).toBe('1:1000>2:80/6 #0 4 end');
  });

  test('unidirectional: the own FIN ends', () => {
    const rows = summary([...session(0), other(100)], { bidirectional: false });
    expect(rows).toEqual(['2:80>1:1000/6 #0 2 end', '1:1000>2:80/6 #0 4 end', '1:1>2:2/17 #0 1 forced']);
  });
});

describe('bounds and order', () => {
  test('the least recently active flow makes room', () => {
    const frames: ToyFrame[] = [1, 2, 3, 1, 4].map((port, i) => ({ time: s(i), ports: [port, 9] }));
    const { rows, meter: subject } = meter(frames, { maxFlows: 3 });
    expect(rows.map((row) => [row.key, row.frames, row.reason])).toEqual([
      ['1:2>2:9/17', 1, 'resources'],
      ['1:1>2:9/17', 2, 'forced'],
      ['1:3>2:9/17', 1, 'forced'],
      ['1:4>2:9/17', 1, 'forced'],
    ]);
    expect(subject.counts.byEndReason[5]).toBe(1);
  });

  test('rows come by moment of expiry, then first frame', () => {
    const frames: ToyFrame[] = [
      { time: s(0), ports: [1, 9] },
      { time: s(1), ports: [2, 9] },
      { time: s(1), ports: [3, 9] },
      { time: s(2), ports: [3, 9] },
      { time: s(2), ports: [2, 9] },
      { time: s(500), ports: [4, 9] },
    ];
    expect(meter(frames).rows.map((row) => row.key)).toEqual(['1:1>2:9/17', '1:2>2:9/17', '1:3>2:9/17', '1:4>2:9/17']);
  });

  test('every frame is in a row, whatever the batch size; rows and ids are the same', () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return seed % below;
    };
    let time = 0n;
    const frames: ToyFrame[] = [];
    for (let i = 0; i < 5000; i += 1) {
      time += BigInt(random(3)) * 700_000_000n;
      const late = random(10) === 0 ? 5_000_000_000n : 0n;
      frames.push({
        time: time > late ? time - late : time,
        from: random(3) + 1,
        to: random(3) + 1,
        ports: [random(4), random(4)],
        ...(random(2)
          ? { flags: ['S', 'A', 'FA', 'R', 'SA'][random(5)]!, sequence: random(5), acknowledgment: random(9) }
          : {}),
        payload: random(2) * 10,
      });
    }
    const settings = { idleTimeout: 30e9, activeTimeout: 100e9, maxFlows: 20 };
    const one = meter(frames, settings, 1);
    expect(one.rows.reduce((sum, row) => sum + row.frames, 0)).toBe(5000);
    expect(new Set(one.rows.map((row) => `${row.id} ${row.segment}`)).size).toBe(one.rows.length);
    expect(meter(frames, settings, 1000).rows).toEqual(one.rows);
    expect(one.rows.every((row) => row.end >= row.start)).toBe(true);
  });
});

describe('time', () => {
  test('spans of a century, exact to the nanosecond', () => {
    const late = 4_323_283_200_123_456_789n;
    const { rows } = meter([
      { time: late },
      { time: 1_622_110_650_591_424_001n },
      { time: 1_622_110_650_591_424_004n },
      { time: late + 1n },
    ]);
    expect(rows.map((row) => [row.start, row.end, row.frames, row.reason])).toEqual([
      [late, late, 1, 'forced'],
      [1_622_110_650_591_424_001n, 1_622_110_650_591_424_004n, 2, 'idle'],
      [late + 1n, late + 1n, 1, 'forced'],
    ]);
  });

  test('the base moves under an open flow and nothing is lost', () => {
    const day = 86_400_000_000_000n;
    const settings = { idleTimeout: 1e18, activeTimeout: 1e18 };
    const { rows } = meter([{ time: 5n }, { time: 40n * day + 7n }, { time: 80n * day + 9n }], settings);
    expect(rows.map((row) => [row.start, row.end, row.frames])).toEqual([[5n, 80n * day + 9n, 3]]);
  });

  test('a step back of the clock ends open flows; disorder within it does not', () => {
    const { rows, meter: subject } = meter([{ time: s(100) }, { time: s(91) }, { time: s(89) }, { time: s(90) }]);
    expect(rows.map((row) => [row.frames, row.reason, row.end])).toEqual([
      [2, 'forced', s(100)],
      [2, 'forced', s(90)],
    ]);
    expect(subject.counts).toMatchObject({ steps: 1, disorder: 1 });
    expect(rows[0]!.id).not.toBe(rows[1]!.id);
  });

  test('flows with equal key and start in different runs of the clock have different ids', () => {
    const { rows } = meter([{ time: s(100) }, { time: s(200), ports: [1, 2] }, { time: s(100) }]);
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row.id)).size).toBe(3);
  });

  test('late frames are dropped on request, and counted', () => {
    const { rows, meter: subject } = meter([{ time: s(10) }, { time: s(9) }, { time: s(11) }], { disorder: 'drop' });
    expect(rows.map((row) => row.frames)).toEqual([2]);
    expect(subject.counts).toMatchObject({ skippedLate: 1, disorder: 1, used: 2 });
  });

  test('a frame without a time takes the run clock', () => {
    const { rows, meter: subject } = meter([{ time: s(10) }, { time: null }, { time: s(11) }]);
    expect(rows).toMatchObject([{ frames: 3, end: s(11) }]);
    expect(subject.counts.timeAbsent).toBe(1);
    expect(meter([{ time: null }, { time: s(1e9) }]).rows.map((row) => row.frames)).toEqual([1, 1]);
  });
});

test('a link type nobody knows is skipped by name', () => {
  const { stage, rows } = meter([{ time: s(0), linkType: 146 }, { time: s(1) }]);
  expect(rows.map((row) => row.frames)).toEqual([1]);
  expect(stage.skip[0]).toBe(1);
});

test('rows that were handed out already never come again, whatever their records hold now', () => {
  // Flow 1 lives on and is touched last; flow 2 ends, is handed out, and its record becomes flow 3's.
  const at = (time: number, port: number): ToyFrame => ({ time: s(time), ports: [port, 9] });
  const frames = [at(0, 1), at(1, 2), at(15, 1), at(30, 1), at(45, 1), at(46, 3), at(60, 1)];
  const { rows } = meter(frames, { idleTimeout: 20e9 }, 1);
  expect(rows.map((row) => [row.key, row.frames])).toEqual([
    ['1:2>2:9/17', 1],
    ['1:1>2:9/17', 5],
    ['1:3>2:9/17', 1],
  ]);
});
