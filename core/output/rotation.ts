import { constants } from 'node:fs';
import { access, stat, unlink } from 'node:fs/promises';
import type { RowWriter, SinkContext } from '../declare/sink.ts';
import { PacketloomError } from '../errors.ts';
import { type Column, copyRow, RowBatch } from '../flow/rows.ts';
import { parseDuration } from '../run/duration.ts';
import { parseSize } from '../run/size.ts';
import { FileNames, isPattern } from './file-names.ts';
import { type OutputName, outputError } from './output.ts';
import { PARTIAL } from './output-file.ts';

/** JSON Schema of the options that all sinks with files have; to be spread into the `properties` of a sink. */
export const rotationProperties = {
  rotateEvery: {
    type: 'string',
    pattern: '^[1-9][0-9]*(?:s|m|h|d)$',
    description: 'Begin a new file at every full multiple of this time, UTC (15m, 1h, 1d)',
  },
  rotateSize: {
    type: 'string',
    pattern: '^[1-9][0-9]*(?:[KMGTkmgt]i?[Bb]?|[Bb])?$',
    description: 'Begin a new file once one has this many bytes (100MiB)',
  },
  rotateRows: { type: 'integer', minimum: 1, description: 'Begin a new file after this many rows' },
} as const;

/** When a new file is begun; all of them may be absent, then only SIGHUP asks for one. */
interface Rotation {
  /** Seconds. */
  readonly every: number | undefined;
  readonly bytes: number;
  readonly rows: number;
}

/** Seconds of wall time after the end of a period until its file is completed without a row that is later. */
const GRACE_SECONDS = 5;

/** One file or many. */
export interface RotationTarget {
  readonly sink: string;
  readonly target: string;
  readonly columns: readonly Column[];
  /** Validated and defaulted; those of {@link rotationProperties} are looked at. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly context: SinkContext;
}

function rotationOf({ sink, target, options }: RotationTarget): Rotation | undefined {
  const { rotateEvery, rotateSize, rotateRows } = options as Readonly<Record<string, string | number | undefined>>;
  if (rotateEvery === undefined && rotateSize === undefined && rotateRows === undefined) return undefined;
  const every = rotateEvery === undefined ? undefined : (parseDuration(String(rotateEvery)) ?? 0) / 1e9;
  if (every === 0) {
    const at = `${sink} ${target}: rotateEvery ${rotateEvery}`;
    throw new PacketloomError('configuration', `${at}: longer than a duration can be (104 days)`);
  }
  const bytes = rotateSize === undefined ? undefined : parseSize(String(rotateSize));
  return {
    every,
    bytes: bytes ?? Number.POSITIVE_INFINITY,
    rows: (rotateRows as number | undefined) ?? Number.POSITIVE_INFINITY,
  };
}

/** Rows in files, one after the other. A file is begun by the first row that goes into it, and is complete or absent. */
class RotatingWriter implements RowWriter {
  readonly #name: OutputName;
  readonly #names: FileNames;
  readonly #rotation: Rotation;
  readonly #columns: readonly Column[];
  readonly #live: boolean;
  readonly #open: (path: string) => Promise<RowWriter>;
  #file: RowWriter | undefined;
  /** Rows given to the file. */
  #given = 0;
  /** Which multiple of the time the file is for; NaN where that is not known. */
  #period = Number.NaN;
  /** Rows in the files before. */
  #before = 0;
  #begun: boolean;
  #copy: RowBatch | undefined;

  constructor(
    { sink, target, columns, context }: RotationTarget,
    names: FileNames,
    rotation: Rotation,
    open: (path: string) => Promise<RowWriter>,
    first?: RowWriter,
  ) {
    this.#name = { sink, target, stop: () => {} };
    this.#names = names;
    this.#rotation = rotation;
    this.#columns = columns;
    this.#live = context.live;
    this.#open = open;
    this.#file = first;
    this.#begun = first !== undefined;
  }

  get rows(): number {
    return this.#before + (this.#file?.rows ?? 0);
  }

  async write(batch: RowBatch): Promise<void> {
    const { every, bytes, rows } = this.#rotation;
    for (let from = 0; from < batch.count; ) {
      const moment = batch.moments[from]!;
      if (every !== undefined && this.#given > 0 && this.#isOther(Math.floor(moment / every))) await this.#end();
      const file = this.#file ?? (await this.#begin(moment));
      const to = this.#endOfFile(batch, from);
      await file.write(from === 0 && to === batch.count ? batch : this.#part(batch, from, to));
      this.#given += to - from;
      from = to;
      if (this.#given >= rows || (file.bytes ?? 0) >= bytes) await this.#end();
    }
  }

  #isOther(period: number): boolean {
    return !Number.isNaN(period) && !Number.isNaN(this.#period) && period !== this.#period;
  }

  /** The row behind the last one that goes into this file. */
  #endOfFile({ moments, count }: RowBatch, from: number): number {
    const { every, rows } = this.#rotation;
    let to = Math.min(count, from + rows - this.#given);
    if (every === undefined) return to;
    for (let row = from; row < to; row += 1) {
      const period = Math.floor(moments[row]! / every);
      if (this.#isOther(period)) to = row;
      else if (Number.isNaN(this.#period)) this.#period = period;
    }
    return to;
  }

  #part(batch: RowBatch, from: number, to: number): RowBatch {
    if (this.#copy === undefined || this.#copy.capacity < to - from) {
      this.#copy = new RowBatch(this.#columns, batch.capacity);
    }
    const copy = this.#copy;
    for (let row = from; row < to; row += 1) copyRow(batch, row, copy, row - from);
    copy.count = to - from;
    return copy;
  }

  async #begin(moment: number): Promise<RowWriter> {
    const { every } = this.#rotation;
    const seconds = Number.isNaN(moment) ? Date.now() / 1000 : moment;
    this.#period = every === undefined ? Number.NaN : Math.floor(moment / every);
    const begin = every === undefined ? seconds : Math.floor(seconds / every) * every;
    const path = await this.#names.claim(begin).catch((error: unknown) => {
      throw outputError(this.#name, error);
    });
    try {
      this.#file = await this.#open(path);
    } catch (error) {
      await unlink(path + PARTIAL).catch(() => {});
      throw error;
    }
    this.#begun = true;
    this.#given = 0;
    return this.#file;
  }

  async #end(): Promise<void> {
    const file = this.#file!;
    this.#file = undefined;
    this.#given = 0;
    try {
      await file.close();
    } finally {
      this.#before += file.rows;
    }
  }

  async flush(): Promise<void> {
    const { every } = this.#rotation;
    if (this.#file === undefined) return;
    await this.#file.flush?.();
    // A quiet link: the file of a period is complete soon after it, not with the next row.
    const end = every === undefined ? Number.NaN : (this.#period + 1) * every + GRACE_SECONDS;
    if (this.#live && this.#given > 0 && Date.now() / 1000 >= end) await this.#end();
  }

  async rotate(): Promise<void> {
    if (this.#file !== undefined && this.#given > 0) await this.#end();
  }

  async close(): Promise<void> {
    if (!this.#begun) await this.#begin(Number.NaN);
    if (this.#file !== undefined) await this.#end();
  }

  async abort(): Promise<void> {
    await this.#file?.abort();
  }
}

/** A device is also a pipe or standard output: nothing there can be begun anew. */
async function kindOf(target: string): Promise<'file' | 'folder' | 'device'> {
  if (target === '-' || target === '/dev/stdout') return 'device';
  const found = await stat(target).catch(() => undefined);
  if (target === '' || target.endsWith('/') || found?.isDirectory()) return 'folder';
  return found === undefined || found.isFile() ? 'file' : 'device';
}

/**
 * Opens an output that is one file, or with options or a pattern in its name many of them, one after the other.
 * @param open opens one file that is complete or absent; its `.partial` may be there
 * @throws PacketloomError `sink` when no file can be made there, `configuration` for a name that is wrong
 */
export async function openRotating(
  wanted: RotationTarget,
  open: (path: string) => Promise<RowWriter>,
): Promise<RowWriter> {
  const { sink, target, context } = wanted;
  const rotation = rotationOf(wanted);
  const name = { sink, target, stop: () => {} };
  const kind = await kindOf(target);
  if (kind === 'device' && rotation !== undefined) throw outputError(name, 'only files are rotated');
  // For a folder it says what is wrong.
  if (kind !== 'file') return open(target);
  const never = { every: undefined, bytes: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };
  if (rotation === undefined && !isPattern(target)) {
    const first = await open(target);
    // Without a pattern a percent sign is one.
    return new RotatingWriter(wanted, new FileNames(target.replaceAll('%', '%%')), never, open, first);
  }
  const names = new FileNames(target);
  try {
    await access(names.folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw outputError(name, error);
  }
  const left = await names.incomplete();
  if (left.length > 0) {
    const files = left.length === 1 ? `${left[0]} is` : `${left.length} files such as ${left[0]} are`;
    context.report(`${files} not complete, by a run that was cut off or goes on; left alone`);
  }
  return new RotatingWriter(wanted, names, rotation ?? never, (path) => open(path));
}
