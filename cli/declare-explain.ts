import { Command } from 'commander';
import type { FlowsOptions } from './declare-flows.ts';
import { inputOptions, meterOptions } from './meter-options.ts';

/** Options of `packetloom explain` as commander hands them over. */
export interface ExplainOptions
  extends Omit<
    FlowsOptions,
    | 'interface'
    | 'filter'
    | 'snaplen'
    | 'bufferSize'
    | 'source'
    | 'duration'
    | 'watch'
    | 'watchPattern'
    | 'watchOrder'
    | 'watchQuiet'
    | 'watchDelay'
    | 'watchState'
    | 'output'
    | 'summary'
    | 'quiet'
    | 'printConfig'
  > {
  readonly flow: string;
  readonly feature: readonly string[];
  readonly json?: boolean;
}

const more = (value: string, before: readonly string[] = []): string[] => [...before, value];

const RUN = 'The run, as for flows:';

const EXAMPLES = `
Examples:
  packetloom explain examples/captures/office.pcap --flow ad56a67c2ed7ad27 --feature fwd_iat_std
  packetloom explain examples/captures/office.pcap --flow ad56a67c2ed7ad27/0 --feature 'sum(frame.len) / duration' --json`;

/** `packetloom explain`. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description('Shows the frames and steps behind numbers of one row: the same run as "flows" with the same options.')
    .argument('<captures...>', 'the capture files of the run')
    .requiredOption('--flow <flow_id[/segment]>', 'the row: its flow_id, and its segment where it is not 0')
    .requiredOption('--feature <feature>', 'a column of the run, a named feature, or an expression (repeatable)', more)
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES);
  for (const option of [...inputOptions(RUN, false), ...meterOptions(RUN)]) command.addOption(option);
  return command.action(async (captures: string[], options: ExplainOptions) => {
    const { runExplainCommand } = await import('./commands/explain.ts');
    await runExplainCommand(captures, options);
  });
}
