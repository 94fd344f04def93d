import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
/** Captures that come with the sources. */
export const vendored: string = join(root, 'test', 'captures');
/** All captures, where they are at hand. */
export const everything: string = ['../shared/captures', 'test/captures']
  .map((path) => join(root, path))
  .find(existsSync)!;
/** What was recorded of the vendored ones. */
export const recordedFile: string = join(import.meta.dirname, 'recorded.json');
/** The page of results. */
export const page: string = join(root, 'docs', 'conformance.md');

const FILE = /\.(pcap|pcapng|cap|erf|snoop)(\.gz|\.zst)?$/;

/** A capture: where it is, and its name for people. */
export interface Named {
  readonly path: string;
  readonly name: string;
}

/** The capture at a path, or all in the folder there. */
export function capturesAt(path: string): Named[] {
  if (!statSync(path).isDirectory()) return [{ path, name: relative(everything, path).replace(/^(\.\.\/)+.*\//, '') }];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => FILE.test(file))
    .toSorted()
    .map((name) => ({ path: join(path, name), name }));
}
