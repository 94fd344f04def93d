import type { Preset, PresetColumn } from '../../../core/declare/feature.ts';

/** A column of another tool, and what it is here. */
export interface ToolColumn {
  /** Name in the other tool. */
  readonly name: string;
  /** Named feature or expression at flow level; absent when there is none, and `note` says why. */
  readonly ours?: string;
  /** Unit it is printed in, where not its own. */
  readonly unit?: string;
  readonly note?: string;
}

/** The columns of one tool. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  /** What holds for all of them. */
  readonly about: string;
  readonly columns: readonly ToolColumn[];
}

/** A column that is a feature or an expression here. */
export const is = (name: string, ours: string, rest: Pick<ToolColumn, 'unit' | 'note'> = {}): ToolColumn => ({
  name,
  ours,
  ...rest,
});

/** A column that is not kept, and why. */
export const not = (name: string, note: string): ToolColumn => ({ name, note });

function fromPreset(column: PresetColumn): ToolColumn {
  if (typeof column === 'string') return { name: column, ours: column };
  if ('feature' in column) return { name: column.name, ours: column.feature };
  return { name: column.name, ours: column.value, ...(column.unit === undefined ? {} : { unit: column.unit }) };
}

/** The columns of a preset, which follows the tool. */
export const presetColumnsOf = (preset: Preset): readonly ToolColumn[] => preset.columns.map(fromPreset);
