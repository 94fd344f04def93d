import type { Program } from '../expression/program.ts';
import { EXCHANGE, ONE_WAY, PORTS } from '../frame/frame.ts';
import { Births } from './births.ts';
import { EndedFlows } from './ended.ts';
import { FlowIndex } from './index-table.ts';
import type { KeyPlan } from './key-plan.ts';
import { KIND_WORD, PORT_WORD } from './key-words.ts';
import { ACTIVE, END, type FlowSettings, FORCED, IDLE, RESOURCES } from './settings.ts';
import type { Stage } from './stage.ts';
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
  LISTED,
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
import { EMPTY, LINGERING, REPAIRED, SWAPPED } from './tcp-end.ts';

/**
 * A flow that was moved to the end of the idle order less than this long ago (nanoseconds) stays where it is: frames come
 * in bursts, and moving it for each of them would be the costliest part of the table. Rows wait this much longer.
 */
export const GRAIN = 0.5e9;

/** With more flows than this what frames need is fetched beforehand: fewer mostly lie in the processor's cache. */
export const MANY = 16_384;
/** For so many frames at a time, so that the first is still in the cache when the last is: a power of two. */
export const AHEAD = 128;

/** SYN and ACK of the TCP header (RFC 9293, section 3.1). */
const SYN = 2;
const SYN_ACK = 18;
/** Ports below this one are system ports, of services (RFC 6335, section 6). */
const USER_PORTS = 1024;

/** The open flows: found by key, expired by the run clock, bounded in number; those that have ended wait for their rows. */
export class FlowTable {
  readonly store: FlowStore;
  readonly index: FlowIndex;
  readonly idle: FlowList;
  readonly linger: FlowList;
  readonly segments: FlowList;
  readonly ended: EndedFlows;
  readonly births = new Births();
  /** Unix seconds that times count from. */
  base = Number.NaN;
  /** Highest packet time so far, in nanoseconds from the base. */
  clock = Number.NEGATIVE_INFINITY;
  /** No list has anything due before this. */
  nextDue = Number.POSITIVE_INFINITY;
  readonly #settings: FlowSettings;
  readonly #plan: KeyPlan;
  readonly #program: Program;
  readonly #stage: Stage;
  readonly #likely: Int32Array;
  /** Keeps what {@link FlowTable.warm} reads from being left out as of no use. */
  seen = 0;

  constructor(settings: FlowSettings, plan: KeyPlan, program: Program, stage: Stage) {
    this.#settings = settings;
    this.#plan = plan;
    this.#program = program;
    this.#stage = stage;
    this.#likely = new Int32Array(stage.skip.length);
    this.store = new FlowStore(program.birth, plan.words);
    this.index = new FlowIndex(this.store, plan.words);
    this.idle = new FlowList(this.store, 0);
    this.linger = new FlowList(this.store, 1);
    this.segments = new FlowList(this.store, 2);
    this.ended = new EndedFlows(this.store);
  }

  /**
   * Reads what the frames from `from` to `to` of a batch will want of the index, their records and the neighbours of these
   * in the idle order. With many flows nothing of it is in the processor's cache, and a frame would wait for one place in
   * memory after another; here the places do not depend on each other, so that many are fetched at a time.
   */
  warm(from: number, to: number): void {
    const { index, store, idle } = this;
    const { hash } = this.#stage.keys;
    const slots = this.#likely;
    for (let i = from; i < to; i += 1) slots[i] = index.likely(hash[i]!);
    let seen = 0;
    for (let i = from; i < to; i += 1) {
      const slot = slots[i]!;
      if (slot < 0) continue;
      const integers = store.integerPage(slot);
      const integerAt = store.integerAt(slot);
      seen ^= integers[integerAt + KEY]! ^ integers[integerAt]!;
      seen += store.floatPage(slot)[store.floatAt(slot) + LAST]!;
    }
    for (let i = from; i < to; i += 1) {
      const slot = slots[i]!;
      if (slot < 0) continue;
      const previous = idle.previous(slot);
      const next = idle.next(slot);
      if (previous >= 0) seen ^= store.integerPage(previous)[store.integerAt(previous)]!;
      if (next >= 0) seen ^= store.integerPage(next)[store.integerAt(next)]!;
    }
    this.seen = seen;
  }

  /** Something falls due at this moment. */
  due(moment: number): void {
    if (moment < this.nextDue) this.nextDue = moment;
  }

  /** A new flow for frame `i` of the batch, number `frame` of the run; it has no frame yet. */
  open(i: number, time: number, frame: number): number {
    if (this.index.count >= this.#settings.maxFlows) this.#makeRoom();
    const { store, clock } = this;
    const { keys } = this.#stage;
    const slot = store.allocate();
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    page[at + START] = Number.POSITIVE_INFINITY;
    page[at + LAST] = time;
    page[at + FRAMES] = 0;
    page[at + FIRST] = frame;
    page[at + BORN] = time;
    page[at + BASE] = this.base;
    page[at + LISTED] = clock;
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const { words } = this.#plan;
    const from = i * words;
    for (let word = 0; word < words; word += 1) integers[integerAt + KEY + word] = keys.words[from + word]!;
    const hash = keys.hash[i]!;
    integers[integerAt + HASH] = hash;
    integers[integerAt + STATE] = keys.swapped[i]! | EMPTY;
    if (this.#settings.direction === 'repair' && this.#answers(i)) integers[integerAt + STATE]! ^= SWAPPED | REPAIRED;
    integers[integerAt + SEGMENT] = 0;
    integers[integerAt + AGAIN] = this.births.count(hash, this.base, time, clock);
    const kind = (keys.words[from + KIND_WORD]! >> 8) & 15;
    if (kind === EXCHANGE || kind === ONE_WAY) {
      integers[integerAt + SYN_FORWARD] = this.#stage.messageType[i]!;
      integers[integerAt + SYN_BACKWARD] = this.#stage.messageCode[i]!;
    }
    if (this.#program.createObjects !== undefined) store.objects[slot] = this.#program.createObjects();
    this.index.insert(hash, slot);
    this.idle.append(slot);
    this.due(clock + this.#settings.idleTimeout + GRAIN);
    return slot;
  }

  /** True when frame `i`, the first one seen of its flow, goes from the flow's destination to its source. */
  #answers(i: number): boolean {
    if (!this.#plan.bidirectional) return false;
    const { keys, control } = this.#stage;
    const flags = control[i]!;
    if (flags >= 0 && (flags & SYN) !== 0) return (flags & SYN_ACK) === SYN_ACK;
    const words = i * this.#plan.words;
    if (((keys.words[words + KIND_WORD]! >> 8) & 15) !== PORTS) return false;
    const ports = keys.words[words + PORT_WORD]!;
    const source = keys.swapped[i] === 1 ? ports & 0xffff : ports >>> 16;
    const destination = keys.swapped[i] === 1 ? ports >>> 16 : ports & 0xffff;
    return source < USER_PORTS && destination >= USER_PORTS;
  }

  #makeRoom(): void {
    const slot = this.#leastRecent();
    const last = this.store.floatPage(slot)[this.store.floatAt(slot) + LAST]!;
    if (last + this.#settings.idleTimeout <= this.clock) this.settle(slot);
    else this.end(slot, RESOURCES, this.clock);
  }

  /** The flow whose last frame lies furthest back: near the head of the idle order, whose places are a grain wide. */
  #leastRecent(): number {
    const { store, idle } = this;
    let least = -1;
    let touched = Number.POSITIVE_INFINITY;
    for (let slot = idle.head; slot >= 0; slot = idle.next(slot)) {
      const page = store.floatPage(slot);
      const at = store.floatAt(slot);
      if (page[at + LISTED]! >= touched) break;
      if (page[at + TOUCHED]! < touched) {
        touched = page[at + TOUCHED]!;
        least = slot;
      }
    }
    return least;
  }

  /** Ends or cuts everything that is due by the run clock. */
  expire(): void {
    const { idleTimeout, activeTimeout, tcpLinger } = this.#settings;
    for (;;) {
      const idle = this.#dueOf(this.idle.head, LISTED, idleTimeout + GRAIN);
      const linger = this.#dueOf(this.linger.head, TOUCHED, tcpLinger);
      const segment = this.#dueOf(this.segments.head, OPENED, activeTimeout);
      const next = Math.min(idle, linger, segment);
      if (next > this.clock) {
        this.nextDue = next;
        return;
      }
      this.settle(next === idle ? this.idle.head : next === linger ? this.linger.head : this.segments.head);
    }
  }

  #dueOf(slot: number, order: number, timeout: number): number {
    if (slot < 0) return Number.POSITIVE_INFINITY;
    return this.store.floatPage(slot)[this.store.floatAt(slot) + order]! + timeout;
  }

  /** Carries out the earliest event of a flow that is due: returns the slot that goes on, or -1 when the flow has ended. */
  settle(slot: number): number {
    const { idleTimeout, activeTimeout, tcpLinger } = this.#settings;
    const { store } = this;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    const lingering = (store.integerPage(slot)[store.integerAt(slot) + STATE]! & LINGERING) !== 0;
    const idle = page[at + LAST]! + idleTimeout;
    const end = lingering ? page[at + LAST]! + tcpLinger : Number.POSITIVE_INFINITY;
    const active = page[at + START]! + activeTimeout;
    const over = Math.min(idle, end);
    if (active < over) {
      const next = this.#cut(slot, active);
      return over <= this.clock ? this.settle(next) : next;
    }
    this.end(slot, end <= idle ? END : IDLE, over);
    return -1;
  }

  /** Ends a segment; the flow goes on, empty, in a new slot. */
  #cut(slot: number, moment: number): number {
    const { store } = this;
    const next = store.allocate();
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    const nextPage = store.floatPage(next);
    const nextAt = store.floatAt(next);
    for (let i = 0; i < FLOAT_SLOTS; i += 1) nextPage[nextAt + i] = page[at + i]!;
    nextPage[nextAt + START] = Number.POSITIVE_INFINITY;
    nextPage[nextAt + FRAMES] = 0;
    for (const carried of this.#program.carriedSlots ?? [])
      nextPage[nextAt + FLOAT_SLOTS + carried] = page[at + FLOAT_SLOTS + carried]!;
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const nextIntegers = store.integerPage(next);
    const nextIntegerAt = store.integerAt(next);
    for (let i = 0; i < store.integerStride; i += 1) nextIntegers[nextIntegerAt + i] = integers[integerAt + i]!;
    nextIntegers[nextIntegerAt + STATE]! |= EMPTY;
    nextIntegers[nextIntegerAt + SEGMENT]! += 1;
    if (this.#program.createObjects !== undefined) {
      const objects = this.#program.createObjects();
      this.#program.carry?.(store.objects[slot]!, objects);
      store.objects[next] = objects;
    }
    this.index.replace(slot, next);
    this.idle.replace(slot, next);
    if ((integers[integerAt + STATE]! & LINGERING) !== 0) this.linger.replace(slot, next);
    this.segments.remove(slot);
    page[at + MOMENT] = moment;
    integers[integerAt + REASON] = ACTIVE;
    this.ended.add(slot);
    return next;
  }

  /** Takes a flow out of the table; its record waits for its turn among the rows. */
  end(slot: number, reason: number, moment: number): void {
    const { store } = this;
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const state = integers[integerAt + STATE]!;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    this.index.remove(slot);
    this.idle.remove(slot);
    if ((state & LINGERING) !== 0) this.linger.remove(slot);
    this.births.ended(integers[integerAt + HASH]!, page[at + BORN]!, integers[integerAt + AGAIN]!, reason, this.clock);
    if ((state & EMPTY) !== 0) {
      store.free(slot);
      return;
    }
    this.segments.remove(slot);
    page[at + MOMENT] = moment;
    integers[integerAt + REASON] = reason;
    this.ended.add(slot);
  }

  /** Ends every flow: the input is over, or the clock went back. What was due before keeps its own reason. */
  endAll(): void {
    const { idleTimeout, activeTimeout, tcpLinger } = this.#settings;
    const { store, idle } = this;
    for (let slot = idle.head; slot >= 0; slot = idle.head) {
      const page = store.floatPage(slot);
      const at = store.floatAt(slot);
      const last = page[at + LAST]!;
      const lingering = (store.integerPage(slot)[store.integerAt(slot) + STATE]! & LINGERING) !== 0;
      const due = Math.min(
        last + idleTimeout,
        page[at + START]! + activeTimeout,
        lingering ? last + tcpLinger : Number.POSITIVE_INFINITY,
      );
      if (due <= this.clock) this.settle(slot);
      else if (lingering) this.end(slot, END, last + Math.min(tcpLinger, idleTimeout));
      else this.end(slot, FORCED, Number.POSITIVE_INFINITY);
    }
    this.ended.seal(this.clock);
  }

  /** Moves the times of all open flows to another base; returns how many of them span more than float64 holds exactly. */
  move(base: number): number {
    const delta = (this.base - base) * 1e9;
    const { store, idle } = this;
    const { timeSlots } = this.#program;
    let inexact = 0;
    for (let slot = idle.head; slot >= 0; slot = idle.next(slot)) {
      const page = store.floatPage(slot);
      const at = store.floatAt(slot);
      for (const time of [START, LAST, BORN, TOUCHED, LISTED, OPENED]) page[at + time]! += delta;
      for (const time of timeSlots) page[at + FLOAT_SLOTS + time]! += delta;
      const objects = store.objects[slot];
      if (objects !== undefined) this.#program.shiftObjects(objects, delta);
      page[at + BASE] = base;
      if (-delta > 2 ** 53) inexact += 1;
    }
    return inexact;
  }
}
