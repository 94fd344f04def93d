import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PacketloomError } from '../../../core/errors.ts';

/** What `program` prints; undefined when there is no such program. Rejects with PacketloomError `device` when it fails. */
export function outputOf(program: string, ...rest: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(program, rest, { encoding: 'utf8' }, (error, output, messages) => {
      if (error === null) resolve(output);
      else if (error.code === 'ENOENT') resolve(undefined);
      else if (error.code === 'EACCES') reject(new PacketloomError('device', closedText(program), { cause: error }));
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

/** Where a program is; its bare name where that cannot be found out. */
export function pathOf(program: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = folders.map((folder) => join(folder, program));
  return paths.find(isThere) ?? paths.find(existsSync) ?? program;
}

/** The command that lets a program capture, whoever starts it. */
export function setcap(path: string): string {
  return `sudo setcap cap_net_raw,cap_net_admin+eip ${path}`;
}

/** Why a program that is there cannot be started: it is kept for a group, as Debian keeps dumpcap for `wireshark`. */
export function closedText(program: string): string {
  const path = pathOf(program);
  const group = groupOf(path);
  if (group === undefined) return `${path} may not be started by this user`;
  return `${path} may be started by the group ${group} only: sudo usermod -aG ${group} $USER, then log in again`;
}

function groupOf(path: string): string | undefined {
  try {
    const { gid, mode } = statSync(path);
    if ((mode & constants.S_IXGRP) === 0) return undefined;
    const lines = readFileSync('/etc/group', 'utf8').split('\n');
    return lines.find((line) => line.split(':')[2] === String(gid))?.split(':')[0];
  } catch {
    return undefined;
  }
}

/** Whether a file may be started here. */
export function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
