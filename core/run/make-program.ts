import { anonymizedProgram } from '../anonymize/anonymized-program.ts';
import { type BuiltProgram, buildProgram, compileProgram, type ProgramOptions } from '../expression/compile.ts';
import type { Program } from '../expression/program.ts';
import type { RowAdditions } from './additions.ts';

/** Looks on while a run is made, without changing it. */
export interface ProgramWatch {
  /** Puts itself around the program of the run, whose rows have the columns of `program`. */
  around(program: Program, built: BuiltProgram, options: ProgramOptions): Program;
}

/** What may stand around the features of a run. */
export interface ProgramSurroundings {
  readonly additions?: Partial<RowAdditions> | undefined;
  readonly watch?: ProgramWatch | undefined;
}

/**
 * Compiles the features of a run, with labels and anonymisation around them where they are asked for.
 * @throws ExpressionError, and PacketloomError `configuration` for a label column that a feature has already.
 */
export function makeProgram({ additions, watch }: ProgramSurroundings, options: ProgramOptions): Program {
  const { anonymizer, labels } = additions ?? {};
  if (anonymizer === undefined && labels === undefined && watch === undefined) return compileProgram(options);
  const built = buildProgram({ ...options, ...(anonymizer === undefined ? {} : { addresses: anonymizer }) });
  const shown = anonymizer === undefined ? built.program : anonymizedProgram(built.program, built.outputs, anonymizer);
  const program = labels === undefined ? shown : labels.around(shown);
  return watch === undefined ? program : watch.around(program, built, options);
}
