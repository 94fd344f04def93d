import { Command, CommanderError } from 'commander';
import { checkCommand, describeCommand, listCommand, schemaCommand } from './declare-commands.ts';
import { diffCommand } from './declare-diff.ts';
import { explainCommand } from './declare-explain.ts';
import { flowsCommand } from './declare-flows.ts';
import { inspectCommand } from './declare-inspect.ts';
import { newCommand } from './declare-new.ts';
import { packetsCommand } from './declare-packets.ts';
import { reportError, say } from './report.ts';
import { packageVersion } from './version.ts';

function program(): Command {
  const all = new Command('packetloom')
    .description('Reads frames from captures or an interface, weaves them into flows and writes one row a flow.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('after', '\nExamples:\n  packetloom list presets\n  packetloom flows --help');
  const commands = [
    flowsCommand(),
    packetsCommand(),
    inspectCommand(),
    explainCommand(),
    listCommand(),
    describeCommand(),
    checkCommand(),
    schemaCommand(),
    diffCommand(),
    newCommand(),
  ];
  for (const one of commands) all.addCommand(one.copyInheritedSettings(all));
  return all;
}

/** commander's message in the words of this program: one line, with the nearest right word. */
function usageLine(error: CommanderError, words: readonly string[], names: readonly string[]): string {
  const text = error.message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/s, '; did you mean $1?');
  const command = words.find((word) => names.includes(word));
  return command === undefined ? text : `${command}: ${text}`;
}

/** Runs the command line; sets the exit code of the process and returns when everything is written. */
export async function main(words: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of the pipe went away: end quietly.
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.stderr.on('error', () => {});
  const all = program();
  if (words.length === 0) {
    all.outputHelp({ error: true });
    process.exitCode = 2;
    return;
  }
  try {
    await all.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) reportError(error);
    else if (error.exitCode !== 0) {
      if (error.code !== 'commander.help') {
        say(
          usageLine(
            error,
            words,
            all.commands.map((one) => one.name()),
          ),
        );
      }
      process.exitCode = 2;
    }
  }
}
