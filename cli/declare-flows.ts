import { Command, Option } from 'commander';
import { usageError } from './report.ts';

/** Options of `packetloom flows` as commander hands them over. */
export interface FlowsOptions {
  readonly interface?: readonly string[];
  readonly filter?: string;
  readonly snaplen?: string;
  readonly bufferSize?: string;
  readonly promiscuous?: boolean;
  readonly source?: string;
  readonly merge?: boolean;
  readonly watch?: string;
  readonly watchPattern?: readonly string[];
  readonly watchOrder?: string;
  readonly watchQuiet?: string;
  readonly watchDelay?: string;
  readonly watchState?: string;
  readonly duration?: string;
  readonly count?: string;
  readonly config?: string;
  readonly preset?: readonly string[];
  readonly feature?: readonly string[];
  readonly where?: string;
  readonly keep?: string;
  readonly idleTimeout?: string;
  readonly activeTimeout?: string;
  readonly key?: string;
  readonly unidirectional?: boolean;
  readonly maxFlows?: string;
  readonly tunnels?: string;
  readonly nonIp?: boolean;
  readonly homeNetworks?: string;
  readonly direction?: string;
  readonly reorder?: string;
  readonly duplicates?: string;
  readonly sampling?: string;
  readonly sampled?: string;
  readonly snapshot?: string;
  readonly validate?: string;
  readonly labels?: string;
  readonly labelDefault?: string;
  readonly anonymize?: string;
  readonly compatibility?: string;
  readonly decodeAs?: readonly string[];
  readonly plugin?: readonly string[];
  readonly output?: readonly string[];
  readonly rotate?: readonly string[];
  readonly summary?: string;
  readonly dictionary?: string;
  readonly metrics?: string;
  readonly user?: string;
  readonly quiet?: boolean;
  readonly printConfig?: boolean;
}

/** Options that come in a later version: refused by name, never ignored. */
const LATER = [['--workers <n>', 'workers']] as const;

const more = (value: string, before: readonly string[] = []): string[] => [...before, value];

const EXAMPLES = `
Examples:
  packetloom flows examples/captures/office.pcap
  packetloom flows examples/captures/office.pcap -p statistical --where 'tcp.dstport == 80' -o flows.csv`;

/** `packetloom flows`. */
export function flowsCommand(): Command {
  const command = new Command('flows')
    .description('Writes flow rows from capture files, or live with -i.')
    .argument('[captures...]', 'pcap or pcapng files, also gzip or zstd; - for standard input')
    .optionsGroup('Input:')
    .option('-i, --interface <name>', 'capture live (repeatable)', more)
    .option('-f, --filter <bpf>', 'capture filter of a live source')
    .option('--snaplen <bytes>', 'bytes to capture of each frame, live')
    .option('--buffer-size <size>', 'capture buffer, live (64MiB)')
    .option('--no-promiscuous', 'leave the interface as it is: only frames that it takes anyway, live')
    .option('--source <name>', 'force a live source')
    .option('--merge', 'read captures, or interfaces, together in order of time')
    .option('--watch <folder>', 'read captures that another program writes into a folder, as they come')
    .option(
      '--watch-pattern <pattern>',
      'names of files to read (repeatable; *.pcap, *.pcapng, *.cap and the like)',
      more,
    )
    .addOption(
      new Option('--watch-order <order>', 'order of files: numbers in names, or last change (name)').choices([
        'name',
        'modified',
      ]),
    )
    .option('--watch-quiet <duration>', 'a file unchanged for so long is complete, when a later one is there (2s)')
    .option('--watch-delay <duration>', 'frames are in their file this long after their capture, at most (10s)')
    .option('--watch-state <file>', 'remember what was read, and go on from there in the next run')
    .option('--duration <duration>', 'stop after this time, live (60s)')
    .option('--count <n>', 'stop after so many frames')
    .option('--where <expression>', 'only frames for which this holds')
    .option('--decode-as <table=number,dissector>', 'dissect a number of a table so (repeatable)', more)
    .option('--plugin <path or package>', 'add a plugin (repeatable)', more)
    .optionsGroup('What to compute:')
    .option('-c, --config <file>', 'configuration; options win over it')
    .option(
      '-p, --preset <name>',
      "columns of a preset, in place of the configuration's (repeatable; default basic)",
      more,
    )
    .option('--feature <feature>', 'one more column: a named feature, or name=expression (repeatable)', more)
    .option('--keep <expression>', 'only flows for which this holds')
    .option('--print-config', 'print the configuration in effect and end')
    .optionsGroup('How to meter:')
    .option('--idle-timeout <duration>', 'a flow without frames for this long has ended (120s)')
    .option('--active-timeout <duration>', 'longer flows are cut into segments (30m)')
    .option('--key <parts>', 'addresses,protocol,ports and fields, with commas')
    .option('--unidirectional', 'each direction is a flow of its own')
    .option('--max-flows <n>', 'flows at most at one time (1000000)')
    .addOption(
      new Option('--tunnels <packets>', 'flows of the innermost packets (inner), the outermost, or both').choices([
        'inner',
        'outer',
        'both',
      ]),
    )
    .option('--non-ip', 'frames that are not IP are flows of their link addresses')
    .option('--home-networks <prefixes>', 'the inside, for direction, src_home and dst_home (10.0.0.0/8,fd00::/8)')
    .addOption(
      new Option(
        '--direction <rule>',
        'source of a flow: sender of its first frame, or repaired where one was missed',
      ).choices(['first', 'repair']),
    )
    .option('--reorder <duration>', 'put frames up to this late in order of time (100ms)')
    .option(
      '--duplicates <window>',
      'skip frames equal to one of the last few, or of the last moments (5; 10ms; 5,10ms)',
    )
    .option('--sampling <n>', 'use one of so many frames, skip the others')
    .option('--sampled <n>', 'one of so many frames is left in this traffic: stated in rows, nothing is skipped')
    .option('--snapshot <points>', 'also rows of running flows: after so many frames, each so long (7; 10s; 7,20,10s)')
    .addOption(new Option('--validate <what>', 'count anomalies of all layers').choices(['all', 'demanded']))
    .addOption(
      new Option('--compatibility <mode>', "exact: the flows and formulas of the preset's tool, as they are").choices([
        'corrected',
        'exact',
      ]),
    )
    .optionsGroup('Output:')
    .option('-o, --output <target>', 'path, sink:target or - (repeatable; default CSV on standard output)', more)
    .option(
      '--rotate <when>',
      'begin new files each 1h, at 100MiB, after 1000000rows (repeatable, or with commas)',
      more,
    )
    .option('--labels <file>', 'join labels onto rows by rules (CSV or JSON: src_ip, dst_port, from, to, label ...)')
    .option('--label-default <label>', 'label of rows that no rule fits (none)')
    .option('--anonymize <key>', 'map addresses, prefixes kept, under a secret key: a file, or env:NAME')
    .option('--dictionary <file>', 'write what every column means as JSON, or as CSV (columns.csv)')
    .option('--summary <file>', 'write the summary of the run as JSON')
    .option('--quiet', 'no progress and no summary on stderr')
    .optionsGroup('Operation:')
    .option('--metrics <address>', 'serve /metrics (Prometheus) and /health while it runs: port, or host:port')
    .option('--user <name[:group]>', 'give up root for this user once devices and ports are open')
    .optionsGroup('Help:')
    .addHelpText('after', EXAMPLES);
  for (const [flags] of LATER) command.addOption(new Option(flags).hideHelp());
  return command.action(async (captures: string[], options: FlowsOptions & Record<string, unknown>) => {
    for (const [flags, name] of LATER) {
      if (options[name] !== undefined)
        throw usageError(`flows: ${flags.split(' ', 1)[0]}: not available yet in this version`);
    }
    const { runFlowsCommand } = await import('./commands/flows.ts');
    await runFlowsCommand(captures, options);
  });
}
