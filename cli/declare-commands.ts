import { Command } from 'commander';

const more = (value: string, before: readonly string[] = []): string[] => [...before, value];

const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;

/** What can be listed. */
export const KINDS = 'dissectors, fields, tables, aggregates, analyses, features, presets, sources, sinks, interfaces';

/** `packetloom list`. */
export function listCommand(): Command {
  return new Command('list')
    .description('Lists what is registered, one line each.')
    .argument('<kind>', KINDS)
    .option('--json', 'everything the declarations state, as JSON')
    .option('--plugin <path or package>', 'add a plugin (repeatable)', more)
    .addHelpText('after', examples('packetloom list presets', 'packetloom list fields --json'))
    .action(async (kind: string, options: { json?: boolean; plugin?: string[] }) => {
      const { runList } = await import('./commands/list.ts');
      await runList(kind, options);
    });
}

/** `packetloom describe`. */
export function describeCommand(): Command {
  return new Command('describe')
    .description('Describes one field, feature, preset, aggregate, dissector, table, source or sink in full.')
    .argument('<name>', 'its name, as lists and configurations have it')
    .option('--kind <kind>', 'where several kinds have the name')
    .option('--json', 'everything the declaration states, as JSON')
    .option('--plugin <path or package>', 'add a plugin (repeatable)', more)
    .addHelpText('after', examples('packetloom describe basic', 'packetloom describe mean --json'))
    .action(async (name: string, options: { json?: boolean; kind?: string; plugin?: string[] }) => {
      const { runDescribe } = await import('./commands/describe.ts');
      await runDescribe(name, options);
    });
}

/** `packetloom check`. */
export function checkCommand(): Command {
  return new Command('check')
    .description('Validates a configuration without reading traffic: all errors at once, each with its place.')
    .argument('<config.json>', 'the configuration')
    .option('--json', 'the result as JSON: valid, problems, columns')
    .option('--plugin <path or package>', 'add a plugin (repeatable)', more)
    .addHelpText(
      'after',
      examples('packetloom check examples/flows.json', 'packetloom check examples/flows.json --json'),
    )
    .action(async (file: string, options: { json?: boolean; plugin?: string[] }) => {
      const { runCheck } = await import('./commands/check.ts');
      await runCheck(file, options);
    });
}

/** `packetloom schema`. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description(
      'Prints the JSON Schema of the configuration, from what is registered, so that editors complete names.',
    )
    .option('--json', 'the same: the schema is JSON')
    .option('--plugin <path or package>', 'add a plugin (repeatable)', more)
    .addHelpText('after', examples('packetloom schema', 'packetloom schema > packetloom.schema.json'))
    .action(async (options: { plugin?: string[] }) => {
      const { runSchema } = await import('./commands/schema.ts');
      await runSchema(options);
    });
}
