import { execFile } from 'node:child_process';
import { PacketloomError } from '../../../core/errors.ts';

/** What `program` prints; undefined when there is no such program. Rejects with PacketloomError `device` when it fails. */
export function outputOf(program: string, ...rest: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(program, rest, { encoding: 'utf8' }, (error, output, messages) => {
      if (error === null) resolve(output);
      else if (error.code === 'ENOENT') resolve(undefined);
      else
        reject(new PacketloomError('device', `${program}: ${firstLine(messages) ?? error.message}`, { cause: error }));
    });
  });
}

/** The first line that says something. */
export function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.trim() !== '');
}

/** Lines of a program's messages, without its own name in front, that do not begin with one of `noise`. */
export function tellingLines(messages: string, program: string, noise: readonly string[]): readonly string[] {
  return messages
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(new RegExp(`^${program}: `), ''))
    .filter((line) => line !== '' && !noise.some((begin) => line.startsWith(begin)));
}
