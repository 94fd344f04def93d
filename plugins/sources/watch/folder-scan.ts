import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderOptions } from '../../../core/declare/source.ts';
import { reasonOf } from '../capture/reason.ts';
import { compareNames, isCompressed, nameFilter, plainName } from './file-names.ts';
import type { WatchState } from './watch-state.ts';

/** Milliseconds between two looks into the folder, at least; and how many times as long as a look takes. */
const INTERVAL = 200;
const SHARE = 25;

/** A file that has to be read, or read on. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
  readonly modified: number;
}

/** What has to be read in a folder, in order, as it was at the last look. */
export class FolderScan {
  waiting: FoundFile[] = [];
  /** Files that were waiting and are gone, with no other of their name. */
  readonly gone: string[] = [];
  /** Why the folder could not be looked into; undefined when it could. */
  fault: string | undefined;
  readonly #folder: string;
  readonly #order: FolderOptions['order'];
  readonly #fits: (name: string) => boolean;
  readonly #state: WatchState;
  /** Files that were refused, by name, with size and time of change then. */
  readonly #refused = new Map<string, string>();
  #next = 0;

  constructor(folder: string, { pattern, order }: FolderOptions, state: WatchState) {
    this.#folder = folder;
    this.#order = order;
    this.#fits = nameFilter(pattern);
    this.#state = state;
  }

  /** Looks into the folder, if that is due. `current` is being read. */
  look(current: string | undefined): void {
    const begun = Date.now();
    if (begun < this.#next) return;
    this.#look(current);
    const now = Date.now();
    this.#next = now + Math.max(INTERVAL, SHARE * (now - begun));
  }

  #look(current: string | undefined): void {
    let names: string[];
    try {
      names = readdirSync(this.#folder).filter(this.#fits);
      this.fault = undefined;
    } catch (error) {
      this.fault = reasonOf(error);
      return;
    }
    // While a file is being compressed it is there twice: the whole one counts.
    const byPlainName = new Map<string, string>();
    for (const name of names.sort((a, b) => Number(isCompressed(b)) - Number(isCompressed(a)))) {
      byPlainName.set(plainName(name), name);
    }
    const found: FoundFile[] = [];
    for (const [plain, name] of byPlainName) {
      if (current !== undefined && plain === plainName(current)) continue;
      const path = join(this.#folder, name);
      const about = statSync(path, { throwIfNoEntry: false });
      if (about?.isFile() && this.#isNew(plain, name, about)) found.push({ name, path, modified: about.mtimeMs });
    }
    for (const { name } of this.waiting) {
      if (!byPlainName.has(plainName(name)) && name !== current) this.gone.push(name);
    }
    const byName = (a: FoundFile, b: FoundFile) => compareNames(plainName(a.name), plainName(b.name));
    this.waiting = found.sort((a, b) => (this.#order === 'modified' && a.modified - b.modified) || byName(a, b));
    this.#state.forget((plain) => byPlainName.has(plain));
  }

  #isNew(plain: string, name: string, about: Stats): boolean {
    const refused = this.#refused.get(name);
    if (refused !== undefined) return refused !== mark(about);
    const known = this.#state.files.get(plain);
    if (known?.done === undefined) return true;
    // The same under another name: it has been compressed meanwhile.
    if (known.name !== name) return false;
    const { size, modified, inode } = known.done;
    return size !== about.size || modified !== about.mtimeMs || inode !== about.ino;
  }

  /** Takes the first file that waits. */
  take(): FoundFile | undefined {
    return this.waiting.shift();
  }

  /** Leaves a file alone as long as it stays as it is. */
  refuse({ name, path }: Pick<FoundFile, 'name' | 'path'>): void {
    const about = statSync(path, { throwIfNoEntry: false });
    if (about !== undefined) this.#refused.set(name, mark(about));
  }
}

const mark = ({ size, mtimeMs, ctimeMs, ino }: Stats): string => [size, mtimeMs, ctimeMs, ino].join(' ');
