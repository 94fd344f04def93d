import type { FieldNode } from '../../core/frame/tree.ts';
import type { WalkedFrame } from './capture.ts';
import type { TsharkRange } from './tshark.ts';

/** Who differs, and why. */
export const KINDS = [
  'tshark remembers', // what it saw in other frames
  'tshark derives', // what does not stand in the bytes
  'tshark substitutes', // another value for the one that stands there
  'tshark stops', // at a value that is wrong, and leaves out what stands behind it
  'defect of tshark', // contradicts the bytes or itself
  'not dissected', // a protocol we do not have
  'port only', // a port claimed it, its own check refused it
  'ours', // on purpose
] as const;
export type Kind = (typeof KINDS)[number];

/** A frame as both sides see it. */
export interface BothFrames {
  readonly frame: WalkedFrame;
  /** tshark's `frame.protocols`. */
  readonly stack: string;
  /** What tshark finds wrong with the frame: texts of `_ws.malformed`. */
  readonly malformed: string;
}

/** All values of one field in one frame, as both sides have them. */
export interface Cell extends BothFrames {
  readonly field: string;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** All places of one field in one frame. */
export interface Places extends BothFrames {
  readonly field: string;
  readonly ours: readonly FieldNode[];
  readonly theirs: readonly TsharkRange[];
}

/** A class of differences. */
export interface Rule<Difference> {
  readonly name: string;
  readonly kind: Kind;
  readonly reason: string;
  readonly fields: RegExp;
  applies(difference: Difference): boolean;
}
