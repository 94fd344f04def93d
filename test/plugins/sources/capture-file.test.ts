import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FrameBatch } from '../../../core/frame/batch.ts';
import { CaptureReader } from '../../../plugins/sources/capture/capture-reader.ts';
import { captureFile } from '../../../plugins/sources/capture-file.ts';
import { Bytes, counting, description, enhanced, pcapHeader, pcapRecord, section } from './support/bytes.ts';
import { drain, fileOf, readAll } from './support/read-frames.ts';

const records = Array.from({ length: 50 }, (_, index) => pcapRecord(index, index, counting(20 + index, index)));
const pcap = Buffer.concat([pcapHeader(), ...records]);
const pcapng = Buffer.concat([section(), description({ linkType: 113 }), enhanced(5_000_000n, counting(64))]);

const open = (...names: string[]) => captureFile.open(names, {});

/** zstd (RFC 8878) by hand: blocks of plain bytes, none compressed. */
function zstdOf(bytes: Uint8Array, { blockSize = 100, checksum = false, single = false } = {}): Buffer {
  const header = single
    ? new Bytes().u32(0xfd2fb528).u8(0xa0).u32(bytes.length)
    : new Bytes().u32(0xfd2fb528).u8(checksum ? 4 : 0, 0);
  for (let at = 0; at < bytes.length; at += blockSize) {
    const part = bytes.subarray(at, at + blockSize);
    const head = (part.length << 3) | (at + blockSize >= bytes.length ? 1 : 0);
    header.u8(head & 255, (head >> 8) & 255, head >> 16).raw(part);
  }
  return (checksum ? header.u32(0x12345678) : header).done();
}

describe('compressed captures, told by their content', () => {
  it('gzip', async () => {
    const { frames, statistics } = await readAll(gzipSync(pcap));
    const plain = await readAll(pcap);
    expect(frames).toEqual(plain.frames);
    expect(frames).toHaveLength(50);
    expect(statistics[0]).toMatchObject({ format: 'pcap gzip', frames: 50, damaged: undefined });
    expect(statistics[0]!.bytesRead).toBe(statistics[0]!.bytesTotal);
  });

  it('gzip members one after the other, split inside a record', async () => {
    const { frames, statistics } = await readAll(
      Buffer.concat([gzipSync(pcap.subarray(0, 77)), gzipSync(pcap.subarray(77, 500)), gzipSync(pcap.subarray(500))]),
    );
    expect(frames).toEqual((await readAll(pcap)).frames);
    expect(statistics[0]!.damaged).toBeUndefined();
  });

  it('gzip cut short: all frames before that', async () => {
    // Stored, so that a place in the compressed bytes is a place in the plain ones: 10 bytes of header, 5 of the block's.
    const stored = gzipSync(pcap, { level: 0 });
    const length = 24 + 36 + 37;
    const { frames, statistics } = await readAll(stored.subarray(0, 15 + length + 10));
    expect(frames).toEqual((await readAll(pcap)).frames.slice(0, 2));
    expect(statistics[0]!.damaged).toEqual({ offset: length, reason: 'gzip data is damaged: unexpected end of file' });
  });

  it('gzip with a wrong checksum: the frames before it, and the damage', async () => {
    const bytes = gzipSync(pcap, { level: 0 });
    bytes[bytes.length - 8]! ^= 1;
    const { frames, statistics } = await readAll(bytes);
    // Of the last bytes handed to zlib, fewer than 256 here, nothing comes back.
    const readable = (await readAll(pcap)).frames.filter(
      ({ fileOffset, captured }) => fileOffset + 16 + captured < pcap.length - 256,
    );
    expect(readable.length).toBeGreaterThan(40);
    expect(frames.slice(0, readable.length)).toEqual(readable);
    expect(statistics[0]!.damaged!.reason).toBe('gzip data is damaged: incorrect data check');
  });

  it.each([
    ['blocks', zstdOf(pcap)],
    ['a checksum', zstdOf(pcap, { checksum: true })],
    ['one segment', zstdOf(pcap, { single: true })],
    ['frames one after the other', Buffer.concat([zstdOf(pcap.subarray(0, 333)), zstdOf(pcap.subarray(333))])],
    [
      'skippable frames',
      Buffer.concat([
        new Bytes().u32(0x184d2a57, 9).raw(counting(9)).done(),
        zstdOf(pcap),
        new Bytes().u32(0x184d2a50, 0).done(),
      ]),
    ],
    ['an empty frame', Buffer.concat([new Bytes().u32(0xfd2fb528).u8(0, 0, 1, 0, 0).done(), zstdOf(pcap)])],
  ])('zstd with %s', async (_name, bytes) => {
    const { frames, statistics } = await readAll(bytes);
    expect(frames).toEqual((await readAll(pcap)).frames);
    expect(statistics[0]).toMatchObject({ format: 'pcap zstd', damaged: undefined });
  });

  it('zstd as its own program writes it', async (context) => {
    const large = Buffer.concat([pcapHeader(), ...Array.from({ length: 400 }, () => Buffer.concat(records))]);
    for (const level of ['-1', '-19']) {
      let bytes: Buffer;
      try {
        bytes = execFileSync('zstd', ['-q', level, '-c'], { input: large, stdio: ['pipe', 'pipe', 'ignore'] });
      } catch {
        return context.skip('the program zstd is not installed');
      }
      const { frames, statistics } = await readAll(bytes);
      expect(frames).toHaveLength(20_000);
      expect(frames).toEqual((await readAll(large)).frames);
      expect(statistics[0]!.damaged).toBeUndefined();
    }
  });

  it('zstd cut short: all frames before that', async () => {
    const { frames, statistics } = await readAll(zstdOf(pcap).subarray(0, 6 + 3 + 100 + 3 + 50));
    // The first block alone: 24 + 36 + 37 bytes make two records.
    expect(frames).toEqual((await readAll(pcap)).frames.slice(0, 2));
    expect(statistics[0]!.damaged).toEqual({ offset: 97, reason: 'zstd data is damaged: unexpected end' });
  });

  it.each([
    [
      'a window of 3.75 TiB',
      new Bytes().u32(0xfd2fb528).u8(0, 0xff).done(),
      /window of \d+ bytes, more than 134217728/,
    ],
    ['a segment of 4 GiB', new Bytes().u32(0xfd2fb528).u8(0xa0).u32(0xffffffff).done(), /window of 4294967295 bytes/],
    ['a dictionary', new Bytes().u32(0xfd2fb528).u8(1, 0, 7).done(), /a dictionary is needed/],
    [
      'a block of 1 MiB of one byte',
      new Bytes().u32(0xfd2fb528).u8(0, 0, 3, 0, 128, 7).done(),
      /block of 1048576 bytes/,
    ],
  ])('zstd that asks for too much: %s', async (_name, bytes, reason) => {
    await expect(open(fileOf(bytes))).rejects.toMatchObject({ code: 'input', message: expect.stringMatching(reason) });
  });

  it('compressed inside compressed', async () => {
    const { frames, statistics } = await readAll(gzipSync(zstdOf(gzipSync(pcap))));
    expect(frames).toHaveLength(50);
    expect(statistics[0]!.format).toBe('pcap gzip zstd gzip');
    await expect(open(fileOf(gzipSync(gzipSync(gzipSync(gzipSync(pcap))))))).rejects.toMatchObject({ code: 'format' });
  });
});

describe('several files', () => {
  it('are read one after the other as one run', async () => {
    const names = [fileOf(pcap), fileOf(pcapng), fileOf(gzipSync(pcap)), fileOf(pcapHeader())];
    const { frames, statistics, interfaces } = await drain(await open(...names));
    expect(frames).toHaveLength(101);
    expect(frames.map(({ interfaceId }) => interfaceId)).toEqual([...Array(50).fill(0), 1, ...Array(50).fill(2)]);
    expect(statistics.map(({ name, format, frames: count }) => [name, format, count])).toEqual([
      [names[0], 'pcap', 50],
      [names[1], 'pcapng', 1],
      [names[2], 'pcap gzip', 50],
      [names[3], 'pcap', 0],
    ]);
    expect(interfaces.map(({ linkType }) => linkType)).toEqual([1, 113, 1, 1]);
  });

  it('go on after a damaged one', async () => {
    const { frames, statistics } = await readAll([pcap.subarray(0, 90), pcapng]);
    expect(frames).toHaveLength(2);
    expect(statistics.map(({ damaged }) => damaged?.offset)).toEqual([60, undefined]);
  });

  it('are all checked before the first is read', async () => {
    const good = fileOf(pcap);
    const missing = join(tmpdir(), 'packetloom-no-such-file.pcap');
    await expect(open(good, missing)).rejects.toMatchObject({ code: 'input', message: `${missing}: no such file` });
    const erf = fileOf(new Bytes(false).u64(1n).u8(2, 4).u16(64, 0, 46).raw(Buffer.alloc(48)).done());
    await expect(open(good, erf)).rejects.toMatchObject({ code: 'format' });
  });
});

describe('what cannot be read', () => {
  it('a directory', async () => {
    await expect(open(tmpdir())).rejects.toMatchObject({ code: 'input', message: `${tmpdir()}: is a directory` });
  });

  it('a file without permission', async () => {
    const name = fileOf(pcap);
    chmodSync(name, 0);
    // root may read every file, so it looks with somebody else's eyes.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid!(65_534);
    try {
      await expect(open(name)).rejects.toMatchObject({ code: 'input', message: `${name}: permission denied` });
    } finally {
      if (root) process.seteuid!(0);
    }
  });

  it('an empty file, compressed or not', async () => {
    for (const bytes of [Buffer.alloc(0), gzipSync(Buffer.alloc(0))]) {
      const name = fileOf(bytes);
      await expect(open(name)).rejects.toMatchObject({ code: 'input', message: `${name}: the file is empty` });
    }
  });

  it('gzip whose first bytes are damaged', async () => {
    const name = fileOf(gzipSync(pcap).subarray(0, 12));
    await expect(open(name)).rejects.toMatchObject({
      code: 'input',
      message: `${name}: gzip data is damaged: unexpected end of file`,
    });
  });

  it.each([
    ['ERF', new Bytes(false).u64(1n).u8(2, 4).u16(64, 0, 46).raw(Buffer.alloc(48)).done()],
    ['snoop', Buffer.concat([Buffer.from('snoop\0\0\0'), Buffer.alloc(40)])],
    ['btsnoop', Buffer.concat([Buffer.from('btsnoop\0'), Buffer.alloc(40)])],
    ['Network Monitor', Buffer.from('GMBU........')],
    ['xz', Buffer.from('fd377a585a000004', 'hex')],
    ['bzip2', Buffer.from('BZh91AY&SY')],
    ['libpcap filter savefile', pcapHeader({ magic: 0xa1b2c3cb })],
  ])('format %s is named', async (format, bytes) => {
    for (const content of [bytes, gzipSync(bytes)]) {
      const name = fileOf(content);
      await expect(open(name)).rejects.toMatchObject({
        code: 'format',
        message: `${name}: format ${format} is not supported`,
      });
    }
  });

  it('a format that nobody knows, and one byte', async () => {
    const name = fileOf(Buffer.from('time,bytes\n1,2\n'));
    await expect(open(name)).rejects.toMatchObject({
      code: 'format',
      message: `${name}: format is not known (it begins with 74696d652c627974)`,
    });
    await expect(open(fileOf(Buffer.from([0xa1])))).rejects.toMatchObject({ code: 'format' });
  });

  it('a capture filter is refused, and standard input twice', async () => {
    await expect(captureFile.open([fileOf(pcap)], { filter: 'tcp' })).rejects.toMatchObject({ code: 'usage' });
    await expect(open('-', '-')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('standard input', () => {
  const piped = (...chunks: Uint8Array[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

  it.each([
    ['plain', pcap],
    ['gzip', gzipSync(pcap)],
    ['zstd', zstdOf(pcap)],
  ])('is read like a file: %s', async (_name, bytes) => {
    for (const size of [1, 7, 1000]) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const { frames, statistics } = await readAll('-', { standardInput: piped(...chunks) });
      expect(frames).toEqual((await readAll(pcap)).frames);
      expect(statistics[0]).toMatchObject({ name: '-', bytesRead: bytes.length, bytesTotal: undefined });
    }
  });

  it('hands frames on as they come', async () => {
    const input = new PassThrough();
    const reader = new CaptureReader(['-'], { standardInput: input });
    const batch = new FrameBatch();
    input.write(pcap.subarray(0, 24 + 36 + 10));
    expect(await reader.read(batch)).toBe(1);
    input.write(pcap.subarray(24 + 36 + 10, 24 + 36 + 37));
    expect(await reader.read(batch)).toBe(1);
    input.end();
    expect(await reader.read(batch)).toBe(0);
    await reader.close();
  });

  it('a signal ends a read that waits, and that is no damage', async () => {
    const input = new PassThrough();
    const stop = new AbortController();
    const reader = new CaptureReader(['-'], { standardInput: input, signal: stop.signal });
    const batch = new FrameBatch();
    input.write(pcap.subarray(0, 24 + 36 + 10));
    expect(await reader.read(batch)).toBe(1);
    const waiting = reader.read(batch);
    stop.abort();
    expect(await waiting).toBe(0);
    expect(reader.statistics()[0]!.damaged).toBeUndefined();
    await reader.close();
  });

  it('an error of the pipe is damage: what came before it is read', async () => {
    const input = new PassThrough();
    const reader = new CaptureReader(['-'], { standardInput: input });
    input.write(pcap.subarray(0, 24 + 36 + 10));
    const batch = new FrameBatch();
    expect(await reader.read(batch)).toBe(1);
    input.destroy(Object.assign(new Error(), { code: 'EIO' }));
    expect(await reader.read(batch)).toBe(0);
    expect(reader.statistics()[0]!.damaged).toEqual({ offset: 60, reason: 'cannot be read on: input/output error' });
    await reader.close();
  });

  it('nothing at all', async () => {
    await expect(readAll('-', { standardInput: piped() })).rejects.toMatchObject({
      code: 'input',
      message: '-: the input is empty',
    });
  });

  /** Frames that another process reads from its own standard input. */
  async function elsewhere(stdin: number | 'pipe', bytes?: Uint8Array): Promise<string> {
    const code = `
      const { captureFile } = await import(${JSON.stringify(new URL('../../../dist/plugins/sources/capture-file.js', import.meta.url).href)});
      const { FrameBatch } = await import(${JSON.stringify(new URL('../../../dist/core/frame/batch.js', import.meta.url).href)});
      const reader = await captureFile.open(['-'], {});
      const batch = new FrameBatch();
      let frames = 0;
      for (let count; (count = await reader.read(batch)) > 0; ) frames += count;
      await reader.close();
      process.stdout.write(String(frames));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: [stdin, 'pipe', 'inherit'] });
    child.stdin?.end(bytes);
    let output = '';
    for await (const chunk of child.stdout!) output += chunk;
    return output;
  }

  it('of a process: a pipe, and a file', async () => {
    expect(await elsewhere('pipe', pcap)).toBe('50');
    const descriptor = openSync(fileOf(pcap), 'r');
    expect(await elsewhere(descriptor)).toBe('50');
    closeSync(descriptor);
  });
});

it('a pipe with a name', async (context) => {
  const name = fileOf(Buffer.alloc(0), 'pipe');
  try {
    execFileSync('sh', ['-c', 'rm "$1" && mkfifo "$1"', 'sh', name]);
  } catch {
    return context.skip('there is no mkfifo');
  }
  const writer = spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', fileOf(pcap), name]);
  const { frames } = await drain(await open(name));
  expect(frames).toHaveLength(50);
  writer.kill();
});

it('closing in the middle, and while a read waits', async () => {
  const reader = await open(fileOf(pcap));
  const batch = new FrameBatch(10);
  expect(await reader.read(batch)).toBe(10);
  await reader.close();
  for (const begin of [Buffer.alloc(0), pcap.subarray(0, 30)]) {
    const input = new PassThrough();
    const waiting = new CaptureReader(['-'], { standardInput: input });
    input.write(begin);
    const read = waiting.read(batch);
    await waiting.close();
    expect(await read).toBe(0);
    expect(waiting.statistics().every(({ damaged }) => damaged === undefined)).toBe(true);
  }
});
