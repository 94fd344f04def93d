import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection, nkeys } from '@nats-io/transport-node';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { column } from '../../../core/flow/rows.ts';
import { nats } from '../../../plugins/sinks/nats.ts';
import { installedWith, runPage } from '../../docs/page.ts';
import { missingNats, type NatsServer, startNats } from '../../support/nats.ts';
import { unavailable } from '../../support/unavailable.ts';
import { flows } from './command.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf } from './rows.ts';
import { storeContract, until } from './store-contract.ts';

const obstacle = unavailable('nats sink', missingNats());

/** A message as a stream holds it. */
interface Stored {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** All messages of a stream, in its order. */
async function messagesOf(connection: NatsConnection, stream: string): Promise<Stored[]> {
  const manager = await jetstreamManager(connection);
  const info = await manager.streams.info(stream).catch(() => undefined);
  const found: Stored[] = [];
  if (info === undefined || info.state.messages === 0) return found;
  const consumer = await jetstream(connection).consumers.get(stream, { deliver_policy: DeliverPolicy.All });
  for await (const message of await consumer.fetch({ max_messages: info.state.messages })) {
    const headers = Object.fromEntries([...message.headers!].map(([name, [value]]) => [name, value!]));
    found.push({ id: headers['Nats-Msg-Id']!, headers, text: message.string(), bytes: message.data });
  }
  return found;
}

const rowsOf = (messages: readonly Stored[]) =>
  messages.flatMap(({ text }) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );

const columns = [column('number', 'number', { integer: true }), column('text', 'text')];
const numbered = (first: number, count: number, text = 'x') =>
  batchOf(
    columns,
    Array.from({ length: count }, (_, i) => [first + i, text]),
  );
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const numbersOf = (messages: readonly Stored[]) => rowsOf(messages).map(({ number }) => number as number);

describe.skipIf(obstacle)('nats', () => {
  const secret = 'correct horse battery';
  const folder = temporaryFolder();
  let server: NatsServer;
  let connection: NatsConnection;
  beforeAll(async () => {
    server = await startNats();
    connection = await connect({ servers: server.address });
  });
  afterAll(async () => {
    await connection?.close();
    await server?.remove();
  });

  describe('contract', () => {
    storeContract({
      name: 'nats',
      atomic: false,
      port: () => Number(server.address.split(':')[1]),
      open: (port, subject, columns, { segmentRows, ...options }, context) =>
        nats.open(
          `nats://127.0.0.1:${port}/${subject}`,
          columns,
          { ...options, rows: segmentRows / 4, create: true },
          context,
        ),
      rowsInStore: async (subject) => numbersOf(await messagesOf(connection, subject)),
    });
  });

  const open = (subject: string, options: Record<string, unknown> = {}, context = contextOf()) =>
    nats.open(`nats://${server.address}/${subject}`, columns, { create: true, ...options }, context);

  test('messages say what they are', async () => {
    const writer = await nats.open(
      `nats://${server.address}/flows.headers`,
      [column('number', 'number'), column('größe', 'text')],
      { rows: 10, create: true },
      contextOf({ configuration: 'ab'.repeat(32) }),
    );
    await writer.write(numbered(0, 25));
    await writer.close();
    const messages = await messagesOf(connection, 'flows_headers');
    const segment = messages[0]!.headers['Packetloom-Segment']!;
    expect(segment).toMatch(/^[0-9a-f]{32}$/);
    expect(messages[0]!.headers).toEqual({
      'Content-Type': 'application/x-ndjson',
      'Nats-Msg-Id': `${segment}-0-10`,
      'Packetloom-Columns': '["number","gr\\u00f6\\u00dfe"]',
      'Packetloom-Rows': '10',
      'Packetloom-Segment': segment,
      'Packetloom-Configuration': 'ab'.repeat(32),
    });
    expect(JSON.parse(messages[0]!.headers['Packetloom-Columns']!)).toEqual(['number', 'größe']);
    expect(messages.map(({ id }) => id)).toEqual([`${segment}-0-10`, `${segment}-10-10`, `${segment}-20-5`]);
  });

  test('a stream that is created remembers ids for as long as was asked', async () => {
    const writer = await open('windowed', { stream: 'OWN', duplicates: '5m' });
    await writer.close();
    const { config } = await (await jetstreamManager(connection)).streams.info('OWN');
    expect([config.subjects, config.duplicate_window]).toEqual([['windowed'], 300e9]);
    await expect(open('windowed', { stream: 'OTHER' })).rejects.toMatchObject({
      message: `cannot write nats: nats://${server.address}/windowed: the stream OWN takes the subject, not OTHER`,
    });
  });

  test('a subject that no stream takes is an error, unless one is to be created', async () => {
    await expect(open('absent', { create: false })).rejects.toMatchObject({
      code: 'sink',
      message: `cannot write nats: nats://${server.address}/absent: no stream takes the subject: create one, or set create=true`,
    });
  });

  test('a message that the stream does not take ends the output with what to do', async () => {
    const { streams } = await jetstreamManager(connection);
    await streams.add({ name: 'narrow', subjects: ['narrow'], max_msg_size: 20_000 });
    const writer = await open('narrow');
    await writer.write(numbered(0, 100, 'y'.repeat(1000)));
    await expect(writer.close()).rejects.toMatchObject({
      code: 'sink',
      message: expect.stringMatching(/narrow: the stream takes no message so large: set messageSize below its max_msg/),
    });
    const fitting = await open('narrow', { messageSize: '15kB' });
    await fitting.write(numbered(0, 100, 'y'.repeat(1000)));
    await fitting.close();
    expect(numbersOf(await messagesOf(connection, 'narrow'))).toEqual(upTo(100));
  });

  test('a real run: CSV, JSON and Arrow hold the rows of the files of the same run', async () => {
    const [csv, jsonl] = [join(folder, 'flows.csv'), join(folder, 'flows.jsonl')];
    const to = (format: string) => `nats://${server.address}/run.${format}?format=${format}&rows=25&create=true`;
    const outputs = [csv, jsonl, to('csv'), to('json'), to('arrow')].flatMap((one) => ['-o', one]);
    const { code, stderr } = await flows(['examples/captures/office.pcap', '-p', 'statistical', ...outputs]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('warn')]);
    const of = (format: string) => messagesOf(connection, `run_${format}`);
    const [csvs, jsons, arrows] = [await of('csv'), await of('json'), await of('arrow')];
    expect(csvs.length).toBe(7);
    const text = readFileSync(csv, 'utf8');
    const head = text.slice(0, text.indexOf('\n') + 1);
    expect(head + csvs.map((message) => message.text).join('')).toBe(text);
    expect(jsons.map((message) => message.text).join('')).toBe(readFileSync(jsonl, 'utf8'));
    const tables = arrows.map(({ bytes }) => tableFromIPC(bytes));
    const ids = tables.flatMap((table) => [...table.getChild('flow_id')!] as string[]);
    const lines = text.trimEnd().split('\n').slice(1);
    expect(ids).toEqual(lines.map((line) => line.slice(0, 16)));
  });

  test('a server killed and started again in mid-run: no row is lost, none is there twice; nor by a replay', async () => {
    const count = 40_000;
    const run = async (kill: boolean) => {
      const said: string[] = [];
      const writer = await open('killed', { rows: 20 }, contextOf({ report: (line) => said.push(line) }));
      const writing = (async () => {
        for (let first = 0; first < count; first += 100) await writer.write(numbered(first, 100, 'k'.repeat(100)));
      })();
      if (kill) {
        await until('some rows are there', () => writer.rows > 2000);
        await server.end('SIGKILL');
        expect(writer.rows).toBeLessThan(count);
        await server.start();
      }
      await writing;
      await writer.close();
      expect(writer.rows).toBe(count);
      expect(said.some((line) => line.startsWith('deliveries go on after'))).toBe(kill);
    };
    await run(true);
    await until('the reader is back', () =>
      connection.rtt().then(
        () => true,
        () => false,
      ),
    );
    const messages = await messagesOf(connection, 'killed');
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
    expect(numbersOf(messages)).toEqual(upTo(count));
    await run(false);
    expect((await messagesOf(connection, 'killed')).length).toBe(messages.length);
  });

  test('a server with a small max_payload, users and TLS', async () => {
    const certificate = join(folder, 'certificate.pem');
    const key = join(folder, 'key.pem');
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
    execFileSync('openssl', [...words, ...names], { stdio: 'ignore' });
    const tls = `tls { cert_file: "${certificate}", key_file: "${key}" }`;
    const users = `authorization { users: [{ user: meter, password: "${secret}" }, { user: guest, password: guest, permissions: { publish: "none", subscribe: ">" } }] }`;
    const guarded = await startNats(`max_payload: 16384\n${tls}\n${users}`);
    try {
      const target = `nats://meter@${guarded.address}/secured`;
      const run = async (options: string, password: string) => {
        const words = ['examples/captures/office.pcap', '-p', 'statistical', '-o', `${target}?create=true&${options}`];
        const ended = await flows(words, { NATS_PASSWORD: password });
        expect(ended.stdout + ended.stderr).not.toContain(password);
        return ended;
      };
      const password = 'password=env:NATS_PASSWORD';
      expect(await run(`tlsCa=${certificate}&${password}`, secret)).toMatchObject({ code: 0 });
      const own = await connect({
        servers: guarded.address,
        user: 'meter',
        pass: secret,
        tls: { caFile: certificate },
      });
      const messages = await messagesOf(own, 'secured');
      await own.close();
      expect(rowsOf(messages)).toHaveLength(161);
      expect(Math.max(...messages.map(({ bytes }) => bytes.length))).toBeLessThan(16_384);
      const wrong = await run(`tlsCa=${certificate}&${password}`, 'wrong one');
      expect(wrong.code).toBe(1);
      expect(wrong.stderr.trim()).toMatch(
        /cannot write nats: .*secured: the server does not accept these credentials$/,
      );
      const untrusted = await run(`tls=true&${password}`, secret);
      expect(untrusted.stderr.trim()).toMatch(
        /secured: its certificate is not trusted: self-signed certificate; set tlsCa$/,
      );
      writeFileSync(join(folder, 'guest'), 'guest\n');
      const guest = await nats.open(
        `nats://guest@${guarded.address}/secured`,
        columns,
        { tlsCa: certificate, password: join(folder, 'guest'), retry: '0', timeout: '500ms' },
        contextOf(),
      );
      await guest.write(numbered(0, 1));
      await expect(guest.close()).rejects.toMatchObject({ message: expect.stringMatching(/may not publish/) });
      await expect(
        nats.open(`nats://meter:${secret}@${guarded.address}/secured`, columns, {}, contextOf()),
      ).rejects.toMatchObject({
        message: `nats: ${guarded.address}: a password does not belong into a URL; set password=env:NAME`,
      });
    } finally {
      await guarded.remove();
    }
  });

  test('a token, and an nkey', async () => {
    const pair = nkeys.createUser();
    writeFileSync(join(folder, 'seed'), pair.getSeed());
    writeFileSync(join(folder, 'token'), `${secret}\n`);
    const ways = [
      [`authorization { token: "${secret}" }`, { token: join(folder, 'token') }],
      [`authorization { users: [{ nkey: ${pair.getPublicKey()} }] }`, { nkey: join(folder, 'seed') }],
    ] as const;
    for (const [settings, options] of ways) {
      const guarded = await startNats(settings);
      try {
        const target = `nats://${guarded.address}/flows`;
        const writer = await nats.open(target, columns, { create: true, ...options }, contextOf());
        await writer.write(numbered(0, 3));
        await writer.close();
        expect(writer.rows).toBe(3);
        await expect(nats.open(target, columns, {}, contextOf())).rejects.toMatchObject({
          message: `cannot write nats: ${target}: the server does not accept these credentials`,
        });
      } finally {
        await guarded.remove();
      }
    }
  });

  test('its page runs as it stands', () => {
    const installed = installedWith('@nats-io/transport-node', '@nats-io/jetstream');
    try {
      runPage('docs/sinks/nats.md', installed, ['localhost:4222', server.address]);
    } finally {
      rmSync(installed, { recursive: true });
    }
  });

  test('a server without JetStream is an error', async () => {
    const plain = await startNats('', false);
    try {
      await expect(nats.open(`nats://${plain.address}/flows`, columns, {}, contextOf())).rejects.toMatchObject({
        message: `cannot write nats: nats://${plain.address}/flows: JetStream is not enabled on the server`,
      });
    } finally {
      await plain.remove();
    }
  });
});
