import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Field, Fields } from '../../core/declare/field.ts';
import { dissectors } from '../../dissectors/index.ts';
import { registry } from './support/registry.ts';
import { noTshark } from './support/tshark.ts';
import { unless } from './support/unless.ts';

const folder = join(import.meta.dirname, '..', '..', 'dissectors');
const all = (fields: Fields): Field[] =>
  Object.values(fields).flatMap((one) => (one.kind === 'repeated' ? all(one.item) : [one]));

describe('the array of dissectors', () => {
  it('holds what every file declares, and nothing else', () => {
    const notDissectors = ['build.ts', 'index.ts', 'names.ts', 'tables.ts'];
    const declared = readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !notDissectors.includes(file))
      .flatMap((file) => [
        ...readFileSync(join(folder, file), 'utf8').matchAll(
          /^export const \w+ = defineDissector\(\{\s+name: '([^']+)'/gm,
        ),
      ])
      .map(([, name]) => name!);
    expect(dissectors.map(({ name }) => name).toSorted()).toEqual(declared.toSorted());
  });

  it('has keys whose fields exist', () => {
    for (const { name, key, fields } of dissectors) {
      const own = all(fields).map((field) => field.name);
      for (const field of [...key.pairs.flat(), ...key.symmetric]) expect(own, name).toContain(field);
    }
  });

  it('says of every table who hands numbers to it', () => {
    const handed = new Set(dissectors.flatMap(({ tables }) => tables.map(({ name }) => name)));
    for (const { name, claims } of dissectors) {
      for (const { table } of claims)
        if (!['link.type', 'ppp.protocol'].includes(table.name)) expect(handed, name).toContain(table.name);
    }
  });

  it('calls fields by names that tshark knows', ({ skip }) => {
    unless(noTshark, skip);
    const { stdout } = spawnSync('tshark', ['-G', 'fields'], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const lines = stdout.split('\n').map((line) => line.split('\t'));
    const known = new Map(lines.map(([kind, , name, type]) => [name, kind === 'P' ? 'FT_PROTOCOL' : type]));
    // Each TCP option is a protocol of its own in Wireshark, which -G fields does not list.
    const unlisted = [...registry.fields.keys()].filter((name) => !known.has(name) && name !== 'tcp.options.sack_perm');
    expect(unlisted).toEqual([]);
    const kinds: Record<string, RegExp> = {
      uint: /^FT_(UINT\d+|NONE|ABSOLUTE_TIME|RELATIVE_TIME)$/,
      int: /^FT_INT\d+$/,
      boolean: /^FT_BOOLEAN$/,
      ipv4: /^FT_IPv4$/,
      ipv6: /^FT_IPv6$/,
      mac: /^FT_ETHER$/,
      float: /^FT_(FLOAT|DOUBLE)$/,
      uint64: /^FT_(UINT64|ABSOLUTE_TIME)$/,
      int64: /^FT_INT64$/,
      bytes: /^FT_(BYTES|PROTOCOL|NONE|IPv[46]|GUID|EUI64|ABSOLUTE_TIME)$/,
      text: /^FT_(STRINGZ?|OID|IPv[46]|ABSOLUTE_TIME)$/,
    };
    for (const { name, type, scale } of dissectors.flatMap(({ fields }) => all(fields))) {
      const kind = Number.isInteger(scale) ? type : 'float';
      if (name !== 'tcp.options.sack_perm') expect(known.get(name), name).toMatch(kinds[kind]!);
    }
  });
});

describe('tables of numbers', () => {
  for (const file of readdirSync(join(folder, 'data'))) {
    it(`${file} says where it is from and when`, () => {
      const { origin, date, names } = JSON.parse(readFileSync(join(folder, 'data', file), 'utf8'));
      expect(origin).toMatch(/IANA|IEEE|RFC|3GPP|OASIS|Modbus|\[MS-/);
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      for (const [number, name] of Object.entries(names)) {
        expect(number).toMatch(/^\d+$/);
        expect(name).toMatch(/^\S.*\S$|^\S$/);
      }
    });
  }
});
