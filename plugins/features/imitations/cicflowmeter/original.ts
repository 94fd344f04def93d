import {
  defineImitation,
  type ImitatedFlow,
  type ImitatedValue,
  type ImitationRun,
  type ImitationSetup,
  JOIN,
  LEAVE_OUT,
} from '../../../../core/declare/imitation.ts';
import type { FlowFacts } from '../../../../core/expression/program.ts';
import type { Frame } from '../../../../core/frame/frame.ts';
import { Frames, frameValues, MICROSECOND, signedSeconds } from './frames.ts';
import { originalTimestamp } from './texts.ts';

const FIN = 1;
const RST = 4;
const ACTIVE = 2;
const END = 3;

// Slots of a flow.
const FIRST = 0;
const LAST = 1;
const FRAMES = 2;
const FORWARD_FINS = 3;
/** 1 for a flow that goes on after a timeout: its first frame counts as forward. */
const GOES_ON = 4;
/** 1 when the frame just taken ended the flow. */
const OVER = 5;
/** Number, mean and squared differences of payload lengths, the first frame's twice. */
const LENGTHS = 6;
/** The run of frames with payload that may become a bulk: first and last time, frames, bytes. */
const RUN_START = 9;
const RUN_LAST = 10;
const RUN_FRAMES = 11;
const RUN_BYTES = 12;
/** Bulks, with their frames, bytes and time. */
const BULKS = 13;
const BULK_FRAMES = 14;
const BULK_BYTES = 15;
const BULK_TIME = 16;
const SLOTS = new Array<number>(17).fill(0);

const BULK_GAP = 1e9;
const BULK_LEAST = 4;

function addLength(slots: Float64Array, at: number, length: number): void {
  const count = slots[at]! + 1;
  const before = slots[at + 1]!;
  const mean = before + (length - before) / count;
  slots[at] = count;
  slots[at + 1] = mean;
  slots[at + 2]! += (length - before) * (length - mean);
}

/** The bulks of the backward side, which gets the frames of both and is never interrupted. */
function addBulk(slots: Float64Array, at: number, time: number, length: number): void {
  if (length === 0) return;
  const frames = slots[at + RUN_FRAMES]!;
  if (frames === 0 || time - slots[at + RUN_LAST]! > BULK_GAP) {
    slots[at + RUN_START] = time;
    slots[at + RUN_FRAMES] = 1;
    slots[at + RUN_BYTES] = length;
  } else {
    slots[at + RUN_FRAMES] = frames + 1;
    slots[at + RUN_BYTES]! += length;
    if (frames + 1 === BULK_LEAST) {
      slots[at + BULKS]! += 1;
      slots[at + BULK_FRAMES]! += BULK_LEAST;
      slots[at + BULK_BYTES]! += slots[at + RUN_BYTES]!;
      slots[at + BULK_TIME]! += time - slots[at + RUN_START]!;
    } else if (frames + 1 > BULK_LEAST) {
      slots[at + BULK_FRAMES]! += 1;
      slots[at + BULK_BYTES]! += length;
      slots[at + BULK_TIME]! += time - slots[at + RUN_LAST]!;
    }
  }
  slots[at + RUN_LAST] = time;
}

class Run implements ImitationRun {
  readonly slots = SLOTS;
  readonly times = [FIRST, LAST, RUN_START, RUN_LAST];
  readonly #frames: Frames;
  readonly #timestamp: (string | null)[];

  constructor(setup: ImitationSetup) {
    this.#frames = new Frames(setup, 'original');
    this.#timestamp = setup.texts('cicflowmeter.timestamp');
  }

  createObject(): { key: string } {
    return { key: '' };
  }

  move(): void {}

  read(frame: Frame, i: number, whole: number, nanoseconds: number, _wire: number, seconds: number): boolean {
    if (!this.#frames.read(frame, i, whole, nanoseconds)) return false;
    this.#frames.seconds[i] = seconds;
    this.#timestamp[i] = null;
    return true;
  }

  meet({ slots, at }: ImitatedFlow, i: number, bySide: boolean): number {
    const { flags, setup, same } = this.#frames;
    if (setup.columns.time[i]! - slots[at + FIRST]! > setup.settings.activeTimeout) return ACTIVE;
    const forward = bySide || same[i] === 1;
    // Only the first FIN of the source is taken.
    return (flags[i]! & FIN) !== 0 && forward && slots[at + FORWARD_FINS]! > 0 ? LEAVE_OUT : JOIN;
  }

  open(flow: ImitatedFlow, i: number, before: ImitatedFlow | undefined): 'sender' | 'before' {
    const connection = flow.object as { key: string };
    flow.slots[flow.at + FIRST] = this.#frames.setup.columns.time[i]!;
    if (before === undefined) {
      connection.key = this.#frames.key(i, true);
      return 'sender';
    }
    connection.key = (before.object as { key: string }).key;
    flow.slots[flow.at + GOES_ON] = 1;
    return 'before';
  }

  take(flow: ImitatedFlow, i: number, bySide: boolean): boolean {
    const { slots, at } = flow;
    const { setup, flags, same, seconds } = this.#frames;
    const { time, payloadLength } = setup.columns;
    const first = slots[at + FRAMES] === 0;
    const forward = bySide || same[i] === 1 || (first && slots[at + GOES_ON] === 1);
    slots[at + FRAMES]! += 1;
    slots[at + LAST] = time[i]!;
    addLength(slots, at + LENGTHS, payloadLength[i]!);
    addBulk(slots, at, time[i]!, payloadLength[i]!);
    if (first) {
      addLength(slots, at + LENGTHS, payloadLength[i]!);
      this.#frames.flowId[i] = (flow.object as { key: string }).key;
      this.#timestamp[i] = originalTimestamp(seconds[i]!);
      return forward;
    }
    const fin = (flags[i]! & FIN) !== 0;
    if (fin && forward) slots[at + FORWARD_FINS]! += 1;
    else if (fin || (flags[i]! & RST) !== 0) slots[at + OVER] = 1;
    return forward;
  }

  after({ slots, at }: ImitatedFlow): number {
    return slots[at + OVER] === 1 ? END : 0;
  }

  finish({ slots, at }: ImitatedFlow, { extra }: FlowFacts): boolean {
    const count = slots[at + LENGTHS]!;
    const mean = slots[at + LENGTHS + 1]!;
    const variance = count > 1 ? slots[at + LENGTHS + 2]! / (count - 1) : 0;
    const bulks = slots[at + BULKS]!;
    extra[0] = mean;
    extra[1] = Math.sqrt(variance);
    extra[2] = variance;
    extra[3] = (mean * count) / slots[at + FRAMES]!;
    extra[4] = bulks > 0 ? Math.floor(slots[at + BULK_BYTES]! / bulks) : 0;
    extra[5] = bulks > 0 ? Math.floor(slots[at + BULK_FRAMES]! / bulks) : 0;
    extra[6] = slots[at + BULK_TIME]! > 0 ? Math.floor(slots[at + BULK_BYTES]! / (slots[at + BULK_TIME]! / 1e9)) : 0;
    return slots[at + FRAMES]! > 1;
  }
}

const ofFlow = (name: string, description: string, unit: string): ImitatedValue => ({
  name: `cicflowmeter.${name}`,
  description,
  kind: 'number',
  unit,
  of: 'flow',
});

/** The original CICFlowMeter. */
export const originalCicflowmeter = defineImitation({
  name: 'cicflowmeter-original',
  description: 'CICFlowMeter, original (ahlashkari, 98a5ebad): packets, key, lengths and cuts; rows in order of time.',
  settings: ['activeTimeout'],
  tick: MICROSECOND,
  monotone: false,
  readSeconds: signedSeconds,
  keyWords: 0,
  values: [
    ...frameValues,
    {
      name: 'cicflowmeter.timestamp',
      description: 'Date and time in UTC without fraction; only of the first frame of a row.',
      kind: 'text',
      of: 'frame',
    },
    ofFlow('length_mean', 'Mean of payload lengths, the first frame taken twice.', 'bytes'),
    ofFlow('length_std', 'Sample standard deviation of payload lengths, the first frame taken twice.', 'bytes'),
    ofFlow('length_variance', 'Sample variance of payload lengths, the first frame taken twice.', 'bytes^2'),
    ofFlow('average_size', 'Bytes of payload, the first frame taken twice, per frame.', 'bytes'),
    ofFlow('bulk_bytes', 'Bytes per bulk of both sides together, cut to a whole number.', 'bytes'),
    ofFlow('bulk_frames', 'Frames per bulk of both sides together, cut to a whole number.', ''),
    ofFlow('bulk_rate', 'Bytes per second of bulks of both sides together, cut to a whole number.', 'bytes/s'),
  ],
  create: (setup) => new Run(setup),
});
