import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type Server, startServer } from './server.ts';

/** A real NATS server with JetStream in a temporary folder. */
export interface NatsServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly folder: string;
  end(signal?: NodeJS.Signals): Promise<void>;
  /** The same server again, with all that it held. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Why no server can be started here; undefined when one can. */
export function missingNats(): string | undefined {
  const { error } = spawnSync('nats-server', ['--version']);
  return error === undefined ? undefined : `needs nats-server: ${error.message}`;
}

/** True when a server greets at the address. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (bytes) => {
      resolve(bytes.toString().startsWith('INFO'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** @param settings lines of its configuration, besides address and store */
export async function startNats(settings = '', jetstream = true): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-nats-'));
  const port = await freePort();
  const file = join(folder, 'nats.conf');
  const store = jetstream ? `jetstream { store_dir: "${join(folder, 'store')}" }` : '';
  writeFileSync(file, `listen: 127.0.0.1:${port}\n${store}\n${settings}\n`);
  let server: Server | undefined;
  const nats: NatsServer = {
    address: `127.0.0.1:${port}`,
    folder,
    async start() {
      server = await startServer('nats-server', ['-c', file], join(folder, 'nats.log'), () => greets(port));
    },
    async end(signal = 'SIGKILL') {
      await server?.end(signal);
      server = undefined;
    },
    async remove() {
      await nats.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await nats.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return nats;
}
