import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { DuplicateWindow } from '../../../core/flow/settings.ts';
import { has, listed, meter, shared, vendored } from '../../flows/support.ts';
import { datagram, lines, type Timed, timed } from '../../flows/timed.ts';

const columns = { port: 'src_port', n: 'frames' };
const run = (frames: readonly Timed[], duplicates: DuplicateWindow, more = {}) =>
  timed(frames, columns, { duplicates, ...more });

describe('duplicate frames', () => {
  const [a, b, c] = [1, 2, 3].map((port) => (at: number) => datagram(at, port, 9)) as [
    (at: number) => Timed,
    (at: number) => Timed,
    (at: number) => Timed,
  ];

  test('are skipped, counted, and still read', async () => {
    const { rows, result } = await run([a(0), a(1), b(2), a(3)], { frames: 2 });
    expect(lines(rows)).toEqual(['1 2', '2 1']);
    expect(result.frames).toEqual({ read: 4, used: 3, skipped: { duplicate: 1 } });
    expect(result.bytes).toBe(4 * a(0).bytes.length);
    expect(result.time).toEqual({ first: '1700000000.000000000', last: '1700000000.003000000' });
  });

  test('the window counts frames with the frame itself, duplicates too', async () => {
    const input = [a(0), b(1), c(2), a(3)];
    expect((await run(input, { frames: 3 })).result.frames.skipped).toEqual({});
    expect((await run(input, { frames: 4 })).result.frames.skipped).toEqual({ duplicate: 1 });
    expect((await run([a(0), a(1), a(2), a(3)], { frames: 2 })).result.frames.skipped).toEqual({ duplicate: 3 });
  });

  test('the window in time is closed', async () => {
    const input = [a(0), b(1), a(10), a(21)];
    expect((await run(input, { time: 10e6 })).result.frames.skipped).toEqual({ duplicate: 1 });
    expect((await run(input, { time: 10e6 - 1 })).result.frames.skipped).toEqual({});
    expect((await run(input, { time: 11e6, frames: 2 })).result.frames.skipped).toEqual({ duplicate: 1 });
  });

  test('one byte, one length: not equal', async () => {
    const one = datagram(0, 1, 9, 200);
    const byte = { at: 1, bytes: one.bytes.slice() };
    byte.bytes[210]! ^= 1;
    const shorter = { at: 2, bytes: one.bytes.slice(0, 241) };
    expect((await run([one, byte, shorter], { frames: 5 })).result.frames.skipped).toEqual({});
  });

  test('a frame without a time has no duplicate within a time, but within some frames', async () => {
    const without: Timed = { at: undefined, bytes: a(0).bytes };
    expect((await run([a(0), without], { time: 1e9 })).result.frames.skipped).toEqual({});
    expect((await run([a(0), without], { frames: 2 })).result.frames.skipped).toEqual({ duplicate: 1 });
  });

  test('a copy that is stamped a little earlier counts; after a step of the clock the window starts anew', async () => {
    expect((await run([a(100), a(95)], { time: 10e6 })).result.frames.skipped).toEqual({ duplicate: 1 });
    const step = [a(60_000), a(1000), a(1001)];
    expect((await run(step, { time: 10e6 })).result.frames.skipped).toEqual({ duplicate: 1 });
  });

  test('the other frames keep their numbers', async () => {
    const { rows } = await timed(
      [a(0), a(1), b(2), c(3)],
      columns,
      { duplicates: { frames: 2 } },
      {
        where: 'frame.number == 3',
      },
    );
    expect(lines(rows)).toEqual(['2 1']);
  });

  test('windows that outgrow their first memory find the same', async () => {
    // Each of 3000 frames of 1000 bytes comes again 2500 frames later.
    const { bytes } = datagram(0, 1, 9, 1000);
    const input = Array.from({ length: 5500 }, (_, i): Timed => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setUint16(34, i % 2500);
      return { at: i, bytes: copy };
    });
    const { result } = await timed(input, columns, { duplicates: { frames: 2501 } }, { size: 500 });
    expect(result.frames.skipped).toEqual({ duplicate: 3000 });
    const less = await timed(input, columns, { duplicates: { frames: 2500 } }, { size: 500 });
    expect(less.result.frames.skipped).toEqual({});
  });
});

describe.skipIf(!has('editcap'))('the same frames as editcap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-duplicates-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const captures = [...listed(vendored), ...listed(shared).filter(({ path }) => path.startsWith('flows/'))];
  // Undamaged captures of formats that both read.
  const suitable = captures.filter(({ path }) => path.endsWith('.pcap') && !/^(formats|malformed)/.test(path));

  test.each([
    ['-D 5', { frames: 5 }],
    ['-D 100', { frames: 100 }],
    ['-w 0.01', { time: 10e6 }],
  ] as const)('editcap %s', async (option, duplicates) => {
    let found = 0;
    for (const { path, file } of suitable) {
      const words = [...option.split(' '), file, join(folder, 'out.pcap')];
      const said = execFileSync('sh', ['-c', 'exec editcap "$@" 2>&1', 'sh', ...words]).toString();
      const [, expected] = /(\d+) packets? skipped/.exec(said) ?? [];
      const { result } = await meter([file], { n: 'frames' }, { duplicates });
      const { duplicate = 0 } = result.frames.skipped as { duplicate?: number };
      // In a capture out of order a copy that is stamped earlier is one by our rule only.
      if (option.startsWith('-w') && result.disorder.frames + result.disorder.steps > 0) continue;
      expect(`${path} ${duplicate}`).toBe(`${path} ${expected}`);
      found += duplicate;
    }
    expect(found).toBeGreaterThan(0);
  });
});
