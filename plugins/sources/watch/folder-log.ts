import { join } from 'node:path';
import type { SourceStatistics } from '../../../core/declare/source.ts';

type Drops = SourceStatistics['drops'];

/** What happens to the files of a folder: told at once, and counted as of one input, as their number has no bound. */
export class FolderLog {
  readonly #folder: string;
  readonly #report: (line: string) => void;
  /** What is wrong now and was told: with the folder, with the state. */
  readonly #told = new Map<'folder' | 'state', string>();
  readonly #refused = new Set<string>();
  #interruptions = 0;
  /** The file that was being read when the source was closed. */
  last: SourceStatistics | undefined;
  #files = 0;
  #frames = 0;
  #blocksSkipped = 0;
  #bytesRead = 0;
  #drops: Drops | undefined;
  #damaged: SourceStatistics['damaged'];
  #damagedFiles = 0;

  constructor(folder: string, report: (line: string) => void) {
    this.#folder = folder;
    this.#report = report;
  }

  /** A file is not what it was, or is not there any more. */
  interrupted(text: string): void {
    this.#interruptions += 1;
    this.#report(`${this.#folder}: ${text}`);
  }

  /** Says what is wrong once, until it is over or something else. */
  tell(what: 'folder' | 'state', text: string | undefined): void {
    if (this.#told.get(what) === text) return;
    if (text === undefined) this.#told.delete(what);
    else {
      this.#told.set(what, text);
      this.#report(text);
    }
  }

  /** Says something of a file. */
  say(name: string, text: string): void {
    this.#report(`${join(this.#folder, name)}: ${text}`);
  }

  /** A file has been read. */
  add(name: string, { frames, blocksSkipped, bytesRead, drops, damaged }: SourceStatistics): void {
    this.#files += 1;
    this.#frames += frames;
    this.#blocksSkipped += blocksSkipped;
    this.#bytesRead += bytesRead;
    this.#drops = sum(this.#drops, drops);
    if (damaged === undefined) return;
    this.say(name, `damaged at byte ${damaged.offset}: ${damaged.reason}`);
    this.#damage(name, damaged);
  }

  /** A file cannot be read at all. Told once, as one that is no capture may grow for long. */
  refused(name: string, reason: string): void {
    if (this.#refused.has(name)) return;
    this.#refused.add(name);
    this.say(name, `not read: ${reason}`);
    this.#damage(name, { offset: 0, reason });
  }

  #damage(name: string, { offset, reason }: NonNullable<SourceStatistics['damaged']>): void {
    this.#damagedFiles += 1;
    this.#damaged ??= { offset, reason: `${name}: ${reason}` };
  }

  /** A file was cut or written anew, which is told as damage. */
  cut(): void {
    this.#interruptions += 1;
  }

  statistics(open: SourceStatistics | undefined): SourceStatistics {
    const now = open ?? this.last;
    const first = this.#damaged ?? (now?.damaged && { ...now.damaged, reason: `${now.name}: ${now.damaged.reason}` });
    const more = this.#damagedFiles - 1;
    return {
      name: this.#folder,
      format: 'folder',
      frames: this.#frames + (now?.frames ?? 0),
      blocksSkipped: this.#blocksSkipped + (now?.blocksSkipped ?? 0),
      bytesRead: this.#bytesRead + (now?.bytesRead ?? 0),
      bytesTotal: undefined,
      damaged: first && more > 0 ? { ...first, reason: `${first.reason} (and ${more} more)` } : first,
      interruptions: this.#interruptions,
      files: this.#files + (now === undefined ? 0 : 1),
      drops: (now === undefined ? this.#drops : sum(this.#drops, now.drops)) ?? NONE,
    };
  }
}

const NONE: Drops = { kernel: null, interface: null, application: null };

/** Unknown when one of them is. */
function sum(before: Drops | undefined, more: Drops): Drops {
  if (before === undefined) return { ...more };
  const add = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  return {
    kernel: add(before.kernel, more.kernel),
    interface: add(before.interface, more.interface),
    application: add(before.application, more.application),
  };
}
