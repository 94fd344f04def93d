import type { FlowFacts, FrameColumns } from '../expression/program.ts';
import type { FlowSettings } from '../flow/settings.ts';
import type { Frame } from '../frame/frame.ts';

/**
 * A value that an imitation knows besides the built-in ones, usable by its name in the expressions of a run with
 * `compatibility: exact`.
 */
export interface ImitatedValue {
  /** With the tool's name in front: `nfstream.vlan_id`. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** An address is held as text, one UTF-16 unit a byte. Texts may name hosts: with them rows cannot be anonymised. */
  readonly kind: 'number' | 'text' | 'address';
  /** Whole numbers only. */
  readonly integer?: boolean;
  readonly unit?: string;
  /** Known of each frame, or of a flow when its row is made (numbers only). */
  readonly of: 'frame' | 'flow';
}

/** Where an imitation writes the key of a frame, as the tool has it. */
export interface ImitatedKeys {
  /** Further 32-bit words of the key, the same in both directions (a VLAN, a kind of tunnel): set before `write`. */
  readonly more: Int32Array;
  /**
   * Writes the key of frame `i`. The two addresses stand one behind the other in `bytes` from `addressAt`; both
   * directions have one key. Ports are printed as they are given, 0 for none.
   */
  write(
    i: number,
    bytes: Uint8Array,
    addressAt: number,
    addressLength: 4 | 16,
    sourcePort: number,
    destinationPort: number,
    protocol: number,
  ): void;
}

/** What an imitation is made with, once a run. */
export interface ImitationSetup {
  /** Frames in a batch: the length of every column. */
  readonly capacity: number;
  readonly settings: FlowSettings;
  /** Its `read` fills `time`, `frameLength`, `networkLength`, `transportLength`, `payloadLength` of each frame. */
  readonly columns: FrameColumns;
  readonly keys: ImitatedKeys;
  /** The column of a number of its own, which `read` or `take` fills; NaN is empty. */
  numbers(name: string): Float64Array;
  /** The column of a text or address of its own; null is empty. */
  texts(name: string): (string | null)[];
}

/** State of a flow, as an imitation keeps it: some numeric slots and, where it has one, an object. */
export interface ImitatedFlow {
  slots: Float64Array;
  /** The first of its slots. */
  at: number;
  object: unknown;
}

/** The frame joins the open flow. */
export const JOIN = 0;
/** The frame belongs to no flow. */
export const LEAVE_OUT = -1;

/**
 * The rules of a tool for one run. `read` is called for all frames of a batch, then for each frame that counts `meet`
 * (if a flow with its key is open), `open` (for a new flow), `source` and `take`. Nothing here may throw.
 */
export interface ImitationRun {
  /** Numeric slots that a flow needs, at birth. */
  readonly slots: readonly number[];
  /** Those of them that hold times. */
  readonly times: readonly number[];
  /** The base of times moves: adds `delta` to those kept for the whole run. */
  move(delta: number): void;
  /** Makes a flow's object, where numbers do not do. */
  createObject?(): unknown;
  /**
   * Looks at a frame that was walked, from its bytes; writes its key, its built-in columns and its own values at `i`.
   * @param whole its whole seconds, in nanoseconds from the run's base
   * @param nanoseconds the rest, 0 to 999,999,999
   * @param wire bytes on the wire, as the record states them
   * @param seconds its whole Unix seconds
   * @returns false when the tool ignores it
   */
  read(frame: Frame, i: number, whole: number, nanoseconds: number, wire: number, seconds: number): boolean;
  /**
   * What happens when frame `i` meets the open flow of its key: {@link JOIN}, {@link LEAVE_OUT}, or the reason (1 to 5,
   * see `end_reason`) with which that flow ends, before the frame opens another.
   * @param forward whether its sender is the flow's source, by the key
   */
  meet(flow: ImitatedFlow, i: number, forward: boolean): number;
  /**
   * Frame `i` opens a flow.
   * @param before the flow it takes the place of, still as it was
   * @returns whose end is the source of the new flow: the frame's sender, its receiver, or whoever was it in `before`
   */
  open(flow: ImitatedFlow, i: number, before: ImitatedFlow | undefined): 'sender' | 'receiver' | 'before';
  /**
   * Takes frame `i` into its flow.
   * @param forward whether its sender is the flow's source, by the key
   * @returns whether it counts as forward
   */
  take(flow: ImitatedFlow, i: number, forward: boolean): boolean;
  /** The reason with which the flow ends with the frame just taken; 0 when it goes on. */
  after?(flow: ImitatedFlow, i: number): number;
  /**
   * After frame `i`: flows in order of their opening end (reason 1) while their last frame is not after the time given
   * back, `sweepLimit` of them at most; -Infinity for none.
   */
  sweep?(i: number): number;
  readonly sweepLimit?: number;
  /**
   * A row is made: fills `facts.extra` with its values of flows, in their order. False for a flow that the tool does not
   * write.
   * @param rows rows before it
   */
  finish(flow: ImitatedFlow, facts: FlowFacts, rows: number): boolean;
}

/** Reproduces which frames a tool counts, how it keys and measures them, and how it cuts them into flows. */
export interface Imitation {
  readonly kind: 'imitation';
  /** The tool: `nfstream`. */
  readonly name: string;
  /** The tool, its version and what it is made from. */
  readonly description: string;
  /** Settings of `flow` that it follows, besides `maxFlows`; any other is refused. */
  readonly settings: readonly (keyof FlowSettings)[];
  readonly values: readonly ImitatedValue[];
  /** Nanoseconds that its times are whole multiples of. */
  readonly tick: number;
  /** Whether its times never go back: a frame far behind the others then changes nothing that is kept. */
  readonly monotone: boolean;
  /** The whole Unix seconds that the tool reads, where it does not hold all. */
  readSeconds?(seconds: number): number;
  /** Words of the key besides addresses, ports and protocol. */
  readonly keyWords: number;
  create(setup: ImitationSetup): ImitationRun;
}

/** Declares an imitation; a preset refers to it. */
export function defineImitation(imitation: Omit<Imitation, 'kind'>): Imitation {
  return Object.freeze({ kind: 'imitation', ...imitation });
}
