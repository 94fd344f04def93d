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
  /** The interface has disappeared and is waited for; absent where that cannot be. */
  readonly away?: boolean;
  /** How often the input went away, or was cut, while it was read; undefined where that cannot be. */
  readonly interruptions?: number;
  /** Files read so far, where an input is a folder. */
  readonly files?: number;
  /** Name of the live source. */
  readonly source?: string;
  /**
   * Frames that the interface has received since it was opened, by its own count, whatever a filter left; null when that is
   * not known; undefined for files.
   */
  readonly received?: number | null;
  /** Frames lost, as those who lost them report; null is unknown, never 0. */
  readonly drops: {
    readonly kernel: number | null;
    readonly interface: number | null;
    readonly application: number | null;
  };
}

/**
 * An opened source. `read` is called once at a time, never after `close`; it fills the batch from place 0 and returns
 * how many frames it wrote, 0 at the end. A live source may also return -1: nothing there now (so that time can move), or
 * -2: nothing there now, and its packet times are not those of now (so that wall time moves nothing).
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

/** How a folder is watched into which another program writes captures, one after the other. */
export interface FolderOptions {
  /** Patterns for names of files, in the shell's language. */
  readonly pattern: readonly string[];
  /** By name, in which numbers count as numbers, or by time of the last change. */
  readonly order: 'name' | 'modified';
  /** Milliseconds without a change after which a file is complete, when a later one is there. */
  readonly quiet: number;
  /** Milliseconds after which frames that were captured are in the file, at most. */
  readonly delay: number;
  /** Path of a file that remembers what was read. */
  readonly state?: string;
  /** Frames that are wanted, at most. */
  readonly frames?: number;
}

/** Settings of a source, from the command line or the configuration. */
export interface SourceOptions {
  /** Ends a waiting `read` with 0. */
  readonly signal?: AbortSignal;
  /** Capture filter of a live source, in pcap's language. */
  readonly filter?: string;
  readonly snapLength?: number;
  readonly bufferSize?: number;
  /** Live sources: false leaves the interface as it is, so that frames for other stations may be missing. Default true. */
  readonly promiscuous?: boolean;
  readonly folder?: Partial<FolderOptions>;
  /** Tells people at once of something that does not end the run, on one line. */
  report?(line: string): void;
  /** Whom the program becomes once all is open: a child that captures must be one that this user may end. */
  readonly user?: { readonly name: string; readonly uid: number; readonly gid: number };
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
