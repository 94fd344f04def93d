import { Command, InvalidArgumentError, Option } from 'commander';
import type { FlowsOptions } from './declare-flows.ts';
import { inputOptions, meterOptions } from './meter-options.ts';

/** Options of `packetloom packets` as commander hands them over. */
export interface PacketsOptions
  extends Omit<
    FlowsOptions,
    | 'feature'
    | 'keep'
    | 'snapshot'
    | 'validate'
    | 'output'
    | 'summary'
    | 'quiet'
    | 'printConfig'
    | 'labels'
    | 'labelDefault'
  > {
  /** From `--fields` and `-e`, in the order they were given. */
  readonly fields?: readonly string[];
  readonly format: 'csv' | 'tsv' | 'jsonl';
  readonly occurrence: 'first' | 'last' | 'all';
  readonly aggregator?: string;
  readonly header: boolean;
  readonly write?: string;
}

const FLOWS = 'Flows, for flow_id:';

const EXAMPLES = `
Examples:
  packetloom packets examples/captures/office.pcap --fields frame.number,ip.src,tcp.dstport --where 'tcp.flags.syn'
  packetloom packets examples/captures/office.pcap -e ip.addr -e dns.qry.name --format tsv --no-header`;

/** `packetloom packets`. */
export function packetsCommand(): Command {
  const fields: string[] = [];
  const add = (text: string) => {
    const names = text.split(',').map((name) => name.trim());
    if (names.includes('')) throw new InvalidArgumentError('Expected names of fields, with commas between them.');
    fields.push(...names);
    return fields;
  };
  const command = new Command('packets')
    .description('Writes one row per frame, with the fields asked for, from capture files or live with -i.')
    .argument('[captures...]', 'pcap or pcapng files, also gzip or zstd; - for standard input');
  for (const option of inputOptions('Input:', true)) command.addOption(option);
  command
    .optionsGroup('Rows:')
    .option('--fields <names>', 'fields, with commas (frame.number,frame.time_epoch,frame.len,frame.protocols)', add)
    .addOption(new Option('-e <name>', 'one more field, as in tshark (repeatable)').argParser(add))
    .addOption(new Option('--format <format>', 'how rows look').choices(['csv', 'tsv', 'jsonl']).default('csv'))
    .addOption(
      new Option('--occurrence <which>', 'which values of a field').choices(['first', 'last', 'all']).default('all'),
    )
    .option('--aggregator <text>', 'between several values of a field (tsv: comma, csv: semicolon; /s is a space)')
    .option('--no-header', 'no line with the names of the fields')
    .addOption(
      new Option(
        '--write <file>',
        'write the frames that --where keeps as a capture, instead of rows (- for standard output)',
      ).conflicts(['format', 'occurrence', 'aggregator', 'header']),
    )
    .optionsGroup(FLOWS)
    .option('-c, --config <file>', 'configuration of flows: its flow, where, decodeAs, plugins and presets')
    .optionsGroup('Help:')
    .addHelpText('after', EXAMPLES);
  for (const option of meterOptions(FLOWS, ['config', 'keep', 'snapshot'])) command.addOption(option);
  return command.action(async (captures: string[], options: PacketsOptions) => {
    const { runPacketsCommand } = await import('./commands/packets.ts');
    await runPacketsCommand(captures, fields.length > 0 ? { ...options, fields } : options);
  });
}
