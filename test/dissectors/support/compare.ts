import type { DissectedFrame } from '../../../core/testing.ts';
import { differences } from './differences.ts';
import { readPcap } from './read-pcap.ts';
import { dissect, registry } from './registry.ts';

/** Every name a field of ours goes by. */
export const names: readonly string[] = [...registry.fields.keys()];

const declared = new Map(
  names.map((name) => [name, new Set(registry.fields.get(name)!.map(({ field }) => field.name))]),
);

/** All values that go by a name, in the frame's order. */
function valuesOf(frame: DissectedFrame, name: string): string[] {
  const real = declared.get(name)!;
  return frame.layers.flatMap(({ fields }) =>
    fields.filter((field) => real.has(field.name)).map(({ value }) => escaped(value)),
  );
}

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };
/** As tshark escapes what would break a row; a backslash stays as it is. */
const escaped = (value: string) => value.replaceAll(/[\t\n\r]/g, (character) => ESCAPES[character]!);

/** What came of comparing one capture. */
export interface Comparison {
  readonly frames: number;
  /** Values that are the same and not absent. */
  readonly same: number;
  /** Differences that no class explains. */
  readonly unexplained: readonly string[];
  /** Reasons of the classes that were met. */
  readonly reasons: ReadonlySet<string>;
}

/** Compares every field of every frame with the values that tshark gave, by frame and field. */
export function compare(path: string, theirs: (frame: number, name: string) => readonly string[]): Comparison {
  const unexplained: string[] = [];
  const reasons = new Set<string>();
  let same = 0;
  const records = readPcap(path);
  records.forEach(({ bytes, linkType, wire }, i) => {
    const frame = dissect(bytes, { linkType, wire });
    for (const name of names) {
      const ours = valuesOf(frame, name);
      const expected = theirs(i, name);
      if (ours.join('\x1f') === expected.join('\x1f')) {
        same += ours.length;
        continue;
      }
      const difference = differences.find(({ fields, applies }) => fields.test(name) && applies(frame, ours, expected));
      if (difference !== undefined) reasons.add(difference.reason);
      else unexplained.push(`frame ${i + 1} ${name}: ours "${ours.join()}", tshark "${expected.join()}"`);
    }
  });
  return { frames: records.length, same, unexplained, reasons };
}
