import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flows } from '../../../cli/library.ts';
import { vendored } from '../../flows/support.ts';

// One TCP connection of 13 frames, 9 in the first 24 ms and 4 after 63 s. What is expected was worked out outside of this
// program, with 64-bit arithmetic in two passes, from `tshark -T fields -e frame.time_epoch -e ip.src -e ip.len -e tcp.len
// -e tcp.flags -e ip.ttl`.
const CONNECTION = 'transport/one_tcp_stream_fin_rst_close_packet.pcap';

async function rowsOf(preset: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const row of flows(join(vendored, CONNECTION), { preset })) rows.push({ ...row });
  return rows;
}

/** Numbers to nine digits, everything else exactly. */
function expectRow(row: Record<string, unknown>, wanted: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (typeof value !== 'number' || Number.isInteger(value)) expect([name, row[name]]).toEqual([name, value]);
    else expect(Math.abs((row[name] as number) / value - 1), name).toBeLessThan(1e-9);
  }
}

describe('caia', () => {
  it('has 35 columns with the values of both directions', async () => {
    const [row, ...more] = await rowsOf('caia');
    expect(more).toEqual([]);
    expect(Object.keys(row!)).toHaveLength(35);
    const of = (way: string, values: readonly number[]) =>
      Object.fromEntries(
        [
          'packetTotalCount',
          'octetTotalCount',
          ...['min', 'mean', 'max', 'stdev'].map((name) => `${name}(ipTotalLength)`),
          ...['min', 'mean', 'max', 'stdev'].map((name) => `${name}(_interPacketTimeSeconds)`),
          ...['tcpSyn', 'tcpAck', 'tcpFin', '_tcpCwr'].map((name) => `${name}TotalCount`),
        ].map((name, i) => [`apply(${name},${way})`, values[i]]),
      );
    expectRow(row!, {
      flowDurationMilliseconds: 63025.378,
      sourceIPAddress: '192.168.221.130',
      destinationTransportPort: 3306,
      protocolIdentifier: 6,
      ...of('forward', [
        ...[8, 559, 40, 69.875, 222, 64.15258039571418],
        ...[0.000002, 9.003625428571429, 63.001855, 23.810982253782935],
        ...[1, 6, 1, 0],
      ]),
      ...of('backward', [
        ...[5, 282, 40, 56.4, 118, 34.47897910321592],
        ...[0.000411, 15.75132225, 63.001627, 31.500203174113498],
        ...[1, 5, 0, 0],
      ]),
    });
  });
});

describe('nettisa', () => {
  it('has the thirteen features, in flows of 30 s without a frame', async () => {
    const rows = await rowsOf('nettisa');
    expect(rows).toHaveLength(2);
    expectRow(rows[0]!, {
      BYTES: 439,
      BYTES_REV: 242,
      PACKETS: 5,
      PACKETS_REV: 4,
      TCP_FLAGS: 0x1a,
      TCP_FLAGS_REV: 0x1a,
      NTS_MEAN: 34.77777777777778,
      NTS_MIN: 0,
      NTS_MAX: 182,
      NTS_STDEV: 58.81378859072983,
      NTS_KURTOSIS: 4.477429955376651,
      NTS_ROOT_MEAN_SQUARE: 68.32682895873008,
      NTS_AVERAGE_DISPERSION: 46.37037037037037,
      NTS_MEAN_SCALED_TIME: 19300.777777777777,
      NTS_MEAN_DIFFTIMES: 2968,
      NTS_MIN_DIFFTIMES: 2,
      NTS_MAX_DIFFTIMES: 20082,
      NTS_TIME_DISTRIBUTION: 0.2130727091633466,
      NTS_SWITCHING_RATIO: 0.75,
    });
  });
});

describe('zeek-conn', () => {
  it('has the bytes of payload and of IP, by side', async () => {
    const [row] = await rowsOf('zeek-conn');
    expectRow(row!, {
      'id.orig_h': '192.168.221.130',
      'id.resp_p': 3306,
      ip_proto: 6,
      duration: 63.025378,
      orig_bytes: 53 + 182,
      resp_bytes: 78,
      orig_pkts: 8,
      orig_ip_bytes: 559,
      resp_pkts: 5,
      resp_ip_bytes: 282,
    });
  });
});

describe('netflow-v9', () => {
  it('has a row for each direction, with all flags of its segments', async () => {
    const rows = await rowsOf('netflow-v9');
    expect(
      rows.map((row) => [row.sourceTransportPort, row.packetDeltaCount, row.octetDeltaCount, row.tcpControlBits]),
    ).toEqual([
      [43766, 5, 439, 0x1a],
      [3306, 4, 242, 0x1a],
      [43766, 3, 120, 0x15],
      [3306, 1, 40, 0x10],
    ]);
    expectRow(rows[0]!, {
      flowStartMilliseconds: 1_622_110_650_591,
      flowEndMilliseconds: 1_622_110_650_614,
      ipClassOfService: 0,
      minimumIpTotalLength: 40,
      maximumIpTotalLength: 222,
      minimumTTL: 64,
      maximumTTL: 64,
      ipVersion: 4,
    });
  });
});
