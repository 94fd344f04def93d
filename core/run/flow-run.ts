import type { Imitation } from '../declare/imitation.ts';
import type { Registry } from '../declare/registry.ts';
import type { RowWriter } from '../declare/sink.ts';
import type { FrameReader, SourceStatistics } from '../declare/source.ts';
import type { PacketloomError } from '../errors.ts';
import type { FeatureRequest } from '../expression/compile.ts';
import type { FlowFacts } from '../expression/program.ts';
import type { FrameOrigin } from '../flow/meter.ts';
import type { Column } from '../flow/rows.ts';
import type { FlowSettings } from '../flow/settings.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { DecodeAs } from '../frame/dispatch.ts';
import type { LabelCounts } from '../labels/labels.ts';
import type { ProgramSurroundings, ProgramWatch } from './make-program.ts';

/** Frames in a batch. */
export const BATCH_FRAMES = 2048;
/** Places that a batch's frames may have: see `placesFor`. */
export const BATCH_PLACES = 2 * (BATCH_FRAMES + 1);

/** An expression of the user's, with the place it came from (`where`, `--where`), for errors. */
export interface Placed {
  readonly text: string;
  readonly at: string;
}

/** Looks on while a run goes on, without changing it. */
export interface FlowWatch extends ProgramWatch {
  /** The flow of the frame at a place of the batch, while the program takes it. */
  readonly slots: Int32Array;
  /**
   * The run begins: `facts` says what is known of the flow in a slot, `elsewhere` which frame the program takes at a place
   * that is not the frame's own in the batch; undefined where it is.
   */
  begin(facts: (slot: number) => FlowFacts, elsewhere: (place: number) => FrameOrigin | undefined): void;
  /** The frames of this batch are taken next; those before it were `before`. */
  enter(batch: FrameBatch, before: number): void;
}

/** What a run of the meter needs. */
export interface FlowRun {
  readonly registry: Registry;
  readonly reader: FrameReader;
  /** Named features and expressions, presets already expanded. */
  readonly features: readonly FeatureRequest[];
  readonly settings: FlowSettings;
  readonly where?: Placed | undefined;
  readonly keep?: Placed | undefined;
  readonly decodeAs?: readonly DecodeAs[];
  /** Runs every dissector, so that anomalies of all layers are counted. */
  readonly validateAll?: boolean;
  /** Opens the outputs, once the columns are known. `stop` ends the run quietly. */
  open(columns: readonly Column[], stop: () => void): Promise<readonly RowWriter[]>;
  readonly signal?: AbortSignal;
  onProgress?(progress: Progress): void;
  /** The run begins: `state` says at any time what it has done so far. */
  observe?(state: () => RunState): void;
  /** Frames went back in time by more than disorder explains, and all flows were ended: see `clockStep`. */
  onClockStep?(step: ClockStep): void;
  readonly limits?: { readonly frames?: number; readonly seconds?: number };
  /** The source is live: wall time moves the run clock when it is drained. */
  readonly live?: boolean;
  /** Milliseconds that frames of a live source may come after their capture, besides what every run allows for. */
  readonly lag?: number;
  /** Labels and anonymisation of the rows. */
  readonly additions?: ProgramSurroundings['additions'];
  /** Looks on, for `explain`. */
  readonly watch?: FlowWatch | undefined;
  /** The tool whose flows are reproduced (`compatibility: exact`). */
  readonly imitation?: Imitation | undefined;
}

/** How far a run is. */
export interface Progress {
  readonly frames: number;
  readonly openFlows: number;
  readonly rows: number;
  readonly inputs: readonly SourceStatistics[];
}

/** A step of the run clock: where it stood, and where it goes on. Seconds with nine decimals. */
export interface ClockStep {
  readonly from: string;
  readonly to: string;
  /** Steps so far, this one included. */
  readonly count: number;
}

/** What a run has done so far. */
export interface RunState extends Omit<RunResult, 'stopped' | 'failure'> {
  readonly openFlows: number;
  /** The run clock, seconds with nine decimals; null before the first frame. */
  readonly clock: string | null;
}

/** What a run did: everything the summary states. */
export interface RunResult {
  readonly inputs: readonly SourceStatistics[];
  readonly frames: { readonly read: number; readonly used: number; readonly skipped: Readonly<Record<string, number>> };
  /** Bytes on the wire of all frames read. */
  readonly bytes: number;
  readonly flows: {
    /** Rows that end a segment. */
    readonly rows: number;
    /** Rows besides, of flows that went on. */
    readonly snapshots: number;
    readonly notKept: number;
    readonly byEndReason: Readonly<Record<string, number>>;
  };
  readonly fragments: { readonly joined: number; readonly unmatched: number };
  readonly anomalies: Readonly<Record<string, number>>;
  /** Frames behind the run clock, steps of it, and frames that the reorder window has put in their place. */
  readonly disorder: { readonly frames: number; readonly steps: number; readonly reordered: number };
  readonly drops: {
    readonly kernel: number | null;
    readonly interface: number | null;
    readonly application: number | null;
  };
  /** What labels did; undefined without rules. */
  readonly labels?: LabelCounts;
  /** Earliest and latest packet time, seconds with nine decimals; null without frames that have a time. */
  readonly time: { readonly first: string | null; readonly last: string | null };
  readonly stopped: 'end' | 'signal' | 'pipe' | 'limit';
  /** A device failed: what it gave before is all in this result. */
  readonly failure?: PacketloomError;
}
