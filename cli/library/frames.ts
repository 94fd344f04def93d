import type { Plugin } from '../../core/declare/plugin.ts';
import type { FieldEntry, Registry } from '../../core/declare/registry.ts';
import { compileFilter } from '../../core/expression/filter.ts';
import { FrameBatch } from '../../core/frame/batch.ts';
import type { DecodeAs } from '../../core/frame/dispatch.ts';
import { Frame } from '../../core/frame/frame.ts';
import { byId } from '../../core/frame/tree.ts';
import { walk } from '../../core/frame/walk.ts';
import { makeDispatch } from '../../core/run/dispatch.ts';
import type { TimeForm } from '../../core/run/row-objects.ts';
import { timeText } from '../../core/run/time-span.ts';
import { type FieldReader, type FieldValue, fieldReader } from './field-values.ts';
import { fileSource, standardRegistry } from './registry.ts';

/** What every frame has, as fields by Wireshark's names. */
export const FRAME_FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.protocols',
] as const;

/** What to read of each frame. */
export interface FramesOptions {
  /** Names of fields, those of {@link FRAME_FIELDS} among them; `frame.number`, `frame.time_epoch`, `frame.len` if not given. */
  readonly fields?: readonly string[];
  /** Only frames for which this expression over fields holds. */
  readonly where?: string;
  /** Which value of a field that occurs several times in a frame: the first (default), the last, or all as a list. */
  readonly occurrence?: 'first' | 'last' | 'all';
  readonly decodeAs?: readonly DecodeAs[];
  /** Plugins besides the standard ones. */
  readonly plugins?: readonly Plugin[];
  /** Everything that is known, in place of the standard registry and `plugins`. */
  readonly registry?: Registry;
  /** `frame.time_epoch` as a number (default), or as exact text with nine decimals; null for a record without a time. */
  readonly times?: TimeForm;
}

/** The wanted fields of one frame, by name. */
export type FrameRow = Readonly<Record<string, FieldValue | readonly FieldValue[]>>;

/** Frames in a batch: small, so that leaving early has read little. */
const FRAMES = 512;

interface Moment {
  readonly frame: Frame;
  readonly batch: FrameBatch;
  readonly index: number;
  readonly number: number;
}

/** The readers of what is no dissector's field. */
function frameReaders(registry: Registry, times: TimeForm): Record<string, (moment: Moment) => FieldValue> {
  const dissector = byId(registry.dissectors.values());
  const readers: Record<(typeof FRAME_FIELDS)[number], (moment: Moment) => FieldValue> = {
    'frame.number': ({ number }) => number,
    'frame.time_epoch': ({ batch, index }) => {
      const nanoseconds = batch.nanoseconds[index]!;
      const seconds = batch.seconds[index]!;
      if (nanoseconds < 0) return null;
      return times === 'text' ? timeText(seconds, nanoseconds) : seconds + nanoseconds / 1e9;
    },
    'frame.len': ({ batch, index }) => batch.wire[index]!,
    'frame.cap_len': ({ batch, index }) => batch.captured[index]!,
    'frame.protocols': ({ frame }) =>
      Array.from({ length: frame.layerCount }, (_, i) => dissector(frame.layerId[i]!)?.name ?? '').join(':'),
  };
  return readers;
}

function pick(values: FieldValue[], occurrence: FramesOptions['occurrence']): FieldValue | readonly FieldValue[] {
  if (occurrence === 'all') return values;
  return values.at(occurrence === 'last' ? -1 : 0) ?? null;
}

/**
 * Frames of capture files, a row of fields each, in the order of the files. Nothing is opened before the first row is
 * asked for, frames are read only as rows are taken, and leaving the loop early closes everything.
 *
 * @example
 * for await (const frame of frames('x.pcap', { fields: ['ip.src', 'tcp.dstport'] })) console.log(frame['ip.src']);
 *
 * @param paths capture files (pcap, pcapng, gzip, zstd), one after the other; `-` is standard input
 * @throws PacketloomError from the first step of the loop: an unknown field, a wrong filter, a file that cannot be opened.
 */
export async function* frames(
  paths: string | readonly string[],
  options: FramesOptions = {},
): AsyncGenerator<FrameRow, void, undefined> {
  const { fields = FRAME_FIELDS.slice(0, 3), where, occurrence = 'first', decodeAs = [], times = 'number' } = options;
  const registry = options.registry ?? standardRegistry(options.plugins);
  const demanded: FieldEntry[] = [];
  const own = frameReaders(registry, times);
  const columns = fields.map((name): ((moment: Moment) => FieldValue | readonly FieldValue[]) => {
    if (Object.hasOwn(own, name)) return own[name]!;
    const { entries, read } = fieldReader(registry, name);
    demanded.push(...entries);
    return ({ frame }) => pick(valuesOf(read, frame), occurrence);
  });
  const filter = where === undefined ? undefined : compileFilter(registry, where, 'where');
  demanded.push(...(filter?.demanded ?? []));
  const dispatch = makeDispatch(registry, demanded, fields.includes('frame.protocols'), decodeAs);
  const reader = await fileSource(registry).open([paths].flat(), {});
  try {
    const batch = new FrameBatch(FRAMES);
    const frame = new Frame();
    let number = 0;
    for (let count = await reader.read(batch); count !== 0; count = await reader.read(batch)) {
      for (let index = 0; index < count; index += 1) {
        number += 1;
        walk(frame, dispatch, batch, index);
        const nanoseconds = batch.nanoseconds[index]!;
        const time = nanoseconds < 0 ? Number.NaN : batch.seconds[index]! * 1e9 + nanoseconds;
        const context = { number, time, wireLength: batch.wire[index]!, capturedLength: batch.captured[index]! };
        if (filter !== undefined && !filter.test(frame, context)) continue;
        const moment = { frame, batch, index, number };
        yield Object.fromEntries(fields.map((name, i) => [name, columns[i]!(moment)]));
      }
    }
  } finally {
    await reader.close();
  }
}

function valuesOf(read: FieldReader, frame: Frame): FieldValue[] {
  const values: FieldValue[] = [];
  read(frame, values);
  return values;
}
