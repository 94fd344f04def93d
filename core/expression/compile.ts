import type { Analysis } from '../declare/analysis.ts';
import type { Column } from '../flow/rows.ts';
import { Code } from './code.ts';
import { LeafColumns } from './columns.ts';
import { emitFinish, emitKeep, FlowPlace } from './finish.ts';
import { emitGather } from './gather.ts';
import type { Output } from './output.ts';
import { type Plan, plan } from './plan.ts';
import type { FrameColumns, Program } from './program.ts';
import { type FeatureRequest, type ProgramText, readProgram } from './read.ts';
import { emitUpdate, FramePlace } from './update.ts';

export type { FeatureRequest };

/** What a program is made from. */
export interface ProgramOptions extends ProgramText {
  /** Built-in values of each frame, which the meter fills. */
  readonly columns: FrameColumns;
  /** Frames per batch. */
  readonly capacity: number;
}

/** The columns of all outputs, in order. */
export const columnsOf = (outputs: readonly Output[]): readonly Column[] => outputs.flatMap(({ columns }) => columns);

/**
 * Compiles all features of a run together: equal values are read once, equal states kept once, and what is forward and
 * backward together is merged only when a row is made.
 * @throws ExpressionError with every problem of every feature.
 */
export function compileProgram(options: ProgramOptions): Program {
  return buildProgram(options).program;
}

/** A program with what it was made from. */
export interface BuiltProgram {
  readonly program: Program;
  readonly outputs: readonly Output[];
  readonly plan: Plan;
  /** Where an analysis has its values for the frame that was taken last. */
  analysed(analysis: Analysis): Float64Array;
}

/** The same as {@link compileProgram}, and what the program was made from. */
export function buildProgram(options: ProgramOptions): BuiltProgram {
  const { columns, capacity } = options;
  const { outputs, keep } = readProgram(options);
  const made = plan([...outputs.map(({ node }) => node), ...(keep === undefined ? [] : [keep])]);
  const code = new Code();
  const leaves = new LeafColumns(capacity);
  const place = new FramePlace(code, leaves, columns, made.memories);
  const update = emitUpdate(code, place, made);
  const flowPlace = new FlowPlace(code, made);
  const finish = emitFinish(code, flowPlace, outputs);
  const kept = emitKeep(code, flowPlace, keep);
  const gather = emitGather(code, leaves.all);
  const functions = code.compile<Pick<Program, 'gather' | 'update' | 'finish' | 'keep'>>({
    gather,
    update,
    finish,
    keep: kept,
  });
  const { birth, timeSlots, creators, shifts, carried, carriedSlots } = made;
  const program: Program = {
    birth,
    timeSlots,
    carriedSlots,
    createObjects: creators.length === 0 ? undefined : () => creators.map((create) => create()),
    shiftObjects(objects, delta) {
      for (let i = 0; i < shifts.length; i += 1) shifts[i]?.(objects[i] as never, delta);
    },
    ...(carried.length === 0
      ? {}
      : {
          carry(from: unknown[], to: unknown[]) {
            for (const { at, carry } of carried) to[at] = carry(from[at] as never);
          },
        }),
    demanded: leaves.demanded,
    columns: columnsOf(outputs),
    ...functions,
  };
  return { program, outputs, plan: made, analysed: (analysis) => place.results(analysis) };
}
