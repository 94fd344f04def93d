import { setTimeout as delay } from 'node:timers/promises';
import type { FrameReader, SourceInterface, SourceOptions, SourceStatistics } from '../../../core/declare/source.ts';
import { PacketloomError } from '../../../core/errors.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import { CaptureStream } from '../capture/capture-stream.ts';
import { InputLog } from '../capture/input-log.ts';
import { PcapParser } from '../capture/pcap.ts';
import { PcapngParser } from '../capture/pcapng.ts';
import { FrameComments } from '../capture/record-parser.ts';
import { ChildCapture, type ChildCommand } from './child-capture.ts';

/** Milliseconds without a frame after which a reader says so. */
const DRAINED = 100;

/** A program that captures, as the reader needs to know it. */
export interface Capturer {
  readonly format: 'pcap' | 'pcapng';
  command(interfaceName: string, options: SourceOptions): ChildCommand;
  /** Why it ended on its own, in one line, from what it said; undefined when that is no fault. */
  explain(child: ChildCapture, log: InputLog): string | undefined;
  /** Takes from what it said how many frames were lost. */
  drops(child: ChildCapture, log: InputLog): void;
  /** A message of a child that is another Node. */
  onMessage?(message: unknown, log: InputLog): void;
}

interface LiveInput {
  readonly name: string;
  readonly log: InputLog;
  readonly child: ChildCapture;
  readonly stream: CaptureStream;
  /** All its bytes have been read. */
  dry: boolean;
  /** It has not been seen off yet. */
  open: boolean;
}

/** Live capture by child processes, one for each interface, read in turn. */
export class LiveReader implements FrameReader {
  readonly interfaces: SourceInterface[] = [];
  readonly #capturer: Capturer;
  readonly #inputs: LiveInput[];
  readonly #comments = new FrameComments();
  readonly #signal: AbortSignal | undefined;
  readonly #stop = () => this.#stopAll();
  #turn = 0;
  #failure: PacketloomError | undefined;

  private constructor(capturer: Capturer, names: readonly string[], options: SourceOptions) {
    this.#capturer = capturer;
    this.#signal = options.signal;
    this.#inputs = names.map((name) => this.#start(name, options));
  }

  /**
   * Begins to capture; resolves when all interfaces are being listened to.
   * @throws PacketloomError `device` with what the capturing program says
   */
  static async open(capturer: Capturer, names: readonly string[], options: SourceOptions): Promise<LiveReader> {
    const reader = new LiveReader(capturer, names, options);
    options.signal?.addEventListener('abort', reader.#stop);
    if (options.signal?.aborted) reader.#stopAll();
    for (const input of reader.#inputs) {
      const bytes = input.child.input;
      // The first bytes, a file header, are written when the interface has been opened.
      while (!bytes.fill() && !bytes.ended) await bytes.ready();
      if (bytes.ended) await reader.#end(input);
    }
    if (reader.#failure !== undefined) {
      await reader.close();
      throw reader.#failure;
    }
    return reader;
  }

  #start(name: string, options: SourceOptions): LiveInput {
    const { format, command, onMessage } = this.#capturer;
    const log = new InputLog(name, 'live');
    const child = new ChildCapture(command(name, options), onMessage && ((message) => onMessage(message, log)));
    const parser =
      format === 'pcap'
        ? new PcapParser(log, this.interfaces, name)
        : new PcapngParser(log, this.interfaces, this.#comments);
    const stream = new CaptureStream(child.input, parser, log, this.#comments, { signal: options.signal });
    return { name, log, child, stream, dry: false, open: true };
  }

  read(batch: FrameBatch): number | Promise<number> {
    const got = this.#poll(batch);
    return got > 0 ? got : this.#wait(batch);
  }

  /** Asks each input in turn: frames, 0 when all have ended, -1 when none has any now. */
  #poll(batch: FrameBatch): number {
    const { length } = this.#inputs;
    let ended = 0;
    for (let i = 0; i < length; i += 1) {
      const input = this.#inputs[(this.#turn + i) % length]!;
      // Live inputs answer at once.
      const got = input.open && !input.dry ? (input.stream.read(batch) as number) : 0;
      if (got > 0) {
        this.#turn = (this.#turn + i + 1) % length;
        batch.fileOffset.fill(-1, 0, got);
        return got;
      }
      if (got < 0) continue;
      input.dry = true;
      ended += 1;
    }
    return ended === length ? 0 : -1;
  }

  async #wait(batch: FrameBatch): Promise<number> {
    const deadline = Date.now() + DRAINED;
    for (;;) {
      const got = this.#poll(batch);
      if (got > 0) return got;
      for (const input of this.#inputs) if (input.dry) await this.#end(input);
      if (this.#inputs.every(({ open }) => !open)) {
        if (this.#failure !== undefined) throw this.#failure;
        return 0;
      }
      const left = deadline - Date.now();
      if (left <= 0) return -1;
      await this.#pause(left);
    }
  }

  /** Until an input may have something, `milliseconds` at most. */
  async #pause(milliseconds: number): Promise<void> {
    const timer = new AbortController();
    const ready = this.#inputs.filter(({ open }) => open).map(({ child }) => child.input.ready());
    await Promise.race([...ready, delay(milliseconds, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }

  /** An input has no more bytes: takes its last words, and ends the others when it failed. */
  async #end(input: LiveInput): Promise<void> {
    if (!input.open) return;
    const { child, log } = input;
    await child.ended;
    input.open = false;
    this.#capturer.drops(child, log);
    const why = this.#capturer.explain(child, log);
    if (why === undefined || this.#failure !== undefined) return;
    this.#failure = new PacketloomError('device', `${input.name}: ${why.replace(/\s+/g, ' ').trim()}`);
    this.#stopAll();
  }

  #stopAll(): void {
    for (const { child } of this.#inputs) child.stop();
  }

  statistics(): readonly SourceStatistics[] {
    return this.#inputs.map(({ log, child }) => log.statistics(child.input.bytesRead, undefined));
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    this.#stopAll();
    for (const { child } of this.#inputs) child.input.close();
    await Promise.all(this.#inputs.map(({ child }) => child.ended));
  }
}
