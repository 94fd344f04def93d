import type { FrameReader, SourceInterface, SourceStatistics } from '../../../core/declare/source.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import type { ByteInput } from './byte-input.ts';
import { CaptureStream } from './capture-stream.ts';
import { commentsAt } from './frame-comments.ts';
import { InputLog } from './input-log.ts';
import { type InputOptions, type OpenedInput, openInput } from './open-input.ts';
import { PcapParser } from './pcap.ts';
import { PcapngParser } from './pcapng.ts';
import { FrameComments } from './record-parser.ts';

/** Settings of a reader. */
export interface CaptureReaderOptions extends InputOptions {
  /** Bytes read at once. */
  readonly chunk?: number | undefined;
}

interface Current {
  readonly input: ByteInput;
  readonly stream: CaptureStream;
}

/** Several capture files, read one after the other as one run. */
export class CaptureReader implements FrameReader {
  readonly interfaces: SourceInterface[] = [];
  readonly #names: readonly string[];
  readonly #options: CaptureReaderOptions;
  readonly #signal: AbortSignal | undefined;
  /** Ends what waits: at the caller's signal, and at close. */
  readonly #ending = new AbortController();
  readonly #end = () => this.#ending.abort();
  readonly #inputs: { readonly log: InputLog; readonly bytes: Pick<ByteInput, 'bytesRead' | 'bytesTotal'> }[] = [];
  readonly #comments = new FrameComments();
  #current: Current | undefined;
  #last: FrameBatch | undefined;
  #next = 0;

  constructor(names: readonly string[], options: CaptureReaderOptions = {}) {
    this.#names = names;
    this.#options = { ...options, signal: this.#ending.signal };
    this.#signal = options.signal;
    if (options.signal?.aborted) this.#end();
    else options.signal?.addEventListener('abort', this.#end);
  }

  read(batch: FrameBatch): number | Promise<number> {
    this.#last = batch;
    const { stream } = this.#current ?? {};
    if (stream === undefined) return this.#advance(batch);
    const got = stream.read(batch);
    if (typeof got === 'number') return got > 0 ? got : this.#advance(batch);
    return got.then((frames) => (frames > 0 ? frames : this.#advance(batch)));
  }

  /** Goes on with the next input that has frames. */
  async #advance(batch: FrameBatch): Promise<number> {
    for (;;) {
      this.#leave();
      const name = this.#names[this.#next];
      if (name === undefined || this.#ending.signal.aborted) return 0;
      this.#next += 1;
      const opened = await this.#open(name);
      if (opened === undefined) return 0;
      this.#current = opened;
      const got = await opened.stream.read(batch);
      if (got > 0) return got;
    }
  }

  /** Opens an input; undefined when all has been ended meanwhile. */
  async #open(name: string): Promise<Current | undefined> {
    const { signal } = this.#ending;
    let opened: OpenedInput;
    try {
      opened = await openInput(name, this.#options);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
    const { input, kind, format } = opened;
    if (signal.aborted) {
      input.close();
      return undefined;
    }
    const log = new InputLog(name, format);
    this.#inputs.push({ log, bytes: input });
    const parser =
      kind === 'pcap' ? new PcapParser(log, this.interfaces) : new PcapngParser(log, this.interfaces, this.#comments);
    return { input, stream: new CaptureStream(input, parser, log, this.#comments, this.#options) };
  }

  #leave(): void {
    this.#current?.input.close();
    this.#current = undefined;
  }

  statistics(): readonly SourceStatistics[] {
    return this.#inputs.map(({ log, bytes }) => log.statistics(bytes.bytesRead, bytes.bytesTotal));
  }

  /** Comments of the frame at `place` of the batch read last. */
  comments(place: number): readonly string[] {
    return commentsAt(this.#comments, this.#last, place);
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#end);
    this.#end();
    this.#leave();
  }
}
