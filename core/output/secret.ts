import { readFileSync } from 'node:fs';
import { PacketloomError } from '../errors.ts';

/** What an option that holds a secret says of itself. */
export const SECRET = 'env:NAME for an environment variable, or a file';

/**
 * The secret that an option names: `env:NAME`, or a file whose first line it is. Secrets never stand in a configuration,
 * a URL or a command line, where others could read them, and are never printed.
 * @param at the option, for messages
 * @throws PacketloomError `configuration` when there is none
 */
export function readSecret(text: string, at: string): string {
  if (text.startsWith('env:')) {
    const value = process.env[text.slice(4)];
    if (value === undefined || value === '') {
      throw new PacketloomError('configuration', `${at}: the environment variable ${text.slice(4)} is not set`);
    }
    return value;
  }
  try {
    const [line = ''] = readFileSync(text, 'utf8').split(/\r?\n/, 1);
    if (line !== '') return line;
  } catch (cause) {
    throw new PacketloomError('configuration', `${at}: expected ${SECRET}: the file ${text} cannot be read`, { cause });
  }
  throw new PacketloomError('configuration', `${at}: the first line of the file ${text} is empty`);
}

/**
 * Refuses a URL with a password in it: it would show in lists of processes and in the summary.
 * @param option the option that takes its place
 */
export function refusePassword(url: URL, sink: string, option: string): void {
  if (url.password === '') return;
  throw new PacketloomError(
    'usage',
    `${sink}: ${url.host}: a password does not belong into a URL; set ${option}=${SECRET.split(' ', 1)[0]}`,
  );
}
