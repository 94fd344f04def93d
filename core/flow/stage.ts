import type { FrameColumns, FrameContext, FrameFilter, Program } from '../expression/program.ts';
import { anomalyName, MALFORMED, TRUNCATED } from '../frame/anomaly.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { Dispatch } from '../frame/dispatch.ts';
import { Frame, PARTIAL } from '../frame/frame.ts';
import { showFrameOnly, showInnermost, showOutermost } from '../frame/packet-level.ts';
import { walk, walkBytes } from '../frame/walk.ts';
import { FragmentColumns } from './fragment-columns.ts';
import { KeyColumns } from './key.ts';
import type { KeyPlan } from './key-plan.ts';
import { INNERMOST } from './key-words.ts';
import type { LinkAddresses } from './link-addresses.ts';

/** Why a frame is in no flow. */
export const SKIPPED = [
  '',
  'linkType',
  'etherType',
  'truncated',
  'malformed',
  'filtered',
  'disorder',
  'compatibility',
  'duplicate',
  'sampled',
] as const;
export const LINK_TYPE = 1;
export const ETHER_TYPE = 2;
export const CUT = 3;
export const INVALID = 4;
export const FILTERED = 5;
export const LATE = 6;
/** The tool that is imitated ignores it. */
export const IGNORED = 7;
export const DUPLICATE = 8;
export const SAMPLED = 9;

/** A fragment that waits for the first of its packet: used later. */
export const HELD = 127;
/** From here on: the frame is used, and needs more than a look at its own key. Bits, added. */
export const MARKED = 128;
/** One of its packets is a fragment, to be joined to the packet's first. */
export const FRAGMENT = 1;
/** It has a packet in a tunnel, at the place behind those of the outermost packets. */
export const TWICE = 2;

/** What the frames of a batch are read for. */
export interface StageOptions {
  /** Whose flows: of the innermost packets (the default), of the outermost, or of both. */
  readonly tunnels?: 'inner' | 'outer' | 'both';
  /** Fragments are marked, to be joined. */
  readonly fragments?: boolean;
  /** Frames that are not IP have flows of their link addresses. */
  readonly link?: LinkAddresses | undefined;
}

/** Places that columns need for batches of so many frames: one more for a frame that was held, and all twice for both levels. */
export const placesFor = (frames: number, { tunnels = 'inner', fragments = false }: StageOptions): number =>
  (frames + (fragments ? 1 : 0)) * (tunnels === 'both' ? 2 : 1);

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

/** A frame apart from its batch. */
export interface HeldFrame {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly captured: number;
  readonly wire: number;
  readonly checkLength: number;
  readonly linkType: number;
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
  readonly fragments: FragmentColumns | undefined;
  /** Place of a frame that was held and comes back. */
  readonly spare: number;
  /** How far the place of a frame's innermost packet lies behind that of its outermost one; 0 without both. */
  readonly second: number;
  readonly tunnels: NonNullable<StageOptions['tunnels']>;
  readonly #link: LinkAddresses | undefined;
  readonly #dispatch: Dispatch;
  readonly #program: Program;
  readonly #filter: FrameFilter | undefined;
  readonly #context: FrameContext = { number: 0, time: 0, wireLength: 0, capturedLength: 0 };
  /** Frames walked so far. */
  #number = 0;

  /** @param columns with {@link placesFor} the frames of a batch places */
  constructor(
    dispatch: Dispatch,
    program: Program,
    plan: KeyPlan,
    columns: FrameColumns,
    filter: FrameFilter | undefined,
    options: StageOptions = {},
  ) {
    const capacity = columns.time.length;
    const { tunnels = 'inner', fragments = false, link } = options;
    this.tunnels = tunnels;
    this.second = tunnels === 'both' ? capacity / 2 : 0;
    this.spare = (this.second === 0 ? capacity : this.second) - 1;
    this.fragments = fragments ? new FragmentColumns(plan, capacity) : undefined;
    this.#link = link;
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
    const { frame, skip } = this;
    const dispatch = this.#dispatch;
    const filter = this.#filter;
    if (this.fragments !== undefined) this.fragments.count = 0;
    for (let i = 0; i < batch.count; i += 1) {
      walk(frame, dispatch, batch, i);
      this.#number += 1;
      if (frame.anomalyCount > 0) this.#countAnomalies();
      if (frame.networkLayer < 0 && this.#link?.find(frame) !== true) {
        skip[i] = this.#reason();
        continue;
      }
      if (filter !== undefined && !this.#passes(filter, batch, i)) {
        skip[i] = FILTERED;
        continue;
      }
      if (frame.special === 0) {
        skip[i] = 0;
        this.#write(i, batch.wire[i]!);
      } else skip[i] = this.#writeSpecial(i, batch.wire[i]!);
    }
  }

  /** Writes what the frame says of its packet to a place. */
  #write(place: number, wire: number): void {
    const { frame, columns } = this;
    const { networkLayer } = frame;
    if (networkLayer < 0) {
      this.#writeLink(place, wire);
      return;
    }
    const { transportAt, payloadAt } = frame;
    const end = frame.layerEnd[networkLayer]!;
    columns.frameLength[place] = wire;
    columns.networkLength[place] = end - frame.layerOffset[networkLayer]!;
    columns.transportLength[place] = end > transportAt ? end - transportAt : 0;
    columns.payloadLength[place] =
      payloadAt < 0 ? Number.NaN : frame.payloadEnd > payloadAt ? frame.payloadEnd - payloadAt : 0;
    this.control[place] = frame.control;
    this.sequence[place] = frame.sequence;
    this.acknowledgment[place] = frame.acknowledgment;
    this.messageType[place] = frame.sourcePort;
    this.messageCode[place] = frame.destinationPort;
    this.keys.write(frame, place);
    this.#program.gather(frame, place);
  }

  /** A frame without a network layer: its key is that of its link. */
  #writeLink(place: number, wire: number): void {
    this.#writeFrameOnly(place, wire);
    this.keys.writeLink(this.frame, place, this.#link!);
  }

  /** What a frame says of itself, none of whose headers are those of the flow's packets. */
  #writeFrameOnly(place: number, wire: number): void {
    const { columns } = this;
    columns.frameLength[place] = wire;
    columns.networkLength[place] = Number.NaN;
    columns.transportLength[place] = Number.NaN;
    columns.payloadLength[place] = Number.NaN;
    this.control[place] = -1;
    this.#program.gather(this.frame, place);
  }

  /** Writes a frame with tunnels or fragments; returns its mark. */
  #writeSpecial(place: number, wire: number): number {
    const { frame, fragments, tunnels } = this;
    const inTunnel = frame.tunnels > 0;
    let mark = 0;
    if (fragments !== undefined && frame.fragmentCount > 0) {
      mark = MARKED | FRAGMENT;
      fragments.write(frame, place, tunnels === 'outer');
      if (fragments.entries[place] === 0) mark = 0;
    }
    if (inTunnel && tunnels === 'both') {
      mark |= MARKED | TWICE;
      this.#writeInnermost(place + this.second, wire, INNERMOST);
      showOutermost(frame);
      this.#write(place, wire);
    } else if (inTunnel && tunnels === 'inner') this.#writeInnermost(place, wire, 0);
    else {
      if (inTunnel) showOutermost(frame);
      this.#write(place, wire);
    }
    return mark;
  }

  #writeInnermost(place: number, wire: number, bits: number): void {
    const { frame } = this;
    showInnermost(frame);
    this.#write(place, wire);
    this.keys.qualify(frame, place, bits);
  }

  /**
   * Writes a frame that lies anywhere to a place and returns its mark: one that was held before, or is looked at again.
   * `frameOnly` when none of its headers are those of the flow's packets.
   */
  load(place: number, frame: HeldFrame, frameOnly: boolean): number {
    const { bytes, start, captured, wire, checkLength, linkType } = frame;
    walkBytes(this.frame, this.#dispatch, bytes, start, captured, wire - checkLength, linkType);
    if (!frameOnly) return this.#writeSpecial(place, wire);
    showFrameOnly(this.frame);
    this.#writeFrameOnly(place, wire);
    return 0;
  }

  #passes(filter: FrameFilter, batch: FrameBatch, i: number): boolean {
    const context = this.#context;
    context.number = batch.numbers?.[i] ?? this.#number;
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
