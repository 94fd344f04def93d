import type { SourceInterface, SourceOptions, SourceStatistics } from '../../../core/declare/source.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import { type InterfaceList, InterfacePlaces } from '../../../core/run/interface-list.ts';
import { CaptureStream } from '../capture/capture-stream.ts';
import { InputLog } from '../capture/input-log.ts';
import { PcapParser } from '../capture/pcap.ts';
import { PcapngParser } from '../capture/pcapng.ts';
import { FrameComments } from '../capture/record-parser.ts';
import type { Capturer } from './capturer.ts';
import { ChildCapture } from './child-capture.ts';
import type { Fault } from './fault.ts';

/** One capture of one interface by one child process, from its start to its end. */
export class LiveSession {
  readonly child: ChildCapture;
  /** Nothing more is to be read of it. */
  dry = false;
  /** All its bytes have been read, not drained. */
  #whole = false;
  readonly #capturer: Capturer;
  readonly #options: SourceOptions;
  readonly #log: InputLog;
  readonly #stream: CaptureStream;
  readonly #own: SourceInterface[] = [];
  readonly #places: InterfacePlaces;

  constructor(capturer: Capturer, name: string, interfaces: InterfaceList, options: SourceOptions) {
    const { onMessage } = capturer;
    const log = new InputLog(name, 'live');
    const comments = new FrameComments();
    this.#capturer = capturer;
    this.#options = options;
    this.#log = log;
    this.#places = new InterfacePlaces(interfaces);
    this.child = new ChildCapture(capturer.command(name, options), {
      onMessage: onMessage && ((message) => onMessage(message, log)),
      user: options.user,
    });
    const parser =
      capturer.format === 'pcap' ? new PcapParser(log, this.#own, name) : new PcapngParser(log, this.#own, comments);
    this.#stream = new CaptureStream(this.child.input, parser, log, comments, { signal: options.signal });
  }

  /** The interface has been opened: the head of a capture has come. */
  get heard(): boolean {
    return this.child.input.bytesRead > 0;
  }

  /** Frames, 0 at the end, -1 when there is none now. */
  read(batch: FrameBatch): number {
    // Live inputs answer at once.
    const got = this.#stream.read(batch) as number;
    if (got === 0) {
      this.dry = true;
      this.#whole = true;
    }
    if (got > 0) {
      batch.fileOffset.fill(-1, 0, got);
      this.#places.translate(batch, this.#own);
    }
    return got;
  }

  /** Listens to what the program says of losses, and asks for more. */
  listen(ask: boolean): void {
    this.#capturer.drops(this.child, this.#log, false);
    if (ask) this.#capturer.ask?.(this.child);
  }

  /** Waits for the end of the process and takes its last words: why it ended on its own, when that is a fault. */
  async conclude(): Promise<Fault | undefined> {
    await this.child.ended;
    this.#capturer.drops(this.child, this.#log, this.#whole);
    return this.#capturer.explain(this.child, this.#log, this.#options);
  }

  statistics(): SourceStatistics {
    return this.#log.statistics(this.child.input.bytesRead, undefined);
  }
}

const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** What two captures of one interface, one after the other, amount to; what is unknown of one is unknown of both. */
export function together(first: SourceStatistics | undefined, second: SourceStatistics): SourceStatistics {
  if (first === undefined) return second;
  return {
    ...second,
    frames: first.frames + second.frames,
    blocksSkipped: first.blocksSkipped + second.blocksSkipped,
    bytesRead: first.bytesRead + second.bytesRead,
    damaged: first.damaged ?? second.damaged,
    drops: {
      kernel: sum(first.drops.kernel, second.drops.kernel),
      interface: sum(first.drops.interface, second.drops.interface),
      application: sum(first.drops.application, second.drops.application),
    },
  };
}
