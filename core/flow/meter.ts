import type { FlowFacts, Program } from '../expression/program.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { type ClockTime, clockTime } from './clock-time.ts';
import { type MeterCounts, noCounts } from './counts.ts';
import type { HeldFragment } from './datagrams.ts';
import { FlowFactsReader } from './facts.ts';
import type { Weave } from './fragments.ts';
import type { KeyPlan } from './key-plan.ts';
import { MarkedFrames } from './marked.ts';
import type { RowBatch } from './rows.ts';
import { END, type FlowSettings } from './settings.ts';
import { SNAPSHOT, Snapshots } from './snapshots.ts';
import { LATE, MARKED, type Stage } from './stage.ts';
import { BASE, FLOAT_SLOTS, FRAMES, LAST, LISTED, MOMENT, OPENED, REASON, START, STATE, TOUCHED } from './store.ts';
import { AHEAD, FlowTable, GRAIN, MANY } from './table.ts';
import { EMPTY, follow, LINGERING, SWAPPED, startsAnother } from './tcp-end.ts';

/** Beyond this many nanoseconds from the base (52 days) the base moves: float64 is exact up to twice that. */
const SPAN = 2 ** 52;

/** Stands for the number of a frame that the batch knows. */
const OF_BATCH = -1;

/** A frame apart from its place in a batch. */
export interface FrameOrigin {
  /** In the run, from 1. */
  readonly number: number;
  /** Its packet time: whole Unix seconds and the rest. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Stage 2: weaves the frames of a batch into flows, expires them by packet time and makes their rows. */
export class Meter {
  readonly counts: MeterCounts = noCounts();
  /**
   * How long a row waits behind its moment, in nanoseconds of the run clock, so that frames that come out of order (no
   * step of the clock) do not change the order of rows.
   */
  rowDelay: number;
  /** Where the clock stood before its last step, and where it went on. */
  lastStep: { readonly from: ClockTime; readonly to: ClockTime } | undefined;
  readonly #settings: FlowSettings;
  readonly #bidirectional: boolean;
  readonly #words: number;
  readonly #program: Program;
  readonly #stage: Stage;
  readonly #table: FlowTable;
  readonly #facts: FlowFactsReader;
  readonly #slots: Int32Array | undefined;
  readonly #snapshots: Snapshots | undefined;
  readonly #marked: MarkedFrames | undefined;
  /** Frames in the batches before this one. */
  #before = 0;
  /** Numbers of the frames of this batch, where they do not follow those before it. */
  #numbers: Float64Array | undefined;
  #finished = false;
  /** The marked frame that is being taken. */
  #markedPlace = -1;
  #markedNumber = 0;
  #markedTime = 0;

  /** @param slots gets the record of each frame of the batch processed last, for {@link facts} */
  constructor(settings: FlowSettings, plan: KeyPlan, program: Program, stage: Stage, slots?: Int32Array) {
    this.#slots = slots;
    this.#settings = settings;
    this.#bidirectional = plan.bidirectional;
    this.rowDelay = settings.clockStep;
    this.#words = plan.words;
    this.#program = program;
    this.#stage = stage;
    this.#table = new FlowTable(settings, plan, program, stage);
    const { store, ended } = this.#table;
    this.#facts = new FlowFactsReader(store, plan, 0, settings, stage.keys.texts);
    if (settings.snapshot !== undefined)
      this.#snapshots = new Snapshots(settings.snapshot, program, store, this.#facts, (ticket) => ended.add(ticket));
    if (stage.fragments === undefined && stage.second === 0) return;
    const weave: Weave = (place, time, number, held) => this.#weaveMarked(place, time, number, held);
    const weaveSecond: Weave = (place, time, number) => {
      this.#weaveMarked(place, time, number, undefined);
      this.counts.used -= 1; // counted at its first level
    };
    this.#marked = new MarkedFrames(stage, plan, settings, weave, weaveSecond);
  }

  /** Fragments joined to the flow of their packet's first one, and those that could not be. */
  get fragments(): { readonly joined: number; readonly unmatched: number } {
    return { joined: this.#marked?.joined ?? 0, unmatched: this.#marked?.unmatched ?? 0 };
  }

  /** Flows open now. */
  get open(): number {
    return this.#table.index.count;
  }

  /** The run clock; undefined before the first frame. */
  get clock(): ClockTime | undefined {
    return clockTime(this.#table.base, this.#table.clock);
  }

  /** What is known of the flow with this record, until rows are drained. */
  facts(slot: number): FlowFacts {
    return this.#facts.read(slot);
  }

  /** Takes the frames of a batch that stage 1 has just seen. */
  process(batch: FrameBatch): void {
    const { skip } = this.#stage;
    const table = this.#table;
    const snapshots = this.#snapshots;
    const { seconds, nanoseconds, count } = batch;
    this.#numbers = batch.numbers;
    const many = table.index.count > MANY;
    for (let i = 0; i < count; i += 1) {
      if (many && (i & (AHEAD - 1)) === 0) table.warm(i, Math.min(count, i + AHEAD));
      const fraction = nanoseconds[i]!;
      let time = (seconds[i]! - table.base) * 1e9 + fraction;
      // The usual frame has a time, near the base and not behind the clock.
      if (fraction < 0 || !(time < SPAN) || time < table.clock) time = this.#unusual(i, seconds[i]!, fraction, time);
      else if (time > table.clock) {
        if (time >= table.nextDue) this.#expire(time);
        else table.clock = time;
      }
      if (skip[i] !== 0) {
        if (skip[i]! >= MARKED) this.#takeMarked(batch, i, time);
        continue;
      }
      const slot = this.#flowOf(i, time, OF_BATCH);
      if (snapshots === undefined) this.#weave(slot, i, time);
      else this.#weaveWith(snapshots, slot, i, time);
    }
    this.#before += count;
  }

  /** Number of a frame of the batch in the run. */
  #numberOf(i: number): number {
    return this.#numbers?.[i] ?? this.#before + i + 1;
  }

  /** Moves the run clock on to where something is due. */
  #expire(time: number): void {
    const table = this.#table;
    const marked = this.#marked;
    // Fragments that have waited long enough come into flows at that very moment, whatever frame moves the clock.
    while (marked !== undefined && marked.nextDue <= time) {
      table.clock = Math.max(table.clock, marked.nextDue);
      table.expire();
      marked.expire(table.clock);
    }
    table.clock = time;
    table.expire();
    if (marked !== undefined) table.due(marked.nextDue);
  }

  /** Takes a fragment, or one level of a frame with tunnels, into its flow. */
  #weaveMarked(place: number, time: number, number: number, held: HeldFragment | undefined): void {
    this.#markedPlace = place;
    this.#markedNumber = number;
    this.#markedTime = time;
    const slot = this.#flowOf(place, time, number);
    if (this.#snapshots === undefined) this.#weave(slot, place, time);
    else this.#weaveWith(this.#snapshots, slot, place, time);
    this.#markedPlace = -1;
    if (held === undefined || held.batch !== this.#before || this.#slots === undefined) return;
    // The flow of a frame that waited is known while its batch is still there.
    this.#slots[held.place] = slot;
    this.#stage.skip[held.place] = 0;
  }

  #takeMarked(batch: FrameBatch, i: number, time: number): void {
    const table = this.#table;
    const marked = this.#marked!;
    marked.take(batch, i, time, this.#numberOf(i), table.clock, this.#before);
    table.due(marked.nextDue);
  }

  /** Which frame the program takes at a place that is not the frame's own in the batch; undefined where it is. */
  elsewhere(place: number): FrameOrigin | undefined {
    if (place !== this.#markedPlace) return undefined;
    const whole = Math.floor(this.#markedTime / 1e9);
    return {
      number: this.#markedNumber,
      seconds: this.#table.base + whole,
      nanoseconds: this.#markedTime - whole * 1e9,
    };
  }

  /** The flow of a frame; a new one where there is none. */
  #flowOf(i: number, packetTime: number, number: number): number {
    const stage = this.#stage;
    const table = this.#table;
    let slot = table.index.find(stage.keys.hash[i]!, stage.keys.words, i * this.#words);
    if (slot >= 0) slot = this.#current(slot, stage.control[i]!, stage.sequence[i]!, stage.keys.swapped[i]!);
    if (slot < 0) slot = table.open(i, packetTime, number < 0 ? this.#numberOf(i) : number);
    if (this.#slots !== undefined) this.#slots[i] = slot;
    return slot;
  }

  #weaveWith(snapshots: Snapshots, slot: number, i: number, packetTime: number): void {
    const { store } = this.#table;
    const time = Math.max(packetTime, store.floatPage(slot)[store.floatAt(slot) + LAST]!);
    snapshots.before(slot, time);
    this.#weave(slot, i, packetTime);
    snapshots.after(slot, time);
  }

  /** Takes one frame into its flow. */
  #weave(slot: number, i: number, packetTime: number): void {
    const stage = this.#stage;
    const table = this.#table;
    const { store, clock } = table;
    const control = stage.control[i]!;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const state = integers[integerAt + STATE]!;
    const time = Math.max(packetTime, page[at + LAST]!);
    page[at + LAST] = time;
    page[at + TOUCHED] = clock;
    if ((state & EMPTY) !== 0) this.#begin(slot, time);
    else if (page[at + LISTED]! + GRAIN <= clock) {
      page[at + LISTED] = clock;
      table.idle.touch(slot);
    }
    const backward = (stage.keys.swapped[i]! ^ (state & SWAPPED)) as 0 | 1;
    if (control >= 0) {
      const ended = follow(
        integers,
        integerAt,
        control,
        stage.sequence[i]!,
        stage.acknowledgment[i]!,
        stage.columns.payloadLength[i]!,
        backward,
        this.#bidirectional,
      );
      if (ended || (state & LINGERING) !== 0) this.#linger(slot, ended);
    }
    const number = page[at + FRAMES]!;
    page[at + FRAMES] = number + 1;
    this.counts.used += 1;
    const { columns } = stage;
    columns.time[i] = time;
    columns.start[i] = page[at + START]!;
    columns.number[i] = number;
    const objects = this.#program.createObjects === undefined ? undefined : store.objects[slot];
    this.#program.update(page, at + FLOAT_SLOTS, objects, i, backward === 0);
  }

  /** The slot that a frame of this flow belongs to now: another one after a cut, -1 when the flow is over. */
  #current(found: number, control: number, sequence: number, swapped: number): number {
    const table = this.#table;
    const { store, clock } = table;
    const { idleTimeout, activeTimeout, tcpLinger } = this.#settings;
    const page = store.floatPage(found);
    const at = store.floatAt(found);
    const last = page[at + LAST]!;
    const state = store.integerPage(found)[store.integerAt(found) + STATE]!;
    let slot = found;
    if (
      last + idleTimeout <= clock ||
      page[at + START]! + activeTimeout <= clock ||
      ((state & LINGERING) !== 0 && last + tcpLinger <= clock)
    ) {
      slot = table.settle(slot);
    }
    // Only a SYN without ACK can be another connection's.
    if (slot < 0 || (control & 0x12) !== 2 || control < 0) return slot;
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const backward = (swapped ^ (integers[integerAt + STATE]! & SWAPPED)) as 0 | 1;
    if (!startsAnother(integers, integerAt, sequence, backward)) return slot;
    table.end(slot, END, clock);
    return -1;
  }

  /** The first frame of a segment. */
  #begin(slot: number, time: number): void {
    const table = this.#table;
    const { store, clock } = table;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    store.integerPage(slot)[store.integerAt(slot) + STATE]! &= ~EMPTY;
    page[at + START] = time;
    page[at + OPENED] = clock;
    table.segments.append(slot);
    table.due(clock + this.#settings.activeTimeout);
    if (page[at + LISTED]! < clock) {
      page[at + LISTED] = clock;
      table.idle.touch(slot);
    }
  }

  /** A TCP flow has ended, goes on lingering, or was reopened. */
  #linger(slot: number, ended: boolean): void {
    const table = this.#table;
    const integers = table.store.integerPage(slot);
    const state = table.store.integerAt(slot) + STATE;
    const lingering = (integers[state]! & LINGERING) !== 0;
    if (ended && lingering) table.linger.touch(slot);
    else if (ended) {
      integers[state]! |= LINGERING;
      table.linger.append(slot);
      table.due(table.clock + this.#settings.tcpLinger);
    } else {
      integers[state]! &= ~LINGERING;
      table.linger.remove(slot);
    }
  }

  /** The time of a frame that has none, lies far from the base, or comes late. */
  #unusual(i: number, seconds: number, fraction: number, time: number): number {
    const table = this.#table;
    const { counts } = this;
    if (fraction < 0) {
      counts.timeAbsent += 1;
      if (table.clock === Number.NEGATIVE_INFINITY) {
        table.base = 0;
        table.clock = 0;
      }
      return table.clock;
    }
    if (!(time < SPAN && time > -SPAN)) return this.#rebase(seconds, fraction, time);
    if (time < table.clock - this.#settings.clockStep) this.#step(time);
    else {
      counts.disorder += 1;
      const { skip } = this.#stage;
      if (this.#settings.disorder === 'drop' && (skip[i] === 0 || skip[i]! >= MARKED)) {
        counts.skippedLate += 1;
        skip[i] = LATE;
      }
    }
    return time;
  }

  /** Time that does not fit the base: the first frame of all, or one more than 52 days away. */
  #rebase(seconds: number, fraction: number, time: number): number {
    const table = this.#table;
    if (table.clock !== Number.NEGATIVE_INFINITY) {
      if (time < table.clock) this.#step(time);
      else {
        // Everything that is due ends by the old base; what outlives such a gap moves with the base.
        this.#expire(time);
        this.#marked?.flush(time);
        table.ended.seal(time);
        this.counts.timeSpan += table.move(seconds);
      }
      table.nextDue = Number.NEGATIVE_INFINITY;
    }
    table.base = seconds;
    table.clock = fraction;
    return fraction;
  }

  /** The clock went back by more than disorder explains: open flows end, the clock starts anew. */
  #step(time: number): void {
    this.counts.steps += 1;
    const { base, clock } = this.#table;
    const [from, to] = [clockTime(base, clock), clockTime(base, time)];
    if (from !== undefined && to !== undefined) this.lastStep = { from, to };
    this.#marked?.flush(this.#table.clock);
    this.#table.endAll();
    this.#table.births.nextEra();
    this.#table.clock = time;
  }

  /** Moves the run clock without a frame (live, when the source is drained). */
  advance(seconds: number, nanoseconds: number): void {
    const table = this.#table;
    const time = (seconds - table.base) * 1e9 + nanoseconds;
    if (!(time > table.clock) || time >= SPAN) return;
    if (time >= table.nextDue) this.#expire(time);
    else table.clock = time;
  }

  /** Ends all flows: the input is over. */
  finish(): void {
    this.#marked?.flush(this.#table.clock);
    this.#table.endAll();
    this.#finished = true;
  }

  /** Writes final rows into the batch; true when it is full and there may be more. */
  drain(rows: RowBatch): boolean {
    const { clock, ended, store } = this.#table;
    const lag = this.rowDelay + (this.#marked?.lag ?? 0);
    const horizon = this.#finished ? Number.POSITIVE_INFINITY : clock - lag - GRAIN;
    while (rows.count < rows.capacity) {
      const slot = ended.take(horizon);
      if (slot < 0) return false;
      const page = store.floatPage(slot);
      const at = store.floatAt(slot);
      const moment = page[at + BASE]! + page[at + MOMENT]! / 1e9;
      const place = rows.count;
      if (store.integerPage(slot)[store.integerAt(slot) + REASON] === SNAPSHOT) {
        this.#snapshots!.deliver(slot, rows);
        this.counts.snapshots += 1;
      } else this.#row(slot, rows);
      rows.moments[place] = moment;
      store.free(slot);
    }
    return true;
  }

  #row(slot: number, rows: RowBatch): void {
    const { store } = this.#table;
    const program = this.#program;
    const { counts } = this;
    const facts = this.#facts.read(slot);
    const page = store.floatPage(slot);
    const at = store.floatAt(slot) + FLOAT_SLOTS;
    const objects = store.objects[slot];
    if (program.keep(page, at, objects, facts)) {
      program.finish(page, at, objects, facts, rows, rows.count);
      rows.count += 1;
      counts.rows += 1;
    } else counts.notKept += 1;
    counts.byEndReason[facts.endReason]! += 1;
  }
}
