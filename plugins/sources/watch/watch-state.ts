import { plainName } from './file-names.ts';
import { type FileMemory, readState, writeState } from './state-file.ts';

/** Files that are gone from the folder and are remembered all the same. */
const MOST_GONE = 1000;
/** Milliseconds between two savings, at least; and how many times as long as a saving takes. */
const INTERVAL = 1000;
const SHARE = 50;

/** What a run over a folder has read, by plain names of files; in a file too, where a path is given. */
export class WatchState {
  readonly files = new Map<string, FileMemory>();
  readonly #path: string | undefined;
  readonly #folder: string;
  #changed = false;
  #next = 0;

  /** @throws PacketloomError `input` for a state that cannot be read or written, or is of another folder */
  constructor(path: string | undefined, folder: string) {
    this.#path = path;
    this.#folder = folder;
    if (path === undefined) return;
    for (const file of readState(path, folder) ?? []) this.files.set(plainName(file.name), file);
    this.#write(path);
  }

  /** The memory of a file, a new one where there is none. */
  of(name: string): FileMemory {
    const plain = plainName(name);
    let found = this.files.get(plain);
    if (found === undefined) {
      found = { name, frames: 0 };
      this.files.set(plain, found);
    }
    return found;
  }

  /** Frames of a file have been used, or it was read to its end. */
  change(): void {
    this.#changed = true;
  }

  /** Forgets the files read longest ago among those that are gone, past the most that are kept. */
  forget(isThere: (plainName: string) => boolean): void {
    const gone = [...this.files].filter(([plain]) => !isThere(plain));
    for (const [plain] of gone.slice(0, Math.max(0, gone.length - MOST_GONE))) this.files.delete(plain);
  }

  /**
   * Writes the file, if something has changed and it is time for it.
   * @param always it is time now
   * @throws PacketloomError `input`
   */
  save(always = false): void {
    const begun = Date.now();
    if (this.#path === undefined || !this.#changed || (!always && begun < this.#next)) return;
    this.#next = begun + INTERVAL;
    this.#write(this.#path);
    this.#next += SHARE * (Date.now() - begun);
    this.#changed = false;
  }

  #write(path: string): void {
    writeState(path, this.#folder, [...this.files.values()]);
  }
}
