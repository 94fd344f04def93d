import { Command } from 'commander';

/** `packetloom new`. */
export function newCommand(): Command {
  return new Command('new')
    .description('Writes a plugin of your own with its test into the current folder, ready to run.')
    .argument('<kind>', 'dissector, feature, sink, source')
    .argument('<name>', 'small letters, digits and hyphens')
    .addHelpText('after', '\nExamples:\n  packetloom new dissector my-protocol\n  packetloom new feature upload-share')
    .action(async (kind: string, name: string) => {
      const { runNew } = await import('./commands/new.ts');
      await runNew(kind, name);
    });
}
