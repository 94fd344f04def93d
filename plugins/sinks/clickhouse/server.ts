import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ClickHouseClient, createClient as CreateClient } from '@clickhouse/client';
import { PacketloomError } from '../../../core/errors.ts';
import { loadPeer } from '../../../core/output/peer.ts';
import { readSecret, refusePassword } from '../../../core/output/secret.ts';

/** Bytes of a piece of a request. */
const PIECE = 1 << 18;
/** Nothing of the client's own is printed. */
const LOG_NOTHING = 127;

type Settings = Readonly<Record<string, string | number>>;

/** A server spoken to by HTTP, each request in a connection of its own. */
export class Server {
  readonly #client: ClickHouseClient;
  /** `host:port` */
  readonly place: string;
  readonly database: string;
  readonly #timeout: number;

  constructor(client: ClickHouseClient, place: string, database: string, timeout: number) {
    this.#client = client;
    this.#timeout = timeout;
    this.place = place;
    this.database = database;
  }

  async select<Row>(query: string): Promise<Row[]> {
    const answer = await this.#client.query({ query, format: 'JSONEachRow' });
    return answer.json<Row>();
  }

  async command(query: string): Promise<void> {
    await this.#client.command({ query });
  }

  /** Sends bytes behind an `INSERT ... FORMAT ...`; resolves when the server has taken them. */
  async insert(query: string, bytes: Uint8Array, settings: Settings): Promise<void> {
    const pieces = function* () {
      for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
    };
    const values = Readable.from(pieces(), { objectMode: false });
    const { stream } = await this.#client.exec({ query, values, clickhouse_settings: settings });
    const late = setTimeout(() => stream.destroy(new Error('no end of the answer')), this.#timeout);
    stream.resume();
    await finished(stream).finally(() => clearTimeout(late));
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** `clickhouse:` is HTTP, `clickhouses:` HTTPS. */
const PROTOCOLS: Readonly<Record<string, readonly [protocol: string, port: string]>> = {
  'clickhouse:': ['http:', '8123'],
  'http:': ['http:', '8123'],
  'clickhouses:': ['https:', '8443'],
  'https:': ['https:', '8443'],
};

function passwordOf(url: URL, { password }: Readonly<Record<string, unknown>>): string {
  refusePassword(url, 'clickhouse', 'password');
  if (password !== undefined) return readSecret(password as string, 'clickhouse.password');
  return process.env.CLICKHOUSE_PASSWORD ?? '';
}

function certificatesOf({ ca }: Readonly<Record<string, unknown>>): Buffer | undefined {
  if (ca === undefined) return undefined;
  try {
    return readFileSync(ca as string);
  } catch (cause) {
    throw new PacketloomError('configuration', `clickhouse.ca: the file ${ca} cannot be read`, { cause });
  }
}

/**
 * Reads a URL; what it leaves open is as CLICKHOUSE_USER and CLICKHOUSE_PASSWORD say.
 * @throws PacketloomError `usage`, `configuration`, or `sink` where the client is not installed
 */
export async function serverOf(
  target: string,
  options: Readonly<Record<string, unknown>>,
  timeout: number,
): Promise<Server> {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  const [protocol, port] = PROTOCOLS[url?.protocol ?? ''] ?? [];
  if (url === undefined || protocol === undefined || url.hostname === '') {
    throw new PacketloomError('usage', 'clickhouse: expected clickhouse://user@host:port/database?table=name');
  }
  const password = passwordOf(url, options);
  for (const name of url.searchParams.keys()) {
    throw new PacketloomError(
      'usage',
      `clickhouse: ${url.host}: no such parameter "${name}" of the URL; see the options`,
    );
  }
  const certificates = certificatesOf(options);
  const { createClient } = await loadPeer<{ createClient: typeof CreateClient }>('@clickhouse/client', 'clickhouse');
  const place = `${url.hostname}:${url.port || port}`;
  const database = decodeURIComponent(url.pathname.slice(1)) || 'default';
  const client = createClient({
    url: `${protocol}//${place}`,
    username: decodeURIComponent(url.username) || (process.env.CLICKHOUSE_USER ?? 'default'),
    password,
    database,
    application: 'packetloom',
    request_timeout: timeout,
    keep_alive: { enabled: false },
    log: { level: LOG_NOTHING },
    ...(certificates === undefined ? {} : { tls: { ca_cert: certificates } }),
  });
  return new Server(client, place, database, timeout);
}
