import type { FieldNode } from '../../core/frame/tree.ts';
import { askAlone, type Remembered } from './alone.ts';
import { Capture, registry, type WalkedFrame } from './capture.ts';
import { sameBits } from './ranges.ts';
import type { Cell, Places, Rule } from './rule.ts';
import { rangeRules } from './rules/ranges.ts';
import { stackRules } from './rules/stack.ts';
import { valueRules } from './rules/values.ts';
import { type Example, type FieldTally, Tally } from './tally.ts';
import { AGGREGATOR, type TsharkRange, tsharkRanges, tsharkRows } from './tshark.ts';

export const STACK = 'frame.protocols';
const MALFORMED = '_ws.malformed';

/** What came of comparing captures. */
export class Results {
  readonly values = new Tally();
  readonly ranges = new Tally();
  /** Lists of layers: most of their differences are protocols that only one side has, so they are told on their own. */
  readonly stackTally = new Tally();
  /** By dissector: frames that have a layer of it. */
  readonly frames = new Map<string, number>();
  /** Frames that both sides have; records that tshark makes of blocks that are no frames; frames that tshark lacks. */
  both = 0;
  theirsOnly = 0;
  oursOnly = 0;
  captures = 0;
  /** Captures of a format that packetloom does not read. */
  readonly refused: string[] = [];
  /** Whether tshark is asked again about frames in which it differs by what it remembers of others. */
  asksAlone = false;

  get stack(): FieldTally {
    return this.stackTally.of(STACK);
  }

  /** Every difference, as told. */
  onDifference: ((kind: string, field: string, name: string, example: Example) => void) | undefined;
}

export const classOf = <Difference>(
  rules: readonly Rule<Difference>[],
  field: string,
  difference: Difference,
): string => rules.find((rule) => rule.fields.test(field) && rule.applies(difference))?.name ?? '';

/** Pairs our frames with tshark's records by their place in the file; undefined where one side has none. */
export async function* paired<Ours, Theirs extends { readonly fileOffset: number }>(
  ours: Iterable<Ours>,
  theirs: AsyncIterable<Theirs>,
  offsetOf: (ours: Ours) => number,
): AsyncGenerator<readonly [Ours | undefined, Theirs | undefined]> {
  const mine = ours[Symbol.iterator]();
  let one = mine.next();
  for await (const other of theirs) {
    while (!one.done && offsetOf(one.value) < other.fileOffset) {
      yield [one.value, undefined];
      one = mine.next();
    }
    if (!one.done && offsetOf(one.value) === other.fileOffset) {
      yield [one.value, other];
      one = mine.next();
    } else yield [undefined, other];
  }
  for (; !one.done; one = mine.next()) yield [one.value, undefined];
}

/** A field's name and its aliases. */
export const namesOf = (field: string): readonly string[] => [
  field,
  ...(registry.fields.get(field)?.[0]?.field.aliases ?? []),
];

function placesOf(frame: WalkedFrame): Map<string, FieldNode[]> {
  const places = new Map<string, FieldNode[]>();
  for (const { fields } of frame.layers) {
    for (const field of fields) {
      for (const name of namesOf(field.name)) {
        const found = places.get(name);
        if (found === undefined) places.set(name, [field]);
        else found.push(field);
      }
    }
  }
  return places;
}

const byPlace = (one: { offset?: number; length?: number }, other: { offset?: number; length?: number }) =>
  one.offset! - other.offset! || one.length! - other.length!;

function samePlaces(ours: readonly FieldNode[], theirs: readonly TsharkRange[]): boolean {
  if (ours.length !== theirs.length) return false;
  if (ours.every((one, i) => sameBits(one, theirs[i]!))) return true;
  // The keys of a JSON object are in the tree's order only within one subtree.
  const mine = ours.toSorted(byPlace);
  return theirs.toSorted(byPlace).every((range, i) => sameBits(mine[i]!, range));
}

const placesText = (places: readonly { offset?: number; length?: number; mask?: number | bigint }[]) =>
  places.map(({ offset, length, mask }) => `${offset}+${length}${mask ? `&${mask.toString(16)}` : ''}`).join(' ');

/** Compares where fields lie, and collects the shared names that either side has. */
async function compareRanges(capture: Capture, name: string, shared: ReadonlySet<string>, results: Results) {
  const met = new Set<string>();
  for await (const [frame, record] of paired(capture.frames(), tsharkRanges(capture.path), (one) => one.fileOffset)) {
    if (record !== undefined) for (const field of record.ranges.keys()) if (shared.has(field)) met.add(field);
    if (frame === undefined) continue;
    for (const [field, nodes] of placesOf(frame)) {
      if (!shared.has(field)) continue;
      met.add(field);
      const theirs = record?.ranges.get(field);
      const ours = nodes.filter(({ offset }) => offset !== undefined);
      if (theirs === undefined || ours.length === 0) continue;
      const tally = results.ranges.of(field);
      tally.cells += 1;
      if (samePlaces(ours, theirs)) tally.equal += 1;
      else {
        const difference: Places = {
          field,
          frame,
          stack: record!.stack,
          malformed: record!.malformed ? 'malformed' : '',
          ours,
          theirs,
        };
        const { number } = frame;
        const found = classOf(rangeRules, field, difference);
        const example = { capture: name, frame: number, ours: placesText(ours), theirs: placesText(theirs) };
        tally.differ(found, example);
        results.onDifference?.('range', field, found, example);
      }
    }
  }
  return met;
}

export const split = (cell: string): readonly string[] => (cell === '' ? [] : cell.split(AGGREGATOR));

const remembered = new Set(
  [...valueRules, ...stackRules].filter(({ kind }) => kind === 'tshark remembers').map(({ name }) => name),
);

async function compareValues(capture: Capture, name: string, names: readonly string[], results: Results) {
  const again: Remembered[] = [];
  const stackAt = names.indexOf(STACK);
  const wanted = [...names, MALFORMED];
  const rows = paired(capture.rows(names), tsharkRows(capture.path, wanted), ([frame]) => frame.fileOffset);
  for await (const [row, record] of rows) {
    if (row === undefined) results.theirsOnly += 1;
    else if (record === undefined) results.oursOnly += 1;
    else results.both += 1;
    if (row === undefined || record === undefined) continue;
    const [frame, cells] = row;
    let asked: Map<string, string> | undefined;
    for (const layer of new Set(frame.layers.map((layer) => layer.name)))
      results.frames.set(layer, (results.frames.get(layer) ?? 0) + 1);
    for (let i = 0; i < names.length; i += 1) {
      const ours = cells[i]!;
      const theirs = record.cells[i]!;
      if (ours === '' && theirs === '') continue;
      const field = names[i]!;
      const tally = i === stackAt ? results.stack : results.values.of(field);
      tally.cells += 1;
      if (ours === theirs) tally.equal += 1;
      else {
        const stack = record.cells[stackAt]!;
        const malformed = record.cells[names.length]!;
        const cell: Cell = { field, frame, stack, malformed, ours: split(ours), theirs: split(theirs) };
        const found = i === stackAt ? classOf(stackRules, field, cell) : classOf(valueRules, field, cell);
        const example = { capture: name, frame: frame.number, ours, theirs };
        tally.differ(found, example);
        results.onDifference?.('value', field, found, example);
        // Of the list of layers its class is enough: thousands of frames of one conversation have nothing else.
        if (results.asksAlone && remembered.has(found) && i !== stackAt) {
          asked ??= new Map();
          asked.set(field, ours);
        }
      }
    }
    if (asked !== undefined) again.push({ record: frame.record(), cells: asked });
  }
  if (results.asksAlone) await askAlone(again, (field) => results.values.of(field));
}

/** Compares one capture and adds to the results. Gives the fields that either side has in it. */
export async function compareCapture(path: string, name: string, shared: ReadonlySet<string>, results: Results) {
  const capture = await Capture.open(path);
  const met = await compareRanges(capture, name, shared, results);
  for (const field of shared) if (field.startsWith('frame.')) met.add(field);
  await compareValues(capture, name, [...met], results);
  results.captures += 1;
  return { capture, met };
}
