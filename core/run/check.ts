import { imitatingRegistry, type Registry } from '../declare/registry.ts';
import { expandFeatures } from '../expression/expand.ts';
import { readFilter } from '../expression/filter.ts';
import { readProgram } from '../expression/read.ts';
import { checkLayers, inOrder, withoutFaults } from './check-layers.ts';
import type { Layer } from './configuration.ts';
import { type Problem, problemError, problemsOf } from './problem.ts';
import { type Settled, unite } from './settle.ts';
import type { ShapeCheck } from './validate.ts';
import { placed } from './where-written.ts';

/** What a check found. */
export interface Checked {
  readonly problems: readonly Problem[];
  /** Names of the columns, where nothing is wrong. */
  readonly columns: readonly string[];
  /** What is unusual and right. */
  readonly notes: readonly string[];
}

/** The outcome of a task that may find problems. */
function attempt<T>(problems: Problem[], task: () => T): T | undefined {
  try {
    return task();
  } catch (error) {
    const found = problemsOf(error);
    if (found.length === 0) throw error;
    problems.push(...found);
    return undefined;
  }
}

function checkExpressions(
  registry: Registry,
  settled: Settled,
  layers: readonly Layer[],
  flows: boolean,
): Omit<Checked, 'notes'> {
  const problems: Problem[] = [];
  const { where, keep, settings, wanted, imitation } = settled;
  const names = imitation === undefined ? registry : imitatingRegistry(registry, imitation);
  const keyFields = imitation === undefined ? settings.key.filter((name) => registry.fields.has(name)) : [];
  const outputs = attempt(problems, () => {
    const features = expandFeatures(registry, wanted);
    return readProgram({ registry: names, features, keyFields, ...(keep === undefined ? {} : { keep }) }).outputs;
  });
  if (where !== undefined) attempt(problems, () => readFilter(registry, where.text, where.at, flows));
  const columns = (outputs ?? []).flatMap((output) => output.columns.map(({ name }) => name));
  return { problems: placed(problems, settled, layers), columns };
}

/**
 * Checks layers wholly, expressions too: everything that is wrong at once, in the order of the file. Parts that are right
 * are checked also where others are wrong.
 * @param flows `where` may ask for the flow of a frame
 */
export function checkConfiguration(
  registry: Registry,
  check: ShapeCheck,
  layers: readonly Layer[],
  flows = false,
): Checked {
  const own = checkLayers(registry, check, layers);
  const sound = layers.map((layer, i) => (own[i]!.length === 0 ? layer : withoutFaults(layer, own[i]!)));
  const problems = own.flat();
  const settled = attempt(problems, () => unite(registry, sound));
  const found =
    settled === undefined ? { problems: [], columns: [] } : checkExpressions(registry, settled, sound, flows);
  const all = inOrder([...problems, ...found.problems]);
  return { problems: all, columns: all.length === 0 ? found.columns : [], notes: settled?.notes ?? [] };
}

/**
 * Checks shape and names of layers and unites them; later ones win. Expressions are compiled by the run.
 * @throws PacketloomError `configuration` with everything that is wrong, expressions too.
 */
export function settle(registry: Registry, check: ShapeCheck, layers: readonly Layer[]): Settled {
  if (checkLayers(registry, check, layers).some((problems) => problems.length > 0)) {
    throw problemError('configuration', checkConfiguration(registry, check, layers).problems);
  }
  return unite(registry, layers);
}

/** The error of a run's expressions with all problems of the configuration and their places; others as they are. */
export function withAllProblems(
  error: unknown,
  registry: Registry,
  check: ShapeCheck,
  layers: readonly Layer[],
  flows = false,
): unknown {
  if (problemsOf(error).length === 0) return error;
  const { problems } = checkConfiguration(registry, check, layers, flows);
  return problems.length === 0 ? error : problemError('expression', problems, error);
}
