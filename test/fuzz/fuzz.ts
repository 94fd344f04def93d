import { isSpan } from '../../core/declare/field.ts';
import { type Bench, checkBytes, type DissectedFrame, type Registry } from '../../core/testing.ts';
import type { Case } from './case.ts';
import type { Seed } from './corpus.ts';
import { type Mutant, mutate } from './mutate.ts';
import { type Random, randomFrom } from './random.ts';

/** How long to go on, and from where. */
export interface FuzzOptions {
  readonly seed: number;
  readonly seconds?: number;
  readonly frames?: number;
  /** Called with every frame that fails, made as small as it goes. */
  onCase(found: Case): void;
}

/** What came out. */
export interface FuzzResult {
  readonly frames: number;
  readonly failed: number;
}

/** A check of one frame: why it fails, or undefined. */
export type Check = (mutant: Mutant) => string | undefined;

/** The first of several checks that fails. */
export const allOf =
  (...checks: readonly Check[]): Check =>
  (mutant) => {
    for (const check of checks) {
      const reason = check(mutant);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };

/** What is no text of a number. */
const NO_NUMBER = /NaN|undefined|null|Infinity|object/;

/** A fault in what was read, which no other surroundings of the frame would show. */
function faultIn(
  { layers, anomalies }: DissectedFrame,
  { bytes, wire }: Mutant,
  registry: Registry,
): string | undefined {
  if (layers.length > 32) return `${layers.length} layers`;
  for (const { name, offset, length, fields } of layers) {
    // A layer may begin behind the last captured byte, and has nothing then.
    if (offset < 0 || offset > wire || (length > 0 && offset + length > bytes.length))
      return `${name}: lies at ${offset}, ${length} bytes`;
    for (const field of fields) {
      const isText = registry.fields.get(field.name)?.some((entry) => isSpan(entry.field)) ?? true;
      if (!isText && NO_NUMBER.test(field.value)) return `${name}: ${field.name} is ${field.value}`;
    }
  }
  const lost = anomalies.find(({ offset }) => !(offset >= 0 && offset <= Math.max(bytes.length, wire)));
  return lost === undefined ? undefined : `${lost.layer}: ${lost.code} at ${lost.offset}`;
}

/** The contract of dissectors as a check. */
export function contractCheck(registry: Registry, bench: Bench): Check {
  return (mutant) => {
    const { bytes, wire, linkType } = mutant;
    try {
      return faultIn(checkBytes('fuzz', bench, bytes, { wire, linkType }), mutant, registry);
    } catch (error) {
      return String((error as Error).message).replace(/; frame of .*$/s, '');
    }
  };
}

/** Where numbers in a reason vary, the fault is the same. */
const sameFault = (reason: string): string => reason.replaceAll(/\d+/g, 'n');

/** Leaves bytes out as long as the fault stays the same. */
function smaller(check: Check, mutant: Mutant, reason: string): Mutant {
  let best = mutant;
  const wanted = sameFault(reason);
  const missing = mutant.wire - mutant.bytes.length;
  for (let size = mutant.bytes.length >> 1, tries = 0; size > 0 && tries < 400; size >>= 1) {
    for (let at = 0; at + size <= best.bytes.length && tries < 400; tries += 1) {
      const bytes = Uint8Array.from([...best.bytes.subarray(0, at), ...best.bytes.subarray(at + size)]);
      const candidate = { ...best, bytes, wire: bytes.length + missing };
      const found = check(candidate);
      if (found !== undefined && sameFault(found) === wanted) best = candidate;
      else at += size;
    }
  }
  return best;
}

function next(seeds: readonly Seed[], random: Random): Mutant {
  return mutate(random.pick(seeds), random.pick(seeds), random);
}

/** Mutates real frames and checks the contract of dissectors on each, until the time or the number of frames is over. */
export function fuzz(check: Check, seeds: readonly Seed[], options: FuzzOptions): FuzzResult {
  const random = randomFrom(options.seed);
  const end = performance.now() + (options.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const most = options.frames ?? Number.POSITIVE_INFINITY;
  const known = new Set<string>();
  let frames = 0;
  let failed = 0;
  for (; frames < most && performance.now() < end; frames += 1) {
    const mutant = next(seeds, random);
    const reason = check(mutant);
    if (reason === undefined) continue;
    failed += 1;
    const fault = sameFault(reason);
    if (known.has(fault)) continue;
    known.add(fault);
    options.onCase({ ...smaller(check, mutant, reason), reason });
  }
  return { frames, failed };
}
