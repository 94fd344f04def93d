import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FolderOptions, FrameReader } from '../../../core/declare/source.ts';
import { FrameBatch } from '../../../core/frame/batch.ts';
import { folder } from '../../../plugins/sources/folder.ts';
import { compareNames, DEFAULT_PATTERNS, nameFilter } from '../../../plugins/sources/watch/file-names.ts';
import { captureOf } from '../../cli/support/capture.ts';

let path: string;
let reader: FrameReader | undefined;
let said: string[];

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'packetloom-watch-'));
  said = [];
});
afterEach(async () => {
  await reader?.close();
  reader = undefined;
  rmSync(path, { recursive: true });
});

const LONG_AGO = 1_700_000_000_000;

/** A capture of datagrams of 52 bytes, told by their source ports, a millisecond apart. */
const capture = (ports: readonly number[], at = LONG_AGO): Buffer =>
  captureOf(
    ports.map((port, i) => ({
      nanoseconds: BigInt(at + i) * 1_000_000n,
      source: ['10.0.0.1', port],
      destination: ['10.0.0.2', 9],
      payload: 10,
    })),
  );
const HEADER = 24;
const RECORD = 16 + 52;
/** The records of such a capture alone. */
const records = (ports: readonly number[], at?: number) => capture(ports, at).subarray(HEADER);

const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(path, name), bytes);
const append = (name: string, bytes: Uint8Array): void => appendFileSync(join(path, name), bytes);
/** Makes a file one that has not changed for an hour. */
const age = (name: string): void => utimesSync(join(path, name), Date.now() / 1000 - 3600, Date.now() / 1000 - 3600);

const open = async (options: Partial<FolderOptions> = {}, signal?: AbortSignal): Promise<void> => {
  reader = await folder.open([path], {
    folder: { quiet: 100, ...options },
    report: (line) => said.push(line.replaceAll(path, '')),
    ...(signal === undefined ? {} : { signal }),
  });
};

const batch = new FrameBatch(64, 4096);
let idle = 0;

/** The ports of a read. */
function portsOf(count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const at = batch.offset[i]! + 34;
    return (batch.bytes[at]! << 8) | batch.bytes[at + 1]!;
  });
}

/** Reads until so many frames have come, and then until nothing does; the ports of all. */
async function read(frames: number): Promise<number[]> {
  const ports: number[] = [];
  const deadline = Date.now() + 10_000;
  for (;;) {
    const count = await reader!.read(batch);
    if (count > 0) ports.push(...portsOf(count));
    idle = count;
    if (count === 0 || (count < 0 && ports.length >= frames)) return ports;
    if (Date.now() > deadline) throw new Error(`${ports.length} of ${frames} frames came: ${said.join('; ')}`);
  }
}

const statistics = () => reader!.statistics()[0]!;

describe('a watched folder', () => {
  test('is read file by file, numbers in names in their order', async () => {
    for (const [name, port] of [
      ['t10.pcap', 3],
      ['t2.pcap', 1],
      ['t9.pcap', 2],
      ['u1.pcapng.txt', 9],
      ['.t1.pcap', 9],
    ] as const) {
      write(name, capture([port]));
      age(name);
    }
    await open();
    expect(await read(3)).toEqual([1, 2, 3]);
    expect(said).toEqual([]);
    expect(statistics()).toMatchObject({ name: path, format: 'folder', files: 3, frames: 3, damaged: undefined });
  });

  test('or by the time of their last change', async () => {
    const seconds = Date.now() / 1000 - 3600;
    for (const [i, name] of ['c.pcap', 'a.pcap', 'b.pcap'].entries()) {
      write(name, capture([i + 1]));
      utimesSync(join(path, name), seconds + i, seconds + i);
    }
    await open({ order: 'modified' });
    expect(await read(3)).toEqual([1, 2, 3]);
  });

  test('follows the last file byte by byte, and what is not whole yet is no damage', async () => {
    const whole = capture([1, 2, 3]);
    await open();
    expect(await read(0)).toEqual([]);
    let written = 0;
    for (const [upTo, ports] of [
      [0, []],
      [3, []],
      [HEADER - 1, []],
      [HEADER + 5, []],
      [HEADER + RECORD - 1, []],
      [HEADER + RECORD, [1]],
      [HEADER + 2 * RECORD + 20, [2]],
      [HEADER + 3 * RECORD, [3]],
    ] as const) {
      append('a.pcap', whole.subarray(written, upTo));
      written = upTo;
      expect(await read(ports.length), `${upTo} bytes`).toEqual(ports);
    }
    expect(said).toEqual([]);
    expect(statistics().damaged).toBeUndefined();
  });

  test('goes on with the next file when one is there and the one before is quiet', async () => {
    write('a.pcap', capture([1]));
    await open({ quiet: 400 });
    expect(await read(1)).toEqual([1]);
    write('b.pcap', capture([5]));
    append('a.pcap', records([2]));
    expect(await read(2)).toEqual([2, 5]);
    expect(said).toEqual([]);
  });

  test('a last record that is not whole is damage once the file is complete, and the next one is read', async () => {
    write('a.pcap', capture([1, 2]).subarray(0, -1));
    await open();
    expect(await read(1)).toEqual([1]);
    write('b.pcap', capture([3]));
    expect(await read(1)).toEqual([3]);
    expect(said).toEqual([`/a.pcap: damaged at byte ${HEADER + RECORD}: record cut short: 51 of 52 bytes`]);
    expect(statistics().damaged).toEqual({
      offset: HEADER + RECORD,
      reason: 'a.pcap: record cut short: 51 of 52 bytes',
    });
  });

  test('what is added to a file that was taken for complete is read', async () => {
    write('a.pcap', capture([1]));
    write('b.pcap', capture([3]));
    for (const name of ['a.pcap', 'b.pcap']) age(name);
    await open();
    expect(await read(2)).toEqual([1, 3]);
    append('a.pcap', records([2]));
    expect(await read(1)).toEqual([2]);
    append('b.pcap', records([4]));
    expect(await read(1)).toEqual([4]);
    expect(said).toEqual([]);
  });

  test('compressed files are read when they are complete', async () => {
    const packed = gzipSync(capture([1, 2]));
    write('a.pcap.gz', packed.subarray(0, 20));
    await open();
    expect(await read(0)).toEqual([]);
    append('a.pcap.gz', packed.subarray(20));
    age('a.pcap.gz');
    expect(await read(0)).toEqual([]);
    write('b.pcap', capture([3]));
    expect(await read(3)).toEqual([1, 2, 3]);
    expect(said).toEqual([]);
  });

  test('a file that is compressed when it has been read, or meanwhile, is not read again', async () => {
    write('a.pcap', capture([1, 2]));
    await open();
    expect(await read(2)).toEqual([1, 2]);
    write('a.pcap.gz', gzipSync(capture([1, 2])).subarray(0, 30));
    expect(await read(0)).toEqual([]);
    write('a.pcap.gz', gzipSync(capture([1, 2])));
    rmSync(join(path, 'a.pcap'));
    write('b.pcap', capture([3]));
    expect(await read(1)).toEqual([3]);
    write('c.pcap', capture([4]));
    expect(await read(1)).toEqual([4]);
    expect(said).toEqual([]);
    expect(statistics().interruptions).toBe(0);
  });

  test('a file that is removed while it is read is read to its end, told and counted', async () => {
    write('a.pcap', capture([1, 2]));
    await open();
    expect(await read(2)).toEqual([1, 2]);
    append('a.pcap', records([3]));
    rmSync(join(path, 'a.pcap'));
    expect(await read(1)).toEqual([3]);
    write('b.pcap', capture([4]));
    expect(await read(1)).toEqual([4]);
    expect(said).toEqual([': a.pcap: removed while it was read; all that was written was read']);
    expect(statistics()).toMatchObject({ interruptions: 1, damaged: undefined, frames: 4 });
  });

  test('a file that is removed before its turn is told and counted', async () => {
    write('a.pcap', capture([1]));
    write('b.pcap', capture([2]));
    write('c.pcap', capture([3]));
    await open({ quiet: 600 });
    expect(portsOf(await reader!.read(batch))).toEqual([1]);
    rmSync(join(path, 'b.pcap'));
    expect(await read(1)).toEqual([3]);
    expect(said).toEqual([': b.pcap: removed before it was read']);
    expect(statistics().interruptions).toBe(1);
  });

  test('a file that is cut while it is read is told, counted, and the run goes on', async () => {
    write('a.pcap', capture([1, 2, 3]));
    await open();
    expect(await read(3)).toEqual([1, 2, 3]);
    truncateSync(join(path, 'a.pcap'), 30);
    write('b.pcap', capture([4]));
    expect(await read(1)).toEqual([4]);
    const end = HEADER + 3 * RECORD;
    expect(said[0]).toBe(`/a.pcap: damaged at byte ${end}: cut to 30 bytes while it was read`);
    expect(statistics().interruptions).toBeGreaterThan(0);
    expect(said).toContain(': a.pcap: 3 frames that were read before are not there any more');
    expect(statistics().damaged!.offset).toBe(end);
    expect(statistics().damaged!.reason).toMatch(/^a\.pcap: cut to 30 bytes while it was read/);
  });

  test('a file that is written anew while it is read is read from its first frame', async () => {
    write('a.pcap', capture([1, 2]));
    await open();
    expect(await read(2)).toEqual([1, 2]);
    // The same file, longer than before when it is looked at again.
    write('a.pcap', capture([3, 4, 5], LONG_AGO + 1000));
    expect(await read(3)).toEqual([3, 4, 5]);
    expect(said).toEqual([
      `/a.pcap: damaged at byte ${HEADER + 2 * RECORD}: written anew while it was read`,
      '/a.pcap: begins with another frame than when it was read before: read from its first frame',
    ]);
    expect(statistics().interruptions).toBe(1);
  });

  test('names that are used again, as by tcpdump -W, are new files', async () => {
    write('t0', capture([1, 2]));
    write('t1', capture([3, 4]));
    for (const name of ['t0', 't1']) age(name);
    await open({ pattern: ['t?'] });
    expect(await read(4)).toEqual([1, 2, 3, 4]);
    // tcpdump empties the file and begins again in it: longer or shorter than before.
    write('t0', capture([5, 6, 7], LONG_AGO + 1000));
    expect(await read(3)).toEqual([5, 6, 7]);
    write('t1', capture([8], LONG_AGO + 2000));
    expect(await read(1)).toEqual([8]);
    expect(said.filter((line) => !line.includes('begins with another frame'))).toEqual([]);
    expect(said).toHaveLength(2);
  });

  test('what is no capture is told, and read when it has become one', async () => {
    write('a.pcap', Buffer.from('this is a text and no capture'));
    write('b.pcap', new Uint8Array(0));
    write('c.pcap', capture([1]));
    for (const name of ['a.pcap', 'b.pcap']) age(name);
    await open();
    expect(await read(1)).toEqual([1]);
    expect(said).toEqual([
      '/a.pcap: not read: format is not known (it begins with 7468697320697320)',
      '/b.pcap: not read: the file is empty',
    ]);
    expect(statistics().damaged?.reason).toBe(
      'a.pcap: format is not known (it begins with 7468697320697320) (and 1 more)',
    );
    write('a.pcap', capture([2]));
    expect(await read(1)).toEqual([2]);
    expect(said).toHaveLength(2);
    // The last file too, at once, and once only while it grows.
    for (let i = 0; i < 3; i += 1) {
      append('d.pcap', Buffer.from('a line of a log\n'));
      await new Promise((resolve) => setTimeout(resolve, 250));
      await read(0);
    }
    expect(said.slice(2)).toEqual(['/d.pcap: not read: format is not known (it begins with 61206c696e65206f)']);
  });

  test('a folder that is away is told once, and read when it is back', async () => {
    await open();
    renameSync(path, `${path}-away`);
    expect(await read(0)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await read(0);
    await read(0);
    expect(said).toEqual([': the folder cannot be read: no such file']);
    renameSync(`${path}-away`, path);
    write('a.pcap', capture([1]));
    expect(await read(1)).toEqual([1]);
    // The next time is told again.
    renameSync(path, `${path}-away`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await read(0);
    renameSync(`${path}-away`, path);
    expect(said).toHaveLength(2);
  });

  test('ends at its signal and at so many frames', async () => {
    write('a.pcap', capture([1, 2, 3, 4, 5]));
    const ended = new AbortController();
    await open({}, ended.signal);
    expect(await read(5)).toHaveLength(5);
    setTimeout(() => ended.abort(), 20);
    for (let count = -1; count !== 0; ) count = await reader!.read(batch);
    await reader!.close();
    await open({ frames: 3 });
    expect(await read(99)).toEqual([1, 2, 3]);
  });

  test('that is none is refused', async () => {
    await expect(folder.open([join(path, 'none')], {})).rejects.toThrow('no such file');
    write('a.pcap', capture([1]));
    await expect(folder.open([join(path, 'a.pcap')], {})).rejects.toThrow('is not a folder');
  });
});

describe('the state of a watched folder', () => {
  const state = () => join(path, 'state.json');
  const again = async (options: Partial<FolderOptions> = {}) => {
    await reader?.close();
    await open({ state: state(), ...options });
  };

  test('lets the next run go on with the next frame', async () => {
    write('a.pcap', capture([1, 2, 3]));
    write('b.pcap.gz', gzipSync(capture([4, 5])));
    write('c.pcap', capture([6, 7, 8]));
    for (const name of ['a.pcap', 'b.pcap.gz', 'c.pcap']) age(name);
    const all: number[] = [];
    for (let run = 0; run < 4; run += 1) {
      await again({ frames: 2 });
      all.push(...(await read(99)));
    }
    expect(all).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await again();
    expect(await read(0)).toEqual([]);
    append('c.pcap', records([9]));
    expect(await read(1)).toEqual([9]);
    expect(said).toEqual([]);
    expect(statistics().frames).toBe(1);
    await again();
    expect(await read(0)).toEqual([]);
  });

  test('is not told that a compressed file was read when the run is ended on the way', async () => {
    const ports = Array.from({ length: 3000 }, (_, i) => i + 1);
    write('a.pcap.gz', gzipSync(capture(ports)));
    write('b.pcap', capture([5000]));
    for (const name of ['a.pcap.gz', 'b.pcap']) age(name);
    const all: number[] = [];
    for (let turns = 0; turns < 40; turns += 2) {
      const ended = new AbortController();
      await reader?.close();
      await open({ state: state() }, ended.signal);
      // Ended while the file is opened or read, after more and more turns.
      let turn = Promise.resolve();
      for (let i = 0; i < turns; i += 1) turn = turn.then(() => {});
      void turn.then(() => ended.abort());
      for (let count = -1; count !== 0; ) {
        count = await reader!.read(batch);
        if (count > 0) all.push(...portsOf(count));
      }
    }
    await again();
    all.push(...(await read(3001 - all.length)));
    expect(all).toEqual([...ports, 5000]);
  });

  test('knows a file again that was compressed between two runs, half read', async () => {
    write('a.pcap', capture([1, 2, 3]));
    await again({ frames: 2 });
    expect(await read(99)).toEqual([1, 2]);
    await reader!.close();
    rmSync(join(path, 'a.pcap'));
    write('a.pcap.gz', gzipSync(capture([1, 2, 3])));
    write('b.pcap', capture([4]));
    for (const name of ['a.pcap.gz', 'b.pcap']) age(name);
    await again();
    expect(await read(2)).toEqual([3, 4]);
    expect(said).toEqual([]);
  });

  test('a file of the same name with another first frame is another file', async () => {
    write('a.pcap', capture([1, 2, 3]));
    await again();
    expect(await read(3)).toEqual([1, 2, 3]);
    await reader!.close();
    write('a.pcap', capture([4, 2, 3, 5]));
    await again();
    expect(await read(4)).toEqual([4, 2, 3, 5]);
    expect(said).toEqual([
      '/a.pcap: begins with another frame than when it was read before: read from its first frame',
    ]);
  });

  test('is there after a kill: frames since it was saved come again, none is left out', async () => {
    write('a.pcap', capture([1, 2, 3]));
    await again();
    expect(portsOf(await reader!.read(batch))).toEqual([1, 2, 3]);
    // Nobody has said that these were used.
    expect(JSON.parse(readFileSync(state(), 'utf8')).files).toEqual([]);
    await reader!.read(batch);
    expect(JSON.parse(readFileSync(state(), 'utf8')).files).toMatchObject([{ name: 'a.pcap', frames: 3 }]);
  });

  test('that is damaged, or of another folder, is refused before anything is read', async () => {
    writeFileSync(state(), '{"schema": 1, "fol');
    await expect(again()).rejects.toThrow('state.json: is not the state of a watched folder');
    writeFileSync(state(), '{"schema": 1, "folder": "/else", "files": []}');
    await expect(again()).rejects.toThrow('state.json: is of the folder /else');
    await expect(again({ state: join(path, 'none', 'state.json') })).rejects.toThrow('cannot be written: no such file');
  });
});

describe('the clock of a watched folder', () => {
  test('is packet time alone while frames are old', async () => {
    write('a.pcap', capture([1]));
    await open();
    await read(1);
    expect(idle).toBe(-2);
  });

  test('is wall time too while the last file is followed and its frames are new', async () => {
    write('a.pcap', capture([1], Date.now()));
    await open();
    await read(1);
    expect(idle).toBe(-1);
    append('a.pcap', records([2], Date.now()));
    await read(1);
    expect(idle).toBe(-1);
    // A replayed capture: old frames come into the last file.
    append('a.pcap', records([3]));
    await read(1);
    expect(idle).toBe(-2);
  });

  test('not while a later file waits', async () => {
    write('a.pcap', capture([1], Date.now()));
    await open({ quiet: 1500 });
    await read(1);
    expect(idle).toBe(-1);
    write('b.pcap', capture([2], Date.now()));
    const counts: number[] = [];
    for (let count = -1; count < 0; ) {
      count = await reader!.read(batch);
      counts.push(count);
    }
    // From the moment on when the other file is noticed.
    const noticed = counts.indexOf(-2);
    expect(noticed).toBeGreaterThanOrEqual(0);
    expect(counts.slice(noticed, -1)).not.toContain(-1);
  });

  test('not while frames come late into the file, as from a writer with a buffer', async () => {
    write('a.pcap', capture([1], Date.now()));
    await open({ delay: 3000 });
    await read(1);
    expect(idle).toBe(-1);
    const old = Date.now() - 5000;
    append('a.pcap', Buffer.concat([records([2], old), records([3], Date.now())]));
    await read(2);
    expect(idle).toBe(-2);
    append('a.pcap', records([4], Date.now()));
    await read(1);
    expect(idle).toBe(-1);
  });
});

test('patterns and the order of names', () => {
  const fits = nameFilter(DEFAULT_PATTERNS);
  const yes = ['a.pcap', 'a.pcapng', 'a.cap', 'a.pcap0', 'a.pcap12', 'log.pcap.1621345123', 'a.pcap.gz', 'a.pcap3.zst'];
  const no = ['a.pcap.partial', 'a.txt', '.a.pcap', 'pcap', 'a.pcapx', 'a.pcap.tmp', 'state.json', 'a.PCAP'];
  expect(yes.filter((name) => !fits(name))).toEqual([]);
  expect(no.filter(fits)).toEqual([]);
  expect(['a+b', 'a[1].c', 'ab', 'axb'].filter(nameFilter(['a+b', 'a[[]1].c']))).toEqual(['a+b', 'a[1].c']);
  expect(['x1', 'xa', 'x-'].filter(nameFilter(['x[!0-9]']))).toEqual(['xa', 'x-']);
  const names = ['t10', 't9', 't', 't1', 't09', 'a_00002_20240101', 'a_00001_20240102', 't.2', 't.10'];
  expect(names.sort(compareNames)).toEqual([
    'a_00001_20240102',
    'a_00002_20240101',
    't',
    't.2',
    't.10',
    't1',
    't09',
    't9',
    't10',
  ]);
});
