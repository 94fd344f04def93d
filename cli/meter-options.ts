import type { Option } from 'commander';
import { flowsCommand } from './declare-flows.ts';

/** Groups of options of `flows` that decide what its flows are, and which of them another command has a use for. */
const GROUPS: ReadonlyMap<string, (name: string) => boolean> = new Map([
  ['What to compute:', (name) => name !== 'feature' && name !== 'printConfig'],
  ['How to meter:', (name) => name !== 'validate'],
  ['Output:', (name) => name === 'anonymize'],
]);

/**
 * The options of `flows` that make its flows what they are, for commands that must have the same ones: so that what is
 * added there is here too.
 * @param heading under which help shows them
 * @param without names of options to leave out
 */
export function meterOptions(heading: string, without: readonly string[] = []): readonly Option[] {
  const wanted = flowsCommand().options.filter((option) => {
    const name = option.attributeName();
    const isWanted = GROUPS.get(option.helpGroupHeading ?? '')?.(name) ?? false;
    return isWanted && !without.includes(name) && !option.hidden;
  });
  return wanted.map((option) => option.helpGroup(heading));
}

/** Options of the group `Input:` that only a live source has a use for, or a folder that is watched. */
const LIVE = new Set(['interface', 'filter', 'snaplen', 'bufferSize', 'promiscuous', 'source', 'duration']);
const WATCH = /^watch/;

/**
 * The options of `flows` that say which frames are read and how they are dissected.
 * @param live whether frames may come from an interface
 */
export function inputOptions(heading: string, live: boolean): readonly Option[] {
  const wanted = flowsCommand().options.filter(
    (option) =>
      option.helpGroupHeading === 'Input:' &&
      (live || !(LIVE.has(option.attributeName()) || WATCH.test(option.attributeName()))),
  );
  return wanted.map((option) => option.helpGroup(heading));
}
