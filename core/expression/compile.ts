import type { Column } from '../flow/rows.ts';
import { Code } from './code.ts';
import { LeafColumns } from './columns.ts';
import { emitFinish, emitKeep, FlowPlace } from './finish.ts';
import { emitGather } from './gather.ts';
import type { Output } from './output.ts';
import { plan } from './plan.ts';
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
  const { columns, capacity } = options;
  const { outputs, keep } = readProgram(options);
  const made = plan([...outputs.map(({ node }) => node), ...(keep === undefined ? [] : [keep])]);
  const code = new Code();
  const leaves = new LeafColumns(capacity);
  const update = emitUpdate(code, new FramePlace(code, leaves, columns, made.memories), made);
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
  const { birth, timeSlots, creators, shifts } = made;
  return {
    birth,
    timeSlots,
    createObjects: creators.length === 0 ? undefined : () => creators.map((create) => create()),
    shiftObjects(objects, delta) {
      for (let i = 0; i < shifts.length; i += 1) shifts[i]?.(objects[i] as never, delta);
    },
    demanded: leaves.demanded,
    columns: columnsOf(outputs),
    ...functions,
  };
}
