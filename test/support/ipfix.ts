import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What is not there of the programs that a test needs; undefined when all are. */
export function missingPrograms(...programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => {
    try {
      execFileSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`], { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

/** A data record as ipfixDump prints it: values by element; reverse elements begin with `29305/`. */
export type Dumped = Readonly<Record<string, string>>;

/** What ipfixDump (libfixbuf) reads from messages on its standard input. It must find no fault with them. */
export function dumped(messages: Uint8Array, ...options: readonly string[]): string {
  const text = execFileSync('ipfixDump', options, { input: messages, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (/error|invalid|fail/i.test(text.replace(/^.* : .*$/gm, ''))) throw new Error(text.slice(-2000));
  return text;
}

/** The data records among messages, with elements as `number` or `enterprise/number`, and their values as text. */
export function dumpedRecords(messages: Uint8Array): Dumped[] {
  const records: Record<string, string>[] = [];
  for (const line of dumped(messages, '-d').split('\n')) {
    if (line.startsWith('--- data record')) records.push({});
    const [, id, value] = /^\t\(([\d/]+)\) +\S+ : ?(.*)$/.exec(line) ?? [];
    if (id !== undefined) records.at(-1)![id] = value!;
  }
  return records;
}

/** Messages one by one, as their heads say how long they are. */
export function messagesOf(bytes: Uint8Array): Buffer[] {
  const all = Buffer.from(bytes);
  const messages: Buffer[] = [];
  for (let at = 0; at + 16 <= all.length; ) {
    const length = all.readUInt16BE(at + 2);
    if (length < 16 || at + length > all.length) break;
    messages.push(all.subarray(at, at + length));
    at += length;
  }
  return messages;
}

/** Hexadecimal lines of packets, for text2pcap. */
export const hexLines = (packets: readonly Uint8Array[]): string =>
  packets.map((packet) => `000000 ${Buffer.from(packet).toString('hex').match(/../g)!.join(' ')}\n`).join('');

/** A collector that keeps what each connection brought. */
export interface TcpCollector {
  readonly port: number;
  readonly connections: readonly Buffer[];
  /** Breaks the connections there are. */
  reset(): void;
  close(): Promise<void>;
}

export async function startTcpCollector(): Promise<TcpCollector> {
  const connections: Buffer[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const place = connections.push(Buffer.alloc(0)) - 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.on('data', (bytes) => {
      connections[place] = Buffer.concat([connections[place]!, bytes]);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    reset() {
      for (const socket of open) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
