import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy on loopback that does to connections what networks and dying servers do to them. What it was told holds for
 * connections there are and those to come, until `restore`.
 */
export interface TcpProxy {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Connections from clients now. */
  readonly connections: number;
  /** Connections taken since the start. */
  readonly accepted: number;
  /** Bytes that went to the server, and bytes that came back to clients, over all connections. */
  readonly sent: number;
  readonly answered: number;
  /** Connections cut by it so far. */
  readonly cuts: number;
  /** Cuts the connections there are; new ones are taken. */
  cut(): void;
  /** Cuts a connection when so many bytes more have gone to the server, once. */
  cutAfter(bytes: number): void;
  /**
   * Passes so many bytes of answers on, over all connections, then cuts the connection at the next answer in its place,
   * once: the server has done what it was asked, and nobody hears of it.
   */
  dropAnswers(after?: number): void;
  /** Cuts all connections and refuses new ones, as where no server listens. */
  refuse(): Promise<void>;
  /** Takes connections and passes nothing on, in either direction, without an end. */
  stall(): void;
  /** Passes on again. Stalled connections go on where they were. */
  restore(): Promise<void>;
  /** Where connections go from now on. */
  retarget(port: number, host?: string): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Starts a proxy before a server on loopback. */
export async function startTcpProxy(port: number, host = '127.0.0.1'): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  /** To the server, of connections whose client is gone. */
  const leaving = new Set<Socket>();
  let target = { port, host };
  let stalled = false;
  let accepted = 0;
  let sent = 0;
  let answered = 0;
  let cuts = 0;
  let cutAt: number | undefined;
  let dropFrom: number | undefined;

  const cutPair = (pair: Pair) => {
    if (!pairs.delete(pair)) return;
    cuts += 1;
    leaving.add(pair.server);
    pair.client.resetAndDestroy();
    // The server has what it was sent, sees the end, and may take its time.
    pair.server.end();
    pair.server.resume();
  };

  /** Passes bytes on while the receiver takes them. */
  const pass = (from: Socket, to: Socket, bytes: Uint8Array) => {
    if (to.write(bytes)) return;
    from.pause();
    to.once('drain', () => stalled || from.resume());
  };

  const toServer = (pair: Pair, bytes: Buffer) => {
    if (cutAt === undefined || sent + bytes.length < cutAt) {
      sent += bytes.length;
      pass(pair.client, pair.server, bytes);
      return;
    }
    const part = bytes.subarray(0, cutAt - sent);
    sent = cutAt;
    cutAt = undefined;
    pair.client.pause();
    pair.server.write(part, () => cutPair(pair));
  };

  const toClient = (pair: Pair, bytes: Buffer) => {
    if (!pairs.has(pair)) return;
    if (dropFrom === undefined || answered + bytes.length <= dropFrom) {
      answered += bytes.length;
      pass(pair.server, pair.client, bytes);
      return;
    }
    const part = bytes.subarray(0, dropFrom - answered);
    answered = dropFrom;
    dropFrom = undefined;
    if (part.length === 0) cutPair(pair);
    else pair.client.write(part, () => cutPair(pair));
  };

  const take = (client: Socket) => {
    accepted += 1;
    const server = connect({ ...target, allowHalfOpen: true });
    const pair = { client, server };
    pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      if (stalled) socket.pause();
      socket.on('error', () => {});
    }
    client.on('data', (bytes) => toServer(pair, bytes));
    server.on('data', (bytes) => toClient(pair, bytes));
    client.on('end', () => server.end());
    server.on('end', () => client.end());
    client.on('close', () => {
      pairs.delete(pair);
      if (!server.destroyed) leaving.add(server);
      server.end();
      server.resume();
    });
    server.on('close', (failed) => {
      leaving.delete(server);
      pairs.delete(pair);
      if (failed) client.resetAndDestroy();
    });
  };

  let listener = createServer({ allowHalfOpen: true }, take);
  await listen(listener, 0);
  const own = (listener.address() as { port: number }).port;
  let listening = true;

  const proxy: TcpProxy = {
    host: '127.0.0.1',
    port: own,
    get connections() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
    get sent() {
      return sent;
    },
    get answered() {
      return answered;
    },
    get cuts() {
      return cuts;
    },
    cut() {
      for (const pair of [...pairs]) cutPair(pair);
    },
    cutAfter(bytes) {
      cutAt = sent + bytes;
    },
    dropAnswers(after = 0) {
      dropFrom = answered + after;
    },
    async refuse() {
      if (listening) {
        listening = false;
        const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
        proxy.cut();
        await closed;
      }
    },
    stall() {
      stalled = true;
      for (const { client, server } of pairs) {
        client.pause();
        server.pause();
      }
    },
    async restore() {
      stalled = false;
      cutAt = undefined;
      dropFrom = undefined;
      for (const { client, server } of pairs) {
        client.resume();
        server.resume();
      }
      if (listening) return;
      listener = createServer({ allowHalfOpen: true }, take);
      await listen(listener, own);
      listening = true;
    },
    retarget(to, at = '127.0.0.1') {
      target = { port: to, host: at };
    },
    async close() {
      await proxy.refuse();
      for (const server of leaving) server.destroy();
    },
  };
  return proxy;
}
