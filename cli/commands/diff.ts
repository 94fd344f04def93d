import type { Registry } from '../../core/declare/registry.ts';
import { nearest } from '../../core/expression/nearest.ts';
import { settle, withAllProblems } from '../../core/run/check.ts';
import {
  type ComparedColumn,
  type ComparedPair,
  type Comparison,
  compareColumns,
} from '../../core/run/compare-columns.ts';
import { type Layer, readConfiguration, valueLayer } from '../../core/run/configuration.ts';
import type { ShapeCheck } from '../../core/run/validate.ts';
import { compose } from '../compose.ts';
import type { DiffOptions } from '../declare-diff.ts';
import { defaultLayer } from '../default-layer.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { print, printJson } from '../print.ts';
import { optionError, startCommand } from '../report.ts';

/** A configuration file by the end of its name, or one that is a path; everything else is the name of a preset. */
const isFile = (name: string): boolean => name.endsWith('.json') || /[\\/]/.test(name);

function layerOf(name: string): Layer {
  return isFile(name) ? readConfiguration(name) : valueLayer({ features: [{ preset: name }] }, process.cwd());
}

function checkPreset(name: string, { presets }: Registry): void {
  if (isFile(name) || presets.has(name)) return;
  const suggestion = nearest(name, presets.keys());
  const rest =
    suggestion === undefined ? `; presets are ${[...presets.keys()].join(', ')}` : `; did you mean ${suggestion}?`;
  throw optionError(`no such preset "${name}"${rest}`);
}

function compared(registry: Registry, check: ShapeCheck, layers: readonly Layer[]): Comparison {
  const sides = layers.map((layer) => [defaultLayer([layer]), layer]);
  const [first, second] = sides.map((side) => settle(registry, check, side));
  try {
    return compareColumns(registry, first!, second!);
  } catch (error) {
    for (const side of sides) {
      const all = withAllProblems(error, registry, check, side);
      if (all !== error) throw all;
    }
    throw error;
  }
}

const unitText = ({ unit }: ComparedColumn): string => (unit === '' ? 'no unit' : unit);

function lineOf({ relation, first, second }: ComparedPair): string {
  if (first === undefined || second === undefined) {
    const { name, expression } = (first ?? second)!;
    return `  ${name}: ${expression}`;
  }
  const names = first.name === second.name ? first.name : `${first.name} = ${second.name}`;
  if (relation === 'same') return `  ${names}`;
  if (relation === 'unit') return `  ${names}: ${unitText(first)}, ${unitText(second)}: ${first.expression}`;
  return `  ${names}\n    ${first.expression}\n    ${second.expression}`;
}

function textOf(a: string, b: string, { columns, settings }: Comparison): string {
  const groups = [
    ['same', 'mean the same'],
    ['unit', 'mean the same in another unit'],
    ['empty', 'differ in what they print where there is no value'],
    ['expression', 'have one name and another meaning'],
    ['only-first', `only in ${a}`],
    ['only-second', `only in ${b}`],
  ] as const;
  const parts = groups.flatMap(([relation, words]) => {
    const own = columns.filter((one) => one.relation === relation);
    return own.length === 0 ? [] : [`${own.length} ${words}`, ...own.map(lineOf), ''];
  });
  const cut =
    settings.length === 0
      ? ['flows are cut the same way']
      : [
          `flows are cut another way: ${settings.length} settings differ`,
          ...settings.map(({ name, first, second }) => `  ${name}: ${first}, ${second}`),
        ];
  return `${[...parts, ...cut].join('\n')}\n`;
}

/** `packetloom diff`: what two presets or configurations have in common. */
export async function runDiff(first: string, second: string, options: DiffOptions): Promise<void> {
  startCommand('diff');
  const layers = [first, second].map(layerOf);
  const { registry, shapeCheck } = await compose(pluginRequests(layers, options.plugin));
  for (const name of [first, second]) checkPreset(name, registry);
  const comparison = compared(registry, await shapeCheck(), layers);
  if (options.json === true) printJson(comparison);
  else print(textOf(first, second, comparison));
}
