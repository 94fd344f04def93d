import type { Anonymizer } from '../anonymize/anonymizer.ts';
import type { FlowFacts, Program } from '../expression/program.ts';
import type { FrameOrigin } from '../flow/meter.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { BATCH_PLACES, type FlowWatch } from '../run/flow-run.ts';

/** A flow of a frame: the halves of its id, and the segment that the frame is in. */
export interface FlowOfFrame {
  readonly high: number;
  readonly low: number;
  readonly segment: number;
}

const FIRST_ROOM = 1 << 16;

/** Doubles a column. */
function grown(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * column.length);
  larger.set(column);
  return larger;
}

/**
 * The flow of each frame of a run of the meter, by the frame's number: looks on while `runFlows` goes on with the settings of
 * the rows, so that frames held, put in order, left out or in two flows come out as they do there. Sixteen bytes a frame.
 */
export class FrameFlows implements FlowWatch {
  readonly slots = new Int32Array(BATCH_PLACES);
  readonly #anonymizer: Anonymizer | undefined;
  #facts: ((slot: number) => FlowFacts) | undefined;
  #elsewhere: ((place: number) => FrameOrigin | undefined) | undefined;
  #batch: FrameBatch | undefined;
  #before = 0;
  #high = new Uint32Array(FIRST_ROOM);
  #low = new Uint32Array(FIRST_ROOM);
  /** The segment + 1; 0 for a frame in no flow. */
  #segment = new Uint32Array(FIRST_ROOM);
  /** Second flows: of frames in a tunnel whose outermost and innermost packets are both metered. */
  readonly #second = new Map<number, FlowOfFrame>();

  /** @param anonymizer of the rows, which have other ids under it */
  constructor(anonymizer?: Anonymizer) {
    this.#anonymizer = anonymizer;
  }

  around(program: Program): Program {
    return {
      ...program,
      update: (slots, at, objects, index, forward) => {
        program.update(slots, at, objects, index, forward);
        this.#take(index);
      },
    };
  }

  begin(facts: (slot: number) => FlowFacts, elsewhere: (place: number) => FrameOrigin | undefined): void {
    this.#facts = facts;
    this.#elsewhere = elsewhere;
  }

  enter(batch: FrameBatch, before: number): void {
    this.#batch = batch;
    this.#before = before;
  }

  #take(index: number): void {
    const own = this.#elsewhere!(index)?.number;
    const number = own ?? this.#batch!.numbers?.[index] ?? this.#before + index + 1;
    const facts = this.#facts!(this.slots[index]!);
    this.#anonymizer?.seal(facts);
    const { idHigh, idLow, segment } = facts;
    while (number >= this.#high.length) {
      this.#high = grown(this.#high);
      this.#low = grown(this.#low);
      this.#segment = grown(this.#segment);
    }
    if (this.#segment[number] !== 0) {
      this.#second.set(number, { high: idHigh, low: idLow, segment });
      return;
    }
    this.#high[number] = idHigh;
    this.#low[number] = idLow;
    this.#segment[number] = segment + 1;
  }

  /** The flow of a frame, from number 1; undefined for none. */
  of(number: number): FlowOfFrame | undefined {
    const segment = this.#segment[number] ?? 0;
    return segment === 0 ? undefined : { high: this.#high[number]!, low: this.#low[number]!, segment: segment - 1 };
  }

  /** The second flow of a frame that is in two. */
  second(number: number): FlowOfFrame | undefined {
    return this.#second.get(number);
  }
}
