import type { OutputState } from '../../core/output/outputs.ts';
import type { RunState } from '../../core/run/flow-run.ts';

/** What metrics, health and signals may know of a run while it goes on. */
export interface RunView {
  /** When the program began to work, milliseconds since 1970. */
  readonly since: number;
  readonly live: boolean;
  /** What has been done; undefined while inputs and outputs are being opened. */
  state(): RunState | undefined;
  outputs(): readonly OutputState[];
}

/** A target as everybody may see it: without the password that a URL for a sink of somebody else's may have. */
export const shownTarget = (target: string): string => target.replace(/(:\/\/[^/@]*?:)[^/]*@/, '$1***@');
