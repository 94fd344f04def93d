import type { Source, SourceOptions } from '../../../core/declare/source.ts';
import type { InputLog } from '../capture/input-log.ts';
import type { ChildCapture, ChildCommand } from './child-capture.ts';
import type { Fault } from './fault.ts';

/** A program that captures, as the reader needs to know it. */
export interface Capturer {
  /** Name of the source. */
  readonly name: string;
  readonly format: 'pcap' | 'pcapng';
  /** Milliseconds that a frame may wait in the kernel, at most, before the program gets it. */
  readonly wait: number;
  command(interfaceName: string, options: SourceOptions): ChildCommand;
  /** Why it ended on its own, from what it said; undefined when that is no fault. */
  explain(child: ChildCapture, log: InputLog, options: SourceOptions): Fault | undefined;
  /**
   * Takes from what it said how many frames were lost.
   * @param ended it has ended, and all that it wrote has been read
   */
  drops(child: ChildCapture, log: InputLog, ended: boolean): void;
  /** Which command lets it capture, when the system does not. */
  grant(): string;
  /** The interfaces there are. */
  readonly list: NonNullable<Source['list']>;
  /** Asks it in mid-run how many frames were lost. */
  ask?(child: ChildCapture): void;
  /** A message of a child that is another Node. */
  onMessage?(message: unknown, log: InputLog): void;
}
