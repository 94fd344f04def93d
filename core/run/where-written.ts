import type { Layer } from './configuration.ts';
import type { Problem } from './problem.ts';
import { valueAt } from './schema-faults.ts';
import type { Settled } from './settle.ts';

/** Problems of expressions with line and column of the file they were written in. */
export function placed(
  problems: readonly Problem[],
  settled: Pick<Settled, 'wanted'>,
  layers: readonly Layer[],
): Problem[] {
  return problems.map((problem) => {
    const { layer, pointer } = find(problem.at, settled, layers);
    if (layer === undefined) return problem;
    // Only a text that stands in the file itself has a column of its own: a named feature's does not.
    const inside = valueAt(layer.value, pointer) === problem.text ? problem.offset : undefined;
    return { ...problem, ...layer.where(pointer, false, inside), pointer };
  });
}

function find(at: string, { wanted }: Pick<Settled, 'wanted'>, layers: readonly Layer[]) {
  const one = wanted.find((candidate) => candidate.at === at);
  if (one !== undefined) return { layer: layers[one.layer], pointer: one.pointer };
  for (const pointer of ['/where', '/keep']) {
    const layer = layers.findLast((candidate) => valueAt(candidate.value, pointer) !== undefined);
    if (layer?.where(pointer).at === at) return { layer, pointer };
  }
  return { layer: undefined, pointer: '' };
}
