import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { column } from '../../../core/flow/rows.ts';
import { kafka } from '../../../plugins/sinks/kafka.ts';
import { freePort } from '../../support/free-port.ts';
import { type Broker, missingKafka, startBroker } from '../../support/kafka.ts';
import { messagesOf, rowsOf } from '../../support/kafka-messages.ts';
import { unavailable } from '../../support/unavailable.ts';
import { flows } from './command.ts';
import { batchOf, contextOf } from './rows.ts';
import { storeContract, until } from './store-contract.ts';

const obstacle = unavailable('kafka sink', await missingKafka());
const columns = [column('number', 'number', { integer: true }), column('text', 'text')];
const numbered = (first: number, count: number, text = 'x') =>
  batchOf(
    columns,
    Array.from({ length: count }, (_, i) => [first + i, text]),
  );
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const numbersOf = (messages: Parameters<typeof rowsOf>[0]) => rowsOf(messages).map(({ number }) => number as number);

describe.skipIf(obstacle)('kafka', () => {
  const secret = 'correct horse battery';
  let folder: string;
  let certificate: string;
  let broker: Broker;
  let behind: number;
  beforeAll(async () => {
    behind = await freePort();
    folder = mkdtempSync(join(tmpdir(), 'packetloom-kafka-test-'));
    certificate = join(folder, 'certificate.pem');
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const key = join(folder, 'key.pem');
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
    execFileSync('openssl', [...words, ...names], { stdio: 'ignore' });
    writeFileSync(join(folder, 'store.pem'), readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
  });
  afterAll(async () => {
    await broker?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('contract', () => {
    storeContract({
      name: 'kafka',
      atomic: false,
      // A second run is another producer: its messages have the same keys.
      remembering: false,
      port: () => behind,
      async useProxy({ port }) {
        const security = { keyStore: join(folder, 'store.pem'), user: 'meter', password: secret };
        broker = await startBroker({ proxied: { port: behind, proxy: port }, security });
      },
      open: (port, topic, columns, { segmentRows, timeout, ...options }, context) =>
        kafka.open(
          `kafka://127.0.0.1:${port}/${topic}`,
          columns,
          // kafkajs waits for the whole of it where a connection is cut in its first moment.
          { ...options, rows: segmentRows / 4, create: true, timeout: timeout === '5s' ? '500ms' : timeout },
          context,
        ),
      rowsInStore: async (topic) => numbersOf(await messagesOf(broker.client, topic)),
    });
  });

  const open = (topic: string, options: Record<string, unknown> = {}, context = contextOf()) =>
    kafka.open(`kafka://${broker.address}/${topic}`, columns, { create: true, ...options }, context);

  test('messages say what they are', async () => {
    const writer = await open('headers', { rows: 10, partitions: 1 }, contextOf({ configuration: 'ab'.repeat(32) }));
    await writer.write(numbered(0, 25));
    await writer.close();
    const messages = await messagesOf(broker.client, 'headers');
    const [{ headers }] = messages as [(typeof messages)[0]];
    const segment = headers['packetloom-segment']!;
    expect(segment).toMatch(/^[0-9a-f]{32}$/);
    expect(headers).toEqual({
      'content-type': 'application/x-ndjson',
      'packetloom-columns': '["number","text"]',
      'packetloom-rows': '10',
      'packetloom-segment': segment,
      'packetloom-configuration': 'ab'.repeat(32),
    });
    expect(messages.map(({ key }) => key)).toEqual([`${segment}-0-10`, `${segment}-10-10`, `${segment}-20-5`]);
  });

  test('a run repeated sends the same messages to the same partitions', async () => {
    const run = async (topic: string) => {
      const writer = await open(topic, { rows: 5, partitions: 3 });
      for (let first = 0; first < 200; first += 40) await writer.write(numbered(first, 40));
      await writer.close();
      return messagesOf(broker.client, topic);
    };
    const what = (messages: Awaited<ReturnType<typeof run>>) =>
      messages.map(({ key, partition, value }) => [partition, key, value.toString()]);
    const first = await run('repeated');
    expect(new Set(first.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    const both = what(await run('repeated'));
    for (const partition of [0, 1, 2]) {
      const own = what(first).filter(([one]) => one === partition);
      expect(both.filter(([one]) => one === partition)).toEqual([...own, ...own]);
    }
    // What readers do: the first message of each key counts.
    const seen = new Map(both.map(([, key, value]) => [key, value]));
    const rows = [...seen.values()].flatMap((value) => (value as string).trimEnd().split('\n'));
    const numbers = rows.map((row) => (JSON.parse(row) as { number: number }).number);
    expect(numbers.sort((a, b) => a - b)).toEqual(upTo(200));
  });

  test('one partition on request; the others are not touched', async () => {
    const writer = await open('placed', { rows: 5, partitions: 3, partition: 2 });
    await writer.write(numbered(0, 100));
    await writer.close();
    const messages = await messagesOf(broker.client, 'placed');
    expect(new Set(messages.map(({ partition }) => partition))).toEqual(new Set([2]));
    expect(numbersOf(messages)).toEqual(upTo(100));
    await expect(open('placed', { partition: 3 })).rejects.toMatchObject({
      code: 'sink',
      message: expect.stringMatching(/^cannot write kafka: .*placed: the topic has 3 partitions, no 3$/),
    });
  });

  test('messages keep to their size; a row that is larger has one of its own', async () => {
    const writer = await open('sizes', { rows: 100, messageSize: '10kB', partitions: 1 });
    await writer.write(numbered(0, 50, 'y'.repeat(300)));
    await writer.write(numbered(50, 1, 'z'.repeat(20_000)));
    await writer.write(numbered(51, 49));
    await writer.close();
    const messages = await messagesOf(broker.client, 'sizes');
    expect(numbersOf(messages)).toEqual(upTo(100));
    const sizes = messages.map(({ value }) => value.length);
    expect(sizes.filter((size) => size > 10_000)).toHaveLength(1);
    // Beside 417 bytes for key and headers 29 rows of 324 or 325 bytes are at most 9,842 bytes, 30 are 10,157 at least.
    expect(messages[0]!.headers['packetloom-rows']).toBe('29');
  });

  test('gzip', async () => {
    const writer = await open('gzipped', { compression: 'gzip', partitions: 1 });
    await writer.write(numbered(0, 3000));
    await writer.close();
    const messages = await messagesOf(broker.client, 'gzipped');
    expect(numbersOf(messages)).toEqual(upTo(3000));
  });

  test('a message that the topic does not take ends the output with what to do', async () => {
    const admin = broker.client.admin();
    await admin.connect();
    const configEntries = [{ name: 'max.message.bytes', value: '20000' }];
    await admin.createTopics({ topics: [{ topic: 'narrow', numPartitions: 1, configEntries }] });
    await admin.disconnect();
    const writer = await open('narrow');
    await writer.write(numbered(0, 100, 'y'.repeat(1000)));
    await expect(writer.close()).rejects.toMatchObject({
      code: 'sink',
      message: expect.stringMatching(
        /^cannot write kafka: .*narrow: the topic takes no message so large: set messageSize/,
      ),
    });
    const fitting = await open('narrow', { messageSize: '15kB' });
    await fitting.write(numbered(0, 100, 'y'.repeat(1000)));
    await fitting.close();
    expect(numbersOf(await messagesOf(broker.client, 'narrow'))).toEqual(upTo(100));
  });

  test('a topic that is not there is an error, unless it is to be created', async () => {
    await expect(open('absent', { create: false })).rejects.toMatchObject({
      code: 'sink',
      message: `cannot write kafka: kafka://${broker.address}/absent: no such topic: create it, or set create=true`,
    });
  });

  test('a real run: CSV, JSON and Arrow hold the rows of the files of the same run', async () => {
    const [csv, jsonl] = [join(folder, 'flows.csv'), join(folder, 'flows.jsonl')];
    const to = (format: string) =>
      `kafka://${broker.address}/run_${format}?format=${format}&rows=25&create=true&partitions=1`;
    const outputs = [csv, jsonl, to('csv'), to('json'), to('arrow')].flatMap((one) => ['-o', one]);
    const { code, stderr } = await flows(['examples/captures/office.pcap', '-p', 'statistical', ...outputs]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('warn')]);
    const of = (format: string) => messagesOf(broker.client, `run_${format}`);
    const [csvs, jsons, arrows] = [await of('csv'), await of('json'), await of('arrow')];
    expect(csvs.length).toBe(7);
    const text = readFileSync(csv, 'utf8');
    const head = text.slice(0, text.indexOf('\n') + 1);
    expect(head + Buffer.concat(csvs.map(({ value }) => value)).toString()).toBe(text);
    expect((JSON.parse(csvs[0]!.headers['packetloom-columns']!) as string[]).join()).toBe(head.trimEnd());
    expect(Buffer.concat(jsons.map(({ value }) => value)).toString()).toBe(readFileSync(jsonl, 'utf8'));
    const lines = text.trimEnd().split('\n').slice(1);
    const rows = arrows.flatMap(({ value }) => tableFromIPC(value).toArray() as Record<string, unknown>[]);
    const names = head.trimEnd().split(',');
    expect(rows.map((row) => [row.flow_id, row.src_ip, Number(row.frames)])).toEqual(
      lines.map((line) => {
        const value = (name: string) => line.split(',')[names.indexOf(name)]!;
        return [value('flow_id'), value('src_ip'), Number(value('frames'))];
      }),
    );
  });

  test('a broker killed and started again in mid-run: no row is lost, none is there twice', async () => {
    const said: string[] = [];
    const writer = await open('killed', { rows: 20, partitions: 2 }, contextOf({ report: (line) => said.push(line) }));
    const count = 40_000;
    const writing = (async () => {
      for (let first = 0; first < count; first += 100) await writer.write(numbered(first, 100, 'k'.repeat(100)));
    })();
    await until('some rows are there', () => writer.rows > 2000);
    await broker.end('SIGKILL');
    expect(writer.rows).toBeLessThan(count);
    await broker.start();
    await writing;
    await writer.close();
    expect(writer.rows).toBe(count);
    expect(said.some((line) => line.startsWith('deliveries go on after'))).toBe(true);
    const messages = await messagesOf(broker.client, 'killed');
    const keys = messages.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const partition of [0, 1]) {
      const own = numbersOf(messages.filter((message) => message.partition === partition));
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
    expect(numbersOf(messages).sort((a, b) => a - b)).toEqual(upTo(count));
  });

  describe('TLS and SASL', () => {
    const run = async (options: string, password?: string) => {
      const target = `kafka://meter@${broker.secure}/secured?create=true&tlsCa=${certificate}&retry=1s&${options}`;
      const ended = await flows(
        ['examples/captures/dhcp.pcap', '-o', target],
        password === undefined ? {} : { KAFKA_PASSWORD: password },
      );
      expect(ended.stdout + ended.stderr).not.toContain(password ?? secret);
      return ended;
    };

    test('rows arrive', async () => {
      expect(await run('password=env:KAFKA_PASSWORD', secret)).toMatchObject({ code: 0 });
      expect((await messagesOf(broker.client, 'secured')).length).toBe(1);
    });

    test('a wrong password is refused with one line', async () => {
      const { code, stderr } = await run('password=env:KAFKA_PASSWORD', 'wrong one');
      expect(code).toBe(1);
      expect(stderr.trim()).toMatch(/cannot write kafka: .*secured: the brokers do not accept this user and password$/);
    });

    test('a password that is not there, or stands in the URL', async () => {
      expect(await run('password=env:KAFKA_PASSWORD')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('kafka: password: the environment variable KAFKA_PASSWORD is not set'),
      });
      await expect(
        kafka.open(`kafka://meter:${secret}@${broker.secure}/secured`, columns, {}, contextOf()),
      ).rejects.toMatchObject({
        message: `kafka: ${broker.secure}: a password does not belong into a URL; set password=env:NAME`,
      });
    });

    test('a server whose certificate is not trusted is not written to', async () => {
      const options = { tls: true, user: 'meter', password: certificate };
      await expect(kafka.open(`kafka://${broker.secure}/secured`, columns, options, contextOf())).rejects.toMatchObject(
        {
          code: 'sink',
          message: expect.stringMatching(
            /secured: its certificate is not trusted: .*self-signed certificate; set tlsCa$/,
          ),
        },
      );
    });
  });
});
