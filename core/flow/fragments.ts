import type { FrameBatch } from '../frame/batch.ts';
import { Datagrams, type HeldFragment, KNOWN, NO_FLOW, WAITING } from './datagrams.ts';
import type { KeyPlan } from './key-plan.ts';
import type { HeldFrame, Stage } from './stage.ts';

const NONE: readonly HeldFragment[] = [];

/** Bytes of fragments that wait at most. */
const MAXIMUM_HELD_BYTES = 16 * 1024 * 1024;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Takes the frame at a place into its flow. `held` when it waited. */
export type Weave = (place: number, time: number, number: number, held: HeldFragment | undefined) => void;

/** Which packets of frames a level sees. */
export type FragmentLevel = 'outermost' | 'innermost' | 'second';

/**
 * Joins fragments to the flow of their packet's first one, at one level of tunnels. What comes before the first waits,
 * bounded in number, bytes and time; what cannot be joined is a flow without ports.
 */
export class Fragments {
  joined = 0;
  unmatched = 0;
  /** Fragments have waited: frames may come into flows this much later. */
  everHeld = false;
  /** Run clock when the next packet has waited for its first fragment long enough. */
  nextDue = Number.POSITIVE_INFINITY;
  readonly #stage: Stage;
  readonly #make: () => Datagrams;
  #made: Datagrams | undefined;
  readonly #timeout: number;
  readonly #level: FragmentLevel;
  readonly #weave: Weave;
  #waiting = 0;
  #heldFrames = 0;
  #heldBytes = 0;
  #clock = 0;
  readonly #source: Mutable<HeldFragment> = {
    bytes: new Uint8Array(0),
    start: 0,
    captured: 0,
    wire: 0,
    checkLength: 0,
    linkType: 0,
    time: 0,
    number: 0,
    place: 0,
    batch: 0,
  };

  constructor(
    stage: Stage,
    plan: KeyPlan,
    limits: { readonly maxFragments: number; readonly fragmentTimeout: number },
    level: FragmentLevel,
    weave: Weave,
  ) {
    this.#stage = stage;
    this.#make = () => new Datagrams(limits.maxFragments, stage.fragments!.width, plan.words);
    this.#timeout = limits.fragmentTimeout;
    this.#level = level;
    this.#weave = weave;
  }

  /** Made with the first fragment: most runs have none. */
  get #datagrams(): Datagrams {
    this.#made ??= this.#make();
    return this.#made;
  }

  /** Takes a frame of the batch; true when it waits. `batch` numbers batches. */
  take(batch: FrameBatch, i: number, time: number, number: number, clock: number, batchNumber: number): boolean {
    this.#clock = clock;
    const source = this.#source;
    source.bytes = batch.bytes;
    source.start = batch.offset[i]!;
    source.captured = batch.captured[i]!;
    source.wire = batch.wire[i]!;
    source.checkLength = batch.checkLength[i]!;
    source.linkType = batch.linkType[i]!;
    source.time = time;
    source.number = number;
    source.place = i;
    source.batch = batchNumber;
    return this.#take(i, source, undefined);
  }

  /** Ends the wait of packets that have waited long enough, one run clock after the other. */
  expire(clock: number): void {
    if (this.#made === undefined) return;
    this.#clock = clock;
    const datagrams = this.#datagrams;
    while (datagrams.span > 0 && datagrams.since[datagrams.oldest]! + this.#timeout <= clock)
      this.#drop(datagrams.oldest);
    this.#findDue();
  }

  /** Ends the wait of all packets: the input is over, or the clock goes elsewhere. */
  flush(clock: number): void {
    if (this.#made === undefined) return;
    this.#clock = clock;
    while (this.#datagrams.span > 0) this.#drop(this.#datagrams.oldest);
    this.nextDue = Number.POSITIVE_INFINITY;
  }

  #findDue(): void {
    this.nextDue = Number.POSITIVE_INFINITY;
    const datagrams = this.#datagrams;
    for (let i = 0; this.#waiting > 0 && i < datagrams.span; i += 1) {
      const slot = datagrams.at(i);
      if (datagrams.state[slot] !== WAITING) continue;
      this.nextDue = datagrams.since[slot]! + this.#timeout;
      return;
    }
  }

  /** The frame whose entries stand at `index`; `held` when it waited. True when it waits now. */
  #take(index: number, source: HeldFragment, held: HeldFragment | undefined): boolean {
    const fragments = this.#stage.fragments!;
    const first = fragments.first[index]!;
    let count = fragments.entries[index]!;
    if (this.#level === 'outermost') while (count > 0 && fragments.depth[first + count - 1]! > 0) count -= 1;
    const last = first + count - 1;
    if (count === 0 || fragments.later[last] === 0) {
      // All of them are first fragments. At the second level, a packet that carries none has no flow.
      const none = this.#level === 'second' && fragments.carrier[first] === 0 && fragments.depth[first] === 0;
      this.#settle(index, first, count, none ? NO_FLOW : KNOWN, source, held);
      return false;
    }
    const slot = this.#current(last);
    if (slot < 0 || this.#datagrams.state[slot] === WAITING) {
      this.#hold(last, source);
      return true;
    }
    if (this.#datagrams.state[slot] === NO_FLOW) return false;
    this.#join(slot, index, last, source);
    this.#settle(index, first, count - 1, KNOWN, source, held);
    return false;
  }

  /** The packet of an entry, if what is known of it is not too old. */
  #current(entry: number): number {
    const slot = this.#datagrams.find(this.#stage.fragments!, entry);
    if (slot < 0 || this.#datagrams.state[slot] === WAITING) return slot;
    if (this.#datagrams.since[slot]! + this.#timeout > this.#clock) return slot;
    this.#drop(slot);
    return -1;
  }

  #placeOf(index: number): number {
    return this.#level === 'second' ? index + this.#stage.second : index;
  }

  /** Gives a later fragment the key of its packet's flow. */
  #join(slot: number, index: number, last: number, source: HeldFrame): void {
    const stage = this.#stage;
    const datagrams = this.#datagrams;
    const place = this.#placeOf(index);
    if (this.#level !== 'second' || stage.fragments!.depth[last]! > 0) this.joined += 1;
    if (this.#level !== 'outermost' && datagrams.carrier[slot] === 1) stage.load(place, source, true);
    datagrams.writeKey(slot, stage.keys, place);
    stage.messageType[place] = datagrams.message[slot]! & 0xff;
    stage.messageCode[place] = datagrams.message[slot]! >> 8;
  }

  /** The frame's key is known: remembers it for the packets it is the first fragment of, and takes it into its flow. */
  #settle(
    index: number,
    first: number,
    count: number,
    state: typeof KNOWN | typeof NO_FLOW,
    source: HeldFragment,
    held: HeldFragment | undefined,
  ): void {
    const stage = this.#stage;
    const place = this.#placeOf(index);
    let released = NONE;
    let lost = NONE;
    for (let entry = first; entry < first + count; entry += 1) {
      const datagrams = this.#datagrams;
      const before = datagrams.find(stage.fragments!, entry);
      if (before >= 0) released = joined(released, this.#removed(before));
      while (datagrams.full) lost = joined(lost, this.#removed(datagrams.oldest));
      const slot = datagrams.add(stage.fragments!, entry, this.#clock, state);
      datagrams.carrier[slot] = stage.fragments!.carrier[entry]!;
      datagrams.setKey(slot, stage.keys, place, stage.messageType[place]!, stage.messageCode[place]!);
    }
    // What waited has its own time, which is before this frame's. The place of a frame that waited is needed for others.
    if (held !== undefined && state !== NO_FLOW) this.#weave(place, source.time, source.number, held);
    const { time, number } = source;
    for (const one of released) this.#replay(one);
    if (held === undefined && state !== NO_FLOW) this.#weave(place, time, number, undefined);
    for (const one of lost) this.#lose(one);
  }

  /** Takes up a frame that waited. */
  #replay(held: HeldFragment): void {
    const stage = this.#stage;
    stage.load(stage.spare, held, false);
    this.#take(stage.spare, held, held);
  }

  #hold(entry: number, { bytes, start, captured, ...rest }: HeldFragment): void {
    const datagrams = this.#datagrams;
    const stage = this.#stage;
    let lost = NONE;
    this.everHeld = true;
    while (
      this.#heldFrames > 0 &&
      (this.#heldFrames >= datagrams.limit || this.#heldBytes + captured > MAXIMUM_HELD_BYTES)
    )
      lost = joined(lost, this.#removed(this.#longestWaiting()));
    let slot = datagrams.find(stage.fragments!, entry);
    if (slot < 0) {
      while (datagrams.full) lost = joined(lost, this.#removed(datagrams.oldest));
      slot = datagrams.add(stage.fragments!, entry, this.#clock, WAITING);
      datagrams.held[slot] = [];
      this.#waiting += 1;
      this.nextDue = Math.min(this.nextDue, this.#clock + this.#timeout);
    }
    datagrams.held[slot]!.push({ ...rest, bytes: bytes.slice(start, start + captured), start: 0, captured });
    this.#heldFrames += 1;
    this.#heldBytes += captured;
    for (const one of lost) this.#lose(one);
  }

  #longestWaiting(): number {
    const datagrams = this.#datagrams;
    let i = 0;
    while (datagrams.state[datagrams.at(i)] !== WAITING) i += 1;
    return datagrams.at(i);
  }

  /** Forgets a packet; returns what waited for it. */
  #removed(slot: number): readonly HeldFragment[] {
    if (this.#datagrams.state[slot] === WAITING) this.#waiting -= 1;
    const held = this.#datagrams.remove(slot) ?? NONE;
    this.#heldFrames -= held.length;
    for (const { captured } of held) this.#heldBytes -= captured;
    return held;
  }

  #drop(slot: number): void {
    for (const held of this.#removed(slot)) this.#lose(held);
  }

  /** A fragment has waited in vain: it is of a flow without ports. */
  #lose(held: HeldFragment): void {
    const stage = this.#stage;
    stage.load(stage.spare, held, false);
    const fragments = stage.fragments!;
    const first = fragments.first[stage.spare]!;
    const count = fragments.entries[stage.spare]!;
    // Whether the packet carries another one is not known: at the second level it counts as none.
    if (this.#level === 'second' && fragments.depth[first + count - 1] === 0) return;
    this.unmatched += 1;
    this.#settle(stage.spare, first, this.#level === 'outermost' ? 0 : count - 1, KNOWN, held, held);
  }
}

/** Two lists as one; mostly one of them is empty. */
const joined = (one: readonly HeldFragment[], other: readonly HeldFragment[]): readonly HeldFragment[] =>
  one.length === 0 ? other : other.length === 0 ? one : [...one, ...other];
