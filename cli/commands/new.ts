import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PacketloomError } from '../../core/errors.ts';
import { nearest } from '../../core/expression/nearest.ts';
import { knownNames } from '../catalogue/catalogue.ts';
import { compose } from '../compose.ts';
import { print } from '../print.ts';
import { usageError } from '../report.ts';
import { dissectorScaffold } from '../scaffold/dissector.ts';
import { featureScaffold } from '../scaffold/feature.ts';
import { namesOf, type Scaffold } from '../scaffold/scaffold.ts';
import { sinkScaffold } from '../scaffold/sink.ts';
import { sourceScaffold } from '../scaffold/source.ts';

const SCAFFOLDS: Readonly<Record<string, Scaffold>> = {
  dissector: dissectorScaffold,
  feature: featureScaffold,
  sink: sinkScaffold,
  source: sourceScaffold,
};

function scaffoldOf(kind: string): Scaffold {
  if (Object.hasOwn(SCAFFOLDS, kind)) return SCAFFOLDS[kind]!;
  const kinds = Object.keys(SCAFFOLDS);
  const suggestion = nearest(kind, kinds);
  const hint = suggestion === undefined ? `expected ${kinds.join(', ')}` : `did you mean ${suggestion}?`;
  throw usageError(`new: no such kind "${kind}"; ${hint}`);
}

/** Writes files into the current folder, all of them or none; files that are there are never touched. */
function writeNew(files: Readonly<Record<string, string | Uint8Array>>): void {
  const there = Object.keys(files).find((name) => existsSync(resolve(name)));
  if (there !== undefined) throw usageError(`new: ${there}: is there already, and is not overwritten`);
  for (const [name, content] of Object.entries(files)) {
    try {
      writeFileSync(resolve(name), content, { flag: 'wx' });
    } catch (cause) {
      throw new PacketloomError('sink', `new: ${name}: cannot be written: ${(cause as { code?: string }).code}`, {
        cause,
      });
    }
  }
}

/** `packetloom new`: a plugin with its test, in the current folder. */
export async function runNew(kind: string, name: string): Promise<void> {
  const scaffold = scaffoldOf(kind);
  if (!/^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw usageError(`new: "${name}": expected a name of small letters, digits and hyphens, such as my-protocol`);
  }
  const { registry } = await compose();
  if (knownNames(registry, scaffold.kind).has(name)) {
    throw usageError(`new: ${kind} "${name}" is already there; see packetloom describe ${name}`);
  }
  const names = namesOf(name);
  const files = scaffold.files(names);
  writeNew(files);
  for (const file of Object.keys(files)) print(`${file}\n`);
  process.stderr.write(
    `Try:\n${scaffold
      .next(names)
      .map((line) => `  ${line}\n`)
      .join('')}`,
  );
}
