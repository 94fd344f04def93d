import { createHash } from 'node:crypto';
import type { LabelCounts } from '../labels/labels.ts';
import { printable } from '../printable.ts';
import type { Configuration } from './configuration.ts';
import type { RunResult } from './flow-run.ts';

/** Version of the summary's layout; a change that could break a reader raises it. */
export const SUMMARY_SCHEMA = 1;

/** One output of a run. */
export interface OutputSummary {
  readonly sink: string;
  readonly target: string;
  /** Rows in it. */
  readonly rows: number;
  /** Rows on disk that go out with the next run to the same target. */
  readonly spooled?: number;
  /** Rows it should have got and has not, since when (ISO 8601) and why. */
  readonly lost?: { readonly rows: number; readonly since: string; readonly reason: string };
}

/** What a run did, as `--summary` writes it. Counts that nobody knows are null, never 0. */
export interface RunSummary extends Omit<RunResult, 'stopped' | 'inputs'> {
  readonly schema: number;
  /** Version of the program. */
  readonly version: string;
  /** SHA-256 of the configuration in effect, without its outputs. */
  readonly configuration: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly format: string;
    readonly frames: number;
    readonly blocksSkipped: number;
    readonly damaged?: { readonly offset: number; readonly reason: string };
    /** Of a folder that was watched: files read. */
    readonly files?: number;
    /** How often it went away, or was cut, while it was read; absent where that cannot be. */
    readonly interruptions?: number;
    /** Of an interface: the live source, frames it received by its own count, and what was lost of it. */
    readonly source?: string;
    readonly received?: number | null;
    readonly drops?: RunResult['drops'];
  }[];
  /** Seconds the run took. */
  readonly seconds: number;
  readonly outputs: readonly OutputSummary[];
}

/** Reasons why a frame is skipped, in the order they are printed. */
const SKIP_REASONS = [
  'linkType',
  'etherType',
  'truncated',
  'malformed',
  'filtered',
  'disorder',
  'duplicate',
  'sampled',
];

/** A hash of everything in a configuration that decides what the rows hold. Equal settings have equal hashes. */
export function configurationHash({ sinks: _, ...effective }: Configuration): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(effective)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

function inputSummary(input: RunResult['inputs'][number]): RunSummary['inputs'][number] {
  const { name, format, frames, blocksSkipped, damaged, files, interruptions, source, received = null, drops } = input;
  return {
    name,
    format,
    frames,
    blocksSkipped,
    ...(damaged === undefined ? {} : { damaged: { offset: damaged.offset, reason: damaged.reason } }),
    ...(files === undefined ? {} : { files }),
    ...(interruptions === undefined ? {} : { interruptions }),
    ...(source === undefined ? {} : { source, received, drops }),
  };
}

/** The summary of a run. */
export function runSummary(
  result: Omit<RunResult, 'stopped'>,
  about: Pick<RunSummary, 'version' | 'configuration' | 'seconds' | 'outputs'>,
): RunSummary {
  const { inputs, frames, bytes, flows, fragments, anomalies, disorder, drops, labels, time } = result;
  return {
    schema: SUMMARY_SCHEMA,
    version: about.version,
    configuration: about.configuration,
    inputs: inputs.map(inputSummary),
    frames,
    bytes,
    flows,
    fragments,
    anomalies,
    disorder,
    drops,
    ...(labels === undefined ? {} : { labels }),
    time,
    seconds: about.seconds,
    outputs: about.outputs,
  };
}

/** A count with commas between thousands. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${grouped(count)}`)
    .join(', ');

function dropsText(drops: RunSummary['drops']): string {
  if (Object.values(drops).every((count) => count === null)) return 'unknown';
  return Object.entries(drops)
    .map(([who, count]) => `${who} ${count === null ? 'unknown' : grouped(count)}`)
    .join(', ');
}

/** Rules that never fit are named, the first few of them. */
function labelsText({ rules, labelled, others, byLabel, unmatched }: LabelCounts): string {
  const counts = Object.keys(byLabel).length > 0 ? ` (${counted(byLabel)})` : '';
  const text = `${grouped(labelled)} rows by ${grouped(rules - unmatched.length)} of ${grouped(rules)} rules, ${grouped(others)} by none${counts}`;
  if (unmatched.length === 0) return text;
  const named = unmatched.slice(0, 5).map(({ rule, label }) => `${rule} (${label})`);
  const more = unmatched.length > named.length ? `, and ${grouped(unmatched.length - named.length)} more` : '';
  return `${text}; never the first to fit: ${named.join(', ')}${more}`;
}

function outputText({ sink, target, rows, spooled, lost }: OutputSummary): string {
  const kept = spooled === undefined ? '' : `, ${grouped(spooled)} on disk for the next run`;
  const missing = lost === undefined ? '' : `, ${grouped(lost.rows)} lost since ${lost.since}: ${lost.reason}`;
  return `${sink} ${target}, ${grouped(rows)} rows${kept}${missing}`;
}

function folderText({ name, files = 0, interruptions = 0 }: RunSummary['inputs'][number]): string {
  const cut = interruptions > 0 ? `, ${grouped(interruptions)} removed or cut before they were read wholly` : '';
  return `${name}, ${grouped(files)} files${cut}`;
}

/** What an interface was captured with, what it counts itself, and what was lost of it. */
function interfaceText({
  name,
  source,
  frames,
  received = null,
  interruptions = 0,
  drops,
}: RunSummary['inputs'][number]) {
  const own = received === null ? 'unknown' : grouped(received);
  const away = interruptions > 0 ? `, away ${grouped(interruptions)} ${interruptions === 1 ? 'time' : 'times'}` : '';
  return `${name} by ${source}, ${grouped(frames)} frames (received ${own})${away}; drops: ${dropsText(drops!)}`;
}

/** The summary for people: a few lines. */
export function summaryText(summary: RunSummary): string {
  const { frames, flows, anomalies, disorder, drops, time, seconds, bytes, inputs, outputs, labels } = summary;
  const known = SKIP_REASONS.filter((reason) => reason in frames.skipped);
  const reasons = Object.fromEntries(
    [...known, ...Object.keys(frames.skipped)].map((reason) => [reason, frames.skipped[reason]!]),
  );
  const skipped = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  const lines: [string, string][] = [
    [
      'frames',
      `${grouped(frames.read)} read = ${grouped(frames.used)} used + ${grouped(skipped)} skipped${skipped > 0 ? ` (${counted(reasons)})` : ''}`,
    ],
    [
      'flows',
      `${grouped(flows.rows)} rows (${counted(flows.byEndReason)})${flows.snapshots > 0 ? `, ${grouped(flows.snapshots)} snapshots` : ''}${flows.notKept > 0 ? `, ${grouped(flows.notKept)} not kept` : ''}`,
    ],
  ];
  const { joined, unmatched } = summary.fragments;
  if (joined > 0 || unmatched > 0)
    lines.push(['fragments', `${grouped(joined)} joined, ${grouped(unmatched)} without the first of their packet`]);
  if (Object.keys(anomalies).length > 0) lines.push(['anomalies', counted(anomalies)]);
  const blocks = inputs.reduce((sum, one) => sum + one.blocksSkipped, 0);
  if (blocks > 0) lines.push(['blocks', `${grouped(blocks)} skipped`]);
  for (const one of inputs) if (one.source !== undefined) lines.push(['interface', interfaceText(one)]);
  for (const one of inputs) if (one.files !== undefined) lines.push(['folder', folderText(one)]);
  if (disorder.frames > 0 || disorder.steps > 0 || disorder.reordered > 0) {
    const mended = disorder.reordered > 0 ? `, ${grouped(disorder.reordered)} put in order` : '';
    lines.push(['disorder', `${grouped(disorder.frames)} frames, ${grouped(disorder.steps)} clock steps${mended}`]);
  }
  if (labels !== undefined) lines.push(['labels', labelsText(labels)]);
  lines.push(['drops', dropsText(drops)]);
  if (time.first !== null) lines.push(['time', `${time.first} to ${time.last}`]);
  for (const one of outputs) lines.push(['output', outputText(one)]);
  const rate =
    seconds > 0
      ? `, ${grouped(Math.round(frames.read / seconds))} frames/s, ${grouped(Math.round(bytes / seconds / 1e6))} MB/s`
      : '';
  lines.push(['took', `${seconds.toFixed(3)} s${rate}`]);
  return lines.map(([name, text]) => `${name.padEnd(10)}${printable(text)}\n`).join('');
}
