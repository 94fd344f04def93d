import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PacketloomError } from '../errors.ts';
import type { Column } from '../flow/rows.ts';

/** A segment of output on disk. */
export interface SpooledSegment {
  readonly id: string;
  readonly rows: number;
  readonly bytes: number;
  readonly file: string;
  /** Its place among the segments of its run; -1 for those of an earlier one. */
  readonly place: number;
}

/** What the segments of a spool are for. */
export interface SpoolTarget {
  readonly sink: string;
  readonly target: string;
  readonly encoding: string | undefined;
  readonly columns: readonly Column[];
}

const PARTIAL = '.segment.partial';
const NAME = /^\d{13}-\d{9}-(\d+)-([0-9a-f]{32})\.segment$/;

/**
 * Segments on disk that wait for an output to come back, in order; those of a run before come first. One process uses a
 * folder at a time for one target.
 */
export class Spool {
  /** Of this run and those before it. */
  readonly segments: SpooledSegment[] = [];
  readonly folder: string;
  readonly #limit: number;
  readonly #begun = String(Date.now()).padStart(13, '0');
  #bytes = 0;

  /**
   * @param target what the segments are for: name of the sink, target, columns, and what else decides their bytes
   * @param limit bytes at most
   * @throws PacketloomError `sink` when the folder cannot be used
   */
  constructor(root: string, target: SpoolTarget, limit: number) {
    const { sink, target: where, encoding, columns } = target;
    const key = JSON.stringify([sink, where, encoding, columns.map(({ name, kind }) => [name, kind])]);
    this.folder = join(root, `${sink}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`);
    this.#limit = limit;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      for (const file of readdirSync(this.folder).sort()) {
        // Of a process that was killed: it was never complete, and is room that nobody else would free.
        if (file.endsWith(PARTIAL)) unlinkSync(join(this.folder, file));
        const [, rows, id] = NAME.exec(file) ?? [];
        if (id === undefined) continue;
        const bytes = statSync(join(this.folder, file)).size;
        this.#bytes += bytes;
        this.segments.push({ id, rows: Number(rows), bytes, file, place: -1 });
      }
    } catch (cause) {
      throw new PacketloomError('sink', `${sink}: spool ${root}: ${(cause as Error).message}`, { cause });
    }
  }

  get rows(): number {
    return this.segments.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Whether so many bytes more are within the limit. */
  fits(bytes: number): boolean {
    return this.#bytes + bytes <= this.#limit;
  }

  /** Keeps a segment, complete or absent. Rejects with what the system says. */
  async put(place: number, id: string, rows: number, payload: Uint8Array): Promise<void> {
    const file = `${this.#begun}-${String(place).padStart(9, '0')}-${rows}-${id}.segment`;
    const partial = join(this.folder, `${file}.partial`);
    const handle = await open(partial, 'w', 0o600);
    try {
      await handle.writeFile(payload);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, join(this.folder, file));
    this.#bytes += payload.length;
    this.segments.push({ id, rows, bytes: payload.length, file, place });
  }

  /** The bytes of the first segment. */
  read(): Promise<Uint8Array> {
    return readFile(join(this.folder, this.segments[0]!.file));
  }

  /** The first segment has gone out. */
  async shift(): Promise<void> {
    const first = this.segments.shift()!;
    this.#bytes -= first.bytes;
    await unlink(join(this.folder, first.file));
  }
}
