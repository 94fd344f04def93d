import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Capture } from './conformance/capture.ts';
import { capturesAt, recordedFile, vendored } from './conformance/captures.ts';
import { compareCapture, Results } from './conformance/compare.ts';
import { unexplained } from './conformance/figures.ts';
import { compareRecorded, type Recording } from './conformance/recording.ts';
import { noTshark } from './conformance/tshark.ts';

const recording = JSON.parse(readFileSync(recordedFile, 'utf8')) as Recording;
const recorded = Object.entries(recording.captures);
const shared = new Set(recording.fields);

/** Tells fields that differ for no known reason, each with where it was met first. */
const told = (results: Results): string[] =>
  [results.values, results.ranges, results.stackTally].flatMap((tally) =>
    unexplained(tally).map(([field, { classes }]) => {
      const { capture, frame, ours, theirs } = classes.get('')!.example;
      return `${capture} frame ${frame} ${field}: ours "${ours}", tshark "${theirs}"`;
    }),
  );

describe('conformance with tshark', () => {
  it('was recorded of every vendored capture that is read', () => {
    const names = capturesAt(vendored).map(({ name }) => name);
    const missing = names.filter((name) => recording.captures[name] === undefined);
    // Of formats that packetloom does not read.
    expect(missing.filter((name) => !/\.(erf|snoop)$/.test(name))).toEqual([]);
    expect(shared.size).toBeGreaterThanOrEqual(600);
  });

  it('holds against what tshark said', async () => {
    const problems: string[] = [];
    let cells = 0;
    for (const [name, one] of recorded) {
      const capture = await Capture.open(join(vendored, name));
      problems.push(...compareRecorded(capture, one, recording.fields).map((problem) => `${name}: ${problem}`));
      cells += one.cells.reduce((sum, [, count]) => sum + count, 0);
    }
    expect(problems).toEqual([]);
    expect(cells).toBeGreaterThan(100_000);
  });

  // Two at a time: tshark takes most of the time to start.
  it('holds against what tshark says now, values and places', async ({ skip }) => {
    if (noTshark !== undefined) {
      console.warn(`skipped: ${noTshark}`);
      skip(noTshark);
    }
    const results = new Results();
    const waiting = recorded.map(([name]) => name);
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
        await compareCapture(join(vendored, name), name, shared, results);
    };
    await Promise.all([work(), work()]);
    expect(told(results)).toEqual([]);
    expect(results.captures).toBe(recorded.length);
  }, 900_000);
});
