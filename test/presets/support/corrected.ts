import type { FramedRow, World } from './classes.ts';
import type { TextRow } from './expected.ts';
import { type Findings, sameCell } from './findings.ts';
import { type Facts, readFrames } from './frames.ts';
import { ourRows } from './ours.ts';
import { pairRows } from './pair.ts';
import { framedRows } from './split.ts';
import type { Tool } from './tool.ts';

const IDENTITY = [
  { name: '@flow_id', value: 'flow_id' },
  { name: '@segment', value: 'segment' },
  { name: '@frames', value: 'frames' },
  { name: '@end', value: 'end_reason' },
];

/** Rows of captures with damaged frames, which the tool's library reads in ways of its own. */
const DAMAGED = {
  name: 'damaged frames',
  verdict: 'rule',
  reason:
    'in captures with damaged frames the tool reads headers that are invalid, cut short or of another version than the link says, in ways of its own',
} as const;

/** An IP header was announced and could not be read. */
const isUnreadable = (frame: Facts): boolean =>
  /:(ip|ipv6)(:|$)/.test(String(frame['frame.protocols'])) && frame['ip.src'] === null && frame['ipv6.src'] === null;

/** Captures of which only the first 400 rows of each tool are kept. */
const SHORTENED: ReadonlySet<string> = new Set(['flows/gnutella.pcap', 'flows/sumstat.pcap', 'transport/synscan.pcap']);

/** The tool's rows with their frames; a row that its rules do not give has none. */
function framed(tool: Tool, rows: readonly TextRow[], world: World): FramedRow[] {
  const free = new Map<string, (readonly number[])[]>();
  for (const { identity, frames } of world.toolFlows) free.set(identity, [...(free.get(identity) ?? []), frames]);
  return rows.map((row) => ({ row, frames: free.get(tool.identityOf(row))?.shift() ?? [] }));
}

/** The first frame that only one of two lists holds. */
function firstApart(a: readonly number[], b: readonly number[]): number | undefined {
  const [one, other] = [new Set(a), new Set(b)];
  return [...a.filter((n) => !other.has(n)), ...b.filter((n) => !one.has(n))].sort((x, y) => x - y)[0];
}

/** Compares the corrected preset with a tool's rows of one capture: every difference gets a class, or is unexplained. */
export async function compareCorrected(
  tool: Tool,
  capture: string,
  file: string,
  expected: readonly TextRow[],
  found: Findings,
): Promise<void> {
  const features = [tool.preset, ...IDENTITY, ...tool.context];
  const { rows, error, flow } = await ourRows(file, { features, flow: tool.flow });
  if (error !== undefined || flow === undefined) {
    found.leftOut.push(`${capture}: ${error?.message.split(': ').at(-1)}`);
    return;
  }
  const frames = await readFrames(file, flow);
  const toolFlows = tool.flowsOf(frames, tool.flow);
  const ours = framedRows(rows, frames);
  const world: World = {
    capture,
    frames,
    frame: (number) => frames[number - 1]!,
    toolFlows,
    ours,
    toolFlow: new Map(toolFlows.flatMap((one) => one.frames.map((number) => [number, one] as const))),
    ourRow: new Map(ours.flatMap((one) => one.frames.map((number) => [number, one] as const))),
  };
  const counted = expected.filter((row) => !tool.isArtefact(row, frames));
  const theirs = framed(tool, counted, world);
  const listed = new Set(theirs.map((row) => row.frames[0]));
  const rowClass = (number: number) => tool.rowClasses.find((one) => one.holds(world.frame(number), world));
  const isDamaged = capture.startsWith('malformed/') || frames.some(isUnreadable);
  const unruled = frames.some((frame) => tool.unruled?.holds(frame, world)) ? tool.unruled : undefined;
  found.captures += 1;
  found.theirs += theirs.length;
  found.artefacts += expected.length - counted.length;
  for (const { theirs: a, ours: b } of pairRows(theirs, ours)) {
    if (a !== undefined && a.frames.length === 0) {
      const damaged = isDamaged ? DAMAGED : unruled;
      const tally = found.tally(damaged, `${capture}: no flow of the tool's rules for ${tool.identityOf(a.row)}`);
      if (tally !== undefined) tally.onlyTheirs += 1;
      continue;
    }
    const first = (a ?? b)!.frames[0];
    if (first === undefined) {
      const damaged = isDamaged ? DAMAGED : undefined;
      found.tally(damaged, `${capture}: no frames for our row ${JSON.stringify(b?.row)}`);
      continue;
    }
    if (a === undefined) {
      const own = world.toolFlow.get(first);
      const unlisted = own !== undefined && !listed.has(own.frames[0]);
      if (unlisted && SHORTENED.has(capture)) continue;
      found.ours += 1;
      const difference = unlisted && isDamaged ? DAMAGED : (rowClass(first) ?? (unlisted ? unruled : undefined));
      const tally = found.tally(difference, `${capture}: only ours: frame ${first}`);
      if (tally !== undefined) tally.onlyOurs += 1;
      continue;
    }
    if (b === undefined) {
      const tally = found.tally(rowClass(first), `${capture}: only theirs: frame ${first}`);
      if (tally !== undefined) tally.onlyTheirs += 1;
      continue;
    }
    found.ours += 1;
    found.matched += 1;
    const apart = firstApart(a.frames, b.frames);
    for (const [column, value] of Object.entries(a.row)) {
      if (Object.hasOwn(tool.leftOut, column)) continue;
      found.cells += 1;
      const own = b.row[column];
      if (own !== undefined && sameCell(value, own)) {
        found.equal += 1;
        continue;
      }
      const difference =
        apart === undefined
          ? tool.cellClasses.find((one) => one.holds(column, { theirs: a, ours: b, world }))
          : rowClass(apart);
      const tally = found.tally(difference, `${capture}: frame ${first}, ${column}: ${value}, ours ${own}`);
      if (tally === undefined) continue;
      tally.cells += 1;
      tally.rows.add(`${capture} ${first}`);
    }
  }
}
