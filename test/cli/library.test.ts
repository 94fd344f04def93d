import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { flows, frames, problemsOf, type RunResult } from '../../cli/library.ts';
import { defineFeature } from '../../core/declare/feature.ts';
import { definePlugin } from '../../core/declare/plugin.ts';
import { createRegistry } from '../../core/declare/registry.ts';
import type { FrameReader } from '../../core/declare/source.ts';
import { defineSource } from '../../core/declare/source.ts';
import { captureFile } from '../../plugins/sources/capture-file.ts';
import { standard } from '../../plugins/standard.ts';
import { captureOf } from './support/capture.ts';
import { office, root, rowsOf, run, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();
const client = ['10.0.0.1', 5000] as const;
const server = ['10.0.0.2', 53] as const;
const three = folder.write(
  'three.pcap',
  captureOf([
    { nanoseconds: 1_622_110_650_591_424_001n, source: client, destination: server, payload: 10 },
    { nanoseconds: 1_622_110_650_591_426_501n, source: server, destination: client, payload: 100 },
    { nanoseconds: 1_622_110_651_591_424_001n, source: client, destination: server, payload: 0 },
  ]),
);

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

/** A registry whose source counts what is opened, read and closed. */
function watched() {
  const counts = { opened: 0, read: 0, closed: 0 };
  const source = defineSource({
    ...captureFile,
    open: async (targets, options) => {
      counts.opened += 1;
      const reader = await captureFile.open(targets, options);
      return {
        interfaces: reader.interfaces,
        statistics: () => reader.statistics(),
        read(batch) {
          counts.read += 1;
          return reader.read(batch);
        },
        close() {
          counts.closed += 1;
          return reader.close();
        },
      } satisfies FrameReader;
    },
  });
  const registry = createRegistry([{ ...standard, sources: [source] }]);
  return { registry, counts };
}

describe('flows', () => {
  test('are objects with numbers, texts and nulls', async () => {
    const [flow, ...rest] = await all(flows(three, { preset: 'basic', times: 'text', features: ['icmp_type'] }));
    expect(rest).toEqual([]);
    expect(flow).toEqual({
      flow_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      segment: 0,
      src_ip: '10.0.0.1',
      src_port: 5000,
      dst_ip: '10.0.0.2',
      dst_port: 53,
      protocol: 17,
      start: '1622110650.591424001',
      end: '1622110651.591424001',
      duration: 1,
      fwd_frames: 2,
      bwd_frames: 1,
      fwd_bytes: 94,
      bwd_bytes: 142,
      end_reason: 'forced',
      icmp_type: null,
    });
    const [numbers] = await all(flows([three]));
    expect(numbers!.start).toBeCloseTo(1_622_110_650.591424, 6);
  });

  test('are those of the command line', async () => {
    const rows = rowsOf((await run(['flows', office])).stdout);
    const own = await all(flows(office, { times: 'text' }));
    expect(
      own.map((flow) =>
        Object.fromEntries(
          Object.entries(flow).map(([name, value]) => [
            name,
            value === null ? '' : name === 'duration' ? (value as number).toFixed(9) : String(value),
          ]),
        ),
      ),
    ).toEqual(rows);
    expect(rows).toHaveLength(161);
  });

  test('take settings, filters, features and plugins', async () => {
    const plugin = definePlugin({
      name: 'own',
      features: [defineFeature({ name: 'twice', description: 'Frames, doubled', value: '2 * frames' })],
    });
    const rows = await all(
      flows(three, {
        flow: { bidirectional: false },
        where: 'udp.length > 8',
        keep: 'frames == 1',
        features: ['twice', { name: 'b', value: 'sum(udp.length)' }],
        plugins: [plugin],
      }),
    );
    expect(rows).toEqual([
      { twice: 2, b: 18 },
      { twice: 2, b: 108 },
    ]);
  });

  test('end with a result that accounts for every frame', async () => {
    let result: RunResult | undefined;
    await all(flows(office, { onResult: (one) => (result = one) }));
    const { read, used, skipped } = result!.frames;
    expect(read).toBe(1350);
    expect(used + Object.values(skipped).reduce((sum, count) => sum + count, 0)).toBe(1350);
  });

  test('open nothing before the first is asked for, and close once at the end', async () => {
    const { registry, counts } = watched();
    const rows = flows(three, { registry });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(counts.opened).toBe(0);
    await all(rows);
    expect(counts).toMatchObject({ opened: 1, closed: 1 });
  });

  test('close everything when the loop is left early, and read no further', async () => {
    const { registry, counts } = watched();
    const many = Array<string>(200).fill(office);
    // One row a frame: the first of them come long before the end.
    for await (const _ of flows(many, { registry, flow: { idleTimeout: '1ns' } })) break;
    expect(counts).toMatchObject({ opened: 1, closed: 1 });
    expect(counts.read).toBeLessThan(50);
  });

  test('wait for whoever takes them', async () => {
    const { registry, counts } = watched();
    const many = Array<string>(50).fill(office);
    const rows = flows(many, { registry, flow: { idleTimeout: '1ns' } });
    await rows.next();
    const before = counts.read;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(counts.read).toBe(before);
    await rows.return();
    expect(counts.closed).toBe(1);
  });

  test('end in order at a signal of the caller', async () => {
    const controller = new AbortController();
    let result: RunResult | undefined;
    const many = Array<string>(500).fill(office);
    let rows = 0;
    for await (const _ of flows(many, {
      signal: controller.signal,
      flow: { idleTimeout: '1ns' },
      onResult: (one) => (result = one),
    })) {
      rows += 1;
      if (rows === 10) controller.abort();
    }
    expect(result!.stopped).toBe('signal');
    expect(result!.flows.rows).toBe(rows);
    expect(result!.frames.read).toBeLessThan(500 * 1350);
  });

  test('of wrong options reject with every problem', async () => {
    const error = await all(flows(three, { preset: 'basci', where: 'udp.lenght > 1' })).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'PacketloomError', code: 'configuration' });
    expect(problemsOf(error).map(({ at, suggestion }) => [at, suggestion])).toEqual([
      ['features[0].preset', 'basic'],
      ['where', 'udp.length'],
    ]);
    const other = await all(flows(three, { features: [{ name: 'a', value: 'count(' }] })).catch((reason) => reason);
    expect(other).toMatchObject({ code: 'expression' });
  });

  test('of a file that is not there reject and name it', async () => {
    await expect(all(flows(join(folder.path, 'none.pcap')))).rejects.toThrow('none.pcap');
  });
});

describe('frames', () => {
  test('have the fields that are asked for, typed', async () => {
    const fields = [
      'frame.number',
      'frame.time_epoch',
      'frame.len',
      'frame.cap_len',
      'ip.src',
      'udp.dstport',
      'eth.type',
      'ip.flags.df',
      'tcp.port',
    ];
    expect(await all(frames(three, { fields, times: 'text', where: 'udp.dstport == 5000' }))).toEqual([
      {
        'frame.number': 2,
        'frame.time_epoch': '1622110650.591426501',
        'frame.len': 142,
        'frame.cap_len': 142,
        'ip.src': '10.0.0.2',
        'udp.dstport': 5000,
        'eth.type': 0x0800,
        'ip.flags.df': false,
        'tcp.port': null,
      },
    ]);
  });

  test('give the first, the last or all values of a field that occurs several times', async () => {
    const port = async (occurrence: 'first' | 'last' | 'all') =>
      (await frames(three, { fields: ['udp.port'], occurrence }).next()).value;
    expect(await port('first')).toEqual({ 'udp.port': 5000 });
    expect(await port('last')).toEqual({ 'udp.port': 53 });
    expect(await port('all')).toEqual({ 'udp.port': [5000, 53] });
  });

  test('close the file when the loop is left early', async () => {
    const { registry, counts } = watched();
    for await (const _ of frames(Array<string>(100).fill(office), { registry })) break;
    expect(counts).toEqual({ opened: 1, read: 1, closed: 1 });
  });

  test('reject an unknown field with the nearest right one', async () => {
    await expect(all(frames(three, { fields: ['ip.scr'] }))).rejects.toMatchObject({
      code: 'usage',
      message: 'fields: no such field "ip.scr"; did you mean ip.src?',
    });
  });
});

test('the package can be used by its name', async () => {
  const library = await import('packetloom');
  expect(await all(library.flows(join(root, 'examples', 'captures', 'pings.pcap')))).toHaveLength(1);
});
