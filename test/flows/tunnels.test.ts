import { describe, expect, test } from 'vitest';
import { buildFrame, ethernet, ipv4, ipv6, tag, udp } from '../../dissectors/build.ts';
import { whereThere } from '../captures-elsewhere.ts';
import { meter, shared } from './support.ts';
import { lines, type Timed, timed } from './timed.ts';

const VXLAN = 4789;

/** An inner Ethernet frame between two hosts that every tunnel below carries. */
const inner = (back = false, length = 10): Uint8Array => {
  const [a, b] = back ? ['192.168.0.2', '192.168.0.1'] : ['192.168.0.1', '192.168.0.2'];
  const ports = back ? { source: 53, destination: 4000 } : { source: 4000, destination: 53 };
  return buildFrame(ethernet(), ipv4({ source: a, destination: b, timeToLive: 9 }), udp(ports), new Uint8Array(length));
};

const vxlan = (network: number, back = false): Uint8Array => {
  const [a, b] = back ? ['10.0.0.2', '10.0.0.1'] : ['10.0.0.1', '10.0.0.2'];
  const header = [8, 0, 0, 0, network >> 16, (network >> 8) & 255, network & 255, 0];
  // Source ports of VXLAN are hashes of what is inside: they differ by direction.
  const ports = { source: back ? 50_001 : 50_000, destination: VXLAN };
  return buildFrame(ethernet(), tag({ id: 7 }), ipv4({ source: a, destination: b }), udp(ports), [
    ...header,
    ...inner(back),
  ]);
};

const gre = (key: number | undefined): Uint8Array => {
  const header = key === undefined ? [0, 0, 8, 0] : [0x20, 0, 8, 0, 0, 0, 0, key];
  return buildFrame(ethernet(), ipv4({ protocol: 47 }), [...header, ...inner().subarray(14)]);
};

const at = (bytes: Uint8Array, i: number): Timed => ({ at: i, bytes });
const shape = {
  level: 'level',
  source: 'src_ip',
  port: 'src_port',
  to: 'dst_port',
  forward: 'count(forward)',
  backward: 'count(backward)',
  tunnel: 'first(tunnel.name)',
  id: 'first(tunnel.id)',
};

describe('inner', () => {
  test('the network identifier is part of the key, both ways, and nothing else of the outer headers', async () => {
    const frames = [vxlan(5), vxlan(6), vxlan(5, true), vxlan(5)].map(at);
    const { rows } = await timed(frames, shape);
    expect(lines(rows)).toEqual(['inner 192.168.0.1 4000 53 2 1 vxlan 5', 'inner 192.168.0.1 4000 53 1 0 vxlan 6']);
  });

  test('GRE keys tell flows apart; without a key, and without a tunnel, they do not', async () => {
    const { rows } = await timed([gre(1), gre(2), gre(undefined), inner(), gre(1)].map(at), shape);
    expect(lines(rows)).toEqual([
      'inner 192.168.0.1 4000 53 2 0 gre 1',
      'inner 192.168.0.1 4000 53 1 0 gre 2',
      'inner 192.168.0.1 4000 53 2 0 gre ',
    ]);
  });

  test('fields are those of the innermost packet; links and tunnels around it are known', async () => {
    const frame = buildFrame(
      ethernet(),
      tag({ id: 7 }),
      ipv4({ protocol: 41, timeToLive: 99 }),
      ipv6({ hopLimit: 3 }),
      udp(),
    );
    const { rows } = await timed([at(frame, 0), at(vxlan(5), 1)], {
      ttl: 'first(ip.ttl)',
      hops: 'first(ipv6.hlim)',
      vlan: 'first(vlan.id)',
      vni: 'first(vxlan.vni)',
      length: 'first(udp.length)',
      outermost: 'first(ip.ttl#1)',
    });
    expect(lines(rows)).toEqual([' 3 7  8 99', '9  7 5 18 64']);
  });
});

test('outer: as if the frame ended with the header of the tunnel', async () => {
  const { rows } = await timed(
    [vxlan(5), vxlan(6)].map(at),
    {
      ...shape,
      ttl: 'first(ip.ttl)',
      length: 'sum(udp.length)',
      payload: 'sum(payload.length)',
      mac: 'count(present(eth.src))',
    },
    { tunnels: 'outer' },
  );
  // UDP: 8 of its own, 8 of VXLAN, 14 of Ethernet, 20 of IPv4, 8 of UDP, 10 of payload; twice.
  expect(lines(rows)).toEqual(['outer 10.0.0.1 50000 4789 2 0   64 136 120 2']);
});

describe('both', () => {
  test('each frame with a tunnel feeds a flow of each level, others one', async () => {
    const frames = [vxlan(5), inner(), vxlan(5, true)].map(at);
    const { rows, result } = await timed(
      frames,
      { ...shape, bytes: 'sum(frame.len)', payload: 'sum(payload.length)' },
      {
        tunnels: 'both',
      },
    );
    expect(lines(rows)).toEqual([
      'outer 10.0.0.1 50000 4789 1 0   106 60',
      'inner 192.168.0.1 4000 53 1 1 vxlan 5 212 20',
      // The same ends without a tunnel are another flow: the outermost packet's.
      'outer 192.168.0.1 4000 53 1 0   52 10',
      'outer 10.0.0.2 50001 4789 1 0   106 60',
    ]);
    expect(result.frames).toEqual({ read: 3, used: 3, skipped: {} });
  });

  test('a flow of the outermost packets has the same id with outer and both', async () => {
    const ids = async (tunnels: 'outer' | 'both') =>
      (await timed([vxlan(5)].map(at), { id: 'flow_id', level: 'level' }, { tunnels })).rows.map(({ id }) => id);
    const [outer] = await ids('outer');
    const both = await ids('both');
    expect(both).toContain(outer);
    expect(new Set(both).size).toBe(2);
  });

  test('a conversation inside its own addresses is two flows', async () => {
    // IP in IP with the same addresses outside and inside.
    const ends = { source: '10.0.0.1', destination: '10.0.0.2' };
    const frame = buildFrame(ethernet(), ipv4(ends), ipv4({ ...ends, protocol: 99 }), [1, 2, 3]);
    const { rows } = await timed(
      [at(frame, 0)],
      { level: 'level', protocol: 'protocol', n: 'frames' },
      { tunnels: 'both' },
    );
    expect(lines(rows)).toEqual(['outer 4 1', 'inner 99 1']);
  });
});

describe('fragments of packets with tunnels', () => {
  const whole = buildFrame(udp({ source: 50_000, destination: VXLAN }), [8, 0, 0, 0, 0, 0, 5, 0, ...inner(false, 100)]);
  const part = (from: number, end: number, flags: number, id = 77): Uint8Array =>
    buildFrame(
      ethernet(),
      ipv4({ source: '10.0.0.1', destination: '10.0.0.2', protocol: 17, id, flags, fragmentOffset: from / 8 }),
      whole.subarray(from, end),
    );
  const [first, later] = [part(0, 80, 1), part(80, whole.length, 0)];
  const sums = {
    level: 'level',
    source: 'src_ip',
    frames: 'frames',
    bytes: 'sum(frame.len)',
    lengths: 'count(network.length)',
    payloads: 'count(payload.length)',
    ttl: 'count(ip.ttl)',
    tunnel: 'first(tunnel.name)',
  };
  const inside = `inner 192.168.0.1 2 ${first.length + later.length} 1 1 1 vxlan`;
  const outside = `outer 10.0.0.1 2 ${first.length + later.length} 2 2 2 `;

  for (const [order, frames] of [
    ['in order', [first, later].map(at)],
    ['the later one first', [later, first].map(at)],
  ] as const) {
    test(`${order}: a later fragment is a frame of the inner flow, and no more`, async () => {
      expect(lines((await timed(frames, sums)).rows)).toEqual([inside]);
      expect(lines((await timed(frames, sums, { tunnels: 'outer' })).rows)).toEqual([outside]);
      const both = await timed(frames, sums, { tunnels: 'both' });
      expect(lines(both.rows).sort()).toEqual([inside, outside]);
      expect(both.result.fragments).toEqual({ joined: 1, unmatched: 0 });
      expect(both.result.frames.used).toBe(2);
    });
  }

  test('one whose first is missing is of no inner flow', async () => {
    const { rows, result } = await timed([at(later, 0)], sums, { tunnels: 'both' });
    expect(lines(rows)).toEqual([`outer 10.0.0.1 1 ${later.length} 1 1 1 `]);
    expect(result.fragments).toEqual({ joined: 0, unmatched: 1 });
  });

  test('a fragmented packet inside a fragmented packet', async () => {
    // Inner datagram: 40 bytes of UDP in two fragments, each in an outer packet of two fragments of its own.
    const datagram = buildFrame(udp({ source: 4000, destination: 53, length: 48, checksum: 1 }), new Uint8Array(40));
    const ends = { source: '192.168.0.1', destination: '192.168.0.2', protocol: 17, id: 3 };
    const innerParts = [
      buildFrame(ipv4({ ...ends, flags: 1 }), datagram.subarray(0, 24)),
      buildFrame(ipv4({ ...ends, fragmentOffset: 3 }), datagram.subarray(24)),
    ];
    const frames = innerParts.flatMap((bytes, i) => {
      const outer = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 4, id: 20 + i };
      return [
        buildFrame(ethernet(), ipv4({ ...outer, flags: 1 }), bytes.subarray(0, 32)),
        buildFrame(ethernet(), ipv4({ ...outer, fragmentOffset: 4 }), bytes.subarray(32)),
      ];
    });
    const [a, b, c, d] = frames as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const counted = { level: 'level', port: 'src_port', frames: 'frames' };
    for (const order of [
      [a, b, c, d],
      [d, c, b, a],
      [c, d, a, b],
      [b, d, c, a],
    ]) {
      const { rows, result } = await timed(order.map(at), counted, { tunnels: 'both' });
      expect(lines(rows).sort()).toEqual(['inner 4000 4', 'outer  4']);
      expect(result.fragments.unmatched).toBe(0);
      expect(lines((await timed(order.map(at), counted)).rows)).toEqual(['inner 4000 4']);
      // With room for one packet only, some are not joined, and none is lost.
      for (const maxFragments of [1, 2]) {
        const tight = await timed(order.map(at), counted, { tunnels: 'both', maxFragments });
        const outer = tight.rows.filter(({ level }) => level === 'outer');
        expect(outer.reduce((total, { frames }) => total + Number(frames), 0)).toBe(4);
      }
    }
  });
});

whereThere(shared, 'GTP with fragments of the outer packets', () => {
  test('GTP with fragments of the outer packets', async () => {
    const of = async (tunnels: 'inner' | 'outer' | 'both') => {
      const columns = { level: 'level', frames: 'frames', bytes: 'sum(frame.len)', tunnel: 'first(tunnel.name)' };
      const { rows, result } = await meter([`${shared}/network/gtp1_gn_normal_incl_fragmentation.pcap`], columns, {
        tunnels,
      });
      expect(result.fragments).toEqual({ joined: 36, unmatched: 0 });
      return lines(rows).sort();
    };
    expect(await of('outer')).toEqual(['outer 108 66838 ']);
    expect(await of('inner')).toEqual(['inner 108 66838 gtp']);
    expect(await of('both')).toEqual(['inner 108 66838 gtp', 'outer 108 66838 ']);
  });
});
