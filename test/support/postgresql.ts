import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const call = promisify(execFile);

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** The newest PostgreSQL of Debian's packages; undefined where there is none. */
function programs(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'postgres')));
}

/** Why no server can be started here; undefined when one can. */
export function postgresqlObstacle(): string | undefined {
  if (programs() === undefined) return 'PostgreSQL is not installed (apt-get install postgresql)';
  if (process.getuid?.() === 0 && spawnSync('id', ['postgres']).status !== 0) return 'there is no user postgres';
  return undefined;
}

/** A PostgreSQL server of its own on loopback, in a temporary folder. */
export interface PostgresqlServer {
  readonly port: number;
  /** Of its socket, where no password is asked for. */
  readonly folder: string;
  /** Of the role `loader`, who owns the database `flows` and logs in with it (scram-sha-256); the superuser needs none. */
  readonly password: string;
  /** `postgresql://loader@127.0.0.1:<port>/flows` */
  readonly url: string;
  /** Rows of a query as psql prints them, unaligned, with `|` between; as superuser. */
  query(sql: string, database?: string): Promise<string[]>;
  /** Kills it at once, as a crash does (`immediate`), or in order (`fast`). */
  stop(mode?: 'immediate' | 'fast'): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

/** How a server is started. */
export interface PostgresqlSettings {
  readonly tls?: { readonly certificate: Uint8Array; readonly key: Uint8Array };
  /** It waits for the disk, as servers do. */
  readonly durable?: boolean;
}

/** Starts a server; {@link postgresqlObstacle} has said that it can be. */
export async function startPostgresql({ tls, durable = false }: PostgresqlSettings = {}): Promise<PostgresqlServer> {
  const bin = programs()!;
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-postgresql-'));
  const data = join(folder, 'data');
  const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  const run = (program: string, words: readonly string[]) => {
    const [first, ...rest] = [...asUser, join(bin, program), ...words];
    return call(first!, rest, { cwd: folder, maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  };
  if (asUser.length > 0) spawnSync('chown', ['postgres', folder]);
  chmodSync(folder, 0o755);
  const port = await freePort();
  const password = `secret-${Math.random().toString(36).slice(2)}`;
  let server: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();

  const psql = async (sql: string, database: string) => {
    const words = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', String(port), '-U', 'postgres'];
    const { stdout } = await run('psql', [...words, '-d', database, '-c', sql]);
    return stdout.split('\n').filter((line) => line !== '');
  };

  const one: PostgresqlServer = {
    port,
    folder,
    password,
    url: `postgresql://loader@127.0.0.1:${port}/flows`,
    query: (sql, database = 'flows') => psql(sql, database),
    async stop(mode = 'fast') {
      if (server === undefined) return;
      server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await ended;
      server = undefined;
    },
    async start() {
      const settings = [
        '-c',
        `port=${port}`,
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        `unix_socket_directories=${folder}`,
      ];
      // A test's server need not survive the machine.
      const quick = [
        '-c',
        `fsync=${durable ? 'on' : 'off'}`,
        '-c',
        'max_wal_size=256MB',
        '-c',
        'shared_buffers=64MB',
        '-c',
        'log_min_messages=fatal',
      ];
      const [first, ...rest] = [...asUser, join(bin, 'postgres'), '-D', data, ...settings, ...quick];
      const child = spawn(first!, rest, { cwd: folder, stdio: 'ignore' });
      server = child;
      ended = new Promise((resolve) => child.once('exit', resolve));
      for (const end = Date.now() + 20_000; ; ) {
        try {
          await psql('SELECT 1', 'postgres');
          return;
        } catch (error) {
          if (Date.now() > end || child.exitCode !== null) throw error;
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
      }
    },
    async end() {
      await one.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    const locale = ['--no-locale', '-E', 'UTF8'];
    await run('initdb', [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth-local=trust',
      '--auth-host=scram-sha-256',
      '-N',
      ...locale,
    ]);
    if (tls !== undefined) {
      const files = { cert: join(data, 'server.crt'), key: join(data, 'server.key') };
      writeFileSync(files.cert, tls.certificate);
      writeFileSync(files.key, tls.key, { mode: 0o600 });
      if (asUser.length > 0) spawnSync('chown', ['postgres', files.cert, files.key]);
      appendFileSync(join(data, 'postgresql.conf'), '\nssl = on\n');
    }
    await one.start();
    await psql(`CREATE ROLE loader LOGIN PASSWORD '${password}'`, 'postgres');
    await psql('CREATE DATABASE flows OWNER loader', 'postgres');
  } catch (error) {
    await one.end();
    throw error;
  }
  return one;
}
