import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PacketloomError } from '../../core/errors.ts';
import { optionError } from '../report.ts';

/** A user that the program becomes. */
export interface RunUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const NAME = /^([A-Za-z0-9_][\w.@-]*\$?)(?::([A-Za-z0-9_][\w.@-]*\$?))?$/;

/** The fields of a line of the system's database of users or groups. */
function entryOf(database: 'passwd' | 'group', name: string): readonly string[] | undefined {
  try {
    const output = execFileSync('getent', [database, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return output.trim().split(':');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return undefined;
    throw optionError('--user: the program getent is not there to look users up with');
  }
}

/**
 * Understands `--user name` and `--user name:group`, names or numbers.
 * @throws PacketloomError `usage` when nothing could be dropped so
 */
export function userOption(text: string): RunUser {
  const [, name, group] = NAME.exec(text) ?? [];
  if (name === undefined) throw optionError(`--user ${text}: expected a user, or user:group`);
  if (process.getuid?.() !== 0) {
    throw optionError(`--user ${text}: only root can become another user: leave the option out, or start as root`);
  }
  const user = entryOf('passwd', name);
  if (user === undefined) throw optionError(`--user ${text}: no such user "${name}"`);
  const itsGroup = group === undefined ? undefined : entryOf('group', group);
  if (group !== undefined && itsGroup === undefined) throw optionError(`--user ${text}: no such group "${group}"`);
  const found = { name: user[0]!, uid: Number(user[2]), gid: Number(itsGroup?.[2] ?? user[3]) };
  if (found.uid === 0 || found.gid === 0) {
    throw optionError(`--user ${text}: this keeps rights of root: name a user and a group without any`);
  }
  return found;
}

const failed = (why: string, cause?: unknown) => new PacketloomError('device', `--user: ${why}`, { cause });

/** The capabilities that the process has (Linux); undefined where they cannot be known. */
function capabilities(): string | undefined {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return /^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Becomes a user for good: groups, group, user and with them every capability of root; makes sure that there is no way
 * back.
 * @throws PacketloomError `device` when something of root would be left
 */
export function becomeUser({ name, uid, gid }: RunUser): void {
  try {
    // Known to Node, not to its types.
    (process as unknown as { initgroups(user: string, group: number): void }).initgroups(name, gid);
    process.setgid!(gid);
    process.setuid!(uid);
  } catch (cause) {
    throw failed(`cannot become ${name}: ${(cause as Error).message}`, cause);
  }
  const ids = [process.getuid!(), process.geteuid!(), process.getgid!(), process.getegid!()];
  if (ids.join() !== [uid, uid, gid, gid].join() || process.getgroups!().includes(0)) {
    throw failed(`cannot become ${name} wholly: the system keeps user or group ${ids.join(', ')}`);
  }
  if (Number.parseInt(capabilities() ?? '0', 16) !== 0) throw failed('capabilities of root are left');
  for (const back of [() => process.setuid!(0), () => process.setgid!(0)]) {
    try {
      back();
    } catch {
      continue;
    }
    throw failed('rights of root can be had again');
  }
}
