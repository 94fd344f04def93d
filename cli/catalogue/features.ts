import type { Aggregate } from '../../core/declare/aggregate.ts';
import type { Feature, Preset } from '../../core/declare/feature.ts';
import type { Registry } from '../../core/declare/registry.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import { type FeatureRequest, readProgram } from '../../core/expression/read.ts';
import type { Column } from '../../core/flow/rows.ts';
import { basisOf } from './basis.ts';
import type { Entry } from './entry.ts';

/** An aggregate with what it states about itself. */
export function aggregateEntry({
  name,
  description,
  estimator,
  empty,
  accepts,
  valueOptional,
  literals,
}: Aggregate): Entry {
  const details = {
    description,
    estimator,
    empty,
    accepts,
    valueOptional: valueOptional ?? false,
    literals: literals ?? [],
  };
  return { kind: 'aggregate', name, summary: description, details };
}

/** What a column is called in lists: `time`, `bytes`, or its kind. */
const typeOf = ({ kind, boolean, decimals }: Column): string =>
  boolean ? 'boolean' : decimals === 9 ? 'duration' : kind;

/** Unit of a column; null for none. */
const unitOf = ({ unit, decimals }: Column): string | null => (unit === '' ? (decimals === 9 ? 's' : null) : unit);

function columnsOf(registry: Registry, requests: readonly FeatureRequest[]): readonly Column[] {
  return readProgram({ registry, features: requests, keyFields: [] }).outputs.flatMap(({ columns }) => columns);
}

/** What texts rest on, with the estimators and the rules for no value that the aggregates in them state. */
function foundation(registry: Registry, texts: readonly string[]) {
  const { names, aggregates } = basisOf(registry, texts);
  const used = aggregates.map((name) => registry.aggregates.get(name)!);
  return {
    basis: names,
    estimator: Object.fromEntries(used.map(({ name, estimator }) => [name, estimator])),
    empty: Object.fromEntries(used.map(({ name, empty }) => [name, empty])),
  };
}

/** A named feature: unit, basis, estimator, what stands for no value, expression and sentence. */
export function featureEntry(registry: Registry, feature: Feature): Entry {
  const { name, description } = feature;
  const columns = columnsOf(registry, [{ name, feature: name, at: name }]);
  const first = columns[0];
  const isExpression = 'value' in feature;
  const unit = first === undefined ? null : unitOf(first);
  return {
    kind: 'feature',
    name,
    summary: unit === null ? description : `${description} [${unit}]`,
    details: {
      description,
      type: first === undefined ? null : typeOf(first),
      unit,
      ...foundation(registry, isExpression ? [feature.value] : feature.inputs),
      ...(isExpression ? { expression: feature.value } : { code: true, inputs: feature.inputs }),
      ...(columns.length > 1 ? { columns: columns.map((one) => one.name) } : {}),
    },
  };
}

/** A preset: tool and version it follows, columns in order, defaults of the meter, known differences. */
export function presetEntry(registry: Registry, preset: Preset): Entry {
  const { name, description, tool, version, flow, differences } = preset;
  const requests = expandFeatures(registry, [{ at: name, preset: name }]);
  const columns = requests.flatMap((request) => {
    const feature = request.feature === undefined ? undefined : registry.features.get(request.feature);
    const value = request.value ?? (feature !== undefined && 'value' in feature ? feature.value : undefined);
    return columnsOf(registry, [request]).map((column) => ({
      name: column.name,
      type: typeOf(column),
      unit: unitOf(column),
      expression: value ?? null,
      feature: request.feature ?? null,
      description: feature?.description ?? column.description,
    }));
  });
  return {
    kind: 'preset',
    name,
    summary: `${description} (${columns.length} columns)`,
    details: { description, tool: tool ?? null, version: version ?? null, flow, columns, differences },
  };
}
