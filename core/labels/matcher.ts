import type { FlowFacts } from '../expression/program.ts';
import { PORTS } from '../frame/frame.ts';
import type { AddressRange, LabelRule, LabelRules, Moment, PortRange } from './rule.ts';

const NONE: readonly number[] = [];

/** Rules with an address side of prefixes of one length, by the bits that count. */
class PrefixIndex {
  readonly length: number;
  readonly bits: number;
  readonly masks: readonly number[];
  readonly #rules = new Map<number | string, number[]>();

  constructor({ length, bits, masks }: AddressRange) {
    this.length = length;
    this.bits = bits;
    this.masks = masks;
  }

  /** IPv4 has its word as a key, IPv6 all four. */
  #key(words: ArrayLike<number>): number | string {
    const { masks, length } = this;
    if (length === 4) return (words[0]! & masks[0]!) >>> 0;
    let key = '';
    for (let i = 0; i < masks.length; i += 1) key += `${(words[i]! & masks[i]!) >>> 0},`;
    return key;
  }

  add(words: readonly number[], rule: number): void {
    const key = this.#key(words);
    const list = this.#rules.get(key);
    if (list === undefined) this.#rules.set(key, [rule]);
    else if (list.at(-1) !== rule) list.push(rule);
  }

  /** Rules that may fit an address, in order. */
  of(words: Uint32Array): readonly number[] {
    return this.#rules.get(this.#key(words)) ?? NONE;
  }
}

function inAddresses(ranges: readonly AddressRange[] | undefined, words: Uint32Array, length: number): boolean {
  if (ranges === undefined) return true;
  for (const range of ranges) {
    if (range.length !== length) continue;
    let inside = true;
    for (let i = 0; i < range.words.length && inside; i += 1)
      inside = (words[i]! & range.masks[i]!) >>> 0 === range.words[i];
    if (inside) return true;
  }
  return false;
}

function inPorts(ranges: readonly PortRange[] | undefined, port: number): boolean {
  if (ranges === undefined) return true;
  for (const [first, last] of ranges) if (port >= first && port <= last) return true;
  return false;
}

/** Nanoseconds from the flow's base. */
const fromBase = ({ seconds, nanoseconds }: Moment, base: number): number => (seconds - base) * 1e9 + nanoseconds;

/** Bits of the shortest prefix of a side; 0 where every address fits. */
const bitsOf = (ranges: readonly AddressRange[] | undefined): number =>
  ranges === undefined ? 0 : Math.min(...ranges.map(({ bits }) => bits));

/**
 * Finds the first rule that fits a flow. Rules are looked up by the side of them that has the longer prefixes; only those
 * without addresses are gone through.
 */
export class RuleMatcher {
  readonly rules: readonly LabelRule[];
  /** Rows that each rule was the first to fit. */
  readonly matched: Float64Array;
  readonly #overlap: boolean;
  readonly #indexes: PrefixIndex[] = [];
  readonly #others: number[] = [];

  constructor({ rules, time }: LabelRules) {
    this.rules = rules;
    this.matched = new Float64Array(rules.length);
    this.#overlap = time === 'overlap';
    rules.forEach(({ source, destination }, i) => {
      const side = bitsOf(source) >= bitsOf(destination) ? source : destination;
      if (side === undefined || bitsOf(side) === 0) this.#others.push(i);
      else for (const range of side) this.#indexOf(range).add(range.words, i);
    });
  }

  #indexOf(range: AddressRange): PrefixIndex {
    const found = this.#indexes.find(({ length, bits }) => length === range.length && bits === range.bits);
    if (found !== undefined) return found;
    const made = new PrefixIndex(range);
    this.#indexes.push(made);
    return made;
  }

  /** Index of the first rule that fits; -1 for none. Counts it. */
  find(facts: FlowFacts): number {
    const { sourceWords, destinationWords, addressLength } = facts;
    let best = this.#firstOf(this.#others, facts, this.rules.length);
    for (const index of this.#indexes) {
      if (index.length !== addressLength) continue;
      best = this.#firstOf(index.of(sourceWords), facts, best);
      best = this.#firstOf(index.of(destinationWords), facts, best);
    }
    if (best === this.rules.length) return -1;
    this.matched[best]! += 1;
    return best;
  }

  #firstOf(candidates: readonly number[], facts: FlowFacts, best: number): number {
    for (const i of candidates) {
      if (i >= best) return best;
      if (this.#fits(this.rules[i]!, facts)) return i;
    }
    return best;
  }

  #fits(rule: LabelRule, facts: FlowFacts): boolean {
    if (rule.protocol !== undefined && rule.protocol !== facts.protocol) return false;
    const { from, to } = rule;
    if (to !== undefined && !(facts.start <= fromBase(to, facts.base))) return false;
    if (from !== undefined && !((this.#overlap ? facts.end : facts.start) >= fromBase(from, facts.base))) return false;
    if ((rule.sourcePorts !== undefined || rule.destinationPorts !== undefined) && facts.portKind !== PORTS)
      return false;
    const { addressLength: length, sourceWords, destinationWords, sourcePort, destinationPort } = facts;
    if (fitsEnds(rule, length, sourceWords, sourcePort, destinationWords, destinationPort)) return true;
    return !rule.forward && fitsEnds(rule, length, destinationWords, destinationPort, sourceWords, sourcePort);
  }
}

function fitsEnds(
  { source, destination, sourcePorts, destinationPorts }: LabelRule,
  length: number,
  from: Uint32Array,
  fromPort: number,
  to: Uint32Array,
  toPort: number,
): boolean {
  return (
    inPorts(sourcePorts, fromPort) &&
    inPorts(destinationPorts, toPort) &&
    inAddresses(source, from, length) &&
    inAddresses(destination, to, length)
  );
}
