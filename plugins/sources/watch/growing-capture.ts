import type { FrameReader, SourceInterface } from '../../../core/declare/source.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import { CaptureStream } from '../capture/capture-stream.ts';
import { commentsAt } from '../capture/frame-comments.ts';
import { InputLog } from '../capture/input-log.ts';
import { PcapParser } from '../capture/pcap.ts';
import { PcapngParser } from '../capture/pcapng.ts';
import { FrameComments } from '../capture/record-parser.ts';
import type { GrowingFile } from './growing-file.ts';

/** The frames of a capture that another program writes on; -1 while there is no further whole one. */
export class GrowingCapture implements FrameReader {
  readonly interfaces: SourceInterface[] = [];
  readonly #file: GrowingFile;
  readonly #log: InputLog;
  readonly #comments = new FrameComments();
  readonly #stream: CaptureStream;
  #last: FrameBatch | undefined;

  /** @param file closed by this one */
  constructor(name: string, kind: 'pcap' | 'pcapng', file: GrowingFile) {
    this.#file = file;
    this.#log = new InputLog(name, kind);
    const parser =
      kind === 'pcap'
        ? new PcapParser(this.#log, this.interfaces)
        : new PcapngParser(this.#log, this.interfaces, this.#comments);
    this.#stream = new CaptureStream(file, parser, this.#log, this.#comments);
  }

  read(batch: FrameBatch): number | Promise<number> {
    this.#last = batch;
    return this.#stream.read(batch);
  }

  statistics(): ReturnType<FrameReader['statistics']> {
    return [this.#log.statistics(this.#file.bytesRead, undefined)];
  }

  comments(place: number): readonly string[] {
    return commentsAt(this.#comments, this.#last, place);
  }

  async close(): Promise<void> {
    this.#file.close();
  }
}
