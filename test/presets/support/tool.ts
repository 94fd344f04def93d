import type { Configuration, FeatureConfiguration, FlowConfiguration } from '../../../core/run/configuration.ts';
import type { CellClass, RowClass, ToolFlow } from './classes.ts';
import { readRows, type TextRow } from './expected.ts';
import type { Facts } from './frames.ts';

/** A set of expected rows of a tool, and the preset that follows it. */
export interface Tool {
  /** Folder of the expected rows. */
  readonly folder: string;
  readonly title: string;
  /** What the preset runs with: its name and options, and the tool's own parameters where they are not its defaults. */
  readonly preset: Extract<NonNullable<Configuration['features']>[number], { readonly preset: string }>;
  readonly flow: FlowConfiguration;
  /** Columns that cannot be reproduced. */
  readonly leftOut: Readonly<Record<string, string>>;
  /** Captures whose rows come from a read error of the tool. */
  readonly readErrors: ReadonlySet<string>;
  /** Columns that only the comparison needs: other formulas. */
  readonly context: readonly FeatureConfiguration[];
  /** The tool's flows, by its rules. */
  flowsOf(frames: readonly Facts[], flow: FlowConfiguration): ToolFlow[];
  /** A row of the tool in the names of the preset's columns, where they are others. */
  rename?(row: TextRow): TextRow;
  /** As `ToolFlow.identity`. */
  identityOf(row: TextRow): string;
  /** A row that stands for no packets, by the README of the rows. */
  isArtefact(row: TextRow, frames: readonly Facts[]): boolean;
  /** Of rows which the tool's rules, as they are written here, do not give; where a frame of the capture is such. */
  readonly unruled?: RowClass;
  readonly cellClasses: readonly CellClass[];
  readonly rowClasses: readonly RowClass[];
}

/** The tool's rows of a file, in the names of the preset's columns. */
export const rowsOf = (tool: Tool, file: string): TextRow[] => readRows(file).map((row) => tool.rename?.(row) ?? row);
