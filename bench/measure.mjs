import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withoutFolders } from './report.mjs';

/**
 * @typedef {object} Command
 * @property {readonly (readonly string[])[]} stages programs with their arguments, joined by pipes
 * @property {string} [output] file for the standard output of the last stage; otherwise it is discarded
 */

/**
 * @typedef {object} Conditions
 * @property {boolean} pinned all processes on processor 0
 * @property {string} folder for the files of the measurement
 */

/**
 * What a command cost, from its start until every process has ended. CPU is user and system time of all processes and
 * their children; peak memory is the sum of each stage's peak resident set. Both are null without GNU time.
 * @typedef {{ seconds: number, cpu: number | null, peak: number | null }} Cost
 */

/** Full path of a program, or null. @param {string} name */
export function which(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const folder of folders.filter(Boolean)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {}
  }
  return null;
}

/** The environment of everything measured: Node reads extra certificates at its start, which costs 10 ms and more. */
export function environment() {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...rest } = process.env;
  return { ...rest, LC_ALL: 'C', TZ: 'UTC' };
}

/** @param {readonly string[]} program @param {string} usageFile */
export function withUsage(program, usageFile) {
  const time = which('time');
  // GNU time also keeps the child's peak apart from ours: after a fork a child starts with its parent's.
  return time === null ? program : [time, '-o', usageFile, '-f', '%U %S %M', ...program];
}

/** @param {string} usageFile @returns {{ cpu: number | null, peak: number | null }} */
export function readUsage(usageFile) {
  if (which('time') === null) return { cpu: null, peak: null };
  const lines = readFileSync(usageFile, 'utf8').trimEnd().split('\n');
  if (lines.length > 1) throw new Error(lines[0]); // GNU time says so of a stage whose status the shell does not tell
  const [user, system, kilobytes] = lines[0].split(' ').map(Number);
  return { cpu: user + system, peak: kilobytes * 1024 };
}

/** @param {boolean} pinned */
export function pinning(pinned) {
  return pinned ? ['taskset', '-c', '0'] : [];
}

/** @param {Command} command @param {Conditions} conditions @returns {Promise<Cost>} */
export async function measure(command, conditions) {
  const usageFiles = command.stages.map((_, index) => join(conditions.folder, `usage-${index}`));
  const errors = join(conditions.folder, 'stderr');
  const pipeline = command.stages.map((stage, index) => withUsage(stage, usageFiles[index]).map(quoted).join(' '));
  const script = `exec >${quoted(command.output ?? '/dev/null')} 2>${quoted(errors)} </dev/null\n${pipeline.join(' | ')}`;
  const [program, ...rest] = [...pinning(conditions.pinned), 'sh', '-c', script];
  const begin = process.hrtime.bigint();
  const status = await ended(spawn(program, rest, { stdio: 'ignore', env: environment() }));
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  if (status !== 0) {
    const message = readFileSync(errors, 'utf8').trim().split('\n').slice(-3).join(' | ');
    throw new Error(`${shown(command)}: exit status ${status}: ${message}`);
  }
  return { seconds, ...total(usageFiles.map(readUsage)) };
}

/** Sum of the usage of several processes. @param {readonly { cpu: number | null, peak: number | null }[]} usages */
export function total(usages) {
  const sum = (name) =>
    usages.reduce((all, usage) => (all === null || usage[name] === null ? null : all + usage[name]), 0);
  return { cpu: sum('cpu'), peak: sum('peak') };
}

/** Exit status, or the name of the signal. @param {import('node:child_process').ChildProcess} child */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
}

/** The command as a person would type it, folders left out. @param {Command} command */
export function shown(command) {
  const pipeline = command.stages.map((stage) => stage.join(' ')).join(' | ');
  return withoutFolders(command.output ? `${pipeline} > ${command.output}` : pipeline);
}

function quoted(word) {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
