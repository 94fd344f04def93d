import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fields } from '../../core/declare/field.ts';
import { hex } from '../../core/testing.ts';
import { dissectors } from '../../dissectors/index.ts';
import { dissect } from './support/registry.ts';
import { noTshark, tsharkFields } from './support/tshark.ts';
import { unless } from './support/unless.ts';
import { writePcap } from './support/write-pcap.ts';

/** A frame made for one case of a protocol, with what tshark 4.0.17 says of the protocol's fields. */
interface Case {
  readonly bytes: string;
  /** By field: all values. Fields that are not named are absent. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Fields where we differ, and why. */
  readonly differs?: Readonly<Record<string, string>>;
}

const folder = join(import.meta.dirname, 'recorded');
const read = (protocol: string) =>
  JSON.parse(readFileSync(join(folder, `${protocol}.json`), 'utf8')) as readonly Case[];
const protocols = readdirSync(folder).map((file) => file.slice(0, -'.json'.length));
/** DNS's own fields are those of its local forms too. */
const dissectorsOf = (protocol: string) => (protocol === 'dns' ? ['dns', 'mdns', 'llmnr'] : [protocol]);

const namesIn = (fields: Fields): string[] =>
  Object.values(fields).flatMap((field) => (field.kind === 'repeated' ? namesIn(field.item) : [field.name]));
const namesOf = (protocol: string) => [
  ...new Set(
    dissectors.filter(({ name }) => dissectorsOf(protocol).includes(name)).flatMap(({ fields }) => namesIn(fields)),
  ),
];

const BETWEEN = ' | ';
const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
/** Control characters as tshark writes them into a column. */
const escaped = (text: string) => Array.from(text, (character) => ESCAPES[character] ?? character).join('');

describe('fields equal those that tshark recorded of frames made for each case', () => {
  for (const protocol of protocols) {
    it(protocol, () => {
      const names = namesOf(protocol);
      expect(names.length).toBeGreaterThan(5);
      read(protocol).forEach(({ bytes, values, differs = {} }, i) => {
        const frame = dissect(hex(bytes));
        for (const name of names) {
          // An empty text is an empty column.
          const ours = (frame.values[name] ?? []).map(escaped).join(BETWEEN);
          const theirs = (values[name] ?? []).join(BETWEEN);
          if (differs[name] === undefined) expect(ours, `${name} of frame ${i + 1}`).toBe(theirs);
          else expect(ours, `${name} of frame ${i + 1} differs no more`).not.toBe(theirs);
        }
      });
    });
  }
});

describe('what was recorded is what tshark says', () => {
  let temporary = '';
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'recorded-'));
  });
  afterAll(() => rmSync(temporary, { recursive: true }));

  for (const protocol of protocols) {
    it(protocol, ({ skip }) => {
      unless(noTshark, skip);
      const cases = read(protocol);
      const path = join(temporary, `${protocol}.pcap`);
      writePcap(
        path,
        cases.map(({ bytes }) => hex(bytes)),
      );
      const names = namesOf(protocol);
      tsharkFields(path, names).forEach((row, i) => {
        const now = Object.fromEntries(names.map((name, j) => [name, row[j]!]).filter(([, { length }]) => length! > 0));
        expect(now, `frame ${i + 1}`).toEqual(cases[i]!.values);
      });
    });
  }
});
