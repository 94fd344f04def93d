import type { FlowFacts, Program } from '../expression/program.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { EXCHANGE, ONE_WAY } from '../frame/frame.ts';
import { Births } from './births.ts';
import { EndedFlows } from './ended.ts';
import { FlowFactsReader } from './facts.ts';
import { FlowIndex } from './index-table.ts';
import { type KeyPlan, KIND_WORD } from './key.ts';
import type { RowBatch } from './rows.ts';
import { ACTIVE, END, type FlowSettings, FORCED, IDLE, RESOURCES } from './settings.ts';
import { LATE, type Stage } from './stage.ts';
import {
  AGAIN,
  BASE,
  BORN,
  FIRST,
  FLOAT_SLOTS,
  FlowList,
  FlowStore,
  FRAMES,
  HASH,
  KEY,
  LAST,
  MOMENT,
  OPENED,
  REASON,
  SEGMENT,
  START,
  STATE,
  SYN_BACKWARD,
  SYN_FORWARD,
  TOUCHED,
} from './store.ts';
import { EMPTY, follow, LINGERING, SWAPPED, startsAnother } from './tcp-end.ts';

/** Beyond this many nanoseconds from the base (52 days) the base moves: float64 is exact up to twice that. */
const SPAN = 2 ** 52;

/** What a run counts about time and flows. */
export interface MeterCounts {
  used: number;
  skippedLate: number;
  rows: number;
  notKept: number;
  /** By end reason, 1 to 5. */
  readonly byEndReason: number[];
  disorder: number;
  steps: number;
  timeAbsent: number;
  timeSpan: number;
}

/** Stage 2: weaves the frames of a batch into flows, expires them by packet time and makes their rows. */
export class Meter {
  readonly counts: MeterCounts = {
    used: 0,
    skippedLate: 0,
    rows: 0,
    notKept: 0,
    byEndReason: [0, 0, 0, 0, 0, 0],
    disorder: 0,
    steps: 0,
    timeAbsent: 0,
    timeSpan: 0,
  };
  readonly #settings: FlowSettings;
  readonly #plan: KeyPlan;
  readonly #program: Program;
  readonly #stage: Stage;
  readonly #store: FlowStore;
  readonly #index: FlowIndex;
  readonly #idle: FlowList;
  readonly #linger: FlowList;
  readonly #segments: FlowList;
  readonly #ended: EndedFlows;
  readonly #births = new Births();
  readonly #facts: FlowFactsReader;
  /** Unix seconds that times count from. */
  #base = Number.NaN;
  /** Highest packet time so far, in nanoseconds from the base. */
  #clock = Number.NEGATIVE_INFINITY;
  /** No list has anything due before this. */
  #nextDue = Number.POSITIVE_INFINITY;
  #frameNumber = 0;
  #finished = false;

  constructor(settings: FlowSettings, plan: KeyPlan, program: Program, stage: Stage) {
    this.#settings = settings;
    this.#plan = plan;
    this.#program = program;
    this.#stage = stage;
    this.#store = new FlowStore(program.birth, plan.words);
    this.#index = new FlowIndex(this.#store, plan.words);
    this.#idle = new FlowList(this.#store, 0);
    this.#linger = new FlowList(this.#store, 1);
    this.#segments = new FlowList(this.#store, 2);
    this.#ended = new EndedFlows(this.#store);
    this.#facts = new FlowFactsReader(this.#store, plan);
  }

  /** Flows open now. */
  get open(): number {
    return this.#index.count;
  }

  /** Takes the frames of a batch that stage 1 has just seen. */
  process(batch: FrameBatch): void {
    const { skip, control, keys, columns } = this.#stage;
    const { idleTimeout, activeTimeout, tcpLinger, clockStep, disorder } = this.#settings;
    const { bidirectional, words } = this.#plan;
    const program = this.#program;
    const store = this.#store;
    const { floats, integers, floatStride, integerStride } = store;
    const { counts } = this;
    for (let i = 0; i < batch.count; i += 1) {
      this.#frameNumber += 1;
      const nanoseconds = batch.nanoseconds[i]!;
      let time: number;
      if (nanoseconds < 0) {
        time = this.#absent();
      } else {
        time = (batch.seconds[i]! - this.#base) * 1e9 + nanoseconds;
        if (!(time < SPAN && time > -SPAN)) time = this.#rebase(batch.seconds[i]!, nanoseconds);
        if (time > this.#clock) {
          this.#clock = time;
          if (time >= this.#nextDue) this.#expire();
        } else if (time < this.#clock) {
          if (time < this.#clock - clockStep) this.#step(time);
          else {
            counts.disorder += 1;
            if (disorder === 'drop' && skip[i] === 0) {
              counts.skippedLate += 1;
              skip[i] = LATE;
            }
          }
        }
      }
      if (skip[i] !== 0) continue;
      const clock = this.#clock;
      const keyAt = i * words;
      let slot = this.#index.find(keys.hash[i]!, keys.words, keyAt);
      if (slot >= 0) {
        const page = floats[slot >> 10]!;
        const at = (slot & 1023) * floatStride;
        if (page[at + LAST]! + idleTimeout <= clock || page[at + START]! + activeTimeout <= clock) {
          slot = this.#settle(slot);
        } else if (
          (integers[slot >> 10]![(slot & 1023) * integerStride + STATE]! & LINGERING) !== 0 &&
          page[at + LAST]! + tcpLinger <= clock
        ) {
          slot = this.#settle(slot);
        }
        if (slot >= 0 && control[i]! >= 0) {
          const integerPage = integers[slot >> 10]!;
          const integerAt = (slot & 1023) * integerStride;
          const swapped = keys.swapped[i]! ^ (integerPage[integerAt + STATE]! & SWAPPED);
          if (startsAnother(integerPage, integerAt, control[i]!, this.#stage.sequence[i]!, swapped as 0 | 1)) {
            this.#end(slot, END, clock);
            slot = -1;
          }
        }
      }
      if (slot < 0) slot = this.#open(i, time);
      const page = floats[slot >> 10]!;
      const at = (slot & 1023) * floatStride;
      const integerPage = integers[slot >> 10]!;
      const integerAt = (slot & 1023) * integerStride;
      let state = integerPage[integerAt + STATE]!;
      const last = page[at + LAST]!;
      if (time < last) time = last;
      page[at + LAST] = time;
      page[at + TOUCHED] = clock;
      if ((state & EMPTY) !== 0) {
        state &= ~EMPTY;
        integerPage[integerAt + STATE] = state;
        page[at + START] = time;
        page[at + OPENED] = clock;
        this.#segments.append(slot);
        this.#due(clock + activeTimeout);
      }
      this.#idle.touch(slot);
      const backward = (keys.swapped[i]! ^ (state & SWAPPED)) as 0 | 1;
      if (control[i]! >= 0) {
        const ended = follow(
          integerPage,
          integerAt,
          control[i]!,
          this.#stage.sequence[i]!,
          this.#stage.acknowledgment[i]!,
          columns.payloadLength[i]!,
          backward,
          bidirectional,
        );
        if (ended) {
          if ((state & LINGERING) !== 0) this.#linger.touch(slot);
          else {
            integerPage[integerAt + STATE]! |= LINGERING;
            this.#linger.append(slot);
            this.#due(clock + tcpLinger);
          }
        } else if ((state & LINGERING) !== 0) {
          integerPage[integerAt + STATE]! &= ~LINGERING;
          this.#linger.remove(slot);
        }
      }
      const number = page[at + FRAMES]!;
      page[at + FRAMES] = number + 1;
      counts.used += 1;
      columns.time[i] = time;
      program.update(page, at + FLOAT_SLOTS, store.objects[slot], i, backward === 0, number, page[at + START]!, time);
    }
  }

  /** Moves the run clock without a frame (live, when the source is drained). */
  advance(seconds: number, nanoseconds: number): void {
    const time = (seconds - this.#base) * 1e9 + nanoseconds;
    if (!(time > this.#clock) || time >= SPAN) return;
    this.#clock = time;
    if (time >= this.#nextDue) this.#expire();
  }

  /** Ends all flows: the input is over. */
  finish(): void {
    this.#endAll();
    this.#finished = true;
  }

  /** Writes final rows into the batch; true when it is full and there may be more. */
  drain(rows: RowBatch): boolean {
    const horizon = this.#finished ? Number.POSITIVE_INFINITY : this.#clock - this.#settings.clockStep;
    const program = this.#program;
    const store = this.#store;
    const { counts } = this;
    while (rows.count < rows.capacity) {
      const slot = this.#ended.take(horizon);
      if (slot < 0) return false;
      const facts: FlowFacts = this.#facts.read(slot);
      const page = store.floatPage(slot);
      const at = store.floatAt(slot) + FLOAT_SLOTS;
      const objects = store.objects[slot];
      if (program.keep(page, at, objects, facts)) {
        program.finish(page, at, objects, facts, rows, rows.count);
        rows.count += 1;
        counts.rows += 1;
      } else counts.notKept += 1;
      counts.byEndReason[facts.endReason]! += 1;
      store.free(slot);
    }
    return true;
  }

  #due(moment: number): void {
    if (moment < this.#nextDue) this.#nextDue = moment;
  }

  /** The time of a frame whose record has none. */
  #absent(): number {
    this.counts.timeAbsent += 1;
    if (this.#clock === Number.NEGATIVE_INFINITY) {
      this.#base = 0;
      this.#clock = 0;
    }
    return this.#clock;
  }

  /** Time that does not fit the base: the first frame of all, or one more than 52 days away. */
  #rebase(seconds: number, nanoseconds: number): number {
    if (this.#clock === Number.NEGATIVE_INFINITY) {
      this.#base = seconds;
      return nanoseconds;
    }
    const time = (seconds - this.#base) * 1e9 + nanoseconds;
    if (time < this.#clock) {
      this.#step(time);
      this.#clock = Number.NEGATIVE_INFINITY;
    } else {
      // Everything that is due ends by the old base; what outlives such a gap moves with the base.
      this.#clock = time;
      this.#expire();
      this.#ended.seal();
      this.#move(seconds);
    }
    this.#base = seconds;
    if (this.#clock !== Number.NEGATIVE_INFINITY) this.#clock = nanoseconds;
    this.#nextDue = Number.NEGATIVE_INFINITY;
    return nanoseconds;
  }

  #move(base: number): void {
    const delta = (this.#base - base) * 1e9;
    const store = this.#store;
    const { timeSlots } = this.#program;
    for (let slot = this.#idle.head; slot >= 0; slot = this.#idle.next(slot)) {
      const page = store.floatPage(slot);
      const at = store.floatAt(slot);
      for (const time of [START, LAST, BORN, TOUCHED, OPENED]) page[at + time]! += delta;
      for (const time of timeSlots) page[at + FLOAT_SLOTS + time]! += delta;
      const objects = store.objects[slot];
      if (objects !== undefined) this.#program.shiftObjects(objects, delta);
      page[at + BASE] = base;
      if (-delta > 2 ** 53) this.counts.timeSpan += 1;
    }
  }

  /** The clock went back by more than disorder explains: open flows end, the clock starts anew. */
  #step(time: number): void {
    this.counts.steps += 1;
    this.#endAll();
    this.#births.nextEra();
    this.#clock = time;
  }

  #open(i: number, time: number): number {
    const { keys, control } = this.#stage;
    if (this.#index.count >= this.#settings.maxFlows) this.#end(this.#idle.head, RESOURCES, this.#clock);
    const store = this.#store;
    const slot = store.allocate();
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    page[at + START] = Number.POSITIVE_INFINITY;
    page[at + LAST] = time;
    page[at + FRAMES] = 0;
    page[at + FIRST] = this.#frameNumber;
    page[at + BORN] = time;
    page[at + BASE] = this.#base;
    const integerPage = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const { words } = this.#plan;
    const key = integerAt + KEY;
    const from = i * words;
    for (let word = 0; word < words; word += 1) integerPage[key + word] = keys.words[from + word]!;
    const hash = keys.hash[i]!;
    integerPage[integerAt + HASH] = hash;
    integerPage[integerAt + STATE] = keys.swapped[i]! | EMPTY;
    integerPage[integerAt + SEGMENT] = 0;
    integerPage[integerAt + AGAIN] = this.#births.count(hash, this.#base, time, this.#clock);
    if (control[i]! < 0) {
      const kind = (keys.words[from + KIND_WORD]! >> 8) & 15;
      if (kind === EXCHANGE || kind === ONE_WAY) {
        integerPage[integerAt + SYN_FORWARD] = this.#stage.messageType[i]!;
        integerPage[integerAt + SYN_BACKWARD] = this.#stage.messageCode[i]!;
      }
    }
    if (this.#program.createObjects !== undefined) store.objects[slot] = this.#program.createObjects();
    this.#index.insert(hash, slot);
    this.#idle.append(slot);
    this.#due(this.#clock + this.#settings.idleTimeout);
    return slot;
  }

  /** Ends or cuts everything that is due by the run clock. */
  #expire(): void {
    const { idleTimeout, activeTimeout, tcpLinger } = this.#settings;
    const clock = this.#clock;
    for (;;) {
      const idle = this.#dueOf(this.#idle.head, TOUCHED, idleTimeout);
      const linger = this.#dueOf(this.#linger.head, TOUCHED, tcpLinger);
      const segment = this.#dueOf(this.#segments.head, OPENED, activeTimeout);
      const next = Math.min(idle, linger, segment);
      if (next > clock) {
        this.#nextDue = next;
        return;
      }
      this.#settle(next === idle ? this.#idle.head : next === linger ? this.#linger.head : this.#segments.head);
    }
  }

  #dueOf(slot: number, order: number, timeout: number): number {
    if (slot < 0) return Number.POSITIVE_INFINITY;
    return this.#store.floatPage(slot)[this.#store.floatAt(slot) + order]! + timeout;
  }

  /** Carries out the earliest event of a flow that is due: returns the slot that goes on, or -1 when the flow has ended. */
  #settle(slot: number): number {
    const { idleTimeout, activeTimeout, tcpLinger } = this.#settings;
    const page = this.#store.floatPage(slot);
    const at = this.#store.floatAt(slot);
    const lingering = (this.#store.integerPage(slot)[this.#store.integerAt(slot) + STATE]! & LINGERING) !== 0;
    const idle = page[at + LAST]! + idleTimeout;
    const end = lingering ? page[at + LAST]! + tcpLinger : Number.POSITIVE_INFINITY;
    const active = page[at + START]! + activeTimeout;
    const over = Math.min(idle, end);
    if (active < over) {
      const next = this.#cut(slot, active);
      return over <= this.#clock ? this.#settle(next) : next;
    }
    this.#end(slot, end <= idle ? END : IDLE, over);
    return -1;
  }

  /** Ends a segment; the flow goes on, empty, in a new slot. */
  #cut(slot: number, moment: number): number {
    const store = this.#store;
    const next = store.allocate();
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    const nextPage = store.floatPage(next);
    const nextAt = store.floatAt(next);
    for (let i = 0; i < FLOAT_SLOTS; i += 1) nextPage[nextAt + i] = page[at + i]!;
    nextPage[nextAt + START] = Number.POSITIVE_INFINITY;
    nextPage[nextAt + FRAMES] = 0;
    const integerPage = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const nextIntegers = store.integerPage(next);
    const nextIntegerAt = store.integerAt(next);
    for (let i = 0; i < store.integerStride; i += 1) nextIntegers[nextIntegerAt + i] = integerPage[integerAt + i]!;
    nextIntegers[nextIntegerAt + STATE]! |= EMPTY;
    nextIntegers[nextIntegerAt + SEGMENT]! += 1;
    if (this.#program.createObjects !== undefined) store.objects[next] = this.#program.createObjects();
    this.#index.replace(slot, next);
    this.#idle.replace(slot, next);
    if ((integerPage[integerAt + STATE]! & LINGERING) !== 0) this.#linger.replace(slot, next);
    this.#segments.remove(slot);
    page[at + MOMENT] = moment;
    integerPage[integerAt + REASON] = ACTIVE;
    this.#ended.add(slot);
    return next;
  }

  /** Takes a flow out of the table; its record waits for its turn among the rows. */
  #end(slot: number, reason: number, moment: number): void {
    const store = this.#store;
    const integerPage = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const state = integerPage[integerAt + STATE]!;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    this.#index.remove(slot);
    this.#idle.remove(slot);
    if ((state & LINGERING) !== 0) this.#linger.remove(slot);
    if ((state & EMPTY) === 0) this.#segments.remove(slot);
    this.#births.ended(
      integerPage[integerAt + HASH]!,
      page[at + BORN]!,
      integerPage[integerAt + AGAIN]!,
      reason,
      this.#clock,
    );
    if ((state & EMPTY) !== 0) {
      store.free(slot);
      return;
    }
    page[at + MOMENT] = moment;
    integerPage[integerAt + REASON] = reason;
    this.#ended.add(slot);
  }

  #endAll(): void {
    const { idleTimeout, activeTimeout, tcpLinger } = this.#settings;
    const store = this.#store;
    for (let slot = this.#idle.head; slot >= 0; slot = this.#idle.head) {
      const page = store.floatPage(slot);
      const at = store.floatAt(slot);
      const last = page[at + LAST]!;
      const lingering = (store.integerPage(slot)[store.integerAt(slot) + STATE]! & LINGERING) !== 0;
      const due = Math.min(
        last + idleTimeout,
        page[at + START]! + activeTimeout,
        lingering ? last + tcpLinger : Number.POSITIVE_INFINITY,
      );
      if (due <= this.#clock) this.#settle(slot);
      else if (lingering) this.#end(slot, END, last + Math.min(tcpLinger, idleTimeout));
      else this.#end(slot, FORCED, Number.POSITIVE_INFINITY);
    }
    this.#ended.seal();
  }
}
