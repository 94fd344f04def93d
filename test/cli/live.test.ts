import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rowsOf, run, start, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();

/** Why nothing can be captured here; undefined when it can. */
async function obstacle(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'live capture needs root';
  const sources = JSON.parse((await run(['list', 'sources', '--json'])).stdout) as {
    live: boolean;
    unavailable: string | null;
  }[];
  const missing = sources.filter(({ live }) => live).map(({ unavailable }) => unavailable);
  return missing.every((why) => why !== null) ? `no live source: ${missing.join('; ')}` : undefined;
}

const send = (socket: ReturnType<typeof createSocket>, port: number, bytes: number) =>
  new Promise<void>((resolve, reject) => {
    socket.send(new Uint8Array(bytes), port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  });

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('a live run ends in order at SIGINT, with exit code 0 and every row', async (context) => {
  const why = await obstacle();
  if (why !== undefined) {
    console.warn(`skipped: ${why}`);
    context.skip(why);
  }
  const socket = createSocket('udp4');
  const other = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => other.bind(0, '127.0.0.1', resolve));
  const [port, from] = [socket.address().port, other.address().port];
  const words = ['flows', '-i', 'lo', '-f', `udp port ${port}`, '-o', 'live.csv', '--summary', 'live.json'];
  const { child, finished } = start(words, folder.path);
  try {
    await pause(2500);
    for (const bytes of [10, 20, 30]) await send(other, port, bytes);
    await pause(1500);
    child.kill('SIGINT');
    const { code, stderr } = await finished;
    expect([code, stderr.split('\n').filter((line) => line.startsWith('packetloom'))]).toEqual([0, []]);
  } finally {
    child.kill('SIGKILL');
    socket.close();
    other.close();
  }
  const rows = rowsOf(readFileSync(join(folder.path, 'live.csv'), 'utf8'));
  // Loopback frames have 14 bytes of Ethernet, 20 of IPv4 and 8 of UDP around the payload.
  expect(
    rows.map(({ src_port, dst_port, fwd_frames, fwd_bytes }) => [src_port, dst_port, fwd_frames, fwd_bytes]),
  ).toEqual([[String(from), String(port), '3', String(3 * 42 + 60)]]);
  const summary = JSON.parse(readFileSync(join(folder.path, 'live.json'), 'utf8'));
  expect(summary.frames).toEqual({ read: 3, used: 3, skipped: {} });
});

test('a live run stops by itself after its duration', async (context) => {
  const why = await obstacle();
  if (why !== undefined) {
    console.warn(`skipped: ${why}`);
    context.skip(why);
  }
  const started = Date.now();
  const { code, stdout } = await run(['flows', '-i', 'lo', '-f', 'udp port 1', '--duration', '1s', '--quiet']);
  expect([code, stdout.split('\n').length]).toEqual([0, 2]);
  expect(Date.now() - started).toBeLessThan(15_000);
});
