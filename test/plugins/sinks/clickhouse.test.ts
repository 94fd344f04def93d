import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Column, column, RowBatch } from '../../../core/flow/rows.ts';
import { clickhouse } from '../../../plugins/sinks/clickhouse.ts';
import { office, run } from '../../cli/support/command.ts';
import {
  type ClickhouseServer,
  chdbObstacle,
  clickhouseObstacle,
  startChdb,
  startClickhouse,
} from '../../support/clickhouse.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';
import { storeContract } from './store-contract.ts';

const folder = temporaryFolder();

/** Debian's server is real over HTTP but lacks types and tokens; the current engine has them, embedded. */
const servers = [
  { what: "Debian's server", obstacle: clickhouseObstacle(), launch: startClickhouse, old: true },
  { what: 'the current engine', obstacle: chdbObstacle(), launch: startChdb, old: false },
];

for (const { what, obstacle, launch, old } of servers) {
  describe.skipIf(unavailable(`clickhouse sink, ${what}`, obstacle))(what, () => {
    let server: ClickhouseServer;
    beforeAll(async () => {
      server = await launch();
      process.env.CLICKHOUSE_PASSWORD = server.password;
    });
    afterAll(async () => {
      delete process.env.CLICKHOUSE_PASSWORD;
      await server?.end();
    });

    describe('contract', () => {
      storeContract({
        name: 'clickhouse',
        port: () => server.port,
        get secret() {
          return server.password;
        },
        open: (port, table, columns, options, context) =>
          clickhouse.open(`clickhouse://loader@127.0.0.1:${port}/default`, columns, { table, ...options }, context),
        async rowsInStore(table) {
          const [found] = await server.query(`SELECT name FROM system.tables WHERE name = '${table}'`);
          if (found === undefined) return [];
          return (await server.query(`SELECT number FROM ${table} ${old ? 'FINAL' : ''}`)).map(Number);
        },
        ordered: false,
        rowKeys: old,
      });
    });

    const write = async (
      table: string,
      columns: readonly Column[],
      rows: readonly (readonly Value[])[],
      options: Readonly<Record<string, unknown>> = {},
      url = server.url,
    ) => {
      const lines: string[] = [];
      const context = contextOf({ report: (line) => lines.push(line) });
      const writer = await clickhouse.open(url, columns, { table, ...options }, context);
      await writer.write(batchOf(columns, rows));
      await writer.close();
      return { lines, rows: writer.rows };
    };

    const failure = async (promise: Promise<unknown>): Promise<string> => {
      const error = await promise.then(
        () => new Error('expected a failure'),
        (reason: Error) => reason,
      );
      return `${(error as { code?: string }).code}: ${error.message}`;
    };

    const place = (table: string) => `127.0.0.1:${server.port}/default.${table}`;
    const objects = async (query: string): Promise<Record<string, unknown>[]> => {
      const lines = await server.query(`${query} FORMAT JSONEachRow`);
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    };

    const every = [
      column('flow_id', 'hash'),
      column('segment', 'number', { integer: true }),
      column('src_ip', 'address'),
      column('start', 'time', { description: "When the flow's first frame came" }),
      column('duration', 'number', { decimals: 9 }),
      column('syn', 'number', { boolean: true }),
      column('end_reason', 'number', { labels: { 1: 'idle' } }),
      column('sni', 'text'),
      column('mean', 'number'),
    ];
    const full: Value[] = [1n, 0, [10, 0, 0, 1], [1622110650, 123456789], 2000, 1, 1, 'ä€😀 \\N"\n', 1 / 3];

    test('a table has the types that are documented, the key and the descriptions', async () => {
      await write('typed', every, []);
      const found = await objects("SELECT name, type, comment FROM system.columns WHERE table = 'typed'");
      const types = found.map(({ name, type }) => `${name} ${type}`);
      expect(types).toEqual([
        'flow_id String',
        'segment Nullable(Int64)',
        'src_ip Nullable(String)',
        old ? 'start Nullable(Int64)' : "start Nullable(DateTime64(9, 'UTC'))",
        'duration Nullable(Float64)',
        old ? 'syn Nullable(UInt8)' : 'syn Nullable(Bool)',
        old ? 'end_reason Nullable(String)' : 'end_reason LowCardinality(Nullable(String))',
        'sni Nullable(String)',
        'mean Nullable(Float64)',
      ]);
      expect(found[3]!.comment).toBe("When the flow's first frame came");
      const [made] = await objects("SELECT create_table_query AS made FROM system.tables WHERE name = 'typed'");
      expect(made!.made).toContain(
        old ? 'ReplacingMergeTree() ORDER BY (flow_id, ifNull(segment, -1))' : 'MergeTree ORDER BY (start, flow_id)',
      );
      await write('typed_replacing', every, [], { engine: 'ReplacingMergeTree' });
      const [other] = await objects("SELECT engine FROM system.tables WHERE name = 'typed_replacing'");
      expect(other!.engine).toBe('ReplacingMergeTree');
    });

    test('values are read back as they are; what is empty is NULL', async () => {
      const given: Value[][] = [
        full,
        [2n, -(2 ** 52), [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], [-1, 999999999], -1, 0, 7, '', -1e300],
        [3n, 2 ** 53 - 1, [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201], [4102444800, 0], 1.5e18, 0, 1, 'x'.repeat(300), 1e21],
        [2n ** 64n - 1n, ...Array.from({ length: 8 }, () => null)],
      ];
      await write('values', every, given);
      const time = old ? 'toString(start)' : 'toString(toUnixTimestamp64Nano(start))';
      const rows = await objects(
        `SELECT flow_id, toString(segment) AS segment, src_ip, ${time} AS start, duration, toUInt8(syn) AS syn, end_reason, sni, mean FROM values ORDER BY flow_id`,
      );
      expect(rows).toEqual([
        {
          flow_id: '0000000000000001',
          segment: '0',
          src_ip: '10.0.0.1',
          start: '1622110650123456789',
          duration: 0.000002,
          syn: 1,
          end_reason: 'idle',
          sni: 'ä€😀 \\N"\n',
          mean: 1 / 3,
        },
        {
          flow_id: '0000000000000002',
          segment: '-4503599627370496',
          src_ip: '2001:db8::1',
          start: '-1',
          duration: -1e-9,
          syn: 0,
          end_reason: '7',
          sni: '',
          mean: -1e300,
        },
        {
          flow_id: '0000000000000003',
          segment: '9007199254740991',
          src_ip: '::ffff:192.0.2.1',
          start: '4102444800000000000',
          duration: 1.5e9,
          syn: 0,
          end_reason: 'idle',
          sni: 'x'.repeat(300),
          mean: 1e21,
        },
        {
          flow_id: 'ffffffffffffffff',
          segment: null,
          src_ip: null,
          start: null,
          duration: null,
          syn: null,
          end_reason: null,
          sni: null,
          mean: null,
        },
      ]);
    });

    test('texts of every length and character fail no row', async () => {
      const texts = ['', 'a\0b', '\ud800x', 'a'.repeat(127), 'a'.repeat(128), 'ä'.repeat(64), 'a'.repeat(20_000)];
      await write(
        'texts',
        [column('flow_id', 'hash'), column('text', 'text')],
        texts.map((text, i) => [BigInt(i), text]),
      );
      const rows = await objects(
        'SELECT hex(substring(assumeNotNull(text), 1, 5)) AS start, length(text) AS length FROM texts ORDER BY flow_id',
      );
      expect(rows.map(({ start, length }) => [start, Number(length)])).toEqual([
        ['', 0],
        ['610062', 3],
        ['EFBFBD78', 4],
        ['6161616161', 127],
        ['6161616161', 128],
        ['C3A4C3A4C3', 128],
        ['6161616161', 20_000],
      ]);
    });

    test('addresses=ipv6 and times=nanoseconds', async () => {
      const columns = [column('src_ip', 'address'), column('start', 'time')];
      const rows: Value[][] = [
        [
          [10, 0, 0, 1],
          [1622110650, 123456789],
        ],
        [
          [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1],
          [0, 1],
        ],
        [null, null],
      ];
      await write('forms', columns, rows, { addresses: 'ipv6', times: 'nanoseconds' });
      const address = old ? 'IPv6NumToString(assumeNotNull(src_ip))' : 'toString(assumeNotNull(src_ip))';
      expect(
        await server.query(
          `SELECT isNull(src_ip), ${address}, toString(start) FROM forms ORDER BY isNull(start), start`,
        ),
      ).toEqual(['0\t2001:db8::1\t1', '0\t::ffff:10.0.0.1\t1622110650123456789', '1\t::\t\\N']);
    });

    test('names of columns are taken as they are', async () => {
      const names = ['end', 'a `quoted` name', 'ä', "it's \\ b"];
      await write(
        'names',
        names.map((name) => column(name, 'number', { description: "it's" })),
        [[1, 2, 3, 4]],
      );
      expect(await objects('SELECT * FROM names')).toEqual([Object.fromEntries(names.map((name, i) => [name, i + 1]))]);
    });

    const keyed = [
      column('flow_id', 'hash'),
      column('segment', 'number', { integer: true }),
      column('number', 'number', { integer: true }),
    ];

    test('a run repeated adds nothing: by its tokens, or by the keys of its rows', async () => {
      const rows: Value[][] = [
        [1n, 0, 1],
        [1n, 1, 2],
      ];
      for (let count = 0; count < 2; count += 1) expect((await write('again', keyed, rows)).lines).toEqual([]);
      expect(await server.query(`SELECT number FROM again ${old ? 'FINAL' : ''} ORDER BY number`)).toEqual(['1', '2']);
      for (let count = 0; count < 2; count += 1)
        await write('replacing', keyed, rows, { engine: 'ReplacingMergeTree' });
      expect(await server.query('SELECT number FROM replacing FINAL ORDER BY number')).toEqual(['1', '2']);
    });

    test('a table that remembers nothing is filled, and that is said', async () => {
      await server.query('CREATE TABLE forgetful (number Nullable(Int64)) ENGINE = MergeTree() ORDER BY tuple()');
      const { lines } = await write('forgetful', [column('number', 'number', { integer: true })], [[1]]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^this table remembers no deliveries .* may double rows$/);
      expect(await server.query('SELECT number FROM forgetful')).toEqual(['1']);
    });

    describe('what is wrong is one line at once', () => {
      const columns = [column('number', 'number', { integer: true }), column('text', 'text')];
      const rows: Value[][] = [[1, 'one']];

      test('a table with other columns', async () => {
        await server.query('CREATE TABLE lacks (number Nullable(Int64)) ENGINE = MergeTree() ORDER BY tuple()');
        expect(await failure(write('lacks', columns, rows))).toBe(
          `sink: cannot write clickhouse: ${place('lacks')}: the table lacks columns of the rows: ` +
            'ALTER TABLE `default`.`lacks` ADD COLUMN `text` Nullable(String)',
        );
        await server.query(
          'CREATE TABLE others (number Int32, text Nullable(String)) ENGINE = MergeTree() ORDER BY tuple()',
        );
        expect(await failure(write('others', columns, rows))).toBe(
          `sink: cannot write clickhouse: ${place('others')}: columns of other types: \`number\` is Int32, the rows have Nullable(Int64)`,
        );
      });

      test('no table, where none is to be made; no database', async () => {
        expect(await failure(write('absent', columns, rows, { create: false }))).toBe(
          `sink: cannot write clickhouse: ${place('absent')}: the table does not exist; create it, or let create=true do it`,
        );
        if (old) {
          expect(await failure(write('x', columns, rows, {}, server.url.replace('/default', '/elsewhere')))).toMatch(
            /^sink: cannot write clickhouse: .*\/elsewhere\.x: Database elsewhere doesn't exist \(code 81\)$/,
          );
        }
      });

      test('a wrong password', async () => {
        const path = join(folder, 'wrong');
        writeFileSync(path, 'not-the-password\n');
        expect(await failure(write('x', columns, rows, { password: path }))).toMatch(
          old
            ? /^sink: cannot write clickhouse: .*\.x: Wrong password for user loader \(code 193\)$/
            : /^sink: cannot write clickhouse: .*\.x: loader: Authentication failed \(code 516\)$/,
        );
      });

      test('a password in the URL, unknown parameters, no URL', async () => {
        const withPassword = server.url.replace('loader@', `loader:${server.password}@`);
        expect(await failure(write('x', columns, rows, {}, withPassword))).toBe(
          `usage: clickhouse: 127.0.0.1:${server.port}: a password does not belong into a URL; set password=env:NAME`,
        );
        expect(await failure(write('x', columns, rows, {}, `${server.url}?tabel=x`))).toBe(
          `usage: clickhouse: 127.0.0.1:${server.port}: no such parameter "tabel" of the URL; see the options`,
        );
        expect(await failure(write('x', columns, rows, {}, 'flows'))).toBe(
          'usage: clickhouse: expected clickhouse://user@host:port/database?table=name',
        );
      });

      if (old) {
        test('no permission', async () => {
          const url = server.url.replace('loader@', 'reader@');
          expect(await failure(write('forbidden', columns, rows, {}, url))).toMatch(
            /^sink: cannot write clickhouse: .*\.forbidden: .*readonly.* \(code 164\)$/,
          );
        });
      }
    });

    test('a server that is stopped, killed and started in mid-run: every row once', async () => {
      const lines: string[] = [];
      const context = contextOf({ report: (line) => lines.push(line) });
      const options = { table: 'restarted', segmentRows: 500, timeout: '5s' };
      const writer = await clickhouse.open(server.url, keyed, options, context);
      const batch = new RowBatch(keyed, 100);
      batch.count = 100;
      let starting: Promise<void> | undefined;
      for (let first = 0; first < 20_000; first += 100) {
        for (let row = 0; row < 100; row += 1) {
          batch.data[0]!.words[2 * row + 1] = first + row;
          batch.data[2]!.numbers[row] = first + row;
        }
        await writer.write(batch);
        // Debian's server takes many seconds for a stop in order.
        if (first === 12_000 || (first === 5000 && !old)) {
          await starting;
          await server.stop(first === 5000 ? 'SIGTERM' : 'SIGKILL');
          starting = server.start();
        }
      }
      await starting;
      await writer.close();
      expect(writer.rows).toBe(20_000);
      const rows = await server.query(
        `SELECT count(), uniqExact(number), max(number) FROM restarted ${old ? 'FINAL' : ''}`,
      );
      expect(rows).toEqual(['20000\t20000\t19999']);
      expect(lines.filter((line) => line.startsWith('delivery failed')).length).toBeGreaterThanOrEqual(1);
    });

    describe('the command', () => {
      test('writes what it writes to a CSV file, and names no password anywhere', async () => {
        const [csv, summary] = [join(folder, `${old}.csv`), join(folder, 'summary.json')];
        const words = ['flows', office, '-p', 'statistical', '-o', csv, '-o', `${server.url}?table=office`];
        const { code, stdout, stderr } = await run([...words, '--summary', summary]);
        expect([code, stderr]).toEqual([0, expect.stringContaining('161 rows')]);
        const lines = readFileSync(csv, 'utf8').trimEnd().split('\n');
        const names = lines[0]!.split(',');
        const sum = (name: string) =>
          lines.slice(1).reduce((total, line) => total + Number(line.split(',')[names.indexOf(name)]), 0);
        const sums = ['frames', 'fwd_bytes', 'bwd_payload_bytes'];
        expect(await server.query(`SELECT count(), ${sums.map((name) => `sum(${name})`)} FROM office`)).toEqual([
          [lines.length - 1, ...sums.map(sum)].join('\t'),
        ]);
        const time = old ? 'start' : 'toUnixTimestamp64Nano(start)';
        const starts = lines.slice(1).map((line) => line.split(',')[names.indexOf('start')]!.replace('.', ''));
        expect(await server.query(`SELECT toString(${time}) AS t FROM office ORDER BY t`)).toEqual(starts.sort());
        const said = [stdout, stderr, readFileSync(summary, 'utf8')].join('\n');
        expect(said).toContain(`127.0.0.1:${server.port}`);
        expect(said).not.toContain(server.password);
      });

      test('a server away at the end: the rows are in the spool, and the next run brings them', async () => {
        const proxy = await startTcpProxy(server.port);
        try {
          await proxy.refuse();
          const spool = join(folder, `spool-${old}`);
          const url = `clickhouse://loader@127.0.0.1:${proxy.port}/default?table=spooled&retry=200ms&spool=${encodeURIComponent(spool)}`;
          const away = await run(['flows', office, '-o', url]);
          expect([away.code, away.stderr]).toEqual([
            1,
            expect.stringMatching(
              /packetloom: cannot write clickhouse: .*; 161 rows are in .* and go out with the next run/,
            ),
          ]);
          expect(away.stderr).not.toContain(server.password);
          await proxy.restore();
          const back = await run(['flows', office, '-o', url]);
          expect([back.code, back.stderr]).toEqual([0, expect.stringContaining('161 rows of an earlier run wait in')]);
          expect(await server.query(`SELECT count() FROM spooled ${old ? 'FINAL' : ''}`)).toEqual(['161']);
        } finally {
          await proxy.close();
        }
      });
    });

    test('HTTPS, with the certificates that are trusted', async () => {
      const [key, certificate] = [join(folder, 'server.key'), join(folder, 'server.crt')];
      const words = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        key,
        '-out',
        certificate,
      ];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
      execFileSync('openssl', [...words, ...subject], { stdio: 'ignore' });
      // As a proxy before the server does it.
      const proxy = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (client) => {
        const behind = connect(server.port, '127.0.0.1');
        client.pipe(behind).pipe(client);
        for (const socket of [client, behind]) socket.on('error', () => {});
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      try {
        const url = `clickhouses://loader@localhost:${(proxy.address() as AddressInfo).port}/default`;
        await write('secure', keyed, [[1n, 0, 1]], { ca: certificate }, url);
        expect(await server.query('SELECT number FROM secure')).toEqual(['1']);
        expect(await failure(write('secure', keyed, [[2n, 0, 2]], {}, url))).toMatch(
          /^sink: cannot write clickhouse: .*: self-signed certificate$/,
        );
      } finally {
        await new Promise((resolve) => proxy.close(resolve));
      }
    });
  });
}
