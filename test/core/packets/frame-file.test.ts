import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFrameFile } from '../../../core/packets/frame-file.ts';
import { FrameRun, type FrameRunOptions } from '../../../core/packets/frame-run.ts';
import { writePcap } from '../../dissectors/support/write-pcap.ts';
import { ethernet, hex, ip, over, registry, rowLines, temporaryFolder, vendored } from './support.ts';

const folder = temporaryFolder();

/** Writes the frames of captures that a filter keeps to a file of the folder. */
function write(name: string, captures: readonly string[], options: Partial<FrameRunOptions> = {}): Promise<string> {
  const path = join(folder, name);
  return over(captures, async (reader) => {
    const run = new FrameRun({ registry, reader, demanded: [], ...options });
    const file = await openFrameFile(path);
    await run.read(
      (cursor) => file.take(cursor),
      () => file.flush(false),
    );
    await file.close();
    return path;
  });
}

const magic = (path: string): string => readFileSync(path).subarray(0, 4).toString('hex');
/** Magic numbers as little-endian files begin: pcap with nanoseconds, and pcapng's section header. */
const PCAP = '4d3cb2a1';
const PCAPNG = '0a0d0d0a';

const RECORD = [
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.interface_name',
  'frame.comment',
  'eth.src',
  'ip.src',
];

describe('a capture of frames', () => {
  test('is pcap with nanoseconds, byte by byte', async () => {
    const frame = ethernet(ip(hex('01020304'), 99));
    const source = join(folder, 'source.pcap');
    writePcap(source, [frame], 1, [1500]);
    const bytes = readFileSync(await write('one.pcap', [source]));
    const header = '4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000';
    // 1,700,000,000 seconds, no nanoseconds, 38 bytes captured of 1500
    const record = '00f15365 00000000 26000000 dc050000';
    expect(bytes.toString('hex')).toBe(`${header}${record}`.replaceAll(' ', '') + Buffer.from(frame).toString('hex'));
  });

  test('holds the frames that the filter keeps', async () => {
    const where = { text: 'icmp.type == 3', at: '--where' };
    const path = await write('kept.pcap', [vendored('network/IcmpPackets.pcap')], { where });
    const kept = await rowLines(vendored('network/IcmpPackets.pcap'), RECORD, { where });
    expect(await rowLines(path, ['frame.time_epoch', 'frame.len', 'ip.src'])).toEqual(
      await rowLines(vendored('network/IcmpPackets.pcap'), ['frame.time_epoch', 'frame.len', 'ip.src'], { where }),
    );
    expect(kept.length).toBeGreaterThan(1);
  });

  test('is pcapng where frames have several interfaces, with their names', async () => {
    const many = vendored('formats/many_interfaces-1.pcapng');
    const path = await write('many.pcap', [many]);
    expect(magic(path)).toBe(PCAPNG);
    expect(await rowLines(path, RECORD)).toEqual(await rowLines(many, RECORD));
  });

  test('is pcapng from the beginning where its name says so', async () => {
    const path = await write('named.pcapng', [vendored('formats/nanosecs.pcap')]);
    expect(magic(path)).toBe(PCAPNG);
    expect(await rowLines(path, RECORD.slice(0, 3))).toEqual(
      await rowLines(vendored('formats/nanosecs.pcap'), RECORD.slice(0, 3)),
    );
  });

  test('is written again as pcapng when a frame does not fit: another link type, 33 bits of seconds', async () => {
    const sources = ['formats/nanosecs.pcap', 'formats/sll2.pcap', 'formats/time_2107.pcapng'].map(vendored);
    const fields = ['frame.time_epoch', 'frame.len', 'frame.protocols'];
    const path = await write('mixed.pcap', sources);
    expect(magic(path)).toBe(PCAPNG);
    const all = await Promise.all(sources.map((source) => rowLines(source, fields)));
    expect(await rowLines(path, fields)).toEqual(all.flat());
  });

  test('is written again with every byte, however large it is by then', async () => {
    const large = Array.from({ length: 9 }, (_, i) => new Uint8Array(250_000).fill(i));
    const source = join(folder, 'large.pcap');
    writePcap(source, large);
    const path = await write('again.pcap', [source, vendored('formats/sll2.pcap')]);
    expect(magic(path)).toBe(PCAPNG);
    const addresses = large.map((_, i) => Array.from({ length: 6 }, () => `0${i}`).join(':'));
    expect(await rowLines(path, ['eth.src', 'frame.len'])).toEqual([
      ...addresses.map((address) => `${address}\t250000`),
      ...['\t91', '\t60', '\t60'],
    ]);
    const bytes = readFileSync(path);
    for (const frame of large) expect(bytes.includes(Buffer.from(frame))).toBe(true);
  });

  test('stays pcap where several files fit together', async () => {
    const sources = ['network/5-pings.pcap', 'formats/nanosecs.pcap'].map(vendored);
    const path = await write('together.pcap', sources);
    expect(magic(path)).toBe(PCAP);
    expect(await rowLines(path, ['frame.len'])).toHaveLength(12);
  });

  test('is one without frames too', async () => {
    const path = await write('empty.pcap', [vendored('formats/empty.pcap')]);
    expect(readFileSync(path)).toHaveLength(24);
    expect(await rowLines(path, ['frame.len'])).toEqual([]);
  });

  test('leaves nothing else behind', () => {
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
