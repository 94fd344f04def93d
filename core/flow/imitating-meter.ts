import { type ImitatedFlow, type Imitation, type ImitationRun, JOIN, LEAVE_OUT } from '../declare/imitation.ts';
import type { FlowFacts, Program } from '../expression/program.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { Births } from './births.ts';
import { type ClockTime, clockTime } from './clock-time.ts';
import { type MeterCounts, noCounts } from './counts.ts';
import { EndedFlows } from './ended.ts';
import { FlowFactsReader } from './facts.ts';
import type { ImitatingStage } from './imitating-stage.ts';
import { FlowIndex } from './index-table.ts';
import type { KeyPlan } from './key-plan.ts';
import type { RowBatch } from './rows.ts';
import { type FlowSettings, FORCED, IDLE, RESOURCES } from './settings.ts';
import { IGNORED } from './stage.ts';
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
  REASON,
  SEGMENT,
  START,
  STATE,
} from './store.ts';
import { SWAPPED } from './tcp-end.ts';

/** The key of an imitation: two ends, and words of its own. */
const planOf = (words: number): KeyPlan => ({
  addresses: true,
  protocol: true,
  ports: true,
  bidirectional: true,
  fields: [],
  words,
});

const emptyFlow = (): ImitatedFlow => ({ slots: new Float64Array(0), at: 0, object: undefined });

/**
 * Stage 2 of a run that imitates a tool: flows are found by the tool's key, and its rules say when they end. Rows come in
 * the order in which flows end; those that the end of the input ends come last, in the order of their opening.
 */
export class ImitatingMeter {
  readonly counts: MeterCounts = noCounts();
  /** Time is whatever the tool makes of it: it never steps. */
  readonly lastStep = undefined;
  /** Fragments are where the tool has them. */
  readonly fragments = { joined: 0, unmatched: 0 };
  readonly #settings: FlowSettings;
  readonly #stage: ImitatingStage;
  readonly #rules: ImitationRun;
  readonly #program: Program;
  readonly #store: FlowStore;
  readonly #index: FlowIndex;
  /** Open flows in the order of their opening. */
  readonly #order: FlowList;
  readonly #ended: EndedFlows;
  readonly #births = new Births();
  readonly #facts: FlowFactsReader;
  readonly #slots: Int32Array | undefined;
  readonly #flow = emptyFlow();
  readonly #before = emptyFlow();
  readonly #words: number;
  /** What times far from the base are rounded to again. */
  readonly #tick: number;
  /** Places of a record that hold times. */
  readonly #times: readonly number[];
  readonly #ownSlots: number;
  readonly #ownObject: number;
  /** Highest time so far, from `clockBase`. */
  #clock = Number.NEGATIVE_INFINITY;
  #clockBase = 0;
  #frameNumber = 0;

  /** @param slots gets the record of each frame of the batch processed last, for {@link facts} */
  constructor(
    imitation: Imitation,
    settings: FlowSettings,
    program: Program,
    stage: ImitatingStage,
    slots?: Int32Array,
  ) {
    const { rules, keys } = stage;
    this.#settings = settings;
    this.#stage = stage;
    this.#rules = rules;
    this.#program = program;
    this.#slots = slots;
    this.#words = keys.count;
    this.#tick = imitation.tick;
    this.#ownSlots = FLOAT_SLOTS + program.birth.length;
    this.#times = [
      ...[START, LAST, BORN],
      ...program.timeSlots.map((time) => FLOAT_SLOTS + time),
      ...rules.times.map((time) => this.#ownSlots + time),
    ];
    this.#ownObject = program.createObjects?.().length ?? 0;
    this.#store = new FlowStore(Float64Array.from([...program.birth, ...rules.slots]), keys.count);
    this.#index = new FlowIndex(this.#store, keys.count);
    this.#order = new FlowList(this.#store, 0);
    this.#ended = new EndedFlows(this.#store);
    const own = imitation.values.filter(({ of }) => of === 'flow').length;
    this.#facts = new FlowFactsReader(this.#store, planOf(keys.count), own);
  }

  /** Flows open now. */
  get open(): number {
    return this.#index.count;
  }

  /** Highest time so far; undefined before the first frame. */
  get clock(): ClockTime | undefined {
    return clockTime(this.#clockBase, this.#clock);
  }

  /** What is known of the flow with this record, until rows are drained. */
  facts(slot: number): FlowFacts {
    return this.#facts.read(slot);
  }

  /** Takes the frames of a batch. */
  process(batch: FrameBatch): void {
    const stage = this.#stage;
    for (let i = 0; i < batch.count; i += 1) {
      this.#frameNumber += 1;
      stage.look(batch, i);
      if (stage.skip[i] === 0) this.#weave(i);
    }
    this.counts.timeAbsent = this.#stage.timeAbsent;
  }

  #weave(i: number): void {
    const rules = this.#rules;
    const { keys, columns, base } = this.#stage;
    const time = columns.time[i]!;
    const clock = this.#clock + (this.#clockBase - base) * 1e9;
    if (time < clock) this.counts.disorder += 1;
    else {
      this.#clock = time;
      this.#clockBase = base;
    }
    let slot = this.#index.find(keys.hash[i]!, keys.words, i * this.#words);
    if (slot >= 0) {
      const was = this.#store.floatPage(slot)[this.#store.floatAt(slot) + BASE]!;
      if (was !== this.#stage.base) this.#shift(slot, this.#stage.base);
      const state = this.#store.integerPage(slot)[this.#store.integerAt(slot) + STATE]!;
      const forward = (keys.swapped[i]! ^ (state & SWAPPED)) === 0;
      const meeting = rules.meet(this.#view(this.#flow, slot), i, forward);
      if (meeting === LEAVE_OUT) {
        this.#stage.skip[i] = IGNORED;
        return;
      }
      if (meeting !== JOIN) slot = this.#open(i, time, slot, meeting, was);
    } else slot = this.#open(i, time, -1, 0, 0);
    this.#take(slot, i, time);
    const horizon = rules.sweep?.(i) ?? Number.NEGATIVE_INFINITY;
    if (horizon > Number.NEGATIVE_INFINITY) this.#sweep(horizon);
  }

  /** Takes one frame into its flow. */
  #take(slot: number, i: number, time: number): void {
    const rules = this.#rules;
    const { keys, columns } = this.#stage;
    const store = this.#store;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    const flow = this.#view(this.#flow, slot);
    const state = store.integerPage(slot)[store.integerAt(slot) + STATE]!;
    const forward = rules.take(flow, i, (keys.swapped[i]! ^ (state & SWAPPED)) === 0);
    const number = page[at + FRAMES]!;
    page[at + FRAMES] = number + 1;
    page[at + LAST] = time;
    columns.start[i] = page[at + START]!;
    columns.number[i] = number;
    this.counts.used += 1;
    if (this.#slots !== undefined) this.#slots[i] = slot;
    const objects = this.#program.createObjects === undefined ? undefined : store.objects[slot];
    this.#program.update(page, at + FLOAT_SLOTS, objects, i, forward);
    const reason = rules.after?.(flow, i) ?? 0;
    if (reason > 0) this.#end(slot, reason);
  }

  /** Opens a flow for frame `i`, in place of one that ends with `reason` (its times then count from `was` again). */
  #open(i: number, time: number, old: number, reason: number, was: number): number {
    const store = this.#store;
    const { keys, base } = this.#stage;
    if (old < 0 && this.#index.count >= this.#settings.maxFlows) this.#end(this.#order.head, RESOURCES);
    const slot = store.allocate();
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    page.fill(0, at, at + FLOAT_SLOTS);
    page[at + START] = time;
    page[at + LAST] = time;
    page[at + BORN] = time;
    page[at + BASE] = base;
    page[at + FIRST] = this.#frameNumber;
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const from = i * this.#words;
    for (let word = 0; word < this.#words; word += 1) integers[integerAt + KEY + word] = keys.words[from + word]!;
    const hash = keys.hash[i]!;
    integers[integerAt + HASH] = hash;
    integers[integerAt + SEGMENT] = 0;
    integers[integerAt + REASON] = 0;
    integers[integerAt + AGAIN] = this.#births.count(hash, base, time, this.#clock);
    this.#createObjects(slot);
    const before = old < 0 ? undefined : this.#view(this.#before, old);
    const source = this.#rules.open(this.#view(this.#flow, slot), i, before);
    const side = old < 0 ? 0 : store.integerPage(old)[store.integerAt(old) + STATE]! & SWAPPED;
    integers[integerAt + STATE] =
      source === 'before' ? side : source === 'sender' ? keys.swapped[i]! : keys.swapped[i]! ^ SWAPPED;
    if (old >= 0) {
      if (was !== base) this.#shift(old, was);
      this.#end(old, reason);
    }
    this.#index.insert(hash, slot);
    this.#order.append(slot);
    return slot;
  }

  #createObjects(slot: number): void {
    const objects = this.#program.createObjects?.();
    const own = this.#rules.createObject?.();
    if (objects !== undefined || own !== undefined)
      this.#store.objects[slot] = own === undefined ? objects : [...(objects ?? []), own];
  }

  /** The state that the rules keep of a flow. */
  #view(view: ImitatedFlow, slot: number): ImitatedFlow {
    const store = this.#store;
    view.slots = store.floatPage(slot);
    view.at = store.floatAt(slot) + this.#ownSlots;
    view.object = store.objects[slot]?.[this.#ownObject];
    return view;
  }

  #sweep(horizon: number): void {
    const store = this.#store;
    for (let left = this.#rules.sweepLimit ?? Number.POSITIVE_INFINITY; left > 0; left -= 1) {
      const { head } = this.#order;
      if (head < 0) return;
      const page = store.floatPage(head);
      const at = store.floatAt(head);
      if (page[at + LAST]! + (page[at + BASE]! - this.#stage.base) * 1e9 > horizon) return;
      this.#end(head, IDLE);
    }
  }

  /** Takes a flow out of the table; its record waits for its row. */
  #end(slot: number, reason: number): void {
    const store = this.#store;
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    this.#index.remove(slot);
    this.#order.remove(slot);
    integers[integerAt + REASON] = reason;
    // Rows come in the order of ending, whatever the time says.
    page[at + MOMENT] = Number.NEGATIVE_INFINITY;
    this.#births.ended(integers[integerAt + HASH]!, page[at + BORN]!, integers[integerAt + AGAIN]!, 0, this.#clock);
    this.#ended.add(slot);
    this.#ended.seal(Number.POSITIVE_INFINITY);
  }

  /**
   * Moves the times of a flow to another base. Far from it a float64 does not hold every nanosecond, but moved back and
   * rounded they are what they were.
   */
  #shift(slot: number, base: number): void {
    const store = this.#store;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    const delta = (page[at + BASE]! - base) * 1e9;
    const tick = this.#tick;
    for (const time of this.#times) page[at + time] = Math.round((page[at + time]! + delta) / tick) * tick;
    page[at + BASE] = base;
    const objects = store.objects[slot];
    if (objects !== undefined && this.#program.createObjects !== undefined) this.#program.shiftObjects(objects, delta);
  }

  /** Tools have no clock but their packets. */
  advance(): void {}

  /** Ends all flows: the input is over. */
  finish(): void {
    for (let slot = this.#order.head; slot >= 0; slot = this.#order.head) this.#end(slot, FORCED);
  }

  /** Writes final rows into the batch; true when it is full and there may be more. */
  drain(rows: RowBatch): boolean {
    while (rows.count < rows.capacity) {
      const slot = this.#ended.take(Number.POSITIVE_INFINITY);
      if (slot < 0) return false;
      this.#row(slot, rows);
      this.#store.free(slot);
    }
    return true;
  }

  #row(slot: number, rows: RowBatch): void {
    const store = this.#store;
    const program = this.#program;
    const { counts } = this;
    const facts = this.#facts.read(slot);
    const page = store.floatPage(slot);
    const at = store.floatAt(slot) + FLOAT_SLOTS;
    const objects = store.objects[slot];
    const written = this.#rules.finish(this.#view(this.#flow, slot), facts, counts.rows + counts.notKept);
    if (written && program.keep(page, at, objects, facts)) {
      program.finish(page, at, objects, facts, rows, rows.count);
      rows.moments[rows.count] = this.#clockBase + this.#clock / 1e9;
      rows.count += 1;
      counts.rows += 1;
    } else counts.notKept += 1;
    counts.byEndReason[facts.endReason]! += 1;
  }
}
