import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Column, column, RowBatch } from '../../../core/flow/rows.ts';
import { postgresql } from '../../../plugins/sinks/postgresql.ts';
import { office, run, start } from '../../cli/support/command.ts';
import { type PostgresqlServer, postgresqlObstacle, startPostgresql } from '../../support/postgresql.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';
import { storeContract, until } from './store-contract.ts';

const obstacle = unavailable('postgresql sink', postgresqlObstacle());

describe.skipIf(obstacle)('postgresql', () => {
  const folder = temporaryFolder();
  let server: PostgresqlServer;
  beforeAll(async () => {
    server = await startPostgresql();
    process.env.PGPASSWORD = server.password;
  });
  afterAll(async () => {
    delete process.env.PGPASSWORD;
    await server?.end();
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
    const writer = await postgresql.open(url, columns, { table, ...options }, context);
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

  const place = (table: string) => `127.0.0.1:${server.port}/flows/public.${table}`;

  describe('contract', () => {
    storeContract({
      name: 'postgresql',
      port: () => server.port,
      get secret() {
        return server.password;
      },
      open: (port, table, columns, options, context) =>
        postgresql.open(`postgresql://loader@127.0.0.1:${port}/flows`, columns, { table, ...options }, context),
      async rowsInStore(table) {
        const [found] = await server.query(`SELECT to_regclass('public.${table}')`);
        if (found === undefined) return [];
        return (await server.query(`SELECT number FROM public.${table}`)).map(Number);
      },
      // Tables have no order.
      ordered: false,
    });
  });

  describe('values', () => {
    const every = [
      column('flow_id', 'hash'),
      column('src_ip', 'address'),
      column('start', 'time', { description: "When the flow's first frame came" }),
      column('duration', 'number', { decimals: 9 }),
      column('syn', 'number', { boolean: true }),
      column('end_reason', 'number', { labels: { 1: 'idle' } }),
      column('sni', 'text'),
      column('mean', 'number'),
      column('bytes', 'number', { integer: true }),
    ];
    const full: Value[] = [0xdeadbeefn, [10, 0, 0, 1], [1622110650, 591424000], 2000, 1, 1, 'ä€😀 \\N"\n', 1 / 3, 1500];

    test('have the types that are documented, and the descriptions', async () => {
      await write('typed', every, []);
      const types = await server.query(
        `SELECT column_name || ' ' || data_type FROM information_schema.columns WHERE table_name = 'typed' ORDER BY ordinal_position`,
      );
      expect(types).toEqual([
        'flow_id text',
        'src_ip inet',
        'start timestamp with time zone',
        'duration double precision',
        'syn boolean',
        'end_reason text',
        'sni text',
        'mean double precision',
        'bytes bigint',
      ]);
      expect(await server.query(`SELECT col_description('typed'::regclass, 3)`)).toEqual([
        "When the flow's first frame came",
      ]);
    });

    test('are read back by psql as they are; what is empty is NULL', async () => {
      const given: Value[][] = [
        full,
        [2n ** 64n - 1n, [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], [-1, 999999000], -1, 0, 7, '', -1e300, -(2 ** 52)],
        [0n, [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201], [4102444800, 0], 1.5e18, 0, 1, 'null', Infinity, 2 ** 53 - 1],
        [0n, null, null, null, null, null, null, null, null],
      ];
      await write('values', every, given);
      const rows = await server.query(
        `SET timezone = 'UTC'; SELECT to_jsonb(v) - 'start', to_char("start", 'YYYY-MM-DD HH24:MI:SS.US') FROM (SELECT *, ctid AS at FROM public.values) v ORDER BY at`,
      );
      const [first, second, third, last] = rows.map((row) => {
        const [json = '', time] = row.split(/\|(?=[^|]*$)/);
        const { at: _at, ...rest } = JSON.parse(json.replace(/"mean": "?Infinity"?/, '"mean": "Infinity"'));
        return { ...rest, start: time };
      });
      expect(first).toEqual({
        flow_id: '00000000deadbeef',
        src_ip: '10.0.0.1',
        start: '2021-05-27 10:17:30.591424',
        duration: 0.000002,
        syn: true,
        end_reason: 'idle',
        sni: 'ä€😀 \\N"\n',
        mean: 1 / 3,
        bytes: 1500,
      });
      expect(second).toEqual({
        flow_id: 'ffffffffffffffff',
        src_ip: '2001:db8::1',
        start: '1969-12-31 23:59:59.999999',
        duration: -1e-9,
        syn: false,
        end_reason: '7',
        sni: '',
        mean: -1e300,
        bytes: -4503599627370496,
      });
      expect(third).toEqual({
        flow_id: '0000000000000000',
        src_ip: '::ffff:192.0.2.1',
        start: '2100-01-01 00:00:00.000000',
        duration: 1.5e9,
        syn: false,
        end_reason: 'idle',
        sni: 'null',
        mean: 'Infinity',
        bytes: 9007199254740991,
      });
      expect(last).toEqual({
        flow_id: '0000000000000000',
        src_ip: null,
        start: '',
        duration: null,
        syn: null,
        end_reason: null,
        sni: null,
        mean: null,
        bytes: null,
      });
    });

    const time = [column('start', 'time')];

    test('times: nanoseconds that are cut are reported once; times=nanoseconds keeps them', async () => {
      const rows: Value[][] = [
        [[1622110650, 123456789]],
        [[-1, 1]],
        [[9_223_372_035, 999_999_999]],
        [[-9_223_372_035, 5]],
        [[0, 4_294_967_295 % 1_000_000_000]],
      ];
      expect((await write('times_cut', time, rows)).lines).toEqual([
        'times are cut to microseconds, which is what timestamps have here; times=nanoseconds keeps all',
      ]);
      expect(
        await server.query(`SELECT (extract(epoch FROM start) * 1000000)::numeric(30) FROM times_cut ORDER BY ctid`),
      ).toEqual(['1622110650123456', '-1000000', '9223372035999999', '-9223372035000000', '294967']);
      expect((await write('times_whole', time, rows, { times: 'nanoseconds' })).lines).toEqual([]);
      expect(await server.query('SELECT start FROM times_whole ORDER BY ctid')).toEqual([
        '1622110650123456789',
        '-999999999',
        '9223372035999999999',
        '-9223372034999999995',
        '294967295',
      ]);
      expect((await write('times_exact', time, [[[1, 2000]]])).lines).toEqual([]);
    });

    test('times far off are infinity, or the last that 64 bits hold', async () => {
      const rows: Value[][] = [[[1e13, 0]], [[-1e12, 0]], [[253402300799, 999999000]]];
      await write('times_far', time, rows);
      expect(await server.query(`SET timezone = 'UTC'; SELECT start FROM times_far ORDER BY ctid`)).toEqual([
        'infinity',
        '-infinity',
        '9999-12-31 23:59:59.999999+00',
      ]);
      await write('times_far_bigint', time, rows, { times: 'nanoseconds' });
      expect(await server.query('SELECT start FROM times_far_bigint ORDER BY ctid')).toEqual([
        '9223372036854775807',
        '-9223372036854775808',
        '9223372036854775807',
      ]);
    });

    test('text that PostgreSQL cannot store fails no row: NUL and lone surrogates become U+FFFD', async () => {
      const rows: Value[][] = [['a\0b\0'], ['\ud800x'], ['plain'], [`${'ä'.repeat(100_000)}\0`]];
      const { lines } = await write('texts', [column('text', 'text')], rows);
      expect(lines).toEqual(['NUL in 2 texts is stored as U+FFFD']);
      const stored = await server.query(
        `SELECT encode(convert_to(left(text, 3), 'UTF8'), 'hex') || ' ' || length(text) FROM texts ORDER BY ctid`,
      );
      expect(stored).toEqual(['61efbfbd62 4', 'efbfbd78 2', '706c61 5', 'c3a4c3a4c3a4 100001']);
    });

    test('names of columns are taken as they are', async () => {
      const names = ['end', 'A "quoted" name', 'ä', 'Case', 'case', "it's; DROP TABLE texts --"];
      const columns = names.map((name) => column(name, 'number', { description: "it's" }));
      await write('names', columns, [[1, 2, 3, 4, 5, 6]], { schema: 'public' });
      const [row] = await server.query('SELECT to_jsonb(n) FROM names n');
      expect(JSON.parse(row!)).toEqual(Object.fromEntries(names.map((name, i) => [name, i + 1])));
    });
  });

  describe('what is wrong is one line at once', () => {
    const columns = [column('number', 'number', { integer: true }), column('text', 'text')];
    const rows: Value[][] = [[1, 'one']];

    test('a table with other columns', async () => {
      await server.query('CREATE TABLE lacks (number bigint, note text); ALTER TABLE lacks OWNER TO loader');
      expect(await failure(write('lacks', columns, rows))).toBe(
        `sink: cannot write postgresql: ${place('lacks')}: the table lacks columns of the rows: ` +
          'ALTER TABLE "public"."lacks" ADD COLUMN "text" text',
      );
      await server.query('CREATE TABLE others (number integer, text varchar(9)); ALTER TABLE others OWNER TO loader');
      expect(await failure(write('others', columns, rows))).toBe(
        `sink: cannot write postgresql: ${place('others')}: columns of other types: "number" is integer, the rows have bigint`,
      );
    });

    test('no table, where none is to be made', async () => {
      expect(await failure(write('absent', columns, rows, { create: false }))).toBe(
        `sink: cannot write postgresql: ${place('absent')}: the table does not exist; create it, or let create=true do it`,
      );
      expect(await server.query(`SELECT to_regclass('public.absent')`)).toEqual([]);
    });

    test('no permission', async () => {
      await server.query('CREATE TABLE forbidden (number bigint, text text)');
      expect(await failure(write('forbidden', columns, rows))).toBe(
        `sink: cannot write postgresql: ${place('forbidden')}: permission denied for table forbidden (SQLSTATE 42501)`,
      );
      expect(await failure(write('x', columns, rows, { schema: 'nowhere' }))).toBe(
        `sink: cannot write postgresql: 127.0.0.1:${server.port}/flows/nowhere.x: schema "nowhere" does not exist (SQLSTATE 3F000)`,
      );
    });

    test('a wrong password, and none', async () => {
      const path = join(folder, 'wrong');
      writeFileSync(path, 'not-the-password\n');
      expect(await failure(write('x', columns, rows, { password: path }))).toBe(
        `sink: cannot write postgresql: ${place('x')}: password authentication failed for user "loader" (SQLSTATE 28P01)`,
      );
      const { PGPASSWORD } = process.env;
      delete process.env.PGPASSWORD;
      process.env.PGPASSFILE = join(folder, 'none');
      try {
        expect(await failure(write('x', columns, rows))).toBe(
          `sink: cannot write postgresql: ${place('x')}: the server asks for a password: ` +
            'set PGPASSWORD, ~/.pgpass or password=env:NAME',
        );
      } finally {
        process.env.PGPASSWORD = PGPASSWORD;
        delete process.env.PGPASSFILE;
      }
    });

    test('no such database, and TLS where there is none', async () => {
      const url = server.url.replace('/flows', '/elsewhere');
      expect(await failure(write('x', columns, rows, {}, url))).toContain(
        'database "elsewhere" does not exist (SQLSTATE 3D000)',
      );
      expect(await failure(write('x', columns, rows, { sslmode: 'require' }))).toContain(
        'The server does not support SSL connections',
      );
    });

    test('a password in the URL, unknown parameters, names that would be cut', async () => {
      const withPassword = server.url.replace('loader@', `loader:${server.password}@`);
      expect(await failure(write('x', columns, rows, {}, withPassword))).toBe(
        `usage: postgresql: 127.0.0.1:${server.port}: a password does not belong into a URL; set password=env:NAME`,
      );
      expect(await failure(write('x', columns, rows, {}, `${server.url}?tabel=x`))).toBe(
        `usage: postgresql: 127.0.0.1:${server.port}: no such parameter "tabel" of the URL; see the options`,
      );
      const long = 'ä'.repeat(32);
      expect(await failure(write('x', [column(long, 'number')], []))).toBe(
        `configuration: postgresql: PostgreSQL takes names of 1 to 63 bytes: "${long}"; name the column otherwise (name=expression)`,
      );
    });

    test('a row that the table refuses, at the begin of many megabytes', async () => {
      await server.query(
        `CREATE TABLE strict (number bigint, text text CHECK (text = 'x')); ALTER TABLE strict OWNER TO loader`,
      );
      const many: Value[][] = Array.from({ length: 20_000 }, (_, i) => [i, 'y'.repeat(1000)]);
      expect(await failure(write('strict', columns, many, { segmentRows: 20_000 }))).toBe(
        `sink: cannot write postgresql: ${place('strict')}: ` +
          'new row for relation "strict" violates check constraint "strict_text_check" (SQLSTATE 23514)',
      );
    });

    test('a row too large for a page, after the first rows', async () => {
      const many = Array.from({ length: 1500 }, (_, i) => column(`c${i}`, 'number'));
      const text = await failure(write('large', many, [many.map((_, i) => i)]));
      expect(text).toMatch(/^sink: cannot write postgresql: .*\/public\.large: row is too big: .* \(SQLSTATE 54000\)$/);
    });
  });

  const numbers = [column('number', 'number', { integer: true })];

  test('least rights: a table and a ledger made by another, INSERT and SELECT on the ledger only', async () => {
    await write('granted', numbers, [[1]]);
    await server.query(`CREATE ROLE writer LOGIN PASSWORD '${server.password}';
      GRANT INSERT ON granted TO writer; GRANT SELECT, INSERT ON packetloom_segments TO writer`);
    const url = server.url.replace('loader@', 'writer@');
    await write('granted', numbers, [[2]], {}, url);
    await write('granted', numbers, [[2]], {}, url);
    expect(await server.query('SELECT number FROM granted ORDER BY 1')).toEqual(['1', '2']);
  });

  test('a repeated run says so; a table emptied or made anew is filled anew', async () => {
    await write('again', numbers, [[1], [2]]);
    expect((await write('again', numbers, [[1], [2]])).lines).toEqual([
      '2 rows were in the table already, from an earlier run',
    ]);
    const emptied = ['DROP TABLE again', 'TRUNCATE again', 'DROP TABLE again; CREATE TABLE again (number bigint)'];
    for (const sql of emptied) {
      await server.query(`SET ROLE loader; ${sql}`);
      expect((await write('again', numbers, [[1], [2]])).lines).toEqual([]);
      expect(await server.query('SELECT number FROM again')).toEqual(['1', '2']);
    }
    // Rows that were taken away one by one stay away.
    await server.query('DELETE FROM again WHERE number = 1');
    await write('again', numbers, [[1], [2]]);
    expect(await server.query('SELECT number FROM again')).toEqual(['2']);
  });

  test('two runs of the same rows at once add them once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => write('at_once', numbers, [[1], [2], [3]])));
    expect(await server.query('SELECT number FROM at_once ORDER BY 1')).toEqual(['1', '2', '3']);
  });

  test('the password comes from a file, a variable or ~/.pgpass', async () => {
    const { PGPASSWORD } = process.env;
    delete process.env.PGPASSWORD;
    const [secret, pgpass] = [join(folder, 'secret'), join(folder, 'pgpass')];
    writeFileSync(secret, `${server.password}\n`);
    writeFileSync(pgpass, `127.0.0.1:${server.port}:flows:loader:${server.password}\n`);
    chmodSync(pgpass, 0o600);
    try {
      await write('secrets', numbers, [[1]], { password: secret });
      process.env.PACKETLOOM_TEST_PASSWORD = server.password;
      await write('secrets', numbers, [[2]], { password: 'env:PACKETLOOM_TEST_PASSWORD' });
      process.env.PGPASSFILE = pgpass;
      await write('secrets', numbers, [[3]]);
    } finally {
      process.env.PGPASSWORD = PGPASSWORD;
      delete process.env.PGPASSFILE;
      delete process.env.PACKETLOOM_TEST_PASSWORD;
    }
    expect(await server.query('SELECT number FROM secrets ORDER BY 1')).toEqual(['1', '2', '3']);
  });

  test('by its socket', async () => {
    const url = `postgresql://loader@localhost:${server.port}/flows?host=${encodeURIComponent(server.folder)}`;
    await write('by_socket', numbers, [[1]], {}, url);
    expect(await server.query('SELECT number FROM by_socket')).toEqual(['1']);
  });

  test('a server that is stopped, killed and started in mid-run: every row once', async () => {
    const lines: string[] = [];
    const context = contextOf({ report: (line) => lines.push(line) });
    const options = { table: 'restarted', segmentRows: 500, timeout: '5s' };
    const writer = await postgresql.open(server.url, numbers, options, context);
    const batch = new RowBatch(numbers, 100);
    batch.count = 100;
    let starting: Promise<void> | undefined;
    for (let first = 0; first < 30_000; first += 100) {
      for (let row = 0; row < 100; row += 1) batch.data[0]!.numbers[row] = first + row;
      await writer.write(batch);
      if (first === 10_000 || first === 20_000) {
        // As an administrator does, then as a crash does.
        await starting;
        await server.stop(first === 10_000 ? 'fast' : 'immediate');
        starting = server.start();
      }
    }
    await starting;
    await writer.close();
    expect(writer.rows).toBe(30_000);
    expect(await server.query('SELECT count(*), count(DISTINCT number), max(number) FROM restarted')).toEqual([
      '30000|30000|29999',
    ]);
    expect(lines.filter((line) => line.startsWith('delivery failed')).length).toBeGreaterThanOrEqual(1);
  });

  describe('the command', () => {
    const settings = () => ({ ...process.env, PGPASSWORD: server.password });

    test('writes what it writes to a CSV file, and names no password anywhere', async () => {
      const [csv, summary] = [join(folder, 'office.csv'), join(folder, 'summary.json')];
      const words = ['flows', office, '-p', 'statistical', '-o', csv, '-o', `${server.url}?table=office`];
      Object.assign(process.env, settings());
      const { code, stdout, stderr } = await run([...words, '--summary', summary]);
      expect(code).toBe(0);
      const lines = readFileSync(csv, 'utf8').trimEnd().split('\n');
      const names = lines[0]!.split(',');
      expect(await server.query('SELECT count(*) FROM office')).toEqual([String(lines.length - 1)]);
      const sums = ['frames', 'fwd_bytes', 'bwd_payload_bytes'];
      const expected = sums.map((name) =>
        lines.slice(1).reduce((sum, line) => sum + Number(line.split(',')[names.indexOf(name)]), 0),
      );
      expect(await server.query(`SELECT ${sums.map((name) => `sum(${name})`).join(', ')} FROM office`)).toEqual([
        expected.join('|'),
      ]);
      const starts = lines.slice(1).map((line) => line.split(',')[names.indexOf('start')]!.slice(0, -3));
      expect(await server.query('SELECT extract(epoch FROM start) FROM office ORDER BY 1')).toEqual(starts.sort());
      const said = [stdout, stderr, readFileSync(summary, 'utf8')].join('\n');
      expect(said).toContain(`127.0.0.1:${server.port}`);
      expect(said).not.toContain(server.password);
    });

    test('a server away at the end: the rows are in the spool, and the next run brings them', async () => {
      const proxy = await startTcpProxy(server.port);
      try {
        await proxy.refuse();
        const spool = join(folder, 'spool');
        const url = `postgresql://loader@127.0.0.1:${proxy.port}/flows?table=spooled&retry=200ms&spool=${encodeURIComponent(spool)}`;
        const away = await run(['flows', office, '-o', url]);
        expect(away.code).toBe(1);
        expect(away.stderr).toMatch(
          /packetloom: cannot write postgresql: .*; 161 rows are in .* and go out with the next run/,
        );
        expect(away.stderr).not.toContain(server.password);
        await proxy.restore();
        const back = await run(['flows', office, '-o', url]);
        expect(back.code).toBe(0);
        expect(back.stderr).toContain('161 rows of an earlier run wait in');
        // Those of the second run are the same.
        expect(await server.query('SELECT count(*) FROM spooled')).toEqual(['161']);
      } finally {
        await proxy.close();
      }
    });

    test('a run that is killed: the same again adds what was missing', async () => {
      await run(['flows', office, '-o', `${server.url}?table=pattern`]);
      // The fourth segment does not come to an end.
      await server.query(`CREATE TABLE killed (LIKE pattern); ALTER TABLE killed OWNER TO loader;
        CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF (SELECT count(*) FROM killed) >= 60 THEN PERFORM pg_sleep(60); END IF; RETURN NULL; END $$;
        CREATE TRIGGER hold BEFORE INSERT ON killed EXECUTE FUNCTION hold()`);
      const words = ['flows', office, '-o', `${server.url}?table=killed&segmentRows=20`];
      const { child, finished } = start(words);
      await until('three segments are there, the fourth is on its way', async () => {
        const [there] = await server.query('SELECT count(*) FROM killed');
        const sleeping = await server.query(`SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'`);
        return there === '60' && sleeping.length === 1;
      });
      child.kill('SIGKILL');
      await finished;
      // As it ends by itself, once it looks for the client.
      await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`);
      await server.query(`DROP TRIGGER IF EXISTS hold ON killed`);
      const { code, stderr } = await run(words);
      expect([code, stderr]).toEqual([0, expect.stringContaining('60 rows were in the table already')]);
      expect(await server.query('SELECT count(*), count(DISTINCT (flow_id, segment)) FROM killed')).toEqual([
        '161|161',
      ]);
    });

    test('a password in a URL is refused, and not repeated', async () => {
      const url = server.url.replace('loader@', `loader:${server.password}@`);
      const { child, finished } = start(['flows', office, '-o', url]);
      child.stdin!.end();
      const { code, stdout, stderr } = await finished;
      expect(code).toBe(2);
      expect(stderr).toContain('a password does not belong into a URL');
      expect(stdout + stderr).not.toContain(server.password);
    });
  });

  describe('TLS', () => {
    let secure: PostgresqlServer;
    const certificate = join(folder, 'server.crt');
    beforeAll(async () => {
      const key = join(folder, 'server.key');
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
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
      execFileSync('openssl', [...words, ...subject], { stdio: 'ignore' });
      secure = await startPostgresql({ tls: { certificate: readFileSync(certificate), key: readFileSync(key) } });
    });
    afterAll(() => secure?.end());

    test('is as sslmode says', async () => {
      process.env.PGPASSWORD = secure.password;
      try {
        const byName = secure.url.replace('127.0.0.1', 'localhost');
        await write('tls', numbers, [[1]], { sslmode: 'no-verify' }, secure.url);
        await write('tls', numbers, [[2]], { sslmode: 'verify-full', sslrootcert: certificate }, byName);
        expect(await failure(write('tls', numbers, [[3]], { sslmode: 'require' }, byName))).toMatch(
          /^sink: cannot write postgresql: .*: self-signed certificate$/,
        );
        expect(
          await failure(write('tls', numbers, [[3]], { sslmode: 'verify-full', sslrootcert: certificate }, secure.url)),
        ).toMatch(/does not match certificate's altnames/);
        expect(await secure.query('SELECT number FROM tls ORDER BY 1')).toEqual(['1', '2']);
      } finally {
        process.env.PGPASSWORD = server.password;
      }
    });
  });
});
