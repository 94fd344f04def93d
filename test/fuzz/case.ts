import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutate.ts';

/** A frame that once failed, with what it did. */
export interface Case extends Mutant {
  readonly reason: string;
}

/** Where cases are kept. */
export const CASES = join(import.meta.dirname, '..', 'fuzz-cases');

/** Keeps a frame, under a name that says what it is; the same frame has one case. */
export function keepCase({ reason, bytes, wire, linkType }: Case, folder = CASES): string {
  const hex = Buffer.from(bytes).toString('hex');
  const name = `${createHash('sha256').update(`${linkType} ${wire} ${hex}`).digest('hex').slice(0, 12)}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `${JSON.stringify({ reason, linkType, wire, hex }, null, 2)}\n`);
  return name;
}

/** Every case, by file name. */
export function readCases(folder = CASES): [name: string, Case][] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => {
      const { hex, ...rest } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return [name, { ...rest, bytes: new Uint8Array(Buffer.from(hex, 'hex')) }];
    });
}
