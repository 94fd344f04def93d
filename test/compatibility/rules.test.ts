import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type FlowsOptions, flows } from '../../cli/library/flows.ts';

const folder = mkdtempSync(join(tmpdir(), 'packetloom-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

/** A TCP segment (with flags) or UDP datagram between 10.0.0.1:1000 and 10.0.0.2:80. */
interface Sent {
  /** Seconds, to the microsecond. */
  readonly time: number;
  readonly back?: boolean;
  readonly flags?: string;
  readonly payload?: number;
  /** Bytes of padding behind the packet. */
  readonly padding?: number;
  readonly sequence?: number;
}

function frameOf({ back = false, flags, payload = 0, padding = 0, sequence = 0 }: Sent): Uint8Array {
  const header = flags === undefined ? 8 : 20;
  const bytes = new Uint8Array(14 + 20 + header + payload + padding);
  const view = new DataView(bytes.buffer);
  bytes.set([2, 0, 0, 0, 0, back ? 1 : 2, 2, 0, 0, 0, 0, back ? 2 : 1]);
  view.setUint16(12, 0x0800);
  bytes[14] = 0x45;
  view.setUint16(16, 20 + header + payload);
  bytes[22] = 64;
  bytes[23] = flags === undefined ? 17 : 6;
  bytes.set([10, 0, 0, back ? 2 : 1], 26);
  bytes.set([10, 0, 0, back ? 1 : 2], 30);
  view.setUint16(34, back ? 80 : 1000);
  view.setUint16(36, back ? 1000 : 80);
  if (flags === undefined) view.setUint16(38, 8 + payload);
  else {
    view.setUint32(38, sequence);
    bytes[46] = 0x50;
    bytes[47] = [...flags].reduce((all, flag) => all | FLAGS[flag]!, 0);
    view.setUint16(48, 500);
  }
  return bytes;
}

function capture(sent: readonly Sent[]): string {
  const frames = sent.map(frameOf);
  const file = new Uint8Array(24 + frames.reduce((sum, { length }) => sum + 16 + length, 0));
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 65_535);
  view.setUint32(20, 1);
  let at = 24;
  for (const [i, frame] of frames.entries()) {
    view.setUint32(at, Math.floor(sent[i]!.time));
    view.setUint32(at + 4, Math.round((sent[i]!.time % 1) * 1e6));
    view.setUint32(at + 8, frame.length);
    view.setUint32(at + 12, frame.length);
    file.set(frame, at + 16);
    at += 16 + frame.length;
  }
  const path = join(folder, 'made.pcap');
  writeFileSync(path, file);
  return path;
}

async function rows(sent: readonly Sent[], options: FlowsOptions, columns: readonly string[]) {
  const found: unknown[][] = [];
  for await (const row of flows(capture(sent), { compatibility: 'exact', ...options }))
    found.push(columns.map((name) => row[name]));
  return found;
}

describe('NFStream', () => {
  const columns = ['id', 'expiration_id', 'bidirectional_first_seen_ms', 'bidirectional_packets'];
  const run = (sent: readonly Sent[], options: FlowsOptions = {}, names = columns) =>
    rows(sent, { preset: 'nfstream', ...options }, names);

  test('times are cut to milliseconds, and a gap of exactly the idle timeout splits', async () => {
    // 100.000999 is cut to 100.000: 120.000 s lie between; 220.9999 and 340.9989 are 119.998 s apart when cut.
    expect(await run([{ time: 100.000999 }, { time: 220.000001 }])).toEqual([
      [0, false, 100_000, 1],
      [1, false, 220_000, 1],
    ]);
    expect(await run([{ time: 100.000999 }, { time: 219.999999 }])).toEqual([[0, false, 100_000, 2]]);
  });

  test('a record never lasts the active timeout, and the next one takes its source from its own first packet', async () => {
    const sent = [{ time: 10 }, { time: 10.5, back: true }, { time: 12, back: true }, { time: 12.5 }];
    const names = ['expiration_id', 'src_ip', 'bidirectional_packets', 'src2dst_packets', 'dst2src_packets'];
    expect(await run(sent, { flow: { idleTimeout: '5s', activeTimeout: '2s' } }, names)).toEqual([
      [true, '10.0.0.1', 2, 1, 1],
      [false, '10.0.0.2', 2, 1, 1],
    ]);
  });

  test('a late packet takes the newest time of the run', async () => {
    const names = ['bidirectional_first_seen_ms', 'bidirectional_last_seen_ms', 'splt_piat_ms'];
    expect(await run([{ time: 10 }, { time: 12 }, { time: 11, back: true }], {}, names)).toEqual([
      [10_000, 12_000, '[0, 2000, 0, -1, -1, -1, -1, -1, -1, -1]'],
    ]);
  });

  test('FIN, RST and a new SYN change nothing', async () => {
    const sent = ['S', 'R', 'S', 'FA'].map((flags, i) => ({ time: i, flags }));
    expect(
      await run(sent, {}, ['bidirectional_packets', 'bidirectional_syn_packets', 'bidirectional_rst_packets']),
    ).toEqual([[4, 2, 1]]);
  });

  test.each([
    [0, 14 + 20 + 20 + 3 + 5],
    [1, 20 + 20 + 3],
    [2, 20 + 3],
    [3, 3],
  ])('accounting mode %i', async (accountingMode, size) => {
    const features = [{ preset: 'nfstream', options: { accountingMode, statistics: false, splt: 2 } }];
    const found = await rows([{ time: 1, flags: 'A', payload: 3, padding: 5 }], { features }, [
      'bidirectional_bytes',
      'splt_ps',
      'bidirectional_mean_ps',
    ]);
    expect(found).toEqual([[size, `[${size}, -1]`, undefined]]);
  });
});

describe('CICFlowMeter', () => {
  const names = ['Src IP', 'Total Fwd Packet', 'Total Bwd packets', 'Flow ID'];
  const fork = (sent: readonly Sent[], columns = names) => rows(sent, { preset: 'cicflowmeter' }, columns);
  const key = '10.0.0.1-10.0.0.2-1000-80-6';

  test('a SYN after a RST opens another flow; what comes before it stays with the old one', async () => {
    const sent = [
      { time: 1, flags: 'S' },
      { time: 1.1, flags: 'RA', back: true },
      { time: 1.2, flags: 'A', back: true },
      { time: 2, flags: 'S', sequence: 9 },
    ];
    expect(await fork(sent)).toEqual([
      ['10.0.0.1', 1, 2, key],
      ['10.0.0.1', 1, 0, key],
    ]);
  });

  test('a flow that begins with a SYN+ACK is turned round; the key of the next one stays', async () => {
    const sent = [
      { time: 1, flags: 'SA', back: true },
      { time: 1.5, flags: 'R' },
      { time: 2, flags: 'S', back: true },
    ];
    expect(await fork(sent)).toEqual([
      ['10.0.0.1', 1, 1, key],
      ['10.0.0.2', 1, 0, key],
    ]);
  });

  test('more than 120 s from the start cut a flow, with the time of the connection carried on', async () => {
    const sent = [0, 100, 120, 121].map((time) => ({ time, flags: 'A', sequence: time }));
    expect(await fork(sent, ['Total Fwd Packet', 'Flow Duration', 'Total Connection Flow Time'])).toEqual([
      [3, 120_000_000, 120_000_000],
      [1, 0, 121_000_000],
    ]);
  });

  test('a segment with the same numbers is a retransmission', async () => {
    const sent = [1, 2, 1, 1].map((sequence, time) => ({ time, flags: 'A', sequence, payload: 4 }));
    expect(await fork(sent, ['Fwd TCP Retrans. Count', 'Total TCP Retrans. Count'])).toEqual([[2, 2]]);
  });

  test('the original ends a flow with a RST or the first FIN of the receiver, and leaves out rows of one packet', async () => {
    const sent = [
      { time: 1, flags: 'S' },
      { time: 2, flags: 'FA' },
      { time: 3, flags: 'FA' }, // not counted
      { time: 4, flags: 'FA', back: true },
      { time: 5, flags: 'A' }, // a flow of its own
    ];
    const found = await rows(sent, { preset: 'cicflowmeter-2017' }, [
      'Total Fwd Packets',
      'Total Backward Packets',
      'Timestamp',
    ]);
    expect(found).toEqual([[2, 1, '01/01/1970 12:00:01 AM']]);
  });
});
