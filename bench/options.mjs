import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * A value given as `--name value`; a number is a whole one from 1 on, a choice one of the words.
 * @typedef {{ help: string, initial?: string | number, choice?: readonly string[] }} Option
 */

/** Options that several benchmarks have. @satisfies {Record<string, Option>} */
export const common = {
  capture: { help: 'capture file; without it a synthetic one is made' },
  frames: { initial: 1_000_000, help: 'frames of the synthetic capture' },
  pin: { initial: 'on', choice: ['on', 'off'], help: 'all processes on one core' },
  program: { initial: 'dist/cli/main.js', help: 'script of the packetloom command' },
};

/**
 * The options of a benchmark; `--help` and a wrong one end the process.
 * @param {string} call what the person types before the options
 * @param {string} sentence what the benchmark does
 * @param {Record<string, Option>} own
 * @returns {Record<string, any>} numbers for options whose initial value is one
 */
export function optionsOf(call, sentence, own) {
  const options = { ...own, output: { initial: 'bench/RESULTS.md', help: 'page of results' } };
  const names = Object.keys(options);
  const known = Object.fromEntries(names.map((name) => [name, { type: /** @type {const} */ ('string') }]));
  try {
    const { values } = parseArgs({ options: { ...known, help: { type: 'boolean' } } });
    if (!values.help)
      return Object.fromEntries(names.map((name) => [name, checked(name, options[name], values[name])]));
  } catch (error) {
    console.error(`${call}: ${error instanceof Error ? error.message : error}`);
    process.exit(2);
  }
  const lines = names.map((name) => `  ${`--${name} <value>`.padEnd(22)}${helpOf(options[name])}`);
  console.log(`${sentence}\n\n${call} [options]\n${lines.join('\n')}`);
  process.exit(0);
}

/** A folder that is removed when the process ends, also by a signal. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  return folder;
}

function checked(name, { initial, choice }, given) {
  if (given === undefined) return initial;
  if (choice && !choice.includes(given)) throw new Error(`--${name} ${given}: expected ${choice.join(' or ')}`);
  if (typeof initial !== 'number') return given;
  if (!/^[1-9]\d*$/.test(given)) throw new Error(`--${name} ${given}: expected a whole number from 1 on`);
  return Number(given);
}

function helpOf({ help, initial, choice }) {
  const words = choice ? `${help}: ${choice.join(', ')}` : help;
  return initial === undefined ? words : `${words} (${initial})`;
}
