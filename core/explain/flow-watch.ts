import type { Anonymizer } from '../anonymize/anonymizer.ts';
import type { BuiltProgram, ProgramOptions } from '../expression/compile.ts';
import type { Surroundings, Value } from '../expression/evaluate.ts';
import { order } from '../expression/interpret.ts';
import { Reads, type Seen } from '../expression/interpret-frame.ts';
import { everyNode, type Memory, memoryKey, memoryKeyOf } from '../expression/plan.ts';
import type { FlowFacts, Program } from '../expression/program.ts';
import type { Node, OrderNode } from '../expression/tree.ts';
import type { FrameOrigin } from '../flow/meter.ts';
import { RowBatch } from '../flow/rows.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { formatDecimals, formatNumberFull } from '../output/format-number.ts';
import { BATCH_PLACES, type FlowWatch } from '../run/flow-run.ts';
import { timeText } from '../run/time-span.ts';
import { cellTexts } from './cell-text.ts';
import { type ExplainedRow, rowOf } from './explained-row.ts';
import type { Explanation } from './explanation.ts';
import { FeatureWatch } from './feature-watch.ts';
import { viewOf } from './state-view.ts';

/** Which row to explain, and which of its features. */
export interface ExplainWish {
  /** As rows print it: 16 hex digits. */
  readonly flowId: string;
  readonly segment: number;
  /** Places among the features of the run. */
  readonly features: readonly number[];
  readonly precision: 'twelve' | 'full';
  readonly anonymizer?: Anonymizer | undefined;
}

const CAPACITY = BATCH_PLACES;

/**
 * Looks on while a run makes one row: the frames of its flow as the run's own program takes them, with the states that the
 * program keeps, and the row as the program writes it.
 */
export class ExplainWatch implements FlowWatch {
  readonly slots = new Int32Array(CAPACITY);
  readonly #wish: ExplainWish;
  readonly #high: number;
  readonly #low: number;
  readonly #formatNumber: ((value: number) => string) | undefined;
  #features: readonly FeatureWatch[] = [];
  #cells: readonly ReturnType<typeof cellTexts>[] = [];
  #facts: ((slot: number) => FlowFacts) | undefined;
  #elsewhere: ((place: number) => FrameOrigin | undefined) | undefined;
  #batch: FrameBatch | undefined;
  #before = 0;
  #segments = 0;
  #row: ExplainedRow | undefined;
  #rowCells: readonly (readonly string[])[] = [];

  constructor(wish: ExplainWish) {
    this.#wish = wish;
    this.#high = Number.parseInt(wish.flowId.slice(0, 8), 16);
    this.#low = Number.parseInt(wish.flowId.slice(8), 16);
    this.#formatNumber = wish.precision === 'full' ? formatNumberFull : undefined;
  }

  begin(facts: (slot: number) => FlowFacts, elsewhere: (place: number) => FrameOrigin | undefined): void {
    this.#facts = facts;
    this.#elsewhere = elsewhere;
  }

  enter(batch: FrameBatch, before: number): void {
    this.#batch = batch;
    this.#before = before;
  }

  around(program: Program, built: BuiltProgram, options: ProgramOptions): Program {
    const outputs = this.#wish.features.map((place) => built.outputs[place]!);
    this.#features = this.#wish.features.map(
      (place, i) => new FeatureWatch(options.features[place]!, outputs[i]!, (node) => viewOf(node, built)),
    );
    this.#cells = outputs.map(({ columns }) => {
      const places = columns.map((column) => program.columns.indexOf(column));
      return cellTexts(program.columns, places, this.#formatNumber);
    });
    const roots = everyNode(outputs.map(({ node }) => node));
    const inside = everyNode(
      roots.flatMap((node) => [
        ...(node.op === 'aggregate' || node.op === 'code' || node.op === 'object-code' ? node.args : []),
        ...('selection' in node ? node.selection : []),
      ]),
    );
    const reads = new Reads(inside, options.columns);
    const memories = new Map(built.plan.memories.map((memory) => [memoryKeyOf(memory), memory]));
    const orders = inside.filter((node) => node.op === 'order');
    const scratch = new RowBatch(program.columns, 1);
    return {
      ...program,
      gather: (frame, index) => {
        program.gather(frame, index);
        reads.gather(frame, index);
      },
      update: (slots, at, objects, index, forward) => {
        if (!this.#isWanted(this.#facts!(this.slots[index]!))) {
          program.update(slots, at, objects, index, forward);
          return;
        }
        const remembered = new Map(orders.map((node) => [node, lastOf(memories, node, slots, at, objects)]));
        program.update(slots, at, objects, index, forward);
        const { columns } = options;
        const seen: Seen = {
          index,
          forward,
          number: columns.number[index]!,
          start: columns.start[index]!,
          time: columns.time[index]!,
        };
        const around: Surroundings = {
          list: (node) => reads.list(node, index),
          leaf(node, of) {
            if (node.op === 'order') return order(node, remembered.get(node)!, of(node.args[0]!));
            return node.op === 'analysis' ? built.analysed(node.analysis)[node.index]! : reads.leaf(node, seen);
          },
        };
        this.#take(program, scratch, seen, around, slots, at, objects);
      },
      keep: (slots, at, objects, facts) => {
        const kept = program.keep(slots, at, objects, facts);
        // A row that is not kept is not written, but it can be explained.
        if (!kept && facts.snapshot === null && this.#isFlow(facts)) {
          program.finish(slots, at, objects, facts, scratch, 0);
          this.#finish(slots, at, objects, facts, scratch, 0, false);
        }
        return kept;
      },
      finish: (slots, at, objects, facts, rows, row) => {
        program.finish(slots, at, objects, facts, rows, row);
        if (facts.snapshot === null && this.#isFlow(facts)) this.#finish(slots, at, objects, facts, rows, row, true);
      },
    };
  }

  /** The flow, when its row is made; its id is replaced already where ids are. */
  #isFlow({ idHigh, idLow }: FlowFacts): boolean {
    return idHigh === this.#high && idLow === this.#low;
  }

  #isWanted(facts: FlowFacts): boolean {
    if (facts.segment !== this.#wish.segment) return false;
    const { idHigh, idLow } = facts;
    const id = { idHigh, idLow };
    this.#wish.anonymizer?.seal(id);
    return id.idHigh === this.#high && id.idLow === this.#low;
  }

  #take(
    program: Program,
    scratch: RowBatch,
    seen: Seen,
    around: Surroundings,
    slots: Float64Array,
    at: number,
    objects: unknown[] | undefined,
  ): void {
    const { index, forward, number } = seen;
    const facts = this.#facts!(this.slots[index]!);
    // The row as it would be now: nobody knows yet how the flow ends.
    facts.endReason = Number.NaN;
    program.finish(slots, at, objects, facts, scratch, 0);
    const batch = this.#batch!;
    const other = this.#elsewhere!(index);
    const fraction = other?.nanoseconds ?? batch.nanoseconds[index]!;
    const frame = {
      number: other?.number ?? batch.numbers?.[index] ?? this.#before + index + 1,
      time: fraction < 0 ? '' : timeText(other?.seconds ?? batch.seconds[index]!, fraction),
      since_start: formatDecimals(seen.time - seen.start, 9),
      direction: forward ? ('forward' as const) : ('backward' as const),
      around,
      facts,
      slots,
      at,
      objects,
    };
    if (number === 0) for (const feature of this.#features) feature.clear();
    for (const [i, feature] of this.#features.entries()) feature.take(frame, this.#cells[i]!(scratch, 0));
  }

  #finish(
    slots: Float64Array,
    at: number,
    objects: unknown[] | undefined,
    facts: FlowFacts,
    rows: RowBatch,
    row: number,
    kept: boolean,
  ): void {
    this.#segments += 1;
    if (facts.segment !== this.#wish.segment) return;
    this.#rowCells = this.#cells.map((texts) => texts(rows, row));
    for (const feature of this.#features) feature.finish(slots, at, objects, facts);
    this.#row = rowOf(facts, this.#wish.flowId, kept, this.#wish.anonymizer);
  }

  /** The explanation; undefined when the run made no such row. */
  explanation(): Explanation | undefined {
    const row = this.#row;
    if (row === undefined) return undefined;
    return {
      ...row,
      segments: this.#segments,
      features: this.#features.map((one, i) => one.explained(this.#rowCells[i]!)),
    };
  }

  /** Rows that the flow has, of whatever segment. */
  get segments(): number {
    return this.#segments;
  }
}

/** What a flow remembers of the frame before, as its record holds it. */
function lastOf(
  memories: ReadonlyMap<string, Memory>,
  node: OrderNode & Node,
  slots: Float64Array,
  at: number,
  objects: readonly unknown[] | undefined,
): Value {
  const memory = memories.get(memoryKey(node))!;
  return memory.text ? (objects![memory.at] as Value) : slots[at + memory.at]!;
}
