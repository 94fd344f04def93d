import { describe, expect, test } from 'vitest';
import { buildFrame, ethernet, extension, ipv4, ipv6, message, udp } from '../../dissectors/build.ts';
import { whereThere } from '../captures-elsewhere.ts';
import { meter, shared } from './support.ts';
import { lines, type Timed, timed } from './timed.ts';

/** Fragments of a UDP datagram of 32 bytes of payload: 16 bytes (8 of them header) in the first, 24 in the second. */
function pieces(id: number, ports: readonly [number, number] = [5000, 53], from = '10.0.0.1', to = '10.0.0.2') {
  const [source, destination] = ports;
  const whole = buildFrame(udp({ source, destination, length: 40, checksum: 1 }), new Uint8Array(32));
  const part = (at: number, end: number, flags: number) =>
    buildFrame(
      ethernet(),
      ipv4({ source: from, destination: to, protocol: 17, id, flags, fragmentOffset: at / 8 }),
      whole.subarray(at, end),
    );
  return { first: part(0, 16, 1), later: part(16, 40, 0) };
}

/** The same with an IPv6 fragment header. */
function pieces6(id: number) {
  const whole = buildFrame(udp({ source: 5000, destination: 53, length: 40, checksum: 1 }), new Uint8Array(32));
  const part = (at: number, end: number, more: number) => {
    const header = [0, at | more, 0, 0, 0, id];
    return buildFrame(ethernet(), ipv6(), extension(44, header, { next: 17 }), whole.subarray(at, end));
  };
  return { first: part(0, 16, 1), later: part(16, 40, 0) };
}

const plain = {
  source: 'src_ip',
  port: 'src_port',
  destination: 'dst_port',
  frames: 'frames',
  payload: 'sum(payload.length)',
};

const at = (bytes: Uint8Array, milliseconds: number): Timed => ({ at: milliseconds, bytes });

describe('fragments in order', () => {
  for (const [version, { first, later }] of [
    ['IPv4', pieces(7)],
    ['IPv6', pieces6(7)],
  ] as const) {
    test(`${version}: a later fragment joins the flow of the first`, async () => {
      const { rows, result } = await timed([at(first, 0), at(later, 1)], plain);
      expect(rows.map(({ port, destination, frames, payload }) => [port, destination, frames, payload])).toEqual([
        ['5000', '53', '2', '32'],
      ]);
      expect(result.fragments).toEqual({ joined: 1, unmatched: 0 });
    });
  }

  test('two datagrams with one identification between other ends are told apart', async () => {
    const one = pieces(7);
    const other = pieces(7, [6000, 53], '10.0.0.9');
    const { rows } = await timed([at(one.first, 0), at(other.first, 1), at(one.later, 2), at(other.later, 3)], plain);
    expect(lines(rows)).toEqual(['10.0.0.1 5000 53 2 32', '10.0.0.9 6000 53 2 32']);
  });

  test('the newest first fragment of an identification counts', async () => {
    const one = pieces(7);
    const other = pieces(7, [6000, 53]);
    const { rows } = await timed([at(one.first, 0), at(other.first, 1), at(other.later, 2)], plain);
    expect(lines(rows)).toEqual(['10.0.0.1 5000 53 1 8', '10.0.0.1 6000 53 2 32']);
  });

  test('after the timeout it is a flow without ports', async () => {
    const { first, later } = pieces(7);
    const in30 = await timed([at(first, 0), at(later, 29_999)], plain);
    expect(in30.result.fragments).toEqual({ joined: 1, unmatched: 0 });
    const after = await timed([at(first, 0), at(later, 30_000)], plain);
    expect(lines(after.rows)).toEqual(['10.0.0.1 5000 53 1 8', '10.0.0.1   1 24']);
    expect(after.result.fragments).toEqual({ joined: 0, unmatched: 1 });
  });

  test('a fragment of an ICMP message has the type and code of its first', async () => {
    const echo = buildFrame(message(4, 8, 0), new Uint8Array(24));
    const part = (from: number, end: number, flags: number) =>
      at(
        buildFrame(ethernet(), ipv4({ protocol: 1, id: 9, flags, fragmentOffset: from / 8 }), echo.subarray(from, end)),
        from,
      );
    const shape = { type: 'icmp_type', code: 'icmp_code', frames: 'frames' };
    expect(lines((await timed([part(0, 16, 1), part(16, 32, 0)], shape)).rows)).toEqual(['8 0 2']);
    // The later one first: it opens the flow, with the time it has.
    expect(lines((await timed([{ ...part(16, 32, 0), at: 0 }, part(0, 16, 1)], shape)).rows)).toEqual(['8 0 2']);
  });

  test('with maxFragments 0 nothing is joined', async () => {
    const { first, later } = pieces(7);
    const { rows, result } = await timed([at(first, 0), at(later, 1)], plain, { maxFragments: 0 });
    expect(lines(rows)).toEqual(['10.0.0.1 5000 53 1 8', '10.0.0.1   1 24']);
    expect(result.fragments).toEqual({ joined: 0, unmatched: 0 });
  });
});

describe('fragments that come before the first', () => {
  test('wait, and come into the flow at their own time', async () => {
    const { first, later } = pieces(7);
    const { rows, result } = await timed([at(later, 0), at(first, 250)], {
      ...plain,
      gap: 'duration',
      d: 'first(payload.length)',
    });
    expect(lines(rows)).toEqual(['10.0.0.1 5000 53 2 32 0.250000000 24']);
    expect(result.fragments).toEqual({ joined: 1, unmatched: 0 });
    expect(result.frames).toEqual({ read: 2, used: 2, skipped: {} });
  });

  test('a flow that has gone on meanwhile does not go back in time', async () => {
    const one = pieces(7);
    const other = pieces(8);
    const frames = [at(one.first, 0), at(other.later, 100), at(one.later, 200), at(other.first, 300)];
    const { rows, result } = await timed(frames, {
      ...plain,
      least: 'min(gap(time))',
      all: 'sum(gap(time))',
      d: 'duration',
    });
    // The one that waited is moved from 100 to 200 ms, where the flow was.
    expect(lines(rows)).toEqual(['10.0.0.1 5000 53 4 64 0 0.3 0.300000000']);
    expect(result.disorder).toMatchObject({ frames: 0, steps: 0 });
  });

  test('that wait in vain are a flow without ports at the moment that the wait ends, whatever moves the clock', async () => {
    const { later } = pieces(7);
    const other = (ms: number) => at(pieces(1, [7000, 80], '10.0.0.3').first, ms);
    const shape = { ...plain, reason: 'end_reason', d: 'duration' };
    const sparse = await timed([at(later, 0), other(1_000_000)], shape);
    const dense = await timed([at(later, 0), ...Array.from({ length: 1000 }, (_, i) => other(1000 * (i + 1)))], shape);
    expect(sparse.rows[0]).toEqual(dense.rows[0]);
    expect(lines(sparse.rows)[0]).toBe('10.0.0.1   1 24 idle 0.000000000');
    expect(sparse.result.fragments).toEqual({ joined: 0, unmatched: 1 });
  });

  test('at the end of the input they are flows without ports', async () => {
    const { rows, result } = await timed([at(pieces(7).later, 0), at(pieces(8).later, 5)], plain);
    expect(lines(rows)).toEqual(['10.0.0.1   2 48']);
    expect(result.fragments).toEqual({ joined: 0, unmatched: 2 });
    expect(result.frames.used).toBe(2);
  });

  test('a step of the clock ends the wait', async () => {
    const { first, later } = pieces(7);
    const { rows, result } = await timed([at(later, 60_000), at(first, 0)], plain);
    expect(lines(rows).sort()).toEqual(['10.0.0.1   1 24', '10.0.0.1 5000 53 1 8']);
    expect(result.fragments).toEqual({ joined: 0, unmatched: 1 });
  });

  test('the longest wait ends when more wait than may', async () => {
    const frames = [1, 2, 3].map((id) => at(pieces(id).later, id));
    const { result } = await timed([...frames, at(pieces(1).first, 10), at(pieces(3).first, 11)], plain, {
      maxFragments: 2,
    });
    expect(result.fragments).toEqual({ joined: 1, unmatched: 2 });
  });

  test('rows keep their order and sums, whatever the batch size and the disorder of fragments', async () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) % below;
    };
    const frames: Timed[] = [];
    for (let i = 0; i < 400; i += 1) {
      const { first, later } = pieces(i % 50, [5000 + random(6), 53], `10.0.1.${random(3)}`);
      const moment = 300 * i + random(200);
      if (random(8) > 0) frames.push(at(first, moment));
      if (random(8) > 0) frames.push(at(later, moment + random(9000) - 4500));
    }
    frames.sort((a, b) => a.at! - b.at!);
    const shape = { id: 'flow_id', segment: 'segment', ...plain, d: 'duration', s: 'start', e: 'end_reason' };
    const settings = { idleTimeout: 2e9, fragmentTimeout: 4e9, activeTimeout: 7e9 };
    const once = await timed(frames, shape, settings, { size: 2048 });
    expect(once.rows.reduce((total, row) => total + Number(row.frames), 0)).toBe(frames.length);
    expect(once.result.frames.used).toBe(frames.length);
    expect(once.result.fragments.joined).toBeGreaterThan(100);
    expect(once.result.fragments.unmatched).toBeGreaterThan(10);
    expect(new Set(once.rows.map((row) => `${row.id} ${row.segment}`)).size).toBe(once.rows.length);
    for (const size of [1, 3, 7, 64]) expect((await timed(frames, shape, settings, { size })).rows).toEqual(once.rows);
  });
});

whereThere(shared, 'captures with fragments', () => {
  test('captures with fragments', async () => {
    const of = async (path: string) =>
      meter([`${shared}/network/${path}`], {
        a: 'src_ip',
        p: 'src_port',
        b: 'dst_ip',
        q: 'dst_port',
        f: 'count(forward)',
        g: 'count(backward)',
        x: 'sum(frame.len, forward)',
        y: 'sum(frame.len, backward)',
        v: 'sum(payload.length, forward)',
        w: 'sum(payload.length, backward)',
      });
    const nfs = await of('ip4_fragments.pcap');
    expect(lines(nfs.rows)).toEqual(['10.118.213.212 789 10.118.213.211 2049 50 3 71220 534 69448 408']);
    expect(nfs.result.fragments).toEqual({ joined: 41, unmatched: 0 });
    // tshark: 4 first fragments of mDNS and other datagrams, 32 later ones.
    const six = await of('ip6_fragments.pcap');
    expect(six.result.fragments).toEqual({ joined: 32, unmatched: 0 });
    expect(six.rows.every((row) => row.p !== '')).toBe(true);
  });
});
