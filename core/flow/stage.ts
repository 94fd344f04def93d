import type { FrameColumns, FrameContext, FrameFilter, Program } from '../expression/program.ts';
import { anomalyName, MALFORMED, TRUNCATED } from '../frame/anomaly.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { Dispatch } from '../frame/dispatch.ts';
import { Frame, PARTIAL } from '../frame/frame.ts';
import { walk } from '../frame/walk.ts';
import { KeyColumns, type KeyPlan } from './key.ts';

/** Why a frame is in no flow. */
export const SKIPPED = ['', 'linkType', 'etherType', 'truncated', 'malformed', 'filtered', 'disorder'] as const;
export const LINK_TYPE = 1;
export const ETHER_TYPE = 2;
export const CUT = 3;
export const INVALID = 4;
export const FILTERED = 5;
export const LATE = 6;

/** The built-in columns of `capacity` frames. */
export function frameColumns(capacity: number): FrameColumns {
  return {
    time: new Float64Array(capacity),
    start: new Float64Array(capacity),
    number: new Float64Array(capacity),
    frameLength: new Float64Array(capacity),
    networkLength: new Float64Array(capacity),
    transportLength: new Float64Array(capacity),
    payloadLength: new Float64Array(capacity),
  };
}

/** Stage 1: walks the frames of a batch and writes what stage 2 needs into columns. */
export class Stage {
  readonly columns: FrameColumns;
  readonly keys: KeyColumns;
  /** Index into {@link SKIPPED}; 0 for a frame that is used. */
  readonly skip: Uint8Array;
  /** TCP flags, or -1. */
  readonly control: Int16Array;
  readonly sequence: Int32Array;
  readonly acknowledgment: Int32Array;
  /** ICMP type and code, 0 for others. */
  readonly messageType: Uint8Array;
  readonly messageCode: Uint8Array;
  /** Anomalies by the number of their code. */
  readonly anomalies: number[] = [];
  readonly frame = new Frame();
  readonly #dispatch: Dispatch;
  readonly #program: Program;
  readonly #filter: FrameFilter | undefined;
  readonly #context: FrameContext = { number: 0, time: 0, wireLength: 0, capturedLength: 0 };
  /** Frames walked so far. */
  #number = 0;

  constructor(
    dispatch: Dispatch,
    program: Program,
    plan: KeyPlan,
    columns: FrameColumns,
    filter: FrameFilter | undefined,
  ) {
    const capacity = columns.time.length;
    this.columns = columns;
    this.keys = new KeyColumns(plan, capacity);
    this.skip = new Uint8Array(capacity);
    this.control = new Int16Array(capacity);
    this.sequence = new Int32Array(capacity);
    this.acknowledgment = new Int32Array(capacity);
    this.messageType = new Uint8Array(capacity);
    this.messageCode = new Uint8Array(capacity);
    this.#dispatch = dispatch;
    this.#program = program;
    this.#filter = filter;
  }

  run(batch: FrameBatch): void {
    const { frame, columns, keys, skip } = this;
    const dispatch = this.#dispatch;
    const program = this.#program;
    const filter = this.#filter;
    for (let i = 0; i < batch.count; i += 1) {
      walk(frame, dispatch, batch, i);
      this.#number += 1;
      if (frame.anomalyCount > 0) this.#countAnomalies();
      if (frame.networkLayer < 0) {
        skip[i] = this.#reason();
        continue;
      }
      if (filter !== undefined && !this.#passes(filter, batch, i)) {
        skip[i] = FILTERED;
        continue;
      }
      skip[i] = 0;
      const { networkLayer, transportAt, payloadAt } = frame;
      const end = frame.layerEnd[networkLayer]!;
      columns.frameLength[i] = batch.wire[i]!;
      columns.networkLength[i] = end - frame.layerOffset[networkLayer]!;
      columns.transportLength[i] = end > transportAt ? end - transportAt : 0;
      columns.payloadLength[i] =
        payloadAt < 0 ? Number.NaN : frame.payloadEnd > payloadAt ? frame.payloadEnd - payloadAt : 0;
      this.control[i] = frame.control;
      this.sequence[i] = frame.sequence;
      this.acknowledgment[i] = frame.acknowledgment;
      this.messageType[i] = frame.sourcePort;
      this.messageCode[i] = frame.destinationPort;
      keys.write(frame, i);
      program.gather(frame, i);
    }
  }

  #passes(filter: FrameFilter, batch: FrameBatch, i: number): boolean {
    const context = this.#context;
    context.number = this.#number;
    context.time = batch.nanoseconds[i]! < 0 ? Number.NaN : batch.seconds[i]! * 1e9 + batch.nanoseconds[i]!;
    context.wireLength = batch.wire[i]!;
    context.capturedLength = batch.captured[i]!;
    return filter.test(this.frame, context);
  }

  /** Why the frame just walked has no network layer. */
  #reason(): number {
    const { frame } = this;
    if (frame.layerCount === 0) return LINK_TYPE;
    const last = frame.layerCount - 1;
    for (let i = 0; i < frame.anomalyCount; i += 1) {
      if (frame.anomalyLayer[i] !== last) continue;
      if (frame.anomalyCodes[i] === TRUNCATED) return CUT;
      if (frame.anomalyCodes[i] === MALFORMED) return INVALID;
    }
    return (frame.layerFlags[last]! & PARTIAL) !== 0 ? CUT : ETHER_TYPE;
  }

  #countAnomalies(): void {
    const { frame, anomalies } = this;
    for (let i = 0; i < frame.anomalyCount; i += 1) {
      const code = frame.anomalyCodes[i]!;
      anomalies[code] = (anomalies[code] ?? 0) + 1;
    }
  }

  /** Anomalies by name. */
  anomalyCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    this.anomalies.forEach((count, code) => {
      if (count > 0) counts[anomalyName(code)] = count;
    });
    return counts;
  }
}
