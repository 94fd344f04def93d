import { type Capture, registry } from './capture.ts';
import { classOf, namesOf, paired, STACK, split } from './compare.ts';
import type { Cell } from './rule.ts';
import { stackRules } from './rules/stack.ts';
import { valueRules } from './rules/values.ts';
import { type TsharkRow, tsharkRows } from './tshark.ts';

/** A frame in which tshark has other values: its list of layers, what it finds malformed, and its cells by field. */
export type Different = readonly [
  frame: number,
  stack: string,
  malformed: string,
  cells: Readonly<Record<string, string>>,
];

/** What tshark said of a capture: cells by field (an index into the names), and a hash of those that are not different. */
export interface RecordedCapture {
  readonly frames: number;
  /** Our frames that tshark does not read. */
  readonly without: readonly number[];
  readonly cells: readonly (readonly [field: number, cells: number, hash: number])[];
  readonly different: readonly Different[];
}

/** What tshark said of captures. */
export interface Recording {
  readonly tshark: string;
  /** The fields that both sides had when it was made. */
  readonly fields: readonly string[];
  readonly captures: Readonly<Record<string, RecordedCapture>>;
}

const MALFORMED = '_ws.malformed';
const START = 0x811c9dc5;

/** FNV-1a over the frame's number and the text of a cell. */
function mix(hash: number, frame: number, text: string): number {
  let mixed = Math.imul(hash ^ frame, 0x01000193);
  for (let i = 0; i < text.length; i += 1) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(mixed ^ 0xffff, 0x01000193) >>> 0;
}

/** Counts and hashes of cells by field. */
class Cells {
  readonly counts: number[];
  readonly hashes: number[];

  constructor(fields: number) {
    this.counts = new Array<number>(fields).fill(0);
    this.hashes = new Array<number>(fields).fill(START);
  }

  add(field: number, frame: number, text: string): void {
    if (text === '') return;
    this.counts[field]! += 1;
    this.hashes[field] = mix(this.hashes[field]!, frame, text);
  }
}

/** Names among `fields` that packetloom has in a capture, and those that every frame has. */
function ownNames(capture: Capture, fields: ReadonlySet<string>): Set<string> {
  const names = new Set([...fields].filter((name) => name.startsWith('frame.')));
  for (const { layers } of capture.frames()) {
    for (const layer of layers) {
      for (const { name } of layer.fields) for (const one of namesOf(name)) if (fields.has(one)) names.add(one);
    }
  }
  return names;
}

/** Records what tshark says of a capture. `met` are the fields it has there. */
export async function record(
  capture: Capture,
  fields: readonly string[],
  met: Iterable<string>,
): Promise<RecordedCapture> {
  const places = new Map(fields.map((name, i) => [name, i]));
  const names = [...new Set([...ownNames(capture, new Set(fields)), ...met])];
  const cells = new Cells(names.length);
  const different: Different[] = [];
  const without: number[] = [];
  let frames = 0;
  const theirs = tsharkRows(capture.path, [...names, MALFORMED]);
  for await (const [ours, row] of paired(capture.rows(names), theirs, ([frame]) => frame.fileOffset)) {
    if (ours === undefined) continue;
    if (row === undefined) {
      without.push(ours[0].number);
      continue;
    }
    frames += 1;
    const other = addRow(cells, ours[0].number, names, ours[1], row);
    if (other !== undefined) different.push(other);
  }
  const told = names.map((name, i) => [places.get(name)!, cells.counts[i]!, cells.hashes[i]!] as const);
  return { frames, without, cells: told.filter(([, count]) => count > 0), different };
}

function addRow(
  cells: Cells,
  number: number,
  names: readonly string[],
  ours: readonly string[],
  row: TsharkRow,
): Different | undefined {
  const other: Record<string, string> = {};
  names.forEach((name, i) => {
    const text = row.cells[i]!;
    if (text === ours[i]) cells.add(i, number, text);
    else other[name] = text;
  });
  if (Object.keys(other).length === 0) return undefined;
  return [number, row.cells[names.indexOf(STACK)]!, row.cells[names.length]!, other];
}

/** Compares what packetloom says with what was recorded; gives what differs for no known reason, a line each. */
export function compareRecorded(capture: Capture, recorded: RecordedCapture, fields: readonly string[]): string[] {
  const expected = new Map(recorded.cells.map(([field, count, hash]) => [fields[field]!, { count, hash }]));
  const different = new Map(recorded.different.map((one) => [one[0], one]));
  const known = new Set(fields.filter((name) => registry.fields.has(name) || name.startsWith('frame.')));
  const others = recorded.different.flatMap(([, , , cells]) => Object.keys(cells));
  const names = [...new Set([...ownNames(capture, known), ...expected.keys(), ...others])].filter((name) =>
    known.has(name),
  );
  const gone = fields.filter((name) => !known.has(name) && expected.has(name));
  const problems = gone.map((name) => `${name} is no field any more`);
  const cells = new Cells(names.length);
  let frames = 0;
  for (const [frame, ours] of capture.rows(names)) {
    if (recorded.without.includes(frame.number)) continue;
    frames += 1;
    const other = different.get(frame.number);
    names.forEach((field, i) => {
      const theirs = other?.[3][field];
      if (theirs === undefined) cells.add(i, frame.number, ours[i]!);
      else if (theirs !== ours[i]) {
        const [, stack, malformed] = other!;
        const cell: Cell = { field, frame, stack, malformed, ours: split(ours[i]!), theirs: split(theirs) };
        const found = classOf(field === STACK ? stackRules : valueRules, field, cell);
        if (found === '') problems.push(`frame ${frame.number} ${field}: ours "${ours[i]}", tshark "${theirs}"`);
      }
    });
  }
  if (frames !== recorded.frames) problems.push(`${frames} frames, tshark ${recorded.frames}`);
  names.forEach((name, i) => {
    const { count, hash } = expected.get(name) ?? { count: 0, hash: START };
    if (cells.counts[i] !== count) problems.push(`${name} has ${cells.counts[i]} cells, tshark ${count}`);
    else if (cells.hashes[i] !== hash) problems.push(`${name} has other values than tshark`);
  });
  return problems;
}
