import { flows, type RunResult, standardRegistry } from '../../../cli/library.ts';
import { type Configuration, type FlowConfiguration, valueLayer } from '../../../core/run/configuration.ts';
import { flowConfiguration } from '../../../core/run/flow-options.ts';
import { unite } from '../../../core/run/settle.ts';
import type { TextRow } from './expected.ts';

/** What ours computes. */
export type OursOptions = Pick<Configuration, 'flow' | 'features' | 'compatibility'>;

/** Rows of a capture as text (empty values are ''), and the settings that made them; or why there are none. */
export interface OurRows {
  readonly rows: TextRow[];
  readonly result?: RunResult | undefined;
  readonly flow?: FlowConfiguration;
  readonly error?: Error;
}

/** Runs a preset over a capture. */
export async function ourRows(file: string, options: OursOptions): Promise<OurRows> {
  const rows: TextRow[] = [];
  let result: RunResult | undefined;
  const onResult = (one: RunResult) => {
    result = one;
  };
  const { settings } = unite(standardRegistry(), [valueLayer(options, process.cwd())]);
  try {
    for await (const row of flows(file, { ...options, times: 'text', onResult })) {
      const texts = Object.entries(row).map(([name, value]) => [name, textOf(value)] as const);
      rows.push(Object.fromEntries(texts));
    }
  } catch (error) {
    return { rows, error: error as Error };
  }
  return { rows, result, flow: flowConfiguration(settings) };
}

const textOf = (value: unknown): string =>
  value === null ? '' : typeof value === 'boolean' ? String(Number(value)) : String(value);
