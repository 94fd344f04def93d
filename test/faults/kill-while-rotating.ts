import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeCapture } from './inputs.ts';
import { firstFile, holds, run, type Scenario, start } from './scenario.ts';

const FRAMES = 60_000;
const PARTIAL = '.partial';

const wordsOf = (capture: string): string[] => [
  ...['flows', capture, '--quiet', '-o', 'flows.csv', '-o', 'flows.jsonl', '-o', 'flows.csv.gz'],
  ...['--rotate', '700rows,20KiB'],
];
/** Outputs with how their bytes are read: whole files, and those that were cut off. */
const OUTPUTS = [
  { name: /^flows-(\d+)\.csv(\.partial)?$/, head: true, packed: false },
  { name: /^flows-(\d+)\.jsonl(\.partial)?$/, head: false, packed: false },
  { name: /^flows-(\d+)\.csv\.gz(\.partial)?$/, head: true, packed: true },
] as const;

let capture = '';
let undisturbed: readonly (readonly string[])[] = [];
/** Milliseconds until the first file is there, and from there on. */
let before = 0;
let writing = 0;

function unpacked(path: string): string {
  const { status, stdout, stderr } = spawnSync('gzip', ['-dc'], {
    input: readFileSync(path),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  holds(status === 0 || path.endsWith(PARTIAL), `${path}: gzip: ${stderr}`);
  return stdout;
}

/** Rows of an output in its files, in order of their numbers. */
function rowsOf(folder: string, { name, head, packed }: (typeof OUTPUTS)[number], from = 0) {
  const files = readdirSync(folder)
    .flatMap((file) => {
      const [, number, partial] = name.exec(file) ?? [];
      return number === undefined ? [] : [{ file, number: Number(number), complete: partial === undefined }];
    })
    .filter(({ number }) => number > from)
    .sort((a, b) => a.number - b.number);
  const complete: string[] = [];
  const cut: string[] = [];
  for (const one of files) {
    const path = join(folder, one.file);
    const text = packed ? unpacked(path) : readFileSync(path, 'utf8');
    const lines = text.split('\n');
    const last = lines.pop();
    holds(!one.complete || last === '', `${one.file} does not end in a whole row`);
    if (head && lines.length > 0)
      holds(lines.shift()!.startsWith('flow_id,'), `${one.file} does not begin with its head`);
    (one.complete ? complete : cut).push(...lines);
  }
  const last = files.at(-1);
  holds(
    files.every(({ complete }, i) => complete || i === files.length - 1),
    'a file that is not the last one is not complete',
  );
  return { complete, cut, last: last?.number ?? 0, isCut: last?.complete === false };
}

const isPrefix = (rows: readonly string[], all: readonly string[]) => rows.every((row, i) => row === all[i]);

function hashes(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** kill -9 while files rotate by rows and by size, compressed and not, and a second run in the same folder. */
export const killWhileRotating: Scenario = {
  name: 'kill-while-rotating',
  description:
    'kill -9 at any moment of a run with three rotating outputs: complete files hold a prefix of the rows, and the next run leaves all of them alone',
  async prepare(shared) {
    capture = join(shared, 'capture.pcap');
    await writeCapture(capture, FRAMES);
    const folder = join(shared, 'undisturbed');
    mkdirSync(folder);
    const begun = performance.now();
    const { ended } = start(wordsOf(capture), { cwd: folder });
    await firstFile(folder, ended);
    before = performance.now() - begun;
    await ended;
    writing = performance.now() - begun - before;
    undisturbed = OUTPUTS.map((output) => rowsOf(folder, output).complete);
    for (const rows of undisturbed) {
      holds(rows.length > 5000, `only ${rows.length} rows`);
      holds(rows.length === undisturbed[0]!.length, 'outputs with different numbers of rows');
    }
  },
  async run({ folder, random }) {
    const { child, ended } = start(wordsOf(capture), { cwd: folder });
    // Most of the time of such a run is its start.
    const early = random() < 0.1;
    if (!early) await firstFile(folder, ended);
    await Promise.race([delay(random() * (early ? before : writing)), ended]);
    child.kill('SIGKILL');
    const { signal } = await ended;
    const left = OUTPUTS.map((output, i) => {
      const { complete, cut, last, isCut } = rowsOf(folder, output);
      const all = undisturbed[i]!;
      holds(isPrefix([...complete, ...cut], all), `${output.name}: what is there is not a prefix of the rows`);
      holds(
        signal !== null || complete.length === all.length,
        `${output.name}: rows of a run that has ended are missing`,
      );
      return { last, isCut };
    });
    const kept = hashes(folder);
    const stderr = await run(wordsOf(capture), { cwd: folder });
    const after = hashes(folder);
    for (const [name, hash] of kept) holds(after.get(name) === hash, `${name} was changed by the next run`);
    OUTPUTS.forEach((output, i) => {
      const { complete, isCut } = rowsOf(folder, output, left[i]!.last);
      holds(!isCut, `${output.name}: a file of a run that has ended is not complete`);
      const all = undisturbed[i]!;
      holds(complete.length === all.length && isPrefix(complete, all), `${output.name}: rows of the next run differ`);
    });
    const told = stderr.split('\n').filter((line) => line.includes('not complete')).length;
    const partial = left.filter(({ isCut }) => isCut).length;
    holds(told === partial, `${partial} outputs have a file that is not complete, ${told} were told of`);
    return signal === null ? 'had ended' : partial === 0 ? 'killed between files' : 'killed while writing';
  },
};
