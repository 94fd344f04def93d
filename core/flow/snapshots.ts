import type { Program } from '../expression/program.ts';
import { formatDuration } from '../run/duration.ts';
import type { FlowFactsReader } from './facts.ts';
import { copyRow, RowBatch } from './rows.ts';
import type { SnapshotPoints } from './settings.ts';
import {
  BASE,
  FIRST,
  FLOAT_SLOTS,
  type FlowStore,
  FRAMES,
  HASH,
  LAST,
  MOMENT,
  REASON,
  SEGMENT,
  START,
} from './store.ts';

/** What stands for an end reason in the ticket of a snapshot. */
export const SNAPSHOT = 0;

/** Rows in a page of the rows that wait. */
const PAGE = 256;

/**
 * Rows of flows that go on. A row is written when its point is reached and waits for its turn under a ticket: a record that
 * stands among those that have ended, at the time of the frame that reached the point. The flow's own state is only read.
 */
export class Snapshots {
  readonly #program: Program;
  readonly #store: FlowStore;
  readonly #facts: FlowFactsReader;
  readonly #add: (ticket: number) => void;
  readonly #frames: ReadonlyMap<number, string>;
  readonly #period: number;
  /** A count and a unit: a point in time is named by its multiples, so that all have the same unit. */
  readonly #each: number;
  readonly #unit: string;
  readonly #pages: RowBatch[] = [];
  readonly #free: number[] = [];

  /** @param add puts a ticket in its place among the records that wait for their rows */
  constructor(
    points: SnapshotPoints,
    program: Program,
    store: FlowStore,
    facts: FlowFactsReader,
    add: (ticket: number) => void,
  ) {
    this.#program = program;
    this.#store = store;
    this.#facts = facts;
    this.#add = add;
    this.#frames = new Map(points.frames?.map((count) => [count, `frames:${count}`]));
    this.#period = points.time ?? Number.POSITIVE_INFINITY;
    const [, each = '0', unit = ''] = /^(\d+)(\w+)$/.exec(formatDuration(points.time ?? 0)) ?? [];
    this.#each = Number(each);
    this.#unit = unit;
  }

  /** A frame of this time (nanoseconds, not before the flow's last) is about to join the flow: a period may be over. */
  before(slot: number, time: number): void {
    const page = this.#store.floatPage(slot);
    const at = this.#store.floatAt(slot);
    const start = page[at + START]!;
    if (page[at + FRAMES] === 0 || time - start < this.#period) return;
    // Periods without a frame of their own since the one before make no row: it would say the same again.
    const over = Math.floor((page[at + LAST]! - start) / this.#period) + 1;
    if (time - start >= over * this.#period) this.#take(slot, time, `time:${over * this.#each}${this.#unit}`);
  }

  /** A frame of this time has joined the flow: its number may be one of the points. */
  after(slot: number, time: number): void {
    const name = this.#frames.get(this.#store.floatPage(slot)[this.#store.floatAt(slot) + FRAMES]!);
    if (name !== undefined) this.#take(slot, time, name);
  }

  #take(slot: number, moment: number, name: string): void {
    const store = this.#store;
    const facts = this.#facts.read(slot);
    facts.endReason = Number.NaN;
    facts.snapshot = name;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    const program = this.#program;
    const objects = store.objects[slot];
    if (!program.keep(page, at + FLOAT_SLOTS, objects, facts)) return;
    if (this.#free.length === 0) this.#grow();
    const row = this.#free.pop()!;
    program.finish(page, at + FLOAT_SLOTS, objects, facts, this.#pages[Math.floor(row / PAGE)]!, row % PAGE);
    const ticket = store.allocate();
    const ticketPage = store.floatPage(ticket);
    const ticketAt = store.floatAt(ticket);
    ticketPage[ticketAt + MOMENT] = moment;
    ticketPage[ticketAt + BASE] = page[at + BASE]!;
    ticketPage[ticketAt + FIRST] = page[at + FIRST]!;
    const integers = store.integerPage(ticket);
    const integerAt = store.integerAt(ticket);
    integers[integerAt + REASON] = SNAPSHOT;
    integers[integerAt + SEGMENT] = facts.segment;
    integers[integerAt + HASH] = row;
    this.#add(ticket);
  }

  #grow(): void {
    const first = this.#pages.length * PAGE;
    this.#pages.push(new RowBatch(this.#program.columns, PAGE));
    for (let row = first + PAGE - 1; row >= first; row -= 1) this.#free.push(row);
  }

  /** Writes the row of a ticket, whose turn has come, behind the others. */
  deliver(ticket: number, rows: RowBatch): void {
    const row = this.#store.integerPage(ticket)[this.#store.integerAt(ticket) + HASH]!;
    copyRow(this.#pages[Math.floor(row / PAGE)]!, row % PAGE, rows, rows.count);
    rows.count += 1;
    this.#free.push(row);
  }
}
