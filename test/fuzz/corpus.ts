import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FrameBatch } from '../../core/frame/batch.ts';
import type { Bench, DissectedFrame } from '../../core/testing.ts';
import { captureFile } from '../../plugins/sources/capture-file.ts';

/** A real frame to start from. */
export interface Seed {
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly linkType: number;
  readonly dissected: DissectedFrame;
}

/** Frames kept of one stack of protocols, and the longest that is taken. */
const OF_A_KIND = 8;
const LONGEST = 3000;

/** Capture files below a folder. */
export function capturesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
}

/** Frames of captures, a few of each stack of protocols and set of fields. Files that cannot be read are passed over. */
export async function readSeeds(paths: readonly string[], bench: Bench): Promise<Seed[]> {
  const seeds: Seed[] = [];
  const kinds = new Map<string, number>();
  for (const path of paths) {
    const reader = await captureFile.open([path], {}).catch(() => undefined);
    if (reader === undefined) continue;
    const batch = new FrameBatch(256);
    for (let count = await reader.read(batch); count > 0; count = await reader.read(batch)) {
      for (let i = 0; i < count; i += 1) {
        const captured = batch.captured[i]!;
        if (captured > LONGEST) continue;
        const from = batch.offset[i]!;
        const bytes = batch.bytes.slice(from, from + captured);
        const linkType = batch.linkType[i]!;
        const wire = batch.wire[i]! - batch.checkLength[i]!;
        const dissected = bench(bytes, { linkType, wire });
        const kind = [linkType, ...dissected.names, Object.keys(dissected.values).length].join(' ');
        const seen = kinds.get(kind) ?? 0;
        kinds.set(kind, seen + 1);
        if (seen < OF_A_KIND) seeds.push({ bytes, wire, linkType, dissected });
      }
    }
    await reader.close();
  }
  return seeds;
}
