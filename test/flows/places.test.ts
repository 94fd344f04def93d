import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildFrame, ethernet, ipv4, ipv6, tag, udp } from '../../dissectors/build.ts';
import { whereThere } from '../captures-elsewhere.ts';
import { meter, shared, vendored } from './support.ts';
import { lines, type Timed, timed } from './timed.ts';

const at = (bytes: Uint8Array, i: number): Timed => ({ at: i, bytes });

describe('frames that are not IP', () => {
  const [a, b, all] = ['02:00:00:00:00:01', '02:00:00:00:00:02', 'ff:ff:ff:ff:ff:ff'];
  // ARP (RFC 826): request and reply; only the operation matters here.
  const arp = (source: string, destination: string, operation: number) =>
    buildFrame(ethernet({ source, destination, type: 0x0806 }), [
      0,
      1,
      8,
      0,
      6,
      4,
      0,
      operation,
      ...new Uint8Array(20),
    ]);
  const other = buildFrame(ethernet({ source: b, destination: a, type: 0x88b5 }), [1, 2, 3]);
  const tagged = buildFrame(ethernet({ source: b, destination: a }), tag({ id: 5, type: 0x88b5 }), [1, 2, 3]);
  const length = buildFrame(ethernet({ source: b, destination: a, length: 3 }), [0xaa, 1, 3]);
  const frames = [arp(a, all, 1), arp(b, a, 2), other, arp(a, b, 1), tagged, length].map(at);
  const shape = {
    from: 'first(eth.src)',
    to: 'first(eth.dst)',
    type: 'default(first(vlan.etype), first(eth.type))',
    frames: 'frames',
    back: 'count(backward)',
    bytes: 'sum(frame.len)',
    ip: 'src_ip',
    protocol: 'protocol',
    network: 'count(network.length)',
  };

  test('are skipped', async () => {
    const { result } = await timed(frames, shape);
    expect(result.frames).toMatchObject({ read: 6, used: 0 });
  });

  test('are flows of their link addresses and Ethertype when asked', async () => {
    const { rows, result } = await timed(frames, shape, { nonIp: true });
    expect(lines(rows)).toEqual([
      `${a} ${all} ${0x0806} 1 0 42   0`,
      `${b} ${a} ${0x0806} 2 1 84   0`,
      // The tag is not part of the key where it is not asked for.
      `${b} ${a} ${0x88b5} 2 0 38   0`,
      `${b} ${a}  1 0 17   0`,
    ]);
    expect(result.frames).toEqual({ read: 6, used: 6, skipped: {} });
    const split = await timed(frames, shape, { nonIp: true, key: ['addresses', 'protocol', 'ports', 'vlan.id'] });
    expect(split.rows).toHaveLength(5);
    const one = await timed(frames, shape, { nonIp: true, bidirectional: false });
    expect(one.rows).toHaveLength(5);
  });

  test('a damaged IP header is still no flow', async () => {
    const cut = buildFrame(ethernet(), ipv4(), udp()).subarray(0, 30);
    const { result } = await timed([at(cut, 0), at(cut.subarray(0, 10), 1)], shape, { nonIp: true });
    expect(result.frames.used).toBe(0);
  });
});

describe('fields in the key', () => {
  test('print as what they are', async () => {
    const frame = buildFrame(
      ethernet({ source: '02:00:00:00:00:01', destination: '02:00:00:00:00:fe' }),
      ipv6({ source: '2001:db8::1', destination: '2001:db8::2' }),
      udp(),
    );
    const reply = buildFrame(
      ethernet({ source: '02:00:00:00:00:fe', destination: '02:00:00:00:00:01' }),
      ipv6({ source: '2001:db8::2', destination: '2001:db8::1' }),
      udp(),
    );
    const fields = ['eth.src', 'eth.dst', 'ipv6.src', 'ipv6.dst', 'ip.src', 'ip.dst'];
    const shape = { ...Object.fromEntries(fields.map((name) => [name, name])), n: 'frames', id: 'flow_id' };
    const key = ['protocol', ...fields];
    const { rows } = await timed([frame, reply].map(at), shape, { key });
    const { id: first, ...row } = rows[0]!;
    expect(Object.values(row)).toEqual([
      '02:00:00:00:00:01',
      '02:00:00:00:00:fe',
      '2001:db8::1',
      '2001:db8::2',
      '',
      '',
      '2',
    ]);
    // The identity does not depend on what else was seen before.
    const before = buildFrame(ethernet(), ipv6({ source: '2001:db8::7', destination: '2001:db8::8' }), udp());
    const again = await timed(
      [before, frame, reply].map((bytes, i) => at(bytes, i - 1)),
      shape,
      { key },
    );
    expect(again.rows.map(({ id }) => id)).toContain(first);
  });

  test('a text, one way', async () => {
    const file = join(vendored, 'application', 'dns-mx.pcap');
    const columns = { name: 'dns.qry.name', n: 'frames' };
    const { rows } = await meter([file], columns, { key: ['dns.qry.name'], bidirectional: false });
    // tshark -T fields -e dns.qry.name: one name in both frames.
    expect(lines(rows)).toEqual(['mx.com 2']);
  });
});

test('home networks say where a flow goes', async () => {
  const between = (source: string, destination: string) => buildFrame(ethernet(), ipv4({ source, destination }), udp());
  const frames = [
    between('10.1.2.3', '8.8.8.8'),
    between('8.8.4.4', '10.255.255.255'),
    between('10.0.0.1', '192.168.7.9'),
    between('11.0.0.0', '9.255.255.255'),
    between('192.168.7.8', '192.168.7.10'),
    buildFrame(ethernet(), ipv6({ source: 'fd00:1::1', destination: '2001:db8::1' }), udp()),
    buildFrame(ethernet({ type: 0x88b5 }), [1]),
  ].map(at);
  const shape = { direction: 'direction', source: 'src_home', destination: 'dst_home' };
  const homeNetworks = ['10.0.0.0/8', '192.168.7.9', 'fd00:1::/33'];
  expect(lines((await timed(frames, shape, { homeNetworks, nonIp: true })).rows)).toEqual([
    'outbound 1 0',
    'inbound 0 1',
    'internal 1 1',
    'external 0 0',
    'external 0 0',
    'outbound 1 0',
    '  ',
  ]);
  expect(lines((await timed(frames.slice(0, 1), shape)).rows)).toEqual(['  ']);
  await expect(timed(frames, shape, { homeNetworks: ['10.0.0.0/40'] })).rejects.toThrow(/"10.0.0.0\/40" is no address/);
});

describe('Community ID', () => {
  // github.com/corelight/community-id-spec, baseline: the flows of its captures, with seed 0 and 1.
  const PUBLISHED: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
    'icmp.pcap': [
      ['1:X0snYXpgwiv9TZtqg64sgzUn6Dk=', '1:YHxtAirCG//0OzkcVAukqKQN9xM='],
      ['1:03g6IloqVBdcZlPyX8r0hgoE7kA=', '1:XjUibYHaafLQ3pxQeiMI8g25q20='],
    ],
    'icmp6.pcap': [
      [
        '1:dGHyGvjMfljg6Bppwm3bg0LO8TY=',
        '1:zavyT/cezQr1fmImYCwYnMXbgck=',
        '1:2ObVBgIn28oZvibYZhZMBgh7WdQ=',
        '1:hLZd0XGWojozrvxqE0dWB1iM6R0=',
        '1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=',
        '1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=',
        '1:pkvHqCL88/tg1k4cPigmZXUtL00=',
      ],
      [
        '1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=',
        '1:2hSqmsDZ2kdcY9kbiUzOEBic0iM=',
        '1:lVEtCZpYu84Xqaa++3lXFyuu2n4=',
        '1:W8MHwXpWzpoSTD+cGcaJr4u0ys8=',
        '1:GfZxjAkDk2MkegpBYHV6tadtFXQ=',
        '1:L7Ka0ZMYu+J3bL4ulW2PrqyXNo8=',
        '1:K/ee5UCqAMAQXDorP5nSa2CGLjc=',
      ],
    ],
    'ipv6.pcap': [['1:/qFaeAR+gFe1KYjMzVDsMv+wgU4='], ['1:eJYTW6AOzFLlSUoESovMjnu7rMw=']],
    'sctp.pcap': [['1:MP2EtRCAUIZvTw6MxJHLV7N7JDs='], ['1:5w3ZRjeKBzqT3zsaEECDGjUbYeg=']],
    'tcp.pcap': [['1:LQU9qZlK+B5F3KDmev6m5PMibrg='], ['1:3V71V58M3Ksw/yuFALMcW0LAHvc=']],
    'udp.pcap': [['1:d/FP5EW3wiY1vCndhwleRRKHowQ='], ['1:Q9We8WO3piVF8yEQBNJF4uiSVrI=']],
    'rsvp.pcap': [['1:KHlLkgoJW7ifUTyTSgyVfkFHzKw='], ['1:rYir8gphR31noO9iDRQmF/BteEI=']],
    'arp.pcap': [[], []],
  };

  test.each(Object.entries(PUBLISHED))('%s: as published', async (name, seeds) => {
    const file = join(vendored, 'community-id', name);
    for (const [communityIdSeed, expected] of seeds.entries()) {
      for (const bidirectional of [true, false]) {
        const { rows } = await meter([file], { id: 'community_id' }, { communityIdSeed, bidirectional });
        expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(expected));
      }
    }
  });

  const baseline = join(shared, 'expected', 'community-id');
  whereThere(baseline, 'the published baseline of Community ID', () => {
    test('what stands here is the published baseline', () => {
      const ids = (file: string) =>
        new Set(
          (JSON.parse(readFileSync(join(baseline, file), 'utf8')) as { communityid: string }[]).map(
            (one) => one.communityid,
          ),
        );
      const here = (seed: 0 | 1) => new Set(Object.values(PUBLISHED).flatMap((seeds) => seeds[seed]));
      expect(readdirSync(baseline)).toContain('baseline_deflt.json');
      expect(here(0)).toEqual(ids('baseline_deflt.json'));
      expect(here(1)).toEqual(ids('baseline_seed1.json'));
    });
  });

  test('is empty where what belongs to it is not known', async () => {
    const frame = at(buildFrame(ethernet(), ipv4(), udp()), 0);
    const of = async (key: string[]) => (await timed([frame], { id: 'community_id' }, { key })).rows[0]!.id;
    expect(await of(['addresses', 'protocol', 'ports'])).toMatch(/^1:/);
    expect(await of(['addresses', 'protocol'])).toBe('');
    expect(await of(['addresses', 'ports'])).toBe('');
    expect(await of(['protocol', 'ports'])).toBe('');
    const fragment = buildFrame(ethernet(), ipv4({ protocol: 17, fragmentOffset: 3 }), new Uint8Array(8));
    expect((await timed([at(fragment, 0)], { id: 'community_id' })).rows[0]!.id).toBe('');
  });
});
