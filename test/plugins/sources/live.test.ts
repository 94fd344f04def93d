import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../../core/declare/source.ts';
import { FrameBatch } from '../../../core/frame/batch.ts';

// Compiled: one of them starts a file of its own in another process.
const compiled = new URL('../../../dist/plugins/sources/index.js', import.meta.url).href;
const NAMES = ['dumpcap', 'tcpdump', 'cap'];
const PORT = 39_871;
const FILTER = `udp dst port ${PORT}`;

describe.each(NAMES)('%s on loopback', (name) => {
  let source: Source;
  /** Why nothing can be captured here. */
  let obstacle: string | undefined;

  beforeAll(async () => {
    const { sources } = (await import(compiled)) as { readonly sources: readonly Source[] };
    source = sources.find((one) => one.name === name)!;
    obstacle = await source.unavailable!();
    if (obstacle !== undefined) return;
    try {
      await (await source.open(['lo'], {})).close();
    } catch (error) {
      obstacle = (error as Error).message;
    }
  });

  it('says what it is', () => {
    expect(source).toMatchObject({ name, live: true });
    expect(source.limits.length).toBeGreaterThan(0);
  });

  it('captures every frame, with its bytes, length and time', async (context) => {
    if (obstacle !== undefined) return context.skip(obstacle);
    const stop = new AbortController();
    const reader = await source.open(['lo'], { filter: FILTER, signal: stop.signal });
    const socket = createSocket('udp4');
    const before = Date.now() / 1000;
    for (let i = 0; i < 60; i += 1) {
      await new Promise<void>((resolve) => socket.send(Buffer.alloc(20 + i, i), PORT, '127.0.0.1', () => resolve()));
      if (i % 20 === 0) await delay(20);
    }
    socket.close();
    const after = Date.now() / 1000;
    const batch = new FrameBatch();
    const payloads: number[][] = [];
    let drained = 0;
    const patience = Date.now() + 10_000;
    for (;;) {
      const count = await reader.read(batch);
      if (count === 0) break;
      if (count < 0) drained += 1;
      for (let i = 0; i < count; i += 1) {
        const at = batch.offset[i]!;
        const time = batch.seconds[i]! + batch.nanoseconds[i]! / 1e9;
        expect(time).toBeGreaterThan(before - 0.1);
        // Stamped in user space: some time after it was sent, on a busy machine.
        expect(time).toBeLessThan(after + (name === 'cap' ? 5 : 0.1));
        expect(batch.linkType[i]).toBe(1);
        expect(batch.fileOffset[i]).toBe(-1);
        // Ethernet 14, IPv4 20, UDP 8
        payloads.push([batch.captured[i]! - 42, batch.wire[i]! - 42, batch.bytes[at + 42]!]);
      }
      if ((payloads.length >= 60 && drained > 0) || Date.now() > patience) stop.abort();
    }
    expect(payloads).toEqual(Array.from({ length: 60 }, (_, i) => [20 + i, 20 + i, i]));
    expect(drained).toBeGreaterThan(0);
    const [statistics] = reader.statistics();
    expect(statistics).toMatchObject({ name: 'lo', format: 'live', frames: 60, damaged: undefined });
    expect(reader.interfaces).toMatchObject([{ name: 'lo', linkType: 1 }]);
    if (name === 'cap') expect(statistics!.drops).toEqual({ kernel: null, interface: 0, application: 0 });
    else expect(statistics!.drops).toEqual({ kernel: 0, interface: 0, application: 0 });
    await reader.close();
  });

  it('cuts frames at the snap length', async (context) => {
    if (obstacle !== undefined) return context.skip(obstacle);
    const reader = await source.open(['lo'], { filter: FILTER, snapLength: 60 });
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.send(Buffer.alloc(500), PORT, '127.0.0.1', () => resolve()));
    socket.close();
    const batch = new FrameBatch();
    let count = -1;
    for (let i = 0; i < 50 && count < 0; i += 1) count = await reader.read(batch);
    expect([count, batch.captured[0], batch.wire[0]]).toEqual([1, 60, 542]);
    await reader.close();
  });

  it('says on one line what is wrong', async (context) => {
    if (obstacle !== undefined) return context.skip(obstacle);
    await expect(source.open(['nosuch0'], {})).rejects.toMatchObject({
      code: 'device',
      message: expect.stringMatching(/^nosuch0: no such interface.* \(interfaces: .*\blo\b.*\)$/),
    });
    await expect(source.open(['lo', 'nosuch0'], {})).rejects.toMatchObject({ code: 'device' });
    await expect(source.open(['lo'], { filter: 'no filter' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^lo: filter 'no filter': (can't parse filter expression: )?syntax error$/),
    });
  });

  it('lists the interfaces', async (context) => {
    if (obstacle !== undefined) return context.skip(obstacle);
    const interfaces = await source.list!();
    expect(interfaces.find((one) => one.name === 'lo')?.addresses).toContain('127.0.0.1');
  });
});
