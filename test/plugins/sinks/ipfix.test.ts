import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRegistry } from '../../../core/declare/registry.ts';
import { type Column, column } from '../../../core/flow/rows.ts';
import { ELEMENTS, MEANINGS } from '../../../plugins/sinks/ipfix/elements.ts';
import { ipfix } from '../../../plugins/sinks/ipfix.ts';
import { standard } from '../../../plugins/standard.ts';
import { root } from '../../cli/support/command.ts';
import {
  dumped,
  dumpedRecords,
  messagesOf,
  missingPrograms,
  startTcpCollector,
  type TcpCollector,
} from '../../support/ipfix.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';
import { storeContract, until } from './store-contract.ts';

const folder = temporaryFolder();
const noDump = unavailable('ipfixDump', missingPrograms('ipfixDump'));

/** A file of rows, and what was reported. */
async function fileOf(
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  options: Record<string, unknown> = {},
): Promise<{ bytes: Buffer; lines: string[] }> {
  const path = join(folder, 'rows.ipfix');
  const lines: string[] = [];
  const writer = await ipfix.open(path, columns, options, contextOf({ report: (line) => lines.push(line) }));
  await writer.write(batchOf(columns, rows));
  await writer.close();
  return { bytes: readFileSync(path), lines };
}

const hex = (text: string): string => text.replace(/#.*/g, '').replace(/\s/g, '');

const states = (feature: string): string => MEANINGS.find((one) => one.feature === feature)!.states;

describe('messages', () => {
  test('are those of RFC 7011: a template, then records, biflows by RFC 5103', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_999 });
    try {
      const columns = [
        column('sourceIPv4Address', 'address'),
        column('flowEndNanoseconds', 'time'),
        column('packetDeltaCount', 'number'),
        column('reversePacketDeltaCount', 'number'),
        column('applicationName', 'text'),
      ];
      const long = 'x'.repeat(300);
      const { bytes } = await fileOf(columns, [
        [[192, 0, 2, 1], [0, 500_000_000], 2 ** 40 + 1, 3, 'é'],
        [[192, 0, 2, 1], [0, 500_000_000], 7, 0, null],
        [[192, 0, 2, 2], [0, 0], 1, 1, long],
      ]);
      const end = '83aa7e80 80000000'; // 2208988800 s from 1900 to 1970, and half a second
      expect(bytes.toString('hex')).toBe(
        hex(`
          000a 01d4 6553f100 00000000 00000001  # version, length, 1700000000 s, sequence, domain
          0002 0024 0101 0006                    # template set, template 257: 6 fields
            8002 0008 00007279                   # reverse packetDeltaCount, PEN 29305
            0008 0004 009d 0008 0002 0008 0060 ffff 00ef 0001
          0101 0024                              # records of 257: 32 bytes
            0000000000000003 c0000201 ${end} 0000010000000001 02c3a9 01
          0002 0014 0102 0003 0008 0004 009d 0008 0002 0008
          0102 0018 c0000201 ${end} 0000000000000007
          0101 0150 0000000000000001 c0000202 83aa7e80 00000000 0000000000000001
            ff012c ${Buffer.from(long).toString('hex')} 01
        `),
      );
    } finally {
      vi.useRealTimers();
    }
  });

  test('are no longer than wanted, say how many records came before, and repeat no template', async () => {
    const columns = [column('flowId', 'number'), column('applicationName', 'text')];
    const rows = Array.from({ length: 3000 }, (_, i): Value[] => [i, i % 2 === 0 ? null : 'text '.repeat(i % 50)]);
    const { bytes } = await fileOf(columns, rows);
    const messages = messagesOf(bytes);
    expect(messages.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
    expect(messages.every(({ length }) => length <= 16_384)).toBe(true);
    expect(messages.length).toBeGreaterThan(5);
    let records = 0;
    for (const message of messages) {
      expect(message.readUInt32BE(8)).toBe(records);
      // Odd rows hold texts of 5 * (i % 50) bytes and one byte, or three, of length; the rest is counted by hand.
      for (let at = 16; at < message.length; at += message.readUInt16BE(at + 2)) {
        const isData = message.readUInt16BE(at) >= 256;
        for (let record = at + 4; isData && record < at + message.readUInt16BE(at + 2); records += 1) {
          const number = Number(message.readBigUInt64BE(record));
          expect(number).toBe(records);
          const text = 5 * (number % 50);
          record += 8 + (number % 2 === 0 ? 0 : text + (3 * text > 254 ? 3 : 1));
        }
      }
    }
    expect(records).toBe(3000);
    expect(bytes.toString('latin1').split('\x00\x02\x00\x0c\x01').length - 1).toBe(1);
  });

  test('cut texts that are longer than a message, between characters, and say so once', async () => {
    const columns = [column('flowId', 'number'), column('applicationName', 'text')];
    const { bytes, lines } = await fileOf(columns, [
      [1, 'é'.repeat(20_000)],
      [2, 'é'.repeat(20_000)],
    ]);
    expect(lines).toEqual(['a text is longer than a message: such texts are cut']);
    const messages = messagesOf(bytes);
    // A template fits beside no such record.
    expect(messages.map(({ length }) => length)).toEqual([16 + 16, 16_383, 16_383]);
    for (const message of messages.slice(1))
      expect(message.toString('utf8').match(/é+$/)![0].length).toBeGreaterThan(8000);
  });
});

describe('columns', () => {
  test('what features mean is what they state: another column of the name is something else', async () => {
    const { features } = createRegistry([standard]);
    expect(MEANINGS.map(({ feature }) => [feature, features.get(feature)?.description])).toEqual(
      MEANINGS.map(({ feature, states: stated }) => [feature, stated]),
    );
    const columns = [
      column('id', 'number', { description: states('fwd_frames') }),
      column('fwd_bytes', 'number', { description: 'count(tcp.len > 0)' }),
      column('len_mean', 'number', { description: 'Frame length on the wire in both directions: mean.' }),
    ];
    const { bytes, lines } = await fileOf(columns, [[5, 6, 7]]);
    expect(lines).toEqual(['no information element holds these columns, which are left out: fwd_bytes, len_mean']);
    expect(bytes.subarray(16).toString('hex')).toBe(hex('0002 000c 0101 0001 0002 0008 0101 000c 0000000000000005'));
  });

  test('are on the page as they are here', () => {
    // The formatter puts spaces into tables.
    const page = readFileSync(join(root, 'docs', 'sinks', 'ipfix.md'), 'utf8').replace(/ +/g, ' ');
    const rows = page.matchAll(/^\| `([\w.]+)` \| ((?:\w+ \([\d/]+\)(?:, )?)+) \|$/gm);
    const idOf = (name: string) => {
      const forward = name.replace(/^reverse(.)/, (_, first: string) => first.toLowerCase());
      return `${name === forward ? '' : '29305/'}${ELEMENTS.get(forward)!.id}`;
    };
    const own = MEANINGS.map(({ feature, elements }) => [
      feature,
      elements.map((one) => `${one} (${idOf(one)})`).join(', '),
    ]);
    expect([...rows].map(([, feature, elements]) => [feature, elements])).toEqual(own);
    const types = [...ELEMENTS.values()].map(({ type }) => type);
    for (const type of new Set(types)) {
      const all = [...ELEMENTS.values()].filter((one) => one.type === type);
      expect(page).toContain(`| ${type} | ${all.map(({ name, id }) => `${name} (${id})`).join(', ')} |\n`);
    }
    for (const name of Object.keys(ipfix.options.properties as object)) expect(page).toContain(`\`${name}\``);
  });

  test('of preset ipfix all have elements', () => {
    const { presets } = createRegistry([standard]);
    const known = MEANINGS.map(({ feature }) => feature);
    expect(presets.get('ipfix')!.columns.filter((name) => !known.includes(name as string))).toEqual([]);
  });

  test('a run without any is refused', async () => {
    const opening = ipfix.open(join(folder, 'none.ipfix'), [column('x', 'number')], {}, contextOf());
    await expect(opening).rejects.toMatchObject({ code: 'configuration' });
  });

  test('values that an element cannot hold are left out and reported once', async () => {
    const columns = [column('flowId', 'number'), column('ipTTL', 'number'), column('sourceMacAddress', 'text')];
    const { bytes, lines } = await fileOf(columns, [
      [1, 255, '00:1b:21:0a:0B:0c'],
      [2, 256, '00:1b:21:0a:0b:0c'],
      [3, 1.5, null],
      [4, -1, null],
    ]);
    expect(lines).toEqual([
      'sourceMacAddress: a value does not fit its information element: records go without it',
      'ipTTL: a value does not fit its information element: records go without it',
    ]);
    expect(bytes.subarray(16).toString('hex')).toBe(
      hex(`
        0002 0010 0101 0002 0094 0008 00c0 0001  0101 000d 0000000000000001 ff
        0002 0010 0102 0002 0094 0008 0038 0006  0102 0012 0000000000000002 001b210a0b0c
        0002 000c 0103 0001 0094 0008  0103 0014 0000000000000003 0000000000000004
      `),
    );
  });

  test('those of preset netflow-v9 have their elements by name', async () => {
    const { presets } = createRegistry([standard]);
    const names = presets.get('netflow-v9')!.columns as readonly { name: string }[];
    const columns = names.map(({ name }) => column(name, name.endsWith('IPAddress') ? 'address' : 'number'));
    const row = names.map(({ name }, i): Value => (name.endsWith('IPAddress') ? [10, 0, 0, i] : i));
    const { lines } = await fileOf(columns, [row]);
    expect(lines).toEqual([]);
  });

  test('durations are in the unit of the element', async () => {
    const columns = [
      column('duration', 'number', { decimals: 9, unit: 's', description: states('duration') }),
      column('flowDurationMicroseconds', 'number', { unit: 'ms' }),
    ];
    const { bytes } = await fileOf(columns, [[1_999_999_999, 2.5]]);
    expect(bytes.subarray(-8).toString('hex')).toBe(hex(`${(1999).toString(16).padStart(8, '0')} 000009c4`));
  });
});

describe.skipIf(noDump)('libfixbuf', () => {
  test('knows the elements by these names, numbers and types', async () => {
    const names = [...ELEMENTS.keys()].filter(
      (name) => !/^(source|destination)IPv|^flow(Start|End)[MNS]|^icmp(Type|Code)IPv/.test(name),
    );
    const kinds = { string: 'text', macAddress: 'text' } as Readonly<Record<string, Column['kind']>>;
    const columns = names.map((name) => column(name, kinds[ELEMENTS.get(name)!.type] ?? 'number'));
    const row = names.map(
      (name) => ({ string: 'x', macAddress: '00:00:00:00:00:01' })[ELEMENTS.get(name)!.type as 'string'] ?? 1,
    );
    const { bytes } = await fileOf(columns, [row]);
    const fields = [...dumped(bytes, '-t').matchAll(/id: +(\d+) +type: (\w+) +len: +\d+ +(\w+)/g)];
    const short: Record<string, string> = { string: 'string', macAddress: 'mac' };
    expect(fields.map(([, id, type, name]) => [name, Number(id), type])).toEqual(
      names.map((name) => {
        const { id, type } = ELEMENTS.get(name)!;
        return [name, id, short[type] ?? type.replace('unsigned', 'uint')];
      }),
    );
  });

  test.each([4, 6])('knows those of ICMP over IPv%d', async (version) => {
    const source = [192, 0, 2, 1, ...(version === 6 ? [0, 0, 0, 1] : [])];
    for (const name of [`icmpTypeIPv${version}`, `icmpCodeIPv${version}`]) {
      const { bytes } = await fileOf(
        [column(`sourceIPv${version}Address`, 'address'), column(name, 'number')],
        [[source, 3]],
      );
      expect(dumped(bytes, '-t')).toMatch(
        new RegExp(`id: +${ELEMENTS.get(name)!.id} +type: uint8 +len: +1 +${name}\n`),
      );
    }
  });

  test('learns the names of own elements from type information (RFC 5610)', async () => {
    const columns = [
      column('flowId', 'number'),
      column('len_mean', 'number', { unit: 'bytes', description: 'Mean length.' }),
      column('segment', 'number', { integer: true }),
      column('is_short', 'number', { boolean: true }),
      column('reason', 'number', { labels: { 1: 'idle' } }),
      column('first_dns', 'text'),
      column('gateway', 'address'),
    ];
    const { bytes, lines } = await fileOf(
      columns,
      [
        [1, 54.5, -2, 1, 1, 'a.example', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]],
        [2, null, null, null, null, null, null],
      ],
      { enterprise: 32_473 },
    );
    expect(lines).toEqual([]);
    const text = dumped(bytes, '--rfc5610', '-d');
    const values = [...text.matchAll(/^\t\(32473\/\d+\) +(\w+) : (?:\(len: \d+\) )?(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(Object.fromEntries(values)).toMatchObject({
      segment: '-2',
      reason: 'idle',
      first_dns: 'a.example',
      gateway: '2001:db8::1',
    });
    expect(Number(Object.fromEntries(values).len_mean)).toBe(54.5);
    expect(values).toHaveLength(6);
    // Type information is data too: 6 records of it, then 2.
    expect(messagesOf(bytes).map((message) => message.readUInt32BE(8))).toEqual([0, 6]);
  });
});

test('targets that are no collectors are refused', async () => {
  const columns = [column('flowId', 'number')];
  const open = (target: string) => ipfix.open(target, columns, {}, contextOf());
  await expect(open('ipfix://user:secret@host')).rejects.toMatchObject({ code: 'usage' });
  await expect(open('ipfix://user:secret@host')).rejects.not.toThrow('secret');
  await expect(open('ipfix+udp://')).rejects.toMatchObject({ code: 'usage' });
  await expect(open('ipfix+udp://host/table')).rejects.toThrow('"/table" has no meaning behind a collector');
  await expect(open('ipfix+sctp://host')).rejects.toThrow('expected ipfix://, ipfix+tcp://, ipfix+udp://');
  await expect(open('ipfix://host?mut=1400')).rejects.toThrow('no such option "mut"');
});

describe('files', () => {
  const columns = [column('flowId', 'number')];
  const batch = batchOf(columns, [[1], [2]]);
  const open = (target: string, options = {}) => ipfix.open(target, columns, options, contextOf());

  test('are complete or absent', async () => {
    const path = join(folder, 'whole.ipfix');
    const writer = await open(path);
    await writer.write(batch);
    await writer.flush!();
    expect(existsSync(path)).toBe(false);
    await writer.close();
    expect([writer.rows, messagesOf(readFileSync(path)).length]).toEqual([2, 1]);
    const empty = await open(join(folder, 'empty.ipfix'));
    await empty.close();
    expect([empty.rows, readFileSync(join(folder, 'empty.ipfix')).length]).toEqual([0, 0]);
    const aborted = await open(join(folder, 'aborted.ipfix'));
    await aborted.write(batch);
    await aborted.abort();
    expect(existsSync(join(folder, 'aborted.ipfix'))).toBe(false);
    expect(messagesOf(readFileSync(join(folder, 'aborted.ipfix.partial')))).toHaveLength(1);
  });

  test('rotate, each with its templates and counted from 0', async () => {
    const writer = await open(join(folder, 'many-%n.ipfix'), { rotateRows: 3 });
    await writer.write(batch);
    await writer.write(batch);
    await writer.close();
    expect(writer.rows).toBe(4);
    const names = readdirSync(folder).filter((name) => name.startsWith('many-'));
    const files = names.sort().map((name) => readFileSync(join(folder, name)));
    // 16 of the head, a template set of 12, a set of records of 8 behind 4.
    expect(files.map(({ length }) => length)).toEqual([16 + 12 + 4 + 3 * 8, 16 + 12 + 4 + 8]);
    expect(files.map((bytes) => bytes.readUInt32BE(8))).toEqual([0, 0]);
  });

  test('on a full device end with one line, and count no rows', async () => {
    const writer = await open('/dev/full');
    const writing = (async () => {
      await writer.write(batch);
      await writer.close();
    })();
    const message = 'cannot write ipfix: /dev/full: no space left on device';
    await expect(writing).rejects.toMatchObject({ code: 'sink', message });
    expect(writer.rows).toBe(0);
  });
});

describe('over UDP', () => {
  const columns = [column('flowId', 'number'), column('sourceTransportPort', 'number')];
  const rows = (first: number, count: number) =>
    batchOf(
      columns,
      Array.from({ length: count }, (_, i): Value[] => [first + i, 80]),
    );

  /** A collector of datagrams. */
  const collector = async () => {
    const datagrams: Buffer[] = [];
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 22 }).bind(0, '127.0.0.1');
    socket.on('message', (message) => datagrams.push(message));
    await once(socket, 'listening');
    const close = () => new Promise<void>((resolve) => socket.close(() => resolve()));
    return { datagrams, target: `ipfix+udp://127.0.0.1:${(socket.address() as AddressInfo).port}`, close };
  };

  const templates = (datagrams: readonly Buffer[]) => datagrams.filter((one) => one.readUInt16BE(16) === 2).length;

  test('messages fit into packets, count records, and bring templates again after a time', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
    const { datagrams, target, close } = await collector();
    try {
      const options = { templateRefresh: '10s', segmentRows: 100, mtu: 600, rate: 100_000 };
      const writer = await ipfix.open(target, columns, options, contextOf());
      const send = async (first: number) => {
        await writer.write(rows(first, 100));
        await until('the rows are out', () => writer.rows === first + 100);
      };
      await send(0);
      await send(100);
      vi.setSystemTime(Date.now() + 9999);
      await send(200);
      await until('they are here', () => datagrams.length === 6);
      expect(templates(datagrams)).toBe(1);
      vi.setSystemTime(Date.now() + 1);
      await send(300);
      await until('they are here', () => datagrams.length === 8);
      expect(templates(datagrams)).toBe(2);
      await writer.close();
    } finally {
      vi.useRealTimers();
      await close();
    }
    expect(datagrams.every(({ length }) => length <= 600)).toBe(true);
    // 600 - 16 - 16 (template set) - 4 bytes are 56 records of 10, then 44; without the template 58, then 42.
    expect(datagrams.map((one) => one.readUInt32BE(8))).toEqual([0, 56, 100, 156, 200, 256, 300, 356]);
    expect(datagrams.map((one) => one.readUInt32BE(4))).toEqual(
      [0, 0, 0, 0, 9, 9, 10, 10].map((s) => 1_700_000_000 + s),
    );
  });

  test('a template may fill a message of its own, and what needs more than one is refused', async () => {
    const { datagrams, target, close } = await collector();
    // Templates have 4 + 8 bytes a field, records 8: of 60 fields 484 and 480, of 63 there is no room in 512.
    const wide = (count: number) => Array.from({ length: count }, (_, i) => column(`value_${i}`, 'number'));
    const send = async (count: number) => {
      const own = wide(count);
      const options = { mtu: 512, enterprise: 32_473 };
      const writer = await ipfix.open(target, own, options, contextOf());
      await writer.write(batchOf(own, [own.map(() => 0.5), own.map(() => 0.5)]));
      await writer.close();
    };
    await send(60);
    await until('the records are here', () => datagrams.filter((one) => one.readUInt16BE(16) === 257).length === 2);
    expect(datagrams.every(({ length }) => length <= 512)).toBe(true);
    await expect(send(63)).rejects.toThrow('63 fields need more than the 512 bytes of a message: take fewer columns');
    await close();
  });

  test('no more messages leave than wanted', async () => {
    const { datagrams, target, close } = await collector();
    const started = performance.now();
    const writer = await ipfix.open(target, columns, { mtu: 512, rate: 200 }, contextOf());
    await writer.write(rows(0, 3000));
    await writer.close();
    // 3,000 records are 65 messages of 49 records at most: 32 at once, the others 5 ms apart.
    expect(performance.now() - started).toBeGreaterThan((65 - 32) * 5 - 20);
    await until('they are here', () => datagrams.length === 65);
    await close();
  });

  test('a collector that is not there ends the output in a bounded time, with one line', async () => {
    const { target, close } = await collector();
    await close();
    const lines: string[] = [];
    const writer = await ipfix.open(
      target,
      columns,
      { retry: '300ms' },
      contextOf({ report: (line) => lines.push(line) }),
    );
    await writer.write(rows(0, 10));
    await expect(writer.close()).rejects.toMatchObject({
      code: 'sink',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect([writer.rows, lines.length]).toEqual([0, 1]);
  });
});

describe.skipIf(noDump)('over TCP', () => {
  let collector: TcpCollector;
  beforeAll(async () => {
    collector = await startTcpCollector();
  });
  afterAll(() => collector?.close());

  test('a new connection is a new session: templates again, counted from 0', async () => {
    const columns = [column('flowId', 'number')];
    const before = collector.connections.length;
    const lines: string[] = [];
    const context = contextOf({ report: (line) => lines.push(line) });
    const options = { segmentRows: 2, domain: 4_000_000_000 };
    const writer = await ipfix.open(`ipfix://127.0.0.1:${collector.port}`, columns, options, context);
    const send = async (first: number) => {
      await writer.write(batchOf(columns, [[first], [first + 1]]));
      await vi.waitFor(() => expect(writer.rows).toBe(first + 2));
    };
    await send(0);
    await send(2);
    const received = () => collector.connections.slice(before);
    await vi.waitFor(() => expect(messagesOf(received()[0]!)).toHaveLength(2));
    collector.reset();
    await vi.waitFor(async () => {
      await send(writer.rows);
      expect(received()).toHaveLength(2);
    });
    await writer.close();
    const heads = received().map((bytes) =>
      messagesOf(bytes).map((one) => [one.readUInt32BE(8), one.readUInt16BE(16)]),
    );
    expect(heads[0]).toEqual([
      [0, 2],
      [2, 257],
    ]);
    expect(heads[1]![0]).toEqual([0, 2]);
    // Seen before the next delivery, or by it.
    expect(lines[0]).toMatch(/: what was sent last may not have arrived; a new session begins$|^delivery failed/);
  });

  describe('contract', () => {
    // The suite's columns have no elements; a place is an observation domain, and a part of the URL without meaning.
    const names: Readonly<Record<string, string>> = { number: 'flowId', text: 'applicationName' };
    const domainOf = (place: string) => Number(/\d+/.exec(place)![0]);
    storeContract({
      name: 'ipfix',
      idempotent: false,
      remembering: false,
      atomic: false,
      acknowledges: false,
      port: () => collector.port,
      open: (port, place, columns, options, context) =>
        ipfix.open(
          `ipfix://127.0.0.1:${port}/#${place}`,
          columns.map((one) => ({ ...one, name: names[one.name] ?? one.name })),
          { domain: domainOf(place), ...options },
          context,
        ),
      rowsInStore: async (place) =>
        collector.connections.flatMap((bytes) => {
          const own = messagesOf(bytes).filter((message) => message.readUInt32BE(12) === domainOf(place));
          return own.length === 0 ? [] : dumpedRecords(Buffer.concat(own)).map((record) => Number(record['148']));
        }),
    });
  });
});
