import { FrameBatch } from '../../core/frame/batch.ts';
import { Dispatch } from '../../core/frame/dispatch.ts';
import { walkBytes } from '../../core/frame/walk.ts';
import { Cursor } from '../../core/packets/cursor.ts';
import { Protocols } from '../../core/packets/protocols.ts';
import { compileRow } from '../../core/packets/row.ts';
import { selectColumns } from '../../core/packets/selection.ts';
import { TextChunk } from '../../core/packets/text-chunk.ts';
import type { PacketFormat } from '../../core/packets/text-code.ts';
import type { Bench, DissectedFrame, Registry } from '../../core/testing.ts';
import type { Check } from './fuzz.ts';
import type { Mutant } from './mutate.ts';

/** Between values of one cell: a character that nothing else makes. */
const BETWEEN = '\u001e';
const LETTERS: Readonly<Record<string, string>> = { '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r' };
const escaped = (text: string): string => text.replaceAll(/[\b\t\n\f\r]/g, (one) => `\\${LETTERS[one]}`);
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The row that `packets` writes of a frame, every field there is. */
function rowReader(
  registry: Registry,
  names: readonly string[],
  format: PacketFormat,
): (mutant: Mutant, around: number) => string {
  const dissectors = [...registry.dissectors.values()];
  const dispatch = new Dispatch(dissectors, () => true);
  const cursor = new Cursor(dispatch.dissectorIds, { interfaces: [] });
  const layout = {
    format,
    occurrence: 'all',
    aggregator: BETWEEN,
    protocols: new Protocols(dissectors),
  } as const;
  const rows = compileRow(selectColumns(registry, names), layout, cursor);
  const batch = new FrameBatch(1, 0);
  return ({ bytes, wire, linkType }, around) => {
    const buffer = new Uint8Array(bytes.length + 128).fill(around);
    buffer.set(bytes, 64);
    batch.bytes = buffer;
    cursor.enter(batch);
    cursor.index = 0;
    cursor.number = 1;
    walkBytes(cursor.frame, dispatch, buffer, 64, bytes.length, wire, linkType);
    cursor.link();
    // Small, so that it has to grow in the middle of a row.
    const chunk = new TextChunk(64);
    chunk.slack = rows.slack;
    rows.write(cursor, chunk);
    cursor.unlink();
    return decoder.decode(chunk.bytes.subarray(0, chunk.length - 1));
  };
}

/** The values of a frame by name and other names. */
function valuesOf({ layers }: DissectedFrame, registry: Registry): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name: layer, fields } of layers) {
    for (const { name, value } of fields) {
      const entry = registry.fields.get(name)?.find((one) => one.dissector.name === layer);
      for (const one of [name, ...(entry?.field.aliases ?? [])]) {
        const all = values.get(one);
        if (all === undefined) values.set(one, [value]);
        else all.push(value);
      }
    }
  }
  return values;
}

/** What is wrong with a row as JSON. */
function jsonFault(row: string): string | undefined {
  try {
    JSON.parse(row);
    return undefined;
  } catch {
    return 'packets: the row is not JSON';
  }
}

/**
 * The generated code that writes rows against the field tree: the same values, in the same order, whatever stands around
 * the frame.
 */
export function rowsCheck(registry: Registry, bench: Bench): Check {
  const names = [...registry.fields].filter(([name, [first]]) => first!.field.name === name).map(([name]) => name);
  const read = rowReader(registry, names, 'tsv');
  const readJson = rowReader(registry, names, 'jsonl');
  return (mutant) => {
    const values = valuesOf(bench(mutant.bytes, { wire: mutant.wire, linkType: mutant.linkType }), registry);
    try {
      const cells = read(mutant, 0xff).split('\t');
      const other = read(mutant, 0x00).split('\t');
      for (const [i, name] of names.entries()) {
        if (cells[i] !== other[i]) return `packets: ${name} depends on what stands around the frame`;
        const expected = decoder.decode(encoder.encode((values.get(name) ?? []).map(escaped).join(BETWEEN)));
        if (cells[i] !== expected)
          return `packets: ${name} is ${cells[i]} in rows and ${expected} in the tree`.slice(0, 300);
      }
      // Another format of the same, now and then: it has to be JSON.
      return mutant.bytes.length % 4 === 0 ? jsonFault(readJson(mutant, 0xff)) : undefined;
    } catch (error) {
      return `packets: throws ${String(error)}`;
    }
  };
}
