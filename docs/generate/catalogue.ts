import type { Feature } from '../../core/declare/feature.ts';
import type { Registry } from '../../core/declare/registry.ts';
import { foundationOf } from '../../core/expression/basis.ts';
import { FUNCTIONS } from '../../core/expression/check-call.ts';
import { readProgram } from '../../core/expression/read.ts';
import { columnUnit } from '../../core/run/dictionary.ts';
import { featureLike, type SameFeatures, sameFeatures } from '../../core/run/sentence.ts';
import { TOOLS } from './columns/index.ts';
import type { Tool, ToolColumn } from './columns/tool.ts';
import { code, plain, row } from './markdown.ts';
import { NOTE, type Pages } from './pages.ts';

const lines = (...rows: readonly string[]): string => rows.join('\n');

/** Unit of a feature as it is printed; an empty text for none. */
function unitOf(registry: Registry, { name }: Feature): string {
  const { outputs } = readProgram({ registry, features: [{ name, feature: name, at: name }], keyFields: [] });
  return columnUnit(outputs[0]!.columns[0]!) ?? '';
}

/** Rules for no value that a feature states itself; those of aggregates stand with the aggregates. */
function featureRow(registry: Registry, feature: Feature): string {
  const { name, description, estimator, empty } = feature;
  const texts = 'value' in feature ? [feature.value] : feature.inputs;
  const { basis } = foundationOf(registry, name, texts, feature);
  const own = [estimator, empty].filter((one) => one !== undefined && one !== 'never empty');
  const value = 'value' in feature ? code(feature.value) : `code over ${basis.map(code).join(', ')}`;
  return row(code(name), unitOf(registry, feature), plain(description), value, plain(own.join('; ')));
}

/** `docs/features.md`: every named feature, aggregate and function. */
function featuresPage(registry: Registry): string {
  const features = [...registry.features.values()];
  const aggregates = [...registry.aggregates.values()].map(({ name, literals, description, estimator, empty }) => {
    const behind = (literals ?? []).map((one) => `, ${one.name}`).join('');
    return row(code(`${name}(x${behind})`), plain(description), plain(estimator), plain(empty));
  });
  const functions = Object.values(FUNCTIONS).map(({ description }) => {
    const [form, words] = description.split(/:(.*)/s) as [string, string];
    return row(code(form), plain(words.trim()));
  });
  return `${lines(
    NOTE,
    '',
    '# Features',
    '',
    `${features.length} named features, ${aggregates.length} aggregates and ${functions.length} functions. A feature is asked for by its name (\`--feature fwd_bytes\`), or written as an expression (\`--feature 'long=count(frame.len > 1000)'\`). \`packetloom describe <name>\` says everything about one, and \`--dictionary columns.json\` writes it down for all columns of a run.`,
    '',
    'Estimator and result for no value are those of the aggregates in the expression, unless a feature says otherwise; a quotient by 0 is empty. "Forward" is from the sender of the first frame to its receiver.',
    '',
    '## Named features',
    '',
    row('feature', 'unit', 'what it is', 'expression', 'own rules'),
    row('---', '---', '---', '---', '---'),
    ...features.map((one) => featureRow(registry, one)),
    '',
    '## Aggregates',
    '',
    'They make one value of a flow of the values of its frames. Conditions may follow: `mean(frame.len, forward, index < 10)`.',
    '',
    row('aggregate', 'what it is', 'how', 'of nothing'),
    row('---', '---', '---', '---'),
    ...aggregates,
    '',
    '## Functions',
    '',
    row('function', 'what it is'),
    row('---', '---'),
    ...functions,
  )}\n`;
}

function columnRow(registry: Registry, same: SameFeatures, { name, ours, unit, note }: ToolColumn): string {
  if (ours === undefined) return row(plain(name), '', plain(note ?? ''));
  const feature = featureLike(registry, same, ours);
  const value = code(feature?.name ?? ours);
  return row(plain(name), unit === undefined ? value : `${value} in ${unit}`, plain(note ?? ''));
}

function toolPart(registry: Registry, same: SameFeatures, { name, version, about, columns }: Tool): readonly string[] {
  return [
    '',
    `## ${name}`,
    '',
    `${plain(version)}. ${about}`,
    '',
    row('theirs', 'ours', ''),
    row('---', '---', '---'),
    ...columns.map((column) => columnRow(registry, same, column)),
  ];
}

/** `docs/columns.md`: the columns of other tools, and what they are here. */
function columnsPage(registry: Registry): string {
  const same = sameFeatures(registry);
  return `${lines(
    NOTE,
    '',
    '# The columns of other tools',
    '',
    'What is called how: on the left a column of the tool, on the right a named feature or an expression, with the unit to ask for where it is not our own. Where the right side is empty the last column says why. Every right side is checked by a test. Definitions are ours: where a tool is known to be wrong, or follows another rule, the note or the page of the presets says so.',
    ...TOOLS.flatMap((tool) => toolPart(registry, same, tool)),
  )}\n`;
}

/** Pages beside the reference, by their path in `docs/`. */
export const cataloguePages = (registry: Registry): Pages =>
  new Map([
    ['features.md', featuresPage(registry)],
    ['columns.md', columnsPage(registry)],
  ]);
