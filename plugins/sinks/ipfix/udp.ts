import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Destination } from './destination.ts';
import { Session } from './session.ts';

/** Milliseconds that a collector has to refuse the first messages: its system says so where nobody listens. */
const REFUSAL = 50;
/** Messages that may leave at once. */
const BURST = 32;

/** Sends messages as datagrams, no faster than wanted. Whether they arrive is not known. */
export class UdpExporter {
  readonly #destination: Destination;
  readonly #refresh: number;
  readonly #rate: number;
  #socket: Socket | undefined;
  #session: Session;
  #fault: Error | undefined;
  /** Milliseconds since 1970 at which the next message is due. */
  #due = 0;

  /**
   * @param refresh milliseconds after which templates are sent again
   * @param rate messages a second at most
   */
  constructor(destination: Destination, refresh: number, rate: number) {
    this.#destination = destination;
    this.#refresh = refresh;
    this.#rate = rate;
    this.#session = new Session(refresh);
  }

  async send(payload: Uint8Array): Promise<void> {
    // Another port is another session.
    if (!this.#session.takes(payload)) await this.close();
    const isNew = this.#socket === undefined;
    const socket = this.#socket ?? (await this.#open());
    try {
      for (const message of this.#session.messages(payload, Date.now)) {
        this.#check();
        await sendOne(socket, message);
        await this.#pace();
      }
      if (isNew) await delay(REFUSAL);
      this.#check();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  #check(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  async #open(): Promise<Socket> {
    const { host, port } = this.#destination;
    const { address, family } = await lookup(host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    this.#fault = undefined;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, address, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.on('error', (error) => {
      this.#fault = error;
    });
    this.#socket = socket;
    this.#session = new Session(this.#refresh);
    return socket;
  }

  async #pace(): Promise<void> {
    const now = Date.now();
    const step = 1000 / this.#rate;
    this.#due = Math.max(this.#due, now - BURST * step) + step;
    if (this.#due > now + 1) await delay(this.#due - now);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#session = new Session(this.#refresh);
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}

const sendOne = (socket: Socket, message: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.send(message, (error) => (error ? reject(error) : resolve()));
  });
