// Captures one interface with the package `cap`, in a process of its own: `capture <options as JSON>` writes a pcap file
// to standard output, `list` sends the interfaces. The binding gives no time, no wire length and no losses, forces a
// snap length of 65,535 and promiscuous mode, aborts its process when the interface goes down, and under load never
// returns to the event loop: everything below works from inside its packet event too.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { type CapModule, type CapSession, linkTypeOf, loadCap } from './cap-module.ts';
import { RecordQueue } from './record-queue.ts';

/** What the parent is told. */
export type CapMessage =
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The filter is wrong. */
  | { readonly kind: 'filter'; readonly reason: string }
  | {
      readonly kind: 'interfaces';
      readonly interfaces: readonly {
        readonly name: string;
        readonly description: string;
        readonly addresses: readonly string[];
      }[];
    }
  | { readonly kind: 'dropped'; readonly frames: number };

/** What is captured. */
export interface CapRequest {
  readonly name: string;
  readonly filter: string;
  readonly ringSize: number;
  readonly snapLength: number;
}

/** The binding writes frames into it without holding it: it must outlive the capture. */
const buffer = Buffer.alloc(65_536);

const OUTPUT = 1;
/** Milliseconds that a frame waits at most for others to travel with. */
const PATIENCE = 20;

function send(message: CapMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

// Errors of the binding are strings or Errors.
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

function tryWrite(bytes: Uint8Array, from: number, to: number): number {
  try {
    return writeSync(OUTPUT, bytes, from, to - from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    // The parent is gone.
    process.exit(0);
  }
}

function list(cap: CapModule): Promise<void> {
  const interfaces = cap.Cap.deviceList().map(({ name, description = '', addresses }) => ({
    name,
    description,
    addresses: addresses.flatMap(({ addr }) => addr ?? []),
  }));
  return send({ kind: 'interfaces', interfaces });
}

/** Wall-clock time in nanoseconds' resolution: the steady clock, set right when the wall clock has moved against it. */
class Clock {
  #origin = Date.now() - performance.now();

  /** Milliseconds since 1970. */
  now(): number {
    const now = this.#origin + performance.now();
    const wall = Date.now();
    if (Math.abs(wall - now) < 10) return now;
    this.#origin += wall - now;
    return wall;
  }
}

class FilterError extends Error {}

/** The binding does not say what an error is about: it is the filter when there is none without it. */
function open(cap: CapModule, session: CapSession, { name, filter, ringSize }: CapRequest): string {
  try {
    return session.open(name, filter, ringSize, buffer);
  } catch (error) {
    if (filter === '') throw error;
    new cap.Cap().open(name, '', ringSize, buffer);
    throw new FilterError(textOf(error));
  }
}

function capture(cap: CapModule, request: CapRequest): void {
  const { name, snapLength } = request;
  if (!cap.Cap.deviceList().some((device) => device.name === name)) throw new Error('no such interface');
  const session = new cap.Cap();
  const answer = open(cap, session, request);
  const linkType = linkTypeOf(answer);
  if (linkType === undefined) throw new Error(`link type is not known: ${answer}`);
  // Only for its side effect: from now on writing never waits.
  const output = new Socket({ fd: OUTPUT, readable: false, writable: true });
  const queue = new RecordQueue(tryWrite);
  const clock = new Clock();
  queue.begin(linkType, snapLength);
  queue.flush();
  let flushed = clock.now();
  let reported = 0;
  let stopping = false;
  session.on('packet', (length) => {
    const now = clock.now();
    const seconds = Math.floor(now / 1000);
    const captured = Math.min(length, snapLength);
    queue.add(buffer, captured, length, seconds, Math.floor((now - seconds * 1000) * 1e6));
    if (queue.pressing || now - flushed > PATIENCE) {
      queue.flush();
      flushed = now;
    }
  });
  const timer = setInterval(() => {
    queue.flush();
    flushed = clock.now();
    if (queue.dropped === reported) return;
    reported = queue.dropped;
    void send({ kind: 'dropped', frames: reported });
  }, PATIENCE);
  const stop = () => {
    if (stopping) return;
    stopping = true;
    clearInterval(timer);
    session.close();
    const rest = setInterval(() => {
      if (!queue.flush()) return;
      clearInterval(rest);
      output.destroy();
      process.exit(0);
    }, 1);
  };
  // The terminal's interrupt is the parent's business.
  process.on('SIGINT', () => {});
  process.on('message', stop);
  process.on('disconnect', stop);
}

async function main(): Promise<void> {
  let cap: CapModule;
  try {
    cap = loadCap();
  } catch (error) {
    await send({ kind: 'missing', reason: textOf(error) });
    process.exit(0);
  }
  try {
    if (process.argv[2] === 'list') {
      await list(cap);
      process.exit(0);
    }
    capture(cap, JSON.parse(process.argv[3] ?? '') as CapRequest);
  } catch (error) {
    await send({ kind: error instanceof FilterError ? 'filter' : 'failed', reason: textOf(error) });
    process.exit(0);
  }
}

await main();
