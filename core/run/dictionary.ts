import type { Feature } from '../declare/feature.ts';
import type { Registry } from '../declare/registry.ts';
import { type Foundation, foundationOf } from '../expression/basis.ts';
import type { FeatureRequest } from '../expression/read.ts';
import type { Column } from '../flow/rows.ts';
import { featureLike, sameFeatures, sentenceOf } from './sentence.ts';

/** Version of the dictionary's layout; a change that could break a reader raises it. */
export const DICTIONARY_SCHEMA = 1;

/** One column of a run: everything its declaration states. */
export interface DictionaryEntry extends Foundation {
  /** Name of the column. */
  readonly name: string;
  /** `number`, `boolean`, `duration`, `time`, `text`, `address` or `hash`. */
  readonly type: string;
  /** Null for none. */
  readonly unit: string | null;
  /** One sentence. */
  readonly description: string;
  /** Null for code, and for columns that the meter adds. */
  readonly expression: string | null;
  /** The named feature, if it is one. */
  readonly feature: string | null;
}

/** The columns of a run, in order, as `--dictionary` writes them. */
export interface Dictionary {
  readonly schema: number;
  /** Version of the program. */
  readonly version: string;
  /** SHA-256 of the configuration in effect, as in the summary. */
  readonly configuration: string;
  readonly columns: readonly DictionaryEntry[];
}

/** What a column is called in lists and dictionaries. */
export const columnType = ({ kind, boolean, decimals }: Column): string =>
  boolean ? 'boolean' : decimals === 9 ? 'duration' : kind;

/** Unit of a column; null for none. */
export const columnUnit = ({ unit, decimals, kind }: Column): string | null =>
  unit !== '' ? unit : decimals === 9 || kind === 'time' ? 's' : null;

const textsOf = (feature: Feature): readonly string[] => ('value' in feature ? [feature.value] : feature.inputs);

/** Whether a column is one of a request: its own, or one of the items of a list. */
function owns(request: FeatureRequest, column: Column): boolean {
  return column.name === request.name || column.name.replace(/_\d+$/, '') === request.name;
}

/** Every column with what its declaration states; those that the meter adds say what they are. */
export function dictionaryColumns(
  registry: Registry,
  requests: readonly FeatureRequest[],
  columns: readonly Column[],
): DictionaryEntry[] {
  const same = sameFeatures(registry);
  return columns.map((column) => {
    const request = requests.find(({ name }) => name === column.name) ?? requests.find((one) => owns(one, column));
    const value = request?.value;
    const feature =
      value === undefined ? registry.features.get(request?.feature ?? '') : featureLike(registry, same, value);
    const texts = value !== undefined ? [value] : feature === undefined ? [] : textsOf(feature);
    return {
      name: column.name,
      type: columnType(column),
      unit: columnUnit(column),
      description:
        feature?.description ?? (value === undefined ? column.description : sentenceOf(registry, same, value)),
      ...foundationOf(registry, feature?.name ?? column.name, texts, feature),
      expression: value ?? (feature !== undefined && 'value' in feature ? feature.value : null),
      feature: value === undefined ? (request?.feature ?? null) : null,
    };
  });
}

/** A dictionary as CSV (RFC 4180): a line for each column of the run. */
export function dictionaryCsv({ columns }: Dictionary): string {
  const cell = (text: string | null): string =>
    text !== null && /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : (text ?? '');
  const rules = (record: Readonly<Record<string, string>>): string =>
    Object.entries(record)
      .map(([name, rule]) => (Object.keys(record).length === 1 ? rule : `${name}: ${rule}`))
      .join('; ');
  const head = ['name', 'type', 'unit', 'basis', 'estimator', 'empty', 'description', 'expression', 'feature'];
  const lines = columns.map((one) => [
    one.name,
    one.type,
    one.unit,
    one.basis.join(' '),
    rules(one.estimator),
    rules(one.empty),
    one.description,
    one.expression,
    one.feature,
  ]);
  return [head, ...lines].map((line) => `${line.map(cell).join(',')}\n`).join('');
}
