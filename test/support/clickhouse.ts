import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './postgresql.ts';

/** A ClickHouse server of its own on loopback, in a temporary folder. */
export interface ClickhouseServer {
  readonly port: number;
  /** Of the user `loader`; `default` needs none. */
  readonly password: string;
  /** `clickhouse://loader@127.0.0.1:<port>/default` */
  readonly url: string;
  /** What the server answers, line by line, as TabSeparated. */
  query(sql: string): Promise<string[]>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

/** Why Debian's server cannot be started here; undefined when it can. */
export function clickhouseObstacle(): string | undefined {
  const { error } = spawnSync('clickhouse-server', ['--help'], { stdio: 'ignore' });
  return error === undefined ? undefined : 'clickhouse-server is not installed (apt-get install clickhouse-server)';
}

const python = process.env.PACKETLOOM_PYTHON ?? 'python3';

/** Why the engine of PyPI's chdb cannot be used here; undefined when it can. */
export function chdbObstacle(): string | undefined {
  const { error, status } = spawnSync(python, ['-c', 'import chdb'], { stdio: 'ignore' });
  return error === undefined && status === 0 ? undefined : `${python} has no chdb (pip install chdb)`;
}

/** Starts Debian's server (18.16). */
export async function startClickhouse(): Promise<ClickhouseServer> {
  const [port, tcp, interserver] = [await freePort(), await freePort(), await freePort()];
  return startProcess(port, (folder, password) => {
    const paths = ['path', 'tmp_path', 'user_files_path', 'format_schema_path'];
    const places = paths.map((name) => `<${name}>${join(folder, name)}/</${name}>`).join('');
    const ports = `<http_port>${port}</http_port><tcp_port>${tcp}</tcp_port><interserver_http_port>${interserver}</interserver_http_port>`;
    const log = `<logger><level>none</level><log>${folder}/log</log><errorlog>${folder}/log</errorlog></logger>`;
    const rest = '<mark_cache_size>67108864</mark_cache_size><users_config>users.xml</users_config>';
    const defaults = '<default_profile>default</default_profile><default_database>default</default_database>';
    const listen = '<listen_host>127.0.0.1</listen_host>';
    writeFileSync(join(folder, 'config.xml'), `<yandex>${log}${ports}${listen}${places}${rest}${defaults}</yandex>`);
    const user = (name: string, secret: string) =>
      `<${name}><password>${secret}</password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></${name}>`;
    const reader = `<reader><password>${password}</password><networks><ip>::/0</ip></networks><profile>readonly</profile><quota>default</quota></reader>`;
    const profiles = '<profiles><default/><readonly><readonly>1</readonly></readonly></profiles>';
    const users = `<users>${user('default', '')}${user('loader', password)}${reader}</users><quotas><default/></quotas>`;
    writeFileSync(join(folder, 'users.xml'), `<yandex>${profiles}${users}</yandex>`);
    return ['clickhouse-server', [`--config-file=${join(folder, 'config.xml')}`]];
  });
}

/** Starts the current engine, embedded in Python, behind HTTP as far as this sink speaks it. */
export async function startChdb(): Promise<ClickhouseServer> {
  const port = await freePort();
  return startProcess(port, (folder, password) => [
    python,
    [join(import.meta.dirname, 'chdb-server.py'), String(port), join(folder, 'data'), password],
  ]);
}

async function startProcess(
  port: number,
  prepare: (folder: string, password: string) => [program: string, words: string[]],
): Promise<ClickhouseServer> {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-clickhouse-'));
  const password = `secret-${Math.random().toString(36).slice(2)}`;
  const [program, words] = prepare(folder, password);
  mkdirSync(join(folder, 'data'), { recursive: true });
  let server: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  const one: ClickhouseServer = {
    port,
    password,
    url: `clickhouse://loader@127.0.0.1:${port}/default`,
    async query(sql) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: sql,
        headers: { authorization: `Basic ${btoa(`loader:${password}`)}` },
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      return text.split('\n').slice(0, -1);
    },
    async stop(signal = 'SIGTERM') {
      server?.kill(signal);
      await ended;
      server = undefined;
    },
    async start() {
      const child = spawn(program, words, { cwd: folder, stdio: 'ignore' });
      server = child;
      ended = new Promise((resolve) => child.once('exit', resolve));
      for (const end = Date.now() + 30_000; ; ) {
        try {
          await one.query('SELECT 1');
          return;
        } catch (error) {
          if (Date.now() > end || child.exitCode !== null) throw error;
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
      }
    },
    async end() {
      await one.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await one.start();
  } catch (error) {
    await one.end();
    throw error;
  }
  return one;
}
