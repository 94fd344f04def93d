import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hex, type Sample } from '../../../core/testing.ts';

/** A frame made for one case of a link layer or tunnel, with what tshark 4.0.17 says of it. */
export interface LinkCase {
  readonly bytes: string;
  /** LINKTYPE number; Ethernet where not given. */
  readonly linkType?: number;
  /** `frame.protocols`, without Ethertypes and plain data. */
  readonly stack: string;
  /** By field of the group's dissectors: all values. Fields that are not named are absent. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Our own stack, where it is another. */
  readonly ours?: string;
  /** Fields where we differ. */
  readonly differs?: readonly string[];
  /** Why we do. */
  readonly reason?: string;
}

/** Cases of some dissectors that belong together. */
export interface LinkGroup {
  readonly dissectors: readonly string[];
  readonly cases: readonly LinkCase[];
}

const folder = join(import.meta.dirname, '..', 'expected', 'links');

/** By name of the file. */
export const linkGroups: ReadonlyMap<string, LinkGroup> = new Map(
  readdirSync(folder).map((file) => [
    file.slice(0, -'.json'.length),
    JSON.parse(readFileSync(join(folder, file), 'utf8')) as LinkGroup,
  ]),
);

/** Of the cases that hold a layer, the one that tells most. */
function richest({ cases }: LinkGroup, name: string): Sample {
  const holding = cases.filter(({ stack, ours = stack }) => ours.split(':').includes(name));
  const [best] = holding.toSorted((one, other) => Object.keys(other.values).length - Object.keys(one.values).length);
  return { bytes: hex(best!.bytes), ...(best!.linkType === undefined ? {} : { linkType: best!.linkType }) };
}

/** By name of the dissector: a frame that holds it, for the contract suite. */
export const linkSamples: Readonly<Record<string, Sample>> = Object.fromEntries(
  [...linkGroups.values()].flatMap((group) => group.dissectors.map((name) => [name, richest(group, name)])),
);
