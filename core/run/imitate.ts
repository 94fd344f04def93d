import type { Imitation } from '../declare/imitation.ts';
import { imitatingRegistry } from '../declare/registry.ts';
import { compileFilter } from '../expression/filter.ts';
import type { Program } from '../expression/program.ts';
import { ImitatingMeter } from '../flow/imitating-meter.ts';
import { ImitatingStage, ownColumns } from '../flow/imitating-stage.ts';
import { frameColumns } from '../flow/stage.ts';
import { makeDispatch } from './dispatch.ts';
import type { FlowRun } from './flow-run.ts';
import { makeProgram } from './make-program.ts';

/** The parts of a run that follows an imitation: what it looks at in frames, and how it weaves them into flows. */
export interface ImitatingParts {
  readonly program: Program;
  readonly stage: ImitatingStage;
  readonly meter: ImitatingMeter;
}

/**
 * Makes the parts of a run that follows an imitation, for batches of `capacity` frames.
 * @throws PacketloomError for an expression or decode-as that is wrong.
 */
export function imitate(run: FlowRun, imitation: Imitation, capacity: number): ImitatingParts {
  const { settings } = run;
  const registry = imitatingRegistry(run.registry, imitation);
  const columns = { ...frameColumns(capacity), own: ownColumns(imitation, capacity) };
  const program = makeProgram(run, {
    registry,
    features: run.features,
    ...(run.keep === undefined ? {} : { keep: run.keep }),
    keyFields: [],
    columns,
    capacity,
  });
  const filter = run.where === undefined ? undefined : compileFilter(registry, run.where.text, run.where.at);
  const demanded = [...program.demanded, ...(filter?.demanded ?? [])];
  const dispatch = makeDispatch(registry, demanded, run.validateAll ?? false, run.decodeAs ?? []);
  const stage = new ImitatingStage({ imitation, settings, dispatch, program, columns, filter });
  return { program, stage, meter: new ImitatingMeter(imitation, settings, program, stage, run.watch?.slots) };
}
