import { close, constants, fstatSync, fsync, ftruncate, ftruncateSync, open } from 'node:fs';
import { realpath, rename, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type OutputName, outputError, type RowOutput, writeWhole } from './output.ts';
import { openDevice, openStandardOutput } from './output-device.ts';
import type { RowChunk } from './row-chunk.ts';

const openDescriptor = promisify(open);
const closeDescriptor = promisify(close);
const synchronize = promisify(fsync);
const cut = promisify(ftruncate);

/** Device and inode of the files that this process is writing. */
const inUse = new Set<string>();

/** A file that is complete or absent: rows go to `<path>.partial`, and `close` gives it its name. */
class FileOutput implements RowOutput {
  readonly live = false;
  readonly gone = false;
  rows = 0;
  bytes = 0;
  readonly #name: OutputName;
  readonly #path: string;
  readonly #descriptor: number;
  readonly #identity: string;

  constructor(name: OutputName, path: string, descriptor: number, identity: string) {
    this.#name = name;
    this.#path = path;
    this.#descriptor = descriptor;
    this.#identity = identity;
  }

  async write(chunk: RowChunk): Promise<void> {
    try {
      await writeWhole(this.#descriptor, chunk);
      this.bytes += chunk.length;
      this.rows += chunk.rowCount;
    } catch (error) {
      const { written } = error as { written: number };
      this.rows += chunk.rowsWithin(written);
      await cut(this.#descriptor, this.bytes + chunk.lastRowEnd(written)).catch(() => {});
      throw outputError(this.#name, error);
    }
  }

  async close(): Promise<void> {
    try {
      await synchronize(this.#descriptor).finally(() => this.abort());
      await rename(partialOf(this.#path), this.#path);
    } catch (error) {
      throw outputError(this.#name, error);
    }
  }

  async abort(): Promise<void> {
    inUse.delete(this.#identity);
    await closeDescriptor(this.#descriptor);
  }
}

/** Ending of files that are not complete. */
export const PARTIAL = '.partial';

const partialOf = (path: string): string => path + PARTIAL;

async function openRegular(name: OutputName, path: string, mode: number): Promise<RowOutput> {
  // Emptied only when it is known that no other output is writing it; and never through somebody else's link.
  const flags = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const descriptor = await openDescriptor(partialOf(path), flags, mode);
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    const identity = `${dev}:${ino}`;
    if (inUse.has(identity)) throw outputError(name, 'another output goes to the same file');
    ftruncateSync(descriptor);
    inUse.add(identity);
    return new FileOutput(name, path, descriptor, identity);
  } catch (error) {
    await closeDescriptor(descriptor);
    throw error;
  }
}

/**
 * Opens the place that rows go to: `-` is standard output, a device or named pipe is written as it is, any other path is
 * complete or absent.
 * @throws PacketloomError `sink`, naming the target, when it cannot be written or another output writes it.
 */
export async function openOutput(name: OutputName): Promise<RowOutput> {
  const { target } = name;
  if (target === '-' || target === '/dev/stdout') return openStandardOutput(name);
  if (target === '') throw outputError(name, 'the path is empty');
  if (target.endsWith(PARTIAL)) throw outputError(name, `${PARTIAL} is the ending of files that are not complete`);
  const found = await stat(target).catch(() => undefined);
  if (found?.isDirectory()) throw outputError(name, 'this is a folder');
  if (found !== undefined && !found.isFile()) return openDevice(name);
  try {
    // A file that may not be written is not replaced either; behind a symbolic link the file is replaced, not the link.
    if (found !== undefined) await closeDescriptor(await openDescriptor(target, constants.O_WRONLY));
    const path = found === undefined ? target : await realpath(target);
    return await openRegular(name, path, found === undefined ? 0o666 : found.mode & 0o777);
  } catch (error) {
    throw error instanceof Error && error.name === 'PacketloomError' ? error : outputError(name, error);
  }
}
