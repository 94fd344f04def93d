import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fields } from '../../core/declare/field.ts';
import { hex } from '../../core/testing.ts';
import { dissectors } from '../../dissectors/index.ts';
import { type LinkGroup, linkGroups } from './support/recorded-links.ts';
import { dissect } from './support/registry.ts';
import { noTshark, tsharkFields } from './support/tshark.ts';
import { unless } from './support/unless.ts';
import { writePcap } from './support/write-pcap.ts';

const namesIn = (fields: Fields): string[] =>
  Object.values(fields).flatMap((field) => (field.kind === 'repeated' ? namesIn(field.item) : [field.name]));
const namesOf = ({ dissectors: wanted }: LinkGroup) => [
  ...new Set(dissectors.filter(({ name }) => wanted.includes(name)).flatMap(({ fields }) => namesIn(fields))),
];

const BETWEEN = '\x1f';
/** Layers of tshark's that are none of ours: an Ethertype, and bytes that nobody claims. */
const PSEUDO: readonly string[] = ['ethertype', 'data'];

describe('stacks and fields equal those that tshark recorded of frames made for each case', () => {
  for (const [file, group] of linkGroups) {
    it(file, () => {
      const names = namesOf(group);
      expect(group.cases.length).toBeGreaterThan(1);
      group.cases.forEach(({ bytes, linkType = 1, stack, ours = stack, values, differs = [] }, i) => {
        const frame = dissect(hex(bytes), { linkType });
        expect(frame.names.join(':'), `frame ${i + 1}`).toBe(ours);
        for (const name of names) {
          const found = (frame.values[name] ?? []).join(BETWEEN);
          const recorded = (values[name] ?? []).join(BETWEEN);
          if (!differs.includes(name)) expect(found, `${name} of frame ${i + 1}`).toBe(recorded);
          else expect(found, `${name} of frame ${i + 1} differs no more`).not.toBe(recorded);
        }
      });
    });
  }

  it('say why where they do not', () => {
    for (const { cases } of linkGroups.values()) {
      for (const { ours, differs, reason } of cases)
        expect(reason !== undefined, reason).toBe(ours !== undefined || differs !== undefined);
    }
  });
});

describe('what was recorded of links and tunnels is what tshark says', () => {
  let temporary = '';
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'links-'));
  });
  afterAll(() => rmSync(temporary, { recursive: true }));

  for (const [file, group] of linkGroups) {
    it(file, ({ skip }) => {
      unless(noTshark, skip);
      const names = namesOf(group);
      for (const type of new Set(group.cases.map(({ linkType = 1 }) => linkType))) {
        const cases = group.cases.filter(({ linkType = 1 }) => linkType === type);
        const path = join(temporary, `${file}-${type}.pcap`);
        writePcap(
          path,
          cases.map(({ bytes }) => hex(bytes)),
          type,
          [],
          true,
        );
        tsharkFields(path, ['frame.protocols', ...names]).forEach(([protocols, ...row], i) => {
          const values = names.map((name, j) => [name, row[j]!] as const).filter(([, { length }]) => length > 0);
          const stack = protocols![0]!.split(':').filter((name) => !PSEUDO.includes(name));
          expect(stack.join(':'), `frame ${i + 1}`).toBe(cases[i]!.stack);
          expect(Object.fromEntries(values), `frame ${i + 1}`).toEqual(cases[i]!.values);
        });
      }
    });
  }
});
