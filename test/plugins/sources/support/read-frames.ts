import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameReader, SourceStatistics } from '../../../../core/declare/source.ts';
import { anomalyName } from '../../../../core/frame/anomaly.ts';
import { FrameBatch } from '../../../../core/frame/batch.ts';
import { CaptureReader, type CaptureReaderOptions } from '../../../../plugins/sources/capture/capture-reader.ts';

/** One frame as a plain value. */
export interface ReadFrame {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly captured: number;
  readonly wire: number;
  readonly linkType: number;
  readonly checkLength: number;
  readonly interfaceId: number;
  readonly fileOffset: number;
  readonly anomaly: string;
  readonly dropped: number;
  readonly bytes: string;
  readonly comments: readonly string[];
}

/** All that a reader gives. */
export interface Reading {
  readonly frames: readonly ReadFrame[];
  readonly statistics: readonly SourceStatistics[];
  readonly interfaces: FrameReader['interfaces'];
  /** Largest buffer that the batch grew to. */
  readonly bufferSize: number;
}

/** A folder for this test file. */
const folder = mkdtempSync(join(tmpdir(), 'packetloom-sources-'));
let files = 0;

/** Writes a file and gives its path. */
export function fileOf(bytes: Uint8Array, name = 'capture'): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, bytes);
  return path;
}

/** Reads to the end. */
export async function drain(reader: FrameReader, batch = new FrameBatch()): Promise<Reading> {
  const frames: ReadFrame[] = [];
  for (;;) {
    const count = await reader.read(batch);
    if (count === 0) break;
    if (count !== batch.count) throw new Error(`read said ${count}, the batch ${batch.count}`);
    for (let i = 0; i < count; i += 1) {
      const start = batch.offset[i]!;
      const code = batch.anomaly[i]!;
      frames.push({
        seconds: batch.seconds[i]!,
        nanoseconds: batch.nanoseconds[i]!,
        captured: batch.captured[i]!,
        wire: batch.wire[i]!,
        linkType: batch.linkType[i]!,
        checkLength: batch.checkLength[i]!,
        interfaceId: batch.interfaceId[i]!,
        fileOffset: batch.fileOffset[i]!,
        anomaly: code === 0 ? '' : anomalyName(code - 1),
        dropped: batch.dropped[i]!,
        bytes: Buffer.from(batch.bytes.subarray(start, start + batch.captured[i]!)).toString('hex'),
        comments: reader.comments?.(i) ?? [],
      });
    }
  }
  const result = {
    frames,
    statistics: reader.statistics(),
    interfaces: reader.interfaces,
    bufferSize: batch.bytes.length,
  };
  await reader.close();
  return result;
}

/** Reads capture files, given by their bytes or paths. */
export function readAll(
  inputs: Uint8Array | string | readonly (Uint8Array | string)[],
  options: CaptureReaderOptions & { readonly capacity?: number; readonly bytes?: number } = {},
): Promise<Reading> {
  const list = typeof inputs === 'string' || inputs instanceof Uint8Array ? [inputs] : inputs;
  const names = list.map((input) => (typeof input === 'string' ? input : fileOf(input)));
  return drain(new CaptureReader(names, options), new FrameBatch(options.capacity ?? 4096, options.bytes ?? 1 << 20));
}
