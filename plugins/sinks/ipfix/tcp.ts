import { connect, type Socket } from 'node:net';
import type { Destination } from './destination.ts';
import { Session } from './session.ts';

/** Milliseconds that the collector has to close its side at the end. */
const FAREWELL = 3000;

const CLOSED = 'the collector closed the connection';
const DOUBT = 'what was sent last may not have arrived';

/** Sends messages over a connection, which is one session; a broken one is followed by a new one. */
export class TcpExporter {
  readonly #destination: Destination;
  readonly #timeout: number;
  readonly #report: (line: string) => void;
  #socket: Socket | undefined;
  #session = new Session(Number.POSITIVE_INFINITY);
  #fault: Error | undefined;

  /** @param timeout milliseconds to connect, and for the collector to take what is sent */
  constructor(destination: Destination, timeout: number, report: (line: string) => void) {
    this.#destination = destination;
    this.#timeout = timeout;
    this.#report = report;
  }

  async send(payload: Uint8Array): Promise<void> {
    if (this.#socket !== undefined && (this.#fault !== undefined || !this.#socket.writable)) {
      this.#report(`${this.#fault?.message ?? CLOSED}: ${DOUBT}; a new session begins`);
      this.#drop();
    }
    // A template id that means something else needs a connection of its own.
    if (this.#socket !== undefined && !this.#session.takes(payload)) await this.close();
    const socket = this.#socket ?? (await this.#open());
    const bytes = Buffer.concat([...this.#session.messages(payload, Date.now)]);
    try {
      await within(socket, this.#timeout, 'the collector takes nothing', (done) => socket.write(bytes, done));
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  async #open(): Promise<Socket> {
    const { host, port } = this.#destination;
    const socket = connect({ host, port });
    this.#fault = undefined;
    this.#session = new Session(Number.POSITIVE_INFINITY);
    socket.setKeepAlive(true);
    // Collectors say nothing; what they say is read and forgotten, so that their end is seen.
    socket.resume();
    socket.on('error', () => {});
    try {
      await within(socket, this.#timeout, 'no connection', (done) => socket.once('connect', () => done(null)));
    } catch (error) {
      socket.destroy();
      throw error;
    }
    socket.on('error', (error) => {
      this.#fault = error;
    });
    socket.once('close', () => {
      if (this.#socket === socket) this.#fault ??= new Error(CLOSED);
    });
    this.#socket = socket;
    return socket;
  }

  #drop(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  /** Ends the connection, and waits until the collector has read to its end. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    if (this.#fault !== undefined || socket.destroyed) {
      this.#report(`${this.#fault?.message ?? CLOSED}: ${DOUBT}`);
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#report(`the collector did not end the connection within ${FAREWELL / 1000} s: ${DOUBT}`);
        socket.destroy();
      }, FAREWELL);
      socket.once('error', ({ message }) => this.#report(`${message}: ${DOUBT}`));
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.end();
    });
  }
}

/** Does something with a socket that calls back, within a time. */
function within(
  socket: Socket,
  milliseconds: number,
  what: string,
  act: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = new Error(`${what} within ${milliseconds / 1000} s`);
    const timer = setTimeout(() => settle(late), milliseconds);
    const onError = (error: Error) => settle(error);
    const onClose = () => settle(new Error(CLOSED));
    function settle(error?: Error | null): void {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.off('close', onClose);
      if (error) reject(error);
      else resolve();
    }
    socket.once('error', onError);
    socket.once('close', onClose);
    act(settle);
  });
}
