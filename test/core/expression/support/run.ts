import { definePlugin, type Plugin } from '../../../../core/declare/plugin.ts';
import { createRegistry, type Registry } from '../../../../core/declare/registry.ts';
import { compileProgram, type FeatureRequest, type ProgramOptions } from '../../../../core/expression/compile.ts';
import type { FlowFacts, FrameColumns, Program } from '../../../../core/expression/program.ts';
import { RowBatch } from '../../../../core/flow/rows.ts';
import { Dispatch } from '../../../../core/frame/dispatch.ts';
import { Frame } from '../../../../core/frame/frame.ts';
import { payloadLength, transportLength } from '../../../../core/frame/lengths.ts';
import { walkBytes } from '../../../../core/frame/walk.ts';
import { aggregates, features, presets } from '../../../../plugins/features/index.ts';
import { PROBE_LINK, type ProbeValues, probe, probeBytes } from './probe.ts';

/** One frame of the one flow of a test. */
export interface TestFrame {
  /** Nanoseconds from the base. */
  readonly time?: number;
  readonly forward?: boolean;
  /** `frame.len`; any number, so that tests of aggregates have their values without bytes. */
  readonly length?: number;
  readonly networkLength?: number;
  readonly probe?: ProbeValues;
  /** Bytes captured, where fewer than all. */
  readonly captured?: number;
}

export type Row = Readonly<Record<string, string | number | null>>;

/** The probe, the aggregates and whatever a test adds. */
export function testRegistry(plugin: Partial<Plugin> = {}): Registry {
  const own = definePlugin({ name: 'test', dissectors: [probe], aggregates });
  return createRegistry([own, definePlugin({ name: 'more', ...plugin })]);
}

export { features, presets };

export const frameColumns = (capacity: number): FrameColumns => ({
  time: new Float64Array(capacity),
  start: new Float64Array(capacity),
  number: new Float64Array(capacity),
  frameLength: new Float64Array(capacity),
  networkLength: new Float64Array(capacity),
  transportLength: new Float64Array(capacity),
  payloadLength: new Float64Array(capacity),
});

/** Facts of a flow as the meter would state them. */
export function factsOf(frames: readonly TestFrame[], changes: Partial<FlowFacts> = {}): FlowFacts {
  const times = frames.map(({ time = 0 }) => time);
  const start = times[0] ?? 0;
  const end = times.at(-1) ?? 0;
  return {
    start,
    end,
    duration: end - start,
    frames: frames.length,
    segment: 0,
    endReason: 1,
    repaired: 0,
    snapshot: null,
    base: 1_700_000_000,
    addressLength: 4,
    sourceWords: Uint32Array.of(0x0a000001, 0, 0, 0),
    destinationWords: Uint32Array.of(0x0a000002, 0, 0, 0),
    sourcePort: 1234,
    destinationPort: 443,
    portKind: 1,
    protocol: 6,
    idHigh: 0x01234567,
    idLow: 0x89abcdef,
    mate: 0,
    level: 1,
    sourceHome: Number.NaN,
    destinationHome: Number.NaN,
    communityIdSeed: 0,
    samplingInterval: 1,
    extra: new Float64Array(0),
    extraTexts: [],
    ...changes,
  };
}

/** Everything a row holds, as values that can be compared; times as text with nine decimals. */
export function readRow(rows: RowBatch, row: number): Row {
  return Object.fromEntries(
    rows.columns.map(({ name, kind }, i) => {
      const { numbers, extra, words, texts } = rows.data[i]!;
      if (kind === 'number') return [name, Number.isNaN(numbers[row]) ? null : numbers[row]!];
      if (kind === 'text') return [name, texts[row]!];
      if (kind === 'time')
        return [name, extra[row]! < 0 ? null : `${numbers[row]}.${String(extra[row]).padStart(9, '0')}`];
      const width = kind === 'hash' ? 2 : 4;
      return [name, [...words.slice(width * row, width * row + width)].map((word) => word.toString(16)).join(':')];
    }),
  );
}

export interface RunOptions {
  readonly registry?: Registry;
  readonly facts?: Partial<FlowFacts>;
  readonly keep?: string;
  readonly keyFields?: readonly string[];
  /** After this many frames the time base moves by so many nanoseconds. */
  readonly move?: { readonly after: number; readonly delta: number };
}

/** Runs a program over the frames of one flow; undefined when `keep` drops the row. */
export function runProgram(
  make: (options: ProgramOptions) => Program,
  requests: readonly FeatureRequest[],
  frames: readonly TestFrame[],
  { registry = testRegistry(), facts = {}, keep, keyFields = [], move }: RunOptions = {},
): Row | undefined {
  const capacity = Math.max(1, frames.length);
  const columns = frameColumns(capacity);
  const kept = keep === undefined ? {} : { keep: { text: keep, at: 'keep' } };
  const program = make({ registry, features: requests, keyFields, columns, capacity, ...kept });
  const dispatch = new Dispatch([...registry.dissectors.values()], () => true);
  const frame = new Frame();
  frames.forEach((one, i) => {
    const bytes = Uint8Array.from(probeBytes(one.probe ?? {}));
    walkBytes(frame, dispatch, bytes, 0, one.captured ?? bytes.length, bytes.length, PROBE_LINK);
    columns.frameLength[i] = one.length ?? bytes.length;
    columns.networkLength[i] = one.networkLength ?? Number.NaN;
    columns.transportLength[i] = transportLength(frame);
    columns.payloadLength[i] = payloadLength(frame);
    program.gather(frame, i);
  });
  // The flow's slots begin behind the meter's own.
  const at = 3;
  const slots = new Float64Array(at + program.birth.length).fill(-1);
  slots.set(program.birth, at);
  const objects = program.createObjects?.();
  let delta = 0;
  frames.forEach(({ time = 0, forward = true }, i) => {
    if (move !== undefined && i === move.after) {
      delta = move.delta;
      for (const slot of program.timeSlots) slots[at + slot]! += delta;
      program.shiftObjects(objects ?? [], delta);
    }
    columns.time[i] = time + delta;
    columns.start[i] = (frames[0]!.time ?? 0) + delta;
    columns.number[i] = i;
    program.update(slots, at, objects, i, forward);
  });
  const all = factsOf(frames, facts);
  if (delta !== 0) Object.assign(all, { start: all.start + delta, end: all.end + delta, base: all.base - delta / 1e9 });
  if (!program.keep(slots, at, objects, all)) return undefined;
  const rows = new RowBatch(program.columns, 2);
  program.finish(slots, at, objects, all, rows, 1);
  return readRow(rows, 1);
}

/** Requests for expressions, named a, b, c ... or as given. */
export const requestsOf = (values: readonly string[] | Readonly<Record<string, string>>): FeatureRequest[] =>
  Array.isArray(values)
    ? values.map((value: string, i) => ({ name: String.fromCharCode(97 + i), at: `features[${i}].value`, value }))
    : Object.entries(values).map(([name, value]) => ({ name, at: `features.${name}`, value }));

/** The result of one expression over the frames of one flow. */
export function resultOf(
  value: string,
  frames: readonly TestFrame[],
  options: RunOptions = {},
): string | number | null {
  return runProgram(compileProgram, requestsOf([value]), frames, options)!.a!;
}

/** Frames that differ in their lengths only, a second apart. */
export const framesOf = (lengths: readonly number[]): TestFrame[] =>
  lengths.map((length, i) => ({ length, time: i * 1e9 }));
