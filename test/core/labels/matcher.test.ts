import { describe, expect, it } from 'vitest';
import type { FlowFacts } from '../../../core/expression/program.ts';
import { PORTS } from '../../../core/frame/frame.ts';
import { RuleMatcher } from '../../../core/labels/matcher.ts';
import { type LabelRuleConfiguration, readLabelRules } from '../../../core/labels/read-rules.ts';

const read = (rules: readonly LabelRuleConfiguration[]): RuleMatcher =>
  new RuleMatcher(readLabelRules({ rules }, '.', (at) => ({ at })));

function flow(source: number, destination: number, port: number): FlowFacts {
  const words = (word: number): Uint32Array => Uint32Array.of(word, 0, 0, 0);
  const known = {
    start: 5e9,
    end: 6e9,
    base: 1000,
    addressLength: 4,
    portKind: PORTS,
    protocol: 6,
    sourcePort: 50_000,
  };
  const ends = { sourceWords: words(source), destinationWords: words(destination), destinationPort: port };
  return { ...known, ...ends } as unknown as FlowFacts;
}

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

describe('a matcher', () => {
  it('finds the rule that going through all of them finds', () => {
    const random = numbers(7);
    const base = 0x0a000000;
    const written = Array.from({ length: 300 }, (_, i) => {
      const side = () => ({ word: base + random(64), bits: [0, 26, 28, 30, 31, 32][random(6)]! });
      return {
        i,
        source: side(),
        destination: side(),
        port: random(3) === 0 ? random(4) : undefined,
        forward: random(2) === 0,
      };
    });
    const text = (word: number): string => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.');
    const rules = written.map(({ i, source, destination, port, forward }) => ({
      ...(source.bits === 0 ? {} : { src_ip: `${text(source.word)}/${source.bits}` }),
      ...(destination.bits === 0 ? {} : { dst_ip: `${text(destination.word)}/${destination.bits}` }),
      ...(port === undefined ? {} : { dst_port: port }),
      direction: forward ? 'forward' : 'either',
      label: String(i),
    }));
    const inside = ({ word, bits }: { word: number; bits: number }, address: number): boolean =>
      Math.floor(word / 2 ** (32 - bits)) === Math.floor(address / 2 ** (32 - bits));
    const found = new Set<number>();
    for (const some of [rules.slice(0, 20), rules.slice(100, 110), rules]) {
      const matcher = read(some);
      const first = rules.indexOf(some[0]!);
      for (let i = 0; i < 1000; i += 1) {
        const [from, to, port] = [base + random(64), base + random(64), random(4)];
        const fits = (a: number, b: number, toPort: number) => (rule: (typeof written)[number]) =>
          inside(rule.source, a) && inside(rule.destination, b) && (rule.port === undefined || rule.port === toPort);
        const expected = written
          .slice(first, first + some.length)
          .findIndex((rule) => fits(from, to, port)(rule) || (!rule.forward && fits(to, from, 50_000)(rule)));
        expect(matcher.find(flow(from, to, port))).toBe(expected);
        found.add(expected);
      }
    }
    expect(found.size).toBeGreaterThan(10);
  });

  it('looks rules up instead of going through them', () => {
    const matcher = read(
      Array.from({ length: 500 }, (_, i) => ({ src_ip: `172.${16 + (i >> 8)}.${i & 255}.0/24`, label: `r${i}` })),
    );
    const facts = flow(0, 0x0a000002, 80);
    const started = performance.now();
    for (let i = 0; i < 100_000; i += 1) {
      facts.sourceWords[0] = 0x0b000000 + i;
      matcher.find(facts);
    }
    // Fifty million comparisons take many times as long.
    expect(performance.now() - started).toBeLessThan(1500);
    facts.sourceWords[0] = 0xac110000 + (7 << 8) + 9;
    expect(matcher.rules[matcher.find(facts)]!.values).toEqual(['r263']);
  });
});
