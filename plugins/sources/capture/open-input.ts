import { constants, createReadStream, fstatSync, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { PacketloomError } from '../../../core/errors.ts';
import { type ByteInput, PeekInput } from './byte-input.ts';
import { FileInput } from './file-input.ts';
import { GzipInput } from './gzip-input.ts';
import { describeOther, IDENTIFY_LENGTH, identify, MAGIC_LENGTH } from './identify.ts';
import { reasonOf } from './reason.ts';
import { StreamInput } from './stream-input.ts';
import { ZstdInput } from './zstd-input.ts';

/** The name that stands for standard input. */
export const STANDARD_INPUT = '-';

/** Compressed inside compressed: this deep and no deeper. */
const MAXIMUM_UNFOLDING = 3;

/** Settings of an input. */
export interface InputOptions {
  readonly signal?: AbortSignal | undefined;
  /** Stands in for the process's own standard input. */
  readonly standardInput?: Readable | undefined;
}

/** An input of a known format. */
export interface OpenedInput {
  readonly input: ByteInput;
  readonly kind: 'pcap' | 'pcapng';
  /** With the compression behind it: `pcapng gzip`. */
  readonly format: string;
}

const failed = (name: string, error: unknown): PacketloomError =>
  new PacketloomError('input', `${name}: ${reasonOf(error)}`, { cause: error });

function standardInput(options: InputOptions): ByteInput {
  if (options.standardInput === undefined) {
    // A file behind standard input is read as a file.
    if (fstatSync(0).isFile()) return new FileInput(0, true);
    return new StreamInput(process.stdin, { signal: options.signal });
  }
  return new StreamInput(options.standardInput, { signal: options.signal });
}

/** A named pipe. To wait for its writer in the system would hold a thread that nothing can end, and the process with it. */
function pipeFrom(name: string): Readable {
  return new Socket({ fd: openSync(name, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}

function openBytes(name: string, options: InputOptions): ByteInput {
  try {
    if (name === STANDARD_INPUT) return standardInput(options);
    const about = statSync(name);
    if (about.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (about.isFile()) return new FileInput(openSync(name, 'r'));
    return new StreamInput(about.isFIFO() ? pipeFrom(name) : createReadStream(name), { signal: options.signal });
  } catch (error) {
    throw failed(name, error);
  }
}

/**
 * Opens a path, or standard input, and unfolds it by what its bytes say.
 * @throws PacketloomError `input` when it cannot be read or is empty, `format` for what is no capture file
 */
export async function openInput(name: string, options: InputOptions = {}): Promise<OpenedInput> {
  let input = new PeekInput(openBytes(name, options));
  try {
    let format = '';
    for (let depth = 0; depth <= MAXIMUM_UNFOLDING; depth += 1) {
      // No more than is needed: a pipe may not have more for a while.
      let head = await input.peek(MAGIC_LENGTH);
      if (head.length === 0) {
        if (input.fault !== undefined) throw new PacketloomError('input', `${name}: ${input.fault}`);
        throw new PacketloomError('input', `${name}: the ${name === STANDARD_INPUT ? 'input' : 'file'} is empty`);
      }
      let identity = identify(head);
      if (identity.kind === 'other') {
        head = await input.peek(IDENTIFY_LENGTH);
        identity = identify(head);
      }
      if (identity.kind === 'other') {
        throw new PacketloomError('format', `${name}: ${describeOther(identity.name, head)}`);
      }
      if (identity.kind === 'pcap' || identity.kind === 'pcapng') {
        return { input, kind: identity.kind, format: identity.kind + format };
      }
      format = ` ${identity.kind}${format}`;
      input = new PeekInput(identity.kind === 'gzip' ? new GzipInput(input) : new ZstdInput(input));
    }
    throw new PacketloomError('format', `${name}: it is compressed more than ${MAXIMUM_UNFOLDING} times`);
  } catch (error) {
    input.close();
    throw error;
  }
}

/**
 * Checks what can be checked before anything is read: that a path is there, is no directory, can be opened, and that a
 * regular file is a capture file.
 */
export async function checkInput(name: string): Promise<void> {
  if (name === STANDARD_INPUT) return;
  try {
    if (!statSync(name).isFile() && !statSync(name).isDirectory()) return;
  } catch (error) {
    throw failed(name, error);
  }
  (await openInput(name)).input.close();
}
