import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineDissector, definePlugin, header, located, tableNamed, text, uint8 } from '../../core/plugin.ts';
import { createRegistry, openBench } from '../../core/testing.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../dissectors/build.ts';
import { dissectors } from '../../dissectors/index.ts';
import { registry } from '../dissectors/support/registry.ts';
import { type Case, keepCase, readCases } from './case.ts';
import { capturesBelow, readSeeds, type Seed } from './corpus.ts';
import { allOf, contractCheck, fuzz } from './fuzz.ts';
import { mutate } from './mutate.ts';
import { randomFrom } from './random.ts';
import { rowsCheck } from './rows.ts';

const bench = openBench(registry);
const check = allOf(contractCheck(registry, bench), rowsCheck(registry, bench));

describe('cases that once failed', () => {
  for (const [name, found] of readCases()) {
    it(`${name}: ${found.reason}`, () => {
      expect(check(found)).toBeUndefined();
    });
  }

  it('are kept and read back', () => {
    const folder = mkdtempSync(join(tmpdir(), 'packetloom-fuzz-'));
    try {
      const found: Case = { reason: 'x: throws', bytes: Uint8Array.of(1, 0xff), wire: 3, linkType: 101 };
      const name = keepCase(found, folder);
      expect(keepCase(found, folder)).toBe(name);
      expect(readCases(folder)).toEqual([[name, found]]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** A protocol with a fault in it, behind UDP port 7777. */
const faulty = (find: (bytes: Uint8Array, at: number, end: number) => number) => {
  const fields = header({
    length: uint8('faulty.length'),
    name: located(
      (bytes, at, end) => find(bytes, at, end),
      text('faulty.name', (bytes, at, end) => Math.min(bytes[at - 1] ?? 0, end - at)),
    ),
  });
  const dissector = defineDissector({
    name: 'faulty',
    title: 'Faulty',
    claims: [tableNamed('udp.port').at(7777)],
    fields,
  });
  return createRegistry([definePlugin({ name: 'faulty', dissectors: [...dissectors, dissector] })]);
};

const seedFrom = (ownRegistry: typeof registry): Seed => {
  const bytes = buildFrame(ethernet(), ipv4(), udp({ destination: 7777 }), [2, 0x61, 0x62, 9, 9]);
  const dissected = openBench(ownRegistry)(bytes);
  return { bytes, wire: bytes.length, linkType: 1, dissected };
};

describe('the fuzz command', () => {
  it.each([
    ['a read behind the frame', (bytes: Uint8Array, at: number) => (bytes[at + 1 + bytes[at]!] === 9 ? at + 1 : -1)],
    ['a throw', (bytes: Uint8Array, at: number) => (bytes[at]! > 250 ? new Uint8Array(-1).length : at + 1)],
  ])('finds %s, and makes the frame small', (_title, find) => {
    const own = faulty(find);
    const cases: Case[] = [];
    const seed = seedFrom(own);
    fuzz(contractCheck(own, openBench(own)), [seed], { seed: 7, frames: 2000, onCase: (one) => cases.push(one) });
    expect(cases.length).toBeGreaterThan(0);
    expect(cases[0]!.reason).toMatch(/^fuzz: (reads outside its window|sees the bytes|throws)/);
    expect(cases[0]!.bytes.length).toBeLessThanOrEqual(seed.bytes.length);
  });

  it('makes the same frames of the same seed, and reaches every layer', () => {
    const seed = seedFrom(registry);
    const made = (start: number) => {
      const random = randomFrom(start);
      return Array.from({ length: 200 }, () => mutate(seed, seed, random));
    };
    expect(made(5)).toEqual(made(5));
    expect(made(5)).not.toEqual(made(6));
    const changed = new Set<number>();
    for (const { bytes } of made(5)) {
      if (bytes.length === seed.bytes.length)
        bytes.forEach((byte, i) => void (byte === seed.bytes[i] || changed.add(i)));
    }
    // Of the Ethernet, IPv4 and UDP headers and the payload at least half the bytes were changed at one time.
    expect(changed.size).toBeGreaterThan(seed.bytes.length / 2);
  });

  it('finds nothing in two thousand changed frames of the vendored captures', async () => {
    const seeds = await readSeeds(capturesBelow(join(import.meta.dirname, '..', 'captures')), bench);
    expect(seeds.length).toBeGreaterThan(100);
    const cases: Case[] = [];
    const result = fuzz(check, seeds, {
      seed: 1,
      frames: 2000,
      onCase: (one) => cases.push(one),
    });
    expect(cases).toEqual([]);
    expect(result).toEqual({ frames: 2000, failed: 0 });
  });
});
