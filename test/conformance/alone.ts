import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePcap } from '../dissectors/support/write-pcap.ts';
import type { RecordedFrame } from './capture.ts';
import type { FieldTally } from './tally.ts';
import { tsharkRows } from './tshark.ts';

/** A frame in which tshark differs by what it remembers of other frames, and what we have in these fields. */
export interface Remembered {
  readonly record: RecordedFrame;
  /** Cells of ours by field. */
  readonly cells: Map<string, string>;
}

/** Most times that tshark is started for one capture. */
const RUNS = 1000;

/** Puts frames into sets that have no two of one conversation, nor of two link types. */
function unrelated(frames: readonly Remembered[]): Remembered[][] {
  const sets: Remembered[][] = [];
  const next = new Map<string, number>();
  for (const one of frames) {
    const { linkType, conversation } = one.record;
    const key = `${linkType} ${conversation}`;
    let place = next.get(key) ?? 0;
    while (sets[place] !== undefined && sets[place]![0]!.record.linkType !== linkType) place += 1;
    next.set(key, place + 1);
    if (sets[place] === undefined) sets[place] = [one];
    else sets[place]!.push(one);
  }
  return sets.filter((set) => set !== undefined);
}

/**
 * Asks tshark about frames again, each without the others of its conversation, and counts the cells in which it then says
 * what we say. Times and numbers of frames are not asked for.
 */
export async function askAlone(frames: readonly Remembered[], tallyOf: (field: string) => FieldTally): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'alone-'));
  const path = join(folder, 'frames.pcap');
  try {
    for (const set of unrelated(frames).slice(0, RUNS)) {
      const names = [...new Set(set.flatMap(({ cells }) => [...cells.keys()]))];
      const records = set.map(({ record }) => record);
      writePcap(
        path,
        records.map(({ bytes }) => bytes),
        records[0]!.linkType,
        records.map(({ wire }) => wire),
        true,
      );
      let place = 0;
      for await (const { cells } of tsharkRows(path, names)) {
        for (const [field, ours] of set[place]!.cells) {
          if (cells[names.indexOf(field)] === ours) tallyOf(field).alone += 1;
        }
        place += 1;
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
