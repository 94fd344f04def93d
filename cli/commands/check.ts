import { PacketloomError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { checkConfiguration } from '../../core/run/check.ts';
import { readConfiguration } from '../../core/run/configuration.ts';
import { type Problem, problemError, problemsOf, problemText } from '../../core/run/problem.ts';
import { compose } from '../compose.ts';
import { defaultLayer } from '../default-layer.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { print, printJson } from '../print.ts';
import { say } from '../report.ts';

interface Checked {
  readonly problems: readonly Problem[];
  readonly columns: readonly string[];
  readonly notes: readonly string[];
}

async function checkFile(file: string, plugins: readonly string[] | undefined): Promise<Checked> {
  const layer = readConfiguration(file);
  const { registry, shapeCheck } = await compose(pluginRequests([layer], plugins));
  return checkConfiguration(registry, await shapeCheck(), [defaultLayer([layer]), layer]);
}

/** `packetloom check`: all that is wrong with a configuration. Exit code 2 where anything is. */
export async function runCheck(
  file: string,
  options: { readonly json?: boolean; readonly plugin?: string[] },
): Promise<void> {
  let checked: Checked;
  try {
    checked = await checkFile(file, options.plugin);
  } catch (error) {
    if (options.json !== true || !(error instanceof PacketloomError)) throw error;
    const own = problemsOf(error);
    checked = { problems: own.length > 0 ? own : [{ at: '', message: error.message, file }], columns: [], notes: [] };
  }
  const { problems, columns, notes } = checked;
  if (options.json === true) {
    const shown = problems.map((problem) => ({ ...problem, description: problemText(problem) }));
    printJson({ valid: problems.length === 0, problems: shown, notes, columns });
    if (problems.length > 0) process.exitCode = 2;
    return;
  }
  if (problems.length > 0) throw problemError('configuration', problems);
  for (const note of notes) say(`note: ${note}`);
  print(`${printable(file)}: valid, ${columns.length} columns\n`);
}
