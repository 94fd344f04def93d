import { describe, expect, test } from 'vitest';
import { whereThere } from '../captures-elsewhere.ts';
import { listed, meter, shared, vendored } from './support.ts';

/** Captures whose frames we count otherwise than capinfos, with the reason. */
const OTHERWISE: Readonly<Record<string, number | string>> = {
  'formats/5_packets.erf': 'format ERF',
  'formats/solaris.snoop': 'format snoop',
  // capinfos counts blocks of unknown types as empty frames.
  'formats/pcapng-be-all-blocks-test102.pcapng': 5,
  'formats/pcapng-be-mixed-endian-sections-test202.pcapng': 8,
};

const sum = (rows: readonly Record<string, string>[], column: string) =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

const columns = {
  n: 'frames',
  f: 'count(forward)',
  b: 'count(backward)',
  bytes: 'sum(frame.len)',
  network: 'sum(network.length)',
  d: 'duration',
  gaps: 'sum(gap(time))',
  start: 'start',
  end: 'end',
};

for (const [name, folder] of [
  ['vendored captures', vendored],
  ['shared captures', shared],
] as const) {
  whereThere(folder, name, () =>
    describe(name, () => {
      const captures = listed(folder);
      test.each(captures)('$path: every frame is used or skipped for a reason', async ({ path, file, packets }) => {
        const other = OTHERWISE[path];
        if (typeof other === 'string') {
          await expect(meter([file], columns)).rejects.toThrow(other);
          return;
        }
        const { rows, result } = await meter([file], columns);
        const { read, used, skipped } = result.frames;
        const [input] = result.inputs;
        // Damaged files: capinfos stops where it stops, and we hand over what can be read.
        if (input?.damaged === undefined) expect(read).toBe(other ?? packets);
        expect(used + Object.values(skipped).reduce((total, count) => total + count, 0)).toBe(read);
        expect(sum(rows, 'n')).toBe(used);
        expect(sum(rows, 'f') + sum(rows, 'b')).toBe(used);
        expect(sum(rows, 'network')).toBeLessThanOrEqual(sum(rows, 'bytes') + 1e9);
        expect(rows).toHaveLength(result.flows.rows);
        for (const row of rows) {
          expect(Number(row.d)).toBeGreaterThanOrEqual(0);
          if (row.gaps !== '')
            expect(Math.abs(Number(row.gaps) - Number(row.d))).toBeLessThan(1e-9 * Math.max(1, Number(row.d)));
          for (const value of Object.values(row)) expect(value).not.toMatch(/NaN|Infinity/);
        }
      });
    }),
  );
}

describe('both levels of tunnels, and frames that are not IP', () => {
  const captures = [...listed(vendored), ...listed(shared)].filter(
    ({ path, packets }) => packets < 2000 && !(path in OTHERWISE),
  );
  test.each(captures)('$path: every frame has one flow of its outermost packet', async ({ file }) => {
    const all = { ...columns, level: 'level' };
    const both = await meter([file], all, { tunnels: 'both', nonIp: true });
    const outer = await meter([file], all, { tunnels: 'outer', nonIp: true });
    const { used, skipped } = both.result.frames;
    expect(outer.result.frames).toEqual(both.result.frames);
    expect(skipped).not.toHaveProperty('held');
    expect(used + Object.values(skipped).reduce((total, count) => total + count, 0)).toBe(both.result.frames.read);
    const level = (name: string) => both.rows.filter((row) => row.level === name);
    expect(sum(level('outer'), 'n')).toBe(used);
    expect(sum(level('inner'), 'n')).toBeLessThanOrEqual(used);
    // The flows of the outermost packets are those of a run that has no others.
    expect(level('outer')).toEqual(outer.rows);
    for (const row of both.rows) for (const value of Object.values(row)) expect(value).not.toMatch(/NaN|Infinity/);
  });
});

whereThere(shared, 'lengths from headers, lengths of IPv6', () => {
  test('snap length of 68 bytes: lengths come from headers', async () => {
    const { rows, result } = await meter([`${shared}/formats/snaplen-truncated-simson.pcap`], {
      ...columns,
      payload: 'count(payload.length)',
    });
    // Counted from the records and IP headers with an independent program.
    expect(rows).toHaveLength(10);
    expect([sum(rows, 'n'), sum(rows, 'bytes'), sum(rows, 'network'), sum(rows, 'payload')]).toEqual([
      303, 401_764, 397_522, 0,
    ]);
    expect(result.frames).toMatchObject({ read: 303, used: 303, skipped: {} });
  });

  test('IPv6 has lengths of its own', async () => {
    const { rows } = await meter(
      [`${shared}/flows/reddit.pcap`],
      {
        ...columns,
        v4: 'sum(ip.len)',
        none: 'count(not udp.srcport == 1)',
      },
      { idleTimeout: 1e18, activeTimeout: 1e18, tcpLinger: 1e18 },
    );
    expect([sum(rows, 'n'), sum(rows, 'bytes'), sum(rows, 'network'), sum(rows, 'v4')]).toEqual([
      1942, 713_996, 686_808, 0,
    ]);
    expect(rows.every((row) => row.none === '0')).toBe(true);
  });
});

test('a conversation of three frames is cut by one nanosecond', async () => {
  expect(
    (
      await meter(
        [`${vendored}/formats/time_2107.pcapng`, `${vendored}/transport/one_tcp_stream_fin_rst_close_packet.pcap`],
        { ...columns, g: 'min(gap(time))' },
      )
    ).rows.map((row) => [row.start, row.n, row.bytes, row.g]),
  ).toEqual([
    ['4323283200.000000000', '1', '98', ''],
    ['1622110650.591424000', '13', '1075', '0.000002'],
  ]);
});
