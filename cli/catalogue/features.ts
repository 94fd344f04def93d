import type { Aggregate } from '../../core/declare/aggregate.ts';
import type { Feature, Preset } from '../../core/declare/feature.ts';
import type { Registry } from '../../core/declare/registry.ts';
import { foundationOf } from '../../core/expression/basis.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import { type FeatureRequest, readProgram } from '../../core/expression/read.ts';
import type { Column } from '../../core/flow/rows.ts';
import { columnType, columnUnit, dictionaryColumns } from '../../core/run/dictionary.ts';
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

function columnsOf(registry: Registry, requests: readonly FeatureRequest[]): readonly Column[] {
  return readProgram({ registry, features: requests, keyFields: [] }).outputs.flatMap(({ columns }) => columns);
}

/** A named feature: unit, basis, estimator, what stands for no value, expression and sentence. */
export function featureEntry(registry: Registry, feature: Feature): Entry {
  const { name, description } = feature;
  const columns = columnsOf(registry, [{ name, feature: name, at: name }]);
  const first = columns[0];
  const isExpression = 'value' in feature;
  const unit = first === undefined ? null : columnUnit(first);
  return {
    kind: 'feature',
    name,
    summary: unit === null ? description : `${description} [${unit}]`,
    details: {
      description,
      type: first === undefined ? null : columnType(first),
      unit,
      ...foundationOf(registry, name, isExpression ? [feature.value] : feature.inputs, feature),
      ...(isExpression ? { expression: feature.value } : { code: true, inputs: feature.inputs }),
      ...(columns.length > 1 ? { columns: columns.map((one) => one.name) } : {}),
    },
  };
}

/** A preset: tool and version it follows, columns in order, defaults of the meter, known differences. */
export function presetEntry(registry: Registry, preset: Preset): Entry {
  const { name, description, tool, version, flow, differences, options, exact } = preset;
  const requests = expandFeatures(registry, [{ at: name, preset: name }]);
  const columns = dictionaryColumns(registry, requests, columnsOf(registry, requests));
  return {
    kind: 'preset',
    name,
    summary: `${description} (${columns.length} columns)`,
    details: {
      description,
      tool: tool ?? null,
      version: version ?? null,
      compatibility: exact === undefined ? ['corrected'] : ['corrected', 'exact'],
      ...(options === undefined ? {} : { options }),
      flow,
      columns,
      differences,
    },
  };
}
