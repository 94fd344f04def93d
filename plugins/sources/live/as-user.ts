import type { SourceOptions } from '../../../core/declare/source.ts';

/** What a capturing program needs of root's rights. */
const RIGHTS = '-all,+net_raw,+net_admin';

interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

/**
 * A command of root's that runs as the user that the program is about to become, with the rights to capture and no other:
 * as root it could not be ended by that user. Without root (or a user) it stays as it is.
 */
export function asUser(command: Command, user: SourceOptions['user']): Command {
  if (user === undefined || process.getuid?.() !== 0) return command;
  return {
    program: 'setpriv',
    arguments: [
      ...[`--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups'],
      ...[`--inh-caps=${RIGHTS}`, `--ambient-caps=${RIGHTS}`],
      ...[command.program, ...command.arguments],
    ],
  };
}
