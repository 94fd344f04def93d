import type { TextRow } from './expected.ts';
import type { Facts } from './frames.ts';

/** A flow as a tool cuts it, by the tool's own rules. */
export interface ToolFlow {
  /** Equal for the tool's row of this flow: key, start and counts. */
  readonly identity: string;
  readonly key: string;
  readonly frames: readonly number[];
  /** Why it ended. */
  readonly cut: string;
}

/** A row with the frames that made it, by their numbers in order. */
export interface FramedRow {
  readonly row: TextRow;
  readonly frames: readonly number[];
}

/** A capture with all that is known of it. */
export interface World {
  readonly capture: string;
  readonly frames: readonly Facts[];
  readonly frame: (number: number) => Facts;
  /** The flow of the tool that a frame is in, and our row. */
  readonly toolFlow: ReadonlyMap<number, ToolFlow>;
  readonly ourRow: ReadonlyMap<number, FramedRow>;
  readonly toolFlows: readonly ToolFlow[];
  readonly ours: readonly FramedRow[];
}

/** Two rows that belong together. */
export interface Together {
  readonly theirs: FramedRow;
  readonly ours: FramedRow;
  readonly world: World;
}

/** A difference by name, as the page lists it. */
export interface DifferenceClass {
  readonly name: string;
  /** `theirs`: the tool is wrong; `rule`: ours follows another rule; `unseen`: the tool does not look at it. */
  readonly verdict: 'theirs' | 'rule' | 'unseen';
  /** Why, in one sentence. */
  readonly reason: string;
}

/** A difference of single cells of two rows that hold the same frames. */
export interface CellClass extends DifferenceClass {
  holds(column: string, together: Together): boolean;
}

/** A difference of whole rows, by the first frame which the two sides put into different rows (or only one counts). */
export interface RowClass extends DifferenceClass {
  holds(frame: Facts, world: World): boolean;
}

/** Frames of our row of two. */
export const framesOf = ({ ours, world }: Together): Facts[] => ours.frames.map(world.frame);
