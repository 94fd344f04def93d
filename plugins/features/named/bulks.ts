import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

// Slots of one side: first and last frame of the run that may become a train, its frames and bytes; then the trains that
// are: number, frames, bytes, and the time they took.
const START = 0;
const LAST = 1;
const RUN_FRAMES = 2;
const RUN_BYTES = 3;
const TRAINS = 4;
const FRAMES = 5;
const BYTES = 6;
const TIME = 7;
const SIDE = 8;
const ONE_SIDE = [Number.NaN, Number.NaN, 0, 0, 0, 0, 0, 0];
const SLOTS = [...ONE_SIDE, ...ONE_SIDE];
const TIMES = [START, LAST, SIDE + START, SIDE + LAST];

/** What makes a train of frames with payload of one side. */
interface Rule {
  /** Frames at least. */
  readonly least: number;
  /** Nanoseconds that may lie between two of them at most. */
  readonly gap: number;
  /** Whether payload of the other side ends it. */
  readonly interrupted: boolean;
}

type Update = (slots: Float64Array, at: number, time: number, payload: number, forward: number) => void;

const updateBy =
  ({ least, gap, interrupted }: Rule): Update =>
  (slots, at, time, payload, forward) => {
    if (!(payload > 0)) return;
    const own = forward === 1 ? at : at + SIDE;
    const other = forward === 1 ? at + SIDE : at;
    const ended = interrupted && slots[other + LAST]! > slots[own + START]!;
    if (!ended && time - slots[own + LAST]! <= gap) {
      const frames = slots[own + RUN_FRAMES]! + 1;
      slots[own + RUN_FRAMES] = frames;
      slots[own + RUN_BYTES]! += payload;
      if (frames === least) {
        slots[own + TRAINS]! += 1;
        slots[own + FRAMES]! += least;
        slots[own + BYTES]! += slots[own + RUN_BYTES]!;
        slots[own + TIME]! += time - slots[own + START]!;
      } else if (frames > least) {
        slots[own + FRAMES]! += 1;
        slots[own + BYTES]! += payload;
        slots[own + TIME]! += time - slots[own + LAST]!;
      }
    } else {
      slots[own + START] = time;
      slots[own + RUN_FRAMES] = 1;
      slots[own + RUN_BYTES] = payload;
    }
    slots[own + LAST] = time;
  };

type Finish = (slots: Float64Array, at: number) => number;

const per =
  (a: number, b: number): Finish =>
  (slots, at) =>
    slots[at + b]! > 0 ? slots[at + a]! / slots[at + b]! : Number.NaN;
const RATE: Finish = (slots, at) =>
  slots[at + TIME]! > 0 ? slots[at + BYTES]! / (slots[at + TIME]! / 1e9) : Number.NaN;
const value =
  (slot: number): Finish =>
  (slots, at) =>
    slots[at + slot]!;

interface Result {
  /** End of the feature's name, behind the word for a train. */
  readonly suffix: string;
  readonly words: string;
  readonly unit?: string;
  readonly type?: 'duration';
  readonly empty: string;
  readonly finish: Finish;
}

const RESULTS: readonly Result[] = [
  { suffix: 's', words: 'Number of these', empty: '0', finish: value(TRAINS) },
  { suffix: '_frames', words: 'Frames in these', empty: '0', finish: value(FRAMES) },
  { suffix: '_bytes', words: 'Bytes of payload in these', unit: 'bytes', empty: '0', finish: value(BYTES) },
  { suffix: '_time', words: 'Time these took together', type: 'duration', empty: '0', finish: value(TIME) },
  { suffix: '_frames_mean', words: 'Frames in one of these', empty: 'empty', finish: per(FRAMES, TRAINS) },
  {
    suffix: '_bytes_mean',
    words: 'Bytes of payload in one of these',
    unit: 'bytes',
    empty: 'empty',
    finish: per(BYTES, TRAINS),
  },
  {
    suffix: '_bytes_per_second',
    words: 'Bytes of payload in these per second of the time they took',
    unit: 'bytes/s',
    empty: 'empty, and so for a time of 0',
    finish: RATE,
  },
];

const SIDES = [
  ['fwd_', 'forward', 0],
  ['bwd_', 'backward', SIDE],
] as const;

const INPUTS = ['time', 'payload.length', 'forward'];

function trains(word: string, definition: string, rule: Rule): readonly Feature[] {
  const update = updateBy(rule);
  return SIDES.flatMap(([prefix, side, from]) =>
    RESULTS.map(({ suffix, words, unit, type, empty, finish }) =>
      defineFeature({
        name: `${prefix}${word}${suffix}`,
        description: `${words.replace('these', `the ${word}s ${side}`)}: ${definition}.`,
        inputs: INPUTS,
        slots: SLOTS,
        times: TIMES,
        ...(unit === undefined ? {} : { unit }),
        ...(type === undefined ? {} : { type }),
        estimator: `exact; 16 numbers per flow for all features of ${word}s`,
        empty: `without a ${word} ${empty}`,
        update,
        finish: (slots, at) => finish(slots, at + from),
      }),
    ),
  );
}

/** Bulks, as CICFlowMeter defines them, and bursts, as the plugin bstats of ipfixprobe does. */
export const bulkFeatures: readonly Feature[] = [
  ...trains(
    'bulk',
    '4 or more frames with payload of one side, at most 1 s apart, with no payload of the other side in between',
    { least: 4, gap: 1e9, interrupted: true },
  ),
  ...trains('burst', '3 or more frames with payload of one side, less than 1 s apart', {
    least: 3,
    gap: 1e9 - 1,
    interrupted: false,
  }),
];
