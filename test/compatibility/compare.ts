import { type FlowsOptions, flows } from '../../cli/library/flows.ts';
import { type TextRow as Row, readRows } from '../presets/support/expected.ts';

/** What a comparison found. */
export interface Outcome {
  readonly rows: number;
  readonly cells: number;
  /** Rows of the tool that we do not have, and rows that it does not have. */
  readonly unmatched: readonly string[];
  readonly extra: readonly string[];
  /** `key: column: theirs, ours` */
  readonly differing: readonly string[];
}

/** How rows of a tool are compared with ours. */
export interface Comparison {
  readonly options: FlowsOptions;
  /** Columns that tell rows apart. */
  readonly key: readonly string[];
  /** Our name of a column of theirs, where it is another. */
  readonly names?: Readonly<Record<string, string>>;
  /** Rows that are compared with nothing. */
  artefact?(row: Row): boolean;
}

const text = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'boolean' ? String(Number(value)) : String(value);

/** Counts and bytes exactly, other numbers to 1e-9 of their size, texts exactly. */
function equal(theirs: string, ours: string): boolean {
  if (theirs === ours) return true;
  if (theirs === '' || ours === '') return false;
  const [a, b] = [Number(theirs), Number(ours)];
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** Compares the rows of a tool for one capture with ours, whatever their order. */
export async function compare(rowsFile: string, capture: string, how: Comparison): Promise<Outcome> {
  const expected = readRows(rowsFile).filter((row) => how.artefact?.(row) !== true);
  const nameOf = (column: string): string => how.names?.[column] ?? column;
  const ours = new Map<string, Row[]>();
  for await (const row of flows(capture, { ...how.options, compatibility: 'exact' })) {
    const texts = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]));
    const key = how.key.map((name) => texts[nameOf(name)]).join(' ');
    ours.set(key, [...(ours.get(key) ?? []), texts]);
  }
  const unmatched: string[] = [];
  const differing: string[] = [];
  let cells = 0;
  for (const row of expected) {
    const key = how.key.map((name) => row[name]).join(' ');
    const candidates = ours.get(key) ?? [];
    const faults = candidates.map((one) =>
      Object.keys(row).filter((column) => !equal(row[column]!, one[nameOf(column)] ?? 'no such column')),
    );
    const best = faults.reduce((least, one, i) => (one.length < faults[least]!.length ? i : least), 0);
    if (candidates.length === 0) {
      unmatched.push(key);
      continue;
    }
    const [match] = candidates.splice(best, 1);
    cells += Object.keys(row).length;
    for (const column of faults[best]!) differing.push(`${key}: ${column}: ${row[column]}, ${match![nameOf(column)]}`);
  }
  const extra = [...ours].flatMap(([key, rows]) => rows.map(() => key));
  return { rows: expected.length, cells, unmatched, extra, differing };
}
