import type { TextRow } from './expected.ts';
import { type Findings, sameCell } from './findings.ts';
import { readFrames } from './frames.ts';
import { ourRows } from './ours.ts';
import type { Tool } from './tool.ts';

const count = (one: readonly string[], other: TextRow, row: TextRow): number =>
  one.filter((column) => sameCell(row[column] ?? '', other[column] ?? '')).length;

/** Compares the preset under `compatibility: exact` with a tool's rows of one capture: rows by identity, then the cells. */
export async function compareExact(
  tool: Tool,
  capture: string,
  file: string,
  expected: readonly TextRow[],
  found: Findings,
): Promise<void> {
  const { rows, error } = await ourRows(file, { features: [tool.preset], flow: tool.flow, compatibility: 'exact' });
  if (error !== undefined) {
    found.leftOut.push(`${capture}: ${error.message.split(': ').at(-1)}`);
    return;
  }
  const frames = await readFrames(file, {});
  const counted = expected.filter((row) => !tool.isArtefact(row, frames));
  found.captures += 1;
  found.theirs += counted.length;
  found.artefacts += expected.length - counted.length;
  found.ours += rows.length;
  const byIdentity = new Map<string, TextRow[]>();
  for (const row of rows) {
    const identity = tool.identityOf(row);
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), row]);
  }
  for (const row of counted) {
    const identity = tool.identityOf(row);
    const columns = Object.keys(row).filter((column) => !Object.hasOwn(tool.leftOut, column));
    const candidates = byIdentity.get(identity) ?? [];
    // Of several flows with one identity, the one that agrees most.
    const own = [...candidates].sort((a, b) => count(columns, b, row) - count(columns, a, row))[0];
    if (own === undefined) {
      found.unexplained.push(`${capture}: no row for ${identity}`);
      continue;
    }
    candidates.splice(candidates.indexOf(own), 1);
    found.matched += 1;
    for (const column of columns) {
      found.cells += 1;
      if (sameCell(row[column]!, own[column] ?? '')) found.equal += 1;
      else found.unexplained.push(`${capture}: ${identity}: ${column}: ${row[column]}, ours ${own[column]}`);
    }
  }
}
