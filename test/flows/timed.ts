import { defaultFlowSettings, runFlows, standardRegistry } from '../../cli/library.ts';
import type { FrameReader } from '../../core/declare/source.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import type { FlowSettings } from '../../core/flow/settings.ts';
import type { FrameBatch } from '../../core/frame/batch.ts';
import { rowTexts } from '../../core/output/row-objects.ts';
import type { RunResult } from '../../core/run/flow-run.ts';
import { buildFrame, ethernet, ipv4, tcp, udp } from '../../dissectors/build.ts';

/** A frame with the moment it was captured. */
export interface Timed {
  /** Milliseconds since some second of 1970; undefined for a record without a time. */
  readonly at: number | undefined;
  readonly bytes: Uint8Array;
}

const START = 1_700_000_000;

/** A UDP frame from one port to another: hosts 10.0.0.1 and .2, the lower port is the first one's. */
export function datagram(at: number | undefined, source: number, destination: number, length = 4): Timed {
  const [from, to] = source < destination ? ['10.0.0.1', '10.0.0.2'] : ['10.0.0.2', '10.0.0.1'];
  const layers = [ethernet(), ipv4({ source: from, destination: to }), udp({ source, destination })] as const;
  return { at, bytes: buildFrame(...layers, new Uint8Array(length)) };
}

/** A TCP frame from one port to another, likewise. */
export function segment(at: number, source: number, destination: number, flags: number, sequence = 1): Timed {
  const [from, to] = source < destination ? ['10.0.0.1', '10.0.0.2'] : ['10.0.0.2', '10.0.0.1'];
  const header = { source, destination, flags, sequence, acknowledgment: 1 };
  return { at, bytes: buildFrame(ethernet(), ipv4({ source: from, destination: to }), tcp(header)) };
}

/** A source of frames in memory, in batches of `size`. */
export function memoryReader(frames: readonly Timed[], size: number): FrameReader {
  let next = 0;
  return {
    interfaces: [],
    statistics: () => [],
    close: async () => {},
    read(batch: FrameBatch) {
      const some = frames.slice(next, next + Math.min(size, batch.capacity));
      next += some.length;
      let place = 0;
      for (const [i, { at, bytes }] of some.entries()) {
        if (place + bytes.length > batch.bytes.length) throw new Error('too many bytes for a test');
        batch.bytes.set(bytes, place);
        batch.offset[i] = place;
        batch.captured[i] = bytes.length;
        batch.wire[i] = bytes.length;
        batch.linkType[i] = 1;
        batch.checkLength[i] = 0;
        batch.anomaly[i] = 0;
        batch.seconds[i] = at === undefined ? 0 : START + Math.floor(at / 1000);
        batch.nanoseconds[i] = at === undefined ? -1 : Math.round((at - 1000 * Math.floor(at / 1000)) * 1e6);
        place += bytes.length;
      }
      batch.count = some.length;
      return some.length;
    },
  };
}

/** What a run may have besides. */
export interface Besides {
  /** Frames of a batch. */
  readonly size?: number;
  readonly keep?: string;
  readonly where?: string;
  readonly count?: number;
}

/** Runs frames through everything; rows come as text by column. */
export async function timed(
  frames: readonly Timed[],
  columns: Readonly<Record<string, string>>,
  settings: Partial<FlowSettings> = {},
  { size = 3, keep, where, count }: Besides = {},
): Promise<{ rows: Record<string, string>[]; result: RunResult }> {
  const registry = standardRegistry();
  const features = Object.entries(columns).map(([name, value]) => ({ name, value, at: name }));
  const rows: Record<string, string>[] = [];
  const result = await runFlows({
    registry,
    reader: memoryReader(frames, size),
    features: expandFeatures(registry, features),
    settings: { ...defaultFlowSettings, ...settings },
    ...(keep === undefined ? {} : { keep: { text: keep, at: 'keep' } }),
    ...(where === undefined ? {} : { where: { text: where, at: 'where' } }),
    ...(count === undefined ? {} : { limits: { frames: count } }),
    open: async (made) => [
      {
        rows: 0,
        write(batch) {
          for (let row = 0; row < batch.count; row += 1) {
            const texts = rowTexts(batch, row);
            rows.push(Object.fromEntries(made.map(({ name }, i) => [name, texts[i]!])));
          }
        },
        close: async () => {},
        abort: async () => {},
      },
    ],
  });
  return { rows, result };
}

/** Rows in one line each. */
export const lines = (rows: readonly Record<string, string>[]): string[] =>
  rows.map((row) => Object.values(row).join(' '));
