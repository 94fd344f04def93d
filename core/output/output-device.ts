import { close, constants, fstatSync, open } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { isBrokenPipe, type OutputName, outputError, type RowOutput, writeWhole } from './output.ts';
import type { RowChunk } from './row-chunk.ts';
import { forTerminal } from './terminal-chunk.ts';

const openFile = promisify(open);
const closeFile = promisify(close);

/** What is written to a device or a pipe is out at once: there is nothing to rename, and nothing to take back. */
class DeviceOutput implements RowOutput {
  readonly live = true;
  gone = false;
  rows = 0;
  readonly #name: OutputName;
  readonly #send: (chunk: RowChunk) => Promise<void>;
  readonly #release: () => Promise<void> | void;

  constructor(name: OutputName, send: (chunk: RowChunk) => Promise<void>, release: () => Promise<void> | void) {
    this.#name = name;
    this.#send = send;
    this.#release = release;
  }

  async write(chunk: RowChunk): Promise<void> {
    if (this.gone) return;
    try {
      await this.#send(chunk);
      this.rows += chunk.rowCount;
    } catch (error) {
      this.rows += chunk.rowsWithin((error as { written?: number }).written ?? 0);
      if (!isBrokenPipe(error)) throw outputError(this.#name, error);
      this.gone = true;
      this.#name.stop();
    }
  }

  async close(): Promise<void> {
    await this.#release();
  }

  async abort(): Promise<void> {
    await this.#release();
  }
}

const TERMINAL = 'this is a terminal, and what is written is no text: name a file, or pipe it on';

/** Milliseconds from one look for the reader of a named pipe to the next. */
const LOOK = 50;

/**
 * Opens a named pipe when it has a reader, and writes through Node's stream. A call that waits in the system, for a reader
 * or for room, holds a thread that nothing can end, and the process with it.
 */
async function openPipe(name: OutputName): Promise<RowOutput> {
  let descriptor: number | undefined;
  while (descriptor === undefined) {
    try {
      descriptor = await openFile(name.target, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      // Nobody has it open to read.
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw outputError(name, error);
      await delay(LOOK);
    }
  }
  const stream = new Socket({ fd: descriptor, readable: false, writable: true });
  stream.on('error', () => {});
  return new DeviceOutput(
    name,
    ({ bytes, length }) => sendTo(stream, bytes.subarray(0, length)),
    () =>
      new Promise<void>((resolve) => {
        if (stream.closed) resolve();
        else stream.once('close', () => resolve()).destroy();
      }),
  );
}

/** Opens a device or a named pipe (waits for its reader). */
export async function openDevice(name: OutputName): Promise<RowOutput> {
  const found = await stat(name.target).catch((error: unknown) => {
    throw outputError(name, error);
  });
  if (found.isFIFO()) return openPipe(name);
  const descriptor = await openFile(name.target, 'a').catch((error: unknown) => {
    throw outputError(name, error);
  });
  const isTerminal = isatty(descriptor);
  if (isTerminal && name.binary === true) {
    await closeFile(descriptor);
    throw outputError(name, TERMINAL);
  }
  return new DeviceOutput(
    name,
    (chunk) => writeWhole(descriptor, isTerminal ? forTerminal(chunk) : chunk),
    () => closeFile(descriptor),
  );
}

const STANDARD_OUTPUT = 1;
let standardOutputInUse = false;

/**
 * Opens standard output. A pipe, socket or terminal is written through Node's stream, which waits for a slow reader; a
 * file or device directly, because that stream takes no notice of a disk that accepts only part of the bytes.
 * @throws PacketloomError `sink` when another output has it.
 */
export function openStandardOutput(name: OutputName): RowOutput {
  if (name.binary === true && process.stdout.isTTY) throw outputError(name, TERMINAL);
  if (standardOutputInUse) throw outputError(name, 'another output goes to standard output');
  standardOutputInUse = true;
  const kind = fstatSync(STANDARD_OUTPUT);
  const release = () => {
    standardOutputInUse = false;
  };
  if (!kind.isFIFO() && !kind.isSocket() && process.stdout.isTTY !== true) {
    return new DeviceOutput(name, (chunk) => writeWhole(STANDARD_OUTPUT, chunk), release);
  }
  // A stream without a listener throws its errors at the process; they arrive with the callback too.
  const ignore = () => {};
  process.stdout.on('error', ignore);
  return new DeviceOutput(name, sendToStream, () => {
    release();
    if (!process.stdout.destroyed) process.stdout.off('error', ignore);
  });
}

function sendToStream(chunk: RowChunk): Promise<void> {
  const { bytes, length } = process.stdout.isTTY ? forTerminal(chunk) : chunk;
  return sendTo(process.stdout, bytes.subarray(0, length));
}

/** Resolves when the bytes are free again. */
function sendTo(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
