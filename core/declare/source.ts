import type { FrameBatch } from '../frame/batch.ts';

/** An interface as a source knows it. */
export interface SourceInterface {
  readonly name: string | undefined;
  readonly linkType: number;
  readonly snapLength: number;
  /** Its number in its section of the capture, from 0; undefined in formats that do not number interfaces. */
  readonly number?: number;
  readonly description?: string | undefined;
}

/** What a source can say about one input at any moment. */
export interface SourceStatistics {
  /** Path or interface name as the user wrote it. */
  readonly name: string;
  /** `pcap`, `pcapng`, `pcapng gzip`, `live` ... */
  readonly format: string;
  readonly frames: number;
  /** Blocks or records that are not frames and were passed over (not: interfaces, sections). */
  readonly blocksSkipped: number;
  /** Bytes read and, where known, bytes in all: for progress. */
  readonly bytesRead: number;
  readonly bytesTotal: number | undefined;
  /** Where and why reading stopped or a record was lost; all that could be read was handed over. */
  readonly damaged: { readonly offset: number; readonly reason: string } | undefined;
  /** Frames lost, as those who lost them report; null is unknown, never 0. */
  readonly drops: {
    readonly kernel: number | null;
    readonly interface: number | null;
    readonly application: number | null;
  };
}

/**
 * An opened source. `read` is called once at a time, never after `close`; it fills the batch from place 0 and returns
 * how many frames it wrote, 0 at the end. A live source may also return -1: nothing there now (so that time can move).
 * It resolves, never rejects, for damage in the input; it rejects with a PacketloomError for a device that fails.
 * `close` may be called at any time, once.
 */
export interface FrameReader {
  read(batch: FrameBatch): Promise<number> | number;
  /** One entry for each input so far. */
  statistics(): readonly SourceStatistics[];
  readonly interfaces: readonly SourceInterface[];
  /** Comments of the frame at `place` of the batch read last, where the input has such. */
  comments?(place: number): readonly string[];
  close(): Promise<void>;
}

/** Settings of a source, from the command line or the configuration. */
export interface SourceOptions {
  /** Ends a waiting `read` with 0. */
  readonly signal?: AbortSignal;
  /** Capture filter of a live source, in pcap's language. */
  readonly filter?: string;
  readonly snapLength?: number;
  readonly bufferSize?: number;
}

/** A kind of input. */
export interface Source {
  readonly kind: 'source';
  readonly name: string;
  readonly description: string;
  readonly live: boolean;
  /** What it cannot know, for people (times stamped in user space, unknown loss). */
  readonly limits: readonly string[];
  /** Opens one or several targets (paths or interface names) that are read one after the other (files) or together (live). */
  open(targets: readonly string[], options: SourceOptions): Promise<FrameReader>;
  /** Live sources: why this one cannot be used here (a program or package is missing); undefined when it can. */
  unavailable?(): Promise<string | undefined>;
  /** Live sources: the interfaces there are, or why they cannot be listed. */
  list?(): Promise<
    readonly { readonly name: string; readonly description: string; readonly addresses: readonly string[] }[]
  >;
}

/** Declares a source. */
export function defineSource(source: Omit<Source, 'kind' | 'limits'> & Partial<Pick<Source, 'limits'>>): Source {
  return Object.freeze({ kind: 'source', limits: [], ...source });
}
