import { write } from 'node:fs';
import { dirname } from 'node:path';
import { getSystemErrorMap, promisify } from 'node:util';
import { PacketloomError } from '../errors.ts';
import type { RowChunk } from './row-chunk.ts';

/** Where rows go, opened. Calls never overlap, and nothing follows `close` or `abort`. Faults are PacketloomErrors. */
export interface RowOutput {
  /** Somebody may be reading along: rows should not wait in memory. */
  readonly live: boolean;
  /** True once the reader of a pipe is gone; what is written then is dropped. */
  readonly gone: boolean;
  /** Rows in it, the head counted as one. */
  readonly rows: number;
  /** Bytes in it, for outputs that are files. */
  readonly bytes?: number;
  /** Takes whole rows; the chunk is free again when the promise is settled. */
  write(chunk: RowChunk): Promise<void>;
  /** Makes the output complete. */
  close(): Promise<void>;
  /** Leaves it incomplete. */
  abort(): Promise<void>;
}

/** What an output is called in messages, and how it ends the run when its reader goes away. */
export interface OutputName {
  readonly sink: string;
  readonly target: string;
  /** What is written is no text: terminals are refused. */
  readonly binary?: boolean;
  stop(): void;
}

const CLOSED = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** True for what the system says when the reader of a pipe went away. */
export function isBrokenPipe(error: unknown): boolean {
  return CLOSED.has((error as NodeJS.ErrnoException).code ?? '');
}

/** The one line for an output that failed: `cannot write csv: flows.csv: no space left on device`. */
export function outputError({ sink, target }: OutputName, cause: unknown): PacketloomError {
  const quoted = JSON.stringify(target);
  const place = quoted === `"${target}"` ? target : quoted;
  return new PacketloomError('sink', `cannot write ${sink}: ${place}: ${reasonOf(cause, target)}`, { cause });
}

function reasonOf(cause: unknown, target: string): string {
  if (typeof cause === 'string') return cause;
  const { code, errno, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `the folder ${JSON.stringify(dirname(target))} does not exist`;
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message.replace(/\s+/g, ' ');
}

const writeSome = promisify(write);

/** Writes a chunk wholly, however little the system takes at once. A fault carries the bytes `written` before it. */
export async function writeWhole(
  descriptor: number,
  { bytes, length }: Pick<RowChunk, 'bytes' | 'length'>,
): Promise<void> {
  let written = 0;
  try {
    while (written < length) {
      written += (await writeSome(descriptor, bytes, written, length - written, null)).bytesWritten;
    }
  } catch (cause) {
    throw Object.assign(cause as Error, { written });
  }
}
