import { Command } from 'commander';

const more = (value: string, before: readonly string[] = []): string[] => [...before, value];

const EXAMPLES = `
Examples:
  packetloom diff basic statistical
  packetloom diff cicflowmeter nfstream --json`;

/** Options of `packetloom diff` as commander hands them over. */
export interface DiffOptions {
  readonly json?: boolean;
  readonly plugin?: readonly string[];
}

/** `packetloom diff`. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('Says which columns of two presets or configurations mean the same, and how the others differ.')
    .argument('<first>', 'a preset, or a configuration file (.json)')
    .argument('<second>', 'the other')
    .option('--json', 'the same as JSON: columns and settings')
    .option('--plugin <path or package>', 'add a plugin (repeatable)', more)
    .addHelpText('after', EXAMPLES)
    .action(async (first: string, second: string, options: DiffOptions) => {
      const { runDiff } = await import('./commands/diff.ts');
      await runDiff(first, second, options);
    });
}
