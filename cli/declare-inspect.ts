import { Command } from 'commander';

/** Options of `packetloom inspect` as commander hands them over. */
export interface InspectOptions {
  readonly frame: string;
  readonly hex?: boolean;
  readonly json?: boolean;
  readonly decodeAs?: readonly string[];
  readonly plugin?: readonly string[];
}

const more = (value: string, before: readonly string[] = []): string[] => [...before, value];

const EXAMPLES = `
Examples:
  packetloom inspect examples/captures/office.pcap --frame 4 --hex
  packetloom inspect examples/captures/office.pcap --frame 1-3 --json`;

/** `packetloom inspect`. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Prints the field tree of chosen frames, with byte ranges and with what decided each layer.')
    .argument('<capture>', 'pcap or pcapng file, also gzip or zstd; - for standard input')
    .option('--frame <n or n-m>', 'which frames, from 1; "5-" is to the end', '1')
    .option('--hex', 'the bytes too')
    .option('--json', 'as JSON')
    .option('--decode-as <table=number,dissector>', 'dissect a number of a table so (repeatable)', more)
    .option('--plugin <path or package>', 'add a plugin (repeatable)', more)
    .addHelpText('after', EXAMPLES)
    .action(async (capture: string, options: InspectOptions) => {
      const { runInspectCommand } = await import('./commands/inspect.ts');
      await runInspectCommand(capture, options);
    });
}
