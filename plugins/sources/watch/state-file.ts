import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { PacketloomError } from '../../../core/errors.ts';
import { reasonOf } from '../capture/reason.ts';

/** Version of the layout; a change that could break a reader raises it. */
const SCHEMA = 1;

/** What is remembered of a file. */
export interface FileMemory {
  /** As it was called when it was read, with the ending of its compression. */
  name: string;
  /** Frames of it that were handed over and used. */
  frames: number;
  /** What its first frame looks like; undefined before one was read. */
  first?: string;
  /** All of it was read, as it was then: when size or time of change are others it is looked at again. */
  done?: { readonly size: number; readonly modified: number; readonly inode: number };
}

interface Written {
  readonly schema: number;
  readonly folder: string;
  readonly files: readonly FileMemory[];
}

const stateError = (path: string, why: string): PacketloomError =>
  new PacketloomError(
    'input',
    `${path}: ${why}; --watch-state takes the file that an earlier run wrote, or a new name`,
  );

function isMemory(value: unknown): value is FileMemory {
  const { name, frames, first, done } = (value ?? {}) as Partial<FileMemory>;
  const isDone = done === undefined || [done?.size, done?.modified, done?.inode].every(Number.isFinite);
  return (
    typeof name === 'string' && Number.isSafeInteger(frames) && /^(string|undefined)$/.test(typeof first) && isDone
  );
}

/**
 * Reads what a run over a folder has written; undefined where there is no such file.
 * @throws PacketloomError `input` for one that cannot be read, holds something else or is of another folder
 */
export function readState(path: string, folder: string): readonly FileMemory[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw stateError(path, reasonOf(error));
  }
  let written: Partial<Written> | null;
  try {
    written = JSON.parse(text) as Partial<Written> | null;
  } catch {
    throw stateError(path, 'is not the state of a watched folder');
  }
  const { schema, files, folder: own } = written ?? {};
  if (schema !== SCHEMA || !Array.isArray(files) || !files.every(isMemory))
    throw stateError(path, 'is not the state of a watched folder');
  if (own !== folder) throw stateError(path, `is of the folder ${own}`);
  return files;
}

/**
 * Writes it: the file is whole, or as it was before.
 * @throws PacketloomError `input`
 */
export function writeState(path: string, folder: string, files: readonly FileMemory[]): void {
  const written: Written = { schema: SCHEMA, folder, files };
  const partial = `${path}.partial`;
  try {
    const descriptor = openSync(partial, 'w', 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify(written)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new PacketloomError('input', `${path}: the state cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}
