import type { FrameReader, SourceInterface, SourceOptions, SourceStatistics } from '../../../core/declare/source.ts';
import type { PacketloomError } from '../../../core/errors.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import { InterfaceList } from '../../../core/run/interface-list.ts';
import type { Capturer } from './capturer.ts';
import { LiveInput } from './live-input.ts';

/** Milliseconds without a frame after which a reader says so. */
const DRAINED = 100;
/** Milliseconds that a wait may take longer before it counts as a standstill of this process. */
const STALL = 50;
/** Milliseconds between two looks at the interfaces. */
const LOOK = 1000;

/** Live capture by child processes, one for each interface, read in turn. */
export class LiveReader implements FrameReader {
  readonly #list = new InterfaceList();
  readonly #inputs: readonly LiveInput[];
  readonly #signal: AbortSignal | undefined;
  readonly #stop = () => this.#stopAll();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;
  #stopping = false;
  #failure: PacketloomError | undefined;

  private constructor(capturer: Capturer, names: readonly string[], options: SourceOptions) {
    this.#signal = options.signal;
    this.#inputs = names.map((name) => new LiveInput(capturer, name, this.#list, options));
  }

  /**
   * Begins to capture; resolves when all interfaces are being listened to.
   * @throws PacketloomError `device` with what the capturing program says, `usage` for a filter that is wrong
   */
  static async open(capturer: Capturer, names: readonly string[], options: SourceOptions): Promise<LiveReader> {
    const reader = new LiveReader(capturer, names, options);
    options.signal?.addEventListener('abort', reader.#stop);
    if (options.signal?.aborted) for (const input of reader.#inputs) input.stop(true);
    for (const input of reader.#inputs) {
      await input.opened();
      if (input.failure === undefined) continue;
      await reader.close();
      throw input.failure;
    }
    reader.#timer = setInterval(() => {
      for (const input of reader.#inputs) input.look();
    }, LOOK);
    return reader;
  }

  get interfaces(): readonly SourceInterface[] {
    return this.#list.all;
  }

  read(batch: FrameBatch): number | Promise<number> {
    const got = this.#poll(batch);
    return got > 0 ? got : this.#wait(batch);
  }

  /** Asks each input in turn: frames, -1 when none has any now. */
  #poll(batch: FrameBatch): number {
    const { length } = this.#inputs;
    for (let i = 0; i < length; i += 1) {
      const got = this.#inputs[(this.#turn + i) % length]!.read(batch);
      if (got <= 0) continue;
      this.#turn = (this.#turn + i + 1) % length;
      return got;
    }
    return -1;
  }

  async #wait(batch: FrameBatch): Promise<number> {
    let deadline = Date.now() + DRAINED;
    for (;;) {
      const got = this.#poll(batch);
      if (got > 0) return got;
      for (const input of this.#inputs) await this.#settle(input);
      if (this.#inputs.every(({ ended }) => ended)) {
        if (this.#failure !== undefined) throw this.#failure;
        return 0;
      }
      const left = deadline - Date.now();
      // Who is about to end is waited for.
      if (left <= 0 && !this.#stopping) return -1;
      const slept = Date.now();
      await this.#pause(Math.max(left, 1));
      // Timers come before what has arrived meanwhile.
      if (Date.now() >= deadline) await new Promise(setImmediate);
      // Where all stood still, nothing is known of what is on its way.
      if (Date.now() - slept > DRAINED + STALL) deadline = Date.now() + DRAINED;
    }
  }

  /** The others end with an input that cannot go on. */
  async #settle(input: LiveInput): Promise<void> {
    await input.settle();
    if (input.failure === undefined || this.#failure !== undefined) return;
    this.#failure = input.failure;
    this.#stopAll();
  }

  /** Until an input may have something, `milliseconds` at most. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      for (const input of this.#inputs) input.ready()?.then(done);
    });
  }

  #stopAll(): void {
    this.#stopping = true;
    for (const input of this.#inputs) input.stop();
  }

  statistics(): readonly SourceStatistics[] {
    return this.#inputs.map((input) => input.statistics());
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#signal?.removeEventListener('abort', this.#stop);
    this.#stopping = true;
    await Promise.all(this.#inputs.map((input) => input.close()));
  }
}
