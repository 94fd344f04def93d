import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FolderOptions, FrameReader, SourceOptions, SourceStatistics } from '../../../core/declare/source.ts';
import { PacketloomError } from '../../../core/errors.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import { InterfaceList, InterfacePlaces } from '../../../core/run/interface-list.ts';
import { reasonOf } from '../capture/reason.ts';
import { FolderLog } from './folder-log.ts';
import { FolderScan, type FoundFile } from './folder-scan.ts';
import { WatchClock } from './watch-clock.ts';
import { WatchState } from './watch-state.ts';
import { WatchedFile } from './watched-file.ts';

/** Milliseconds between two looks at the end of a file, and without a frame after which a reader says so. */
const INTERVAL = 50;
const DRAINED = 100;

/** The captures of a folder as one run without an end, each read on while it grows. */
export class FolderReader implements FrameReader {
  readonly #options: FolderOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #state: WatchState;
  readonly #scan: FolderScan;
  readonly #clock: WatchClock;
  readonly #log: FolderLog;
  readonly #folder: string;
  readonly #list = new InterfaceList();
  readonly #ending = new AbortController();
  readonly #end = () => this.#ending.abort();
  #places = new InterfacePlaces(this.#list);
  #current: WatchedFile | undefined;
  /** Frames handed over last: of the file that is read, and used when the next ones are asked for. */
  #handed = 0;
  #given = 0;

  /** @throws PacketloomError `input` for a state that cannot be read or written */
  constructor(folder: string, options: FolderOptions, { signal, report }: SourceOptions) {
    this.#options = options;
    this.#folder = folder;
    this.#signal = signal;
    this.#state = new WatchState(options.state, resolve(folder));
    this.#scan = new FolderScan(folder, options, this.#state);
    this.#clock = new WatchClock(options.delay);
    this.#log = new FolderLog(folder, report ?? (() => {}));
    if (signal?.aborted) this.#end();
    else signal?.addEventListener('abort', this.#end);
  }

  get interfaces(): FrameReader['interfaces'] {
    return this.#list.all;
  }

  statistics(): readonly SourceStatistics[] {
    return [this.#log.statistics(this.#current?.statistics())];
  }

  comments(place: number): readonly string[] {
    return this.#current?.comments(place) ?? [];
  }

  async read(batch: FrameBatch): Promise<number> {
    this.#settle();
    const deadline = Date.now() + DRAINED;
    while (!this.#ending.signal.aborted) {
      if (this.#given >= (this.#options.frames ?? Number.POSITIVE_INFINITY)) return 0;
      const count = await this.#next(batch);
      if (count > 0) return this.#give(batch, count);
      if (count === 0) continue;
      this.#clock.drain(this.#scan.waiting.length === 0);
      this.#save();
      if (Date.now() >= deadline) return this.#clock.runs ? -1 : -2;
      await delay(INTERVAL, undefined, { signal: this.#ending.signal }).catch(() => {});
    }
    return 0;
  }

  /** What was handed over has been used. */
  #settle(): void {
    if (this.#handed === 0 || this.#current === undefined) return;
    this.#state.of(this.#current.name).frames += this.#handed;
    this.#handed = 0;
    this.#state.change();
    this.#save();
  }

  #give(batch: FrameBatch, count: number): number {
    const current = this.#current!;
    const some = Math.min(count, (this.#options.frames ?? Number.POSITIVE_INFINITY) - this.#given);
    batch.count = some;
    this.#places.translate(batch, current.interfaces);
    this.#clock.take(batch);
    this.#given += some;
    this.#handed = some;
    return some;
  }

  /** Frames of the file that is read, 0 when another step has to be made, -1 when there is nothing now. */
  async #next(batch: FrameBatch): Promise<number> {
    this.#look();
    const current = this.#current;
    if (current === undefined) return this.#open();
    let count: number;
    try {
      count = await current.read(batch);
    } catch (error) {
      // What is compressed is no capture.
      this.#current = undefined;
      await current.close();
      this.#refuse(current, error);
      return 0;
    }
    if (current.isAnother) {
      this.#log.say(current.name, 'begins with another frame than when it was read before: read from its first frame');
      current.isAnother = false;
    }
    if (count > 0) return count;
    // What has been stopped has not come to its end.
    if (this.#ending.signal.aborted) return -1;
    if (count === 0) await this.#leave(current);
    else if (current.removed || (this.#scan.waiting.length > 0 && current.isQuiet(this.#options.quiet)))
      current.conclude();
    else return -1;
    return 0;
  }

  #look(): void {
    const scan = this.#scan;
    scan.look(this.#current?.name);
    this.#log.tell('folder', scan.fault && `${this.#folder}: the folder cannot be read: ${scan.fault}`);
    for (const name of scan.gone.splice(0)) this.#log.interrupted(`${name}: removed before it was read`);
  }

  /** Opens the first file that waits: 0, or -1 when there is none that can be read now. */
  #open(): number {
    const { waiting } = this.#scan;
    const found = waiting[0];
    if (found === undefined) return -1;
    let opened: WatchedFile | undefined;
    try {
      const memory = this.#state.of(found.name);
      opened = WatchedFile.open(found, memory, this.#options.quiet, waiting.length === 1, this.#ending.signal);
      if (opened === undefined) return -1;
    } catch (error) {
      this.#scan.take();
      this.#refuse(found, error);
      return 0;
    }
    this.#scan.take();
    this.#current = opened;
    this.#places = new InterfacePlaces(this.#list);
    return 0;
  }

  #refuse(found: Pick<FoundFile, 'name' | 'path'>, error: unknown): void {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      this.#log.interrupted(`${found.name}: removed before it was read`);
      return;
    }
    this.#scan.refuse(found);
    const reason = error instanceof PacketloomError ? error.message.replace(`${found.path}: `, '') : reasonOf(error);
    this.#log.refused(found.name, reason);
  }

  /** A file has been read to its end. */
  async #leave(current: WatchedFile): Promise<void> {
    this.#current = undefined;
    const { missing, removed } = current;
    const statistics = current.statistics();
    if (statistics !== undefined) this.#log.add(current.name, statistics);
    if (missing > 0)
      this.#log.interrupted(`${current.name}: ${missing} frames that were read before are not there any more`);
    else if (current.cut) this.#log.cut();
    else if (removed)
      this.#log.interrupted(`${current.name}: removed while it was read; all that was written was read`);
    current.remember();
    this.#state.change();
    this.#save();
    await current.close();
  }

  #save(always = false): void {
    try {
      this.#state.save(always);
    } catch (error) {
      this.#log.tell('state', error instanceof Error ? error.message : String(error));
      return;
    }
    this.#log.tell('state', undefined);
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#end);
    this.#end();
    this.#settle();
    this.#save(true);
    const current = this.#current;
    if (current === undefined) return;
    // Its statistics stay to be asked for.
    this.#log.last = current.statistics();
    this.#current = undefined;
    await current.close();
  }
}
