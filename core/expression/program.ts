import type { FieldEntry } from '../declare/registry.ts';
import type { Column, RowBatch } from '../flow/rows.ts';
import type { Frame } from '../frame/frame.ts';

/**
 * Built-in values of each frame of a batch, columns that the meter fills and generated code reads. `time` is in
 * nanoseconds from the run's base (never going back within a flow), lengths in bytes, NaN where unknown.
 */
export interface FrameColumns {
  readonly time: Float64Array;
  /** Time of the first frame of the flow's segment. */
  readonly start: Float64Array;
  /** The frame's number in the flow's segment, from 0. */
  readonly number: Float64Array;
  readonly frameLength: Float64Array;
  readonly networkLength: Float64Array;
  readonly transportLength: Float64Array;
  readonly payloadLength: Float64Array;
  /** Values of an imitation's own, by name. */
  readonly own?: ReadonlyMap<string, Float64Array | (string | null)[]>;
}

/** What the meter says of a flow when its row is made. Times in nanoseconds from the run's base. */
export interface FlowFacts {
  start: number;
  end: number;
  /** nanoseconds */
  duration: number;
  frames: number;
  segment: number;
  /** NaN for a snapshot of a flow that goes on. */
  endReason: number;
  /** 1 where source and destination are not those of the first frame but repaired. */
  repaired: number;
  /** Which snapshot of a flow that goes on this is (`frames:7`, `time:10s`); null for a row that ends a segment. */
  snapshot: string | null;
  /** Whole Unix seconds that times count from. */
  base: number;
  // The key, as the first frame had it.
  addressLength: number;
  /** Source and destination address: four 32-bit words each. */
  readonly sourceWords: Uint32Array;
  readonly destinationWords: Uint32Array;
  sourcePort: number;
  destinationPort: number;
  /** See PORTS_NONE and following in core/frame/frame.ts. */
  portKind: number;
  protocol: number;
  /** For a message with a counterpart, the type of that one. */
  mate: number;
  /** Which packets of frames the flow is made of: 0 the outermost, 1 the innermost. */
  level: number;
  /** 1 where the address lies in a home network, 0 where not; NaN when not known. */
  sourceHome: number;
  destinationHome: number;
  communityIdSeed: number;
  /** One of this many frames of the traffic was used; 1 for all of them. */
  samplingInterval: number;
  idHigh: number;
  idLow: number;
  /** Values of the additional key fields, in the order of the configuration; NaN for absent. */
  readonly extra: Float64Array;
  /** The same of key fields that are texts, bytes or addresses; null for absent. */
  readonly extraTexts: (string | null)[];
}

/**
 * All demanded features, compiled together. Stage 1 calls `gather` for each frame of a batch after its walk; stage 2
 * calls `update` for the frames in order, with the flow's page and place. Nothing here allocates unless text, bytes,
 * addresses, lists or object states are demanded.
 */
export interface Program {
  /** Numeric slots a flow needs, and their values at birth. */
  readonly birth: Float64Array;
  /** Slots that hold times, to be moved with the base. */
  readonly timeSlots: readonly number[];
  /** Slots that the next segment takes over from the one that was cut. */
  readonly carriedSlots?: readonly number[];
  /** Makes a flow's objects, when there are object states; called at birth. */
  readonly createObjects: (() => unknown[]) | undefined;
  /** Moves the times that objects hold. */
  shiftObjects(objects: unknown[], delta: number): void;
  /** Puts into a new segment's objects what it takes over from those of the segment that was cut; where there is any. */
  carry?(from: unknown[], to: unknown[]): void;
  /** The fields that are read, for the push-down of demand. */
  readonly demanded: readonly FieldEntry[];
  /** Writes what features read of this frame to place `index` of the program's own columns. */
  gather(frame: Frame, index: number): void;
  /**
   * Takes frame `index` into the state at `at` of `slots`. Its time, number and the flow's start stand in the frame
   * columns: as arguments each would be a number on the heap.
   */
  update(slots: Float64Array, at: number, objects: unknown[] | undefined, index: number, forward: boolean): void;
  readonly columns: readonly Column[];
  /** True when the row is wanted (`keep`); called before `finish`. */
  keep(slots: Float64Array, at: number, objects: unknown[] | undefined, facts: FlowFacts): boolean;
  /** Writes the row. */
  finish(
    slots: Float64Array,
    at: number,
    objects: unknown[] | undefined,
    facts: FlowFacts,
    rows: RowBatch,
    row: number,
  ): void;
}

/** A compiled `where`: true when the frame just walked is wanted. */
export interface FrameFilter {
  readonly demanded: readonly FieldEntry[];
  test(frame: Frame, context: FrameContext): boolean;
}

/** What a frame-level expression may need that is not in the frame's bytes. */
export interface FrameContext {
  /** Frame number in the run, from 1. */
  number: number;
  /** nanoseconds from the run's base; NaN for a record without a time. */
  time: number;
  wireLength: number;
  capturedLength: number;
  /** Identity of the frame's flow as rows print it, null for a frame in no flow; where a filter may ask for it. */
  flowId?: string | null;
  segment?: number;
}
