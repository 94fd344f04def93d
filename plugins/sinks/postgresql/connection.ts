import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { userInfo } from 'node:os';
import { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { PacketloomError } from '../../../core/errors.ts';
import { loadPeer } from '../../../core/output/peer.ts';
import { readSecret, refusePassword } from '../../../core/output/secret.ts';

/** What pg's Client is used for here; the package comes without types. */
interface PgClient extends NodeJS.EventEmitter {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  connect(): Promise<unknown>;
  query(stream: NodeJS.WritableStream): NodeJS.WritableStream;
  query<Row>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number | null }>;
  end(): Promise<void>;
}
interface Pg {
  readonly default: { readonly Client: new (settings: Readonly<Record<string, unknown>>) => PgClient };
}
interface PgCopyStreams {
  from(text: string): NodeJS.WritableStream;
}
type PgPass = (settings: object, give: (password: string | undefined) => void) => void;

/** Bytes of a CopyData message at most. */
const PIECE = 1 << 20;

const PACKAGES = ['pg', 'pg-copy-streams'];

/** A connection in use. */
export class Connection {
  readonly #client: PgClient;
  readonly #socket: Socket;
  readonly #copy: PgCopyStreams;
  failed = false;

  constructor(client: PgClient, socket: Socket, copy: PgCopyStreams) {
    this.#client = client;
    this.#socket = socket;
    this.#copy = copy;
  }

  query<Row>(text: string, values?: readonly unknown[]) {
    return this.#client.query<Row>(text, values);
  }

  /** Sends bytes to a `COPY ... FROM STDIN`; resolves when the server has taken them. */
  copy(text: string, bytes: Uint8Array): Promise<void> {
    const pieces = function* () {
      for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
    };
    return new Promise((resolve, reject) => {
      const stream = this.#copy.from(text);
      stream.on('error', reject);
      stream.once('finish', resolve);
      this.#client.query(stream);
      // One piece at a time: what waited in the stream when the server refuses would be sent to nowhere.
      Readable.from(pieces(), { objectMode: false }).pipe(stream);
    });
  }

  /**
   * From now on, nothing sent or heard for so long ends the connection; 0 for any time. Bytes that go out count, however
   * slowly.
   */
  expect(milliseconds: number): void {
    this.#socket.setTimeout(milliseconds);
  }

  /** Says goodbye; never waits for long. */
  async end(): Promise<void> {
    if (this.failed) this.#socket.destroy();
    else {
      this.expect(1000);
      await this.#client.end().catch(() => {});
    }
  }
}

/** A server and how to get in. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** @throws what the system, the server or pg says */
  connect(): Promise<Connection>;
}

function passwordOf(url: URL, options: Readonly<Record<string, unknown>>) {
  refusePassword(url, 'postgresql', 'password');
  const { password } = options;
  if (password !== undefined) return readSecret(password as string, 'postgresql.password');
  if (process.env.PGPASSWORD !== undefined) return undefined;
  return fromPasswordFile;
}

/** The password of ~/.pgpass, as pg finds it itself, but without its warning. */
async function fromPasswordFile(settings: object): Promise<string | undefined> {
  const { default: pgpass } = await loadPeer<{ default: PgPass }>('pgpass', 'postgresql', PACKAGES);
  return new Promise((resolve) => pgpass(settings, resolve));
}

function tlsOf({ sslmode, ...options }: Readonly<Record<string, unknown>>): boolean | ConnectionOptions | undefined {
  if (sslmode === 'disable') return false;
  const read = (option: string) => {
    const path = options[option] as string | undefined;
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      throw new PacketloomError('configuration', `postgresql.${option}: the file ${path} cannot be read`, { cause });
    }
  };
  const files = { ca: read('sslrootcert'), cert: read('sslcert'), key: read('sslkey') };
  const given = Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));
  if (sslmode === 'no-verify') return { ...given, rejectUnauthorized: false };
  // PGSSLMODE, which pg reads itself, or none.
  return sslmode === undefined && Object.keys(given).length === 0 ? undefined : given;
}

function hostOf(url: URL): string | undefined {
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  return host === '' ? undefined : host;
}

/**
 * Reads a URL; what it leaves open is as PGHOST, PGUSER and their like say.
 * @throws PacketloomError `usage`, `configuration`, or `sink` where pg is not installed
 */
export async function serverOf(
  target: string,
  options: Readonly<Record<string, unknown>>,
  timeout: number,
): Promise<Server> {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new PacketloomError('usage', 'postgresql: expected postgresql://user@host:port/database?table=name');
  }
  const password = passwordOf(url, options);
  for (const name of url.searchParams.keys()) {
    if (name === 'host') continue;
    throw new PacketloomError(
      'usage',
      `postgresql: ${url.host}: no such parameter "${name}" of the URL; see the options`,
    );
  }
  const { default: pg } = await loadPeer<Pg>('pg', 'postgresql', PACKAGES);
  const copy = await loadPeer<PgCopyStreams>('pg-copy-streams', 'postgresql', PACKAGES);
  const ssl = tlsOf(options);
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = decodeURIComponent(url.username) || (process.env.PGUSER ?? userInfo().username);
  const settings = {
    user,
    host: hostOf(url),
    port: url.port === '' ? undefined : Number(url.port),
    database: database === '' ? undefined : database,
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl }),
    client_encoding: 'UTF8',
    application_name: 'packetloom',
    connectionTimeoutMillis: timeout,
    keepAlive: true,
  };
  const named = new pg.Client(settings);
  return {
    host: named.host,
    port: named.port,
    database: named.database,
    async connect() {
      const socket = new Socket();
      const client = new pg.Client({ ...settings, stream: () => socket });
      const connection = new Connection(client, socket, copy);
      client.on('error', () => {
        connection.failed = true;
      });
      socket.on('timeout', () => socket.destroy(new Error(`no answer for ${timeout / 1000} s`)));
      try {
        await client.connect();
      } catch (error) {
        socket.destroy();
        throw error;
      }
      return connection;
    },
  };
}
