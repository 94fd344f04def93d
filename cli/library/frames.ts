import type { Plugin } from '../../core/declare/plugin.ts';
import type { Registry } from '../../core/declare/registry.ts';
import { asksForFlow } from '../../core/expression/filter.ts';
import { defaultFlowSettings } from '../../core/flow/settings.ts';
import type { DecodeAs } from '../../core/frame/dispatch.ts';
import type { TimeForm } from '../../core/output/row-objects.ts';
import { FRAME_FIELDS as FIELDS } from '../../core/packets/frame-fields.ts';
import { FrameRun } from '../../core/packets/frame-run.ts';
import { Protocols } from '../../core/packets/protocols.ts';
import { demandedBy, needed, selectColumns } from '../../core/packets/selection.ts';
import { compileValues, type FieldValue } from '../../core/packets/values.ts';
import { openFiles, standardRegistry } from './registry.ts';

export type { FieldValue };

/** What every frame has, as fields by Wireshark's names, and `flow_id`. */
export const FRAME_FIELDS: readonly string[] = [...FIELDS.keys()];

/** What to read of each frame. */
export interface FramesOptions {
  /** Names of fields, those of {@link FRAME_FIELDS} among them; `frame.number`, `frame.time_epoch`, `frame.len` if not given. */
  readonly fields?: readonly string[];
  /** Only frames for which this expression over fields holds; it may ask for `flow_id` and `segment`. */
  readonly where?: string;
  /** Which value of a field that occurs several times in a frame: the first (default), the last, or all as a list. */
  readonly occurrence?: 'first' | 'last' | 'all';
  readonly decodeAs?: readonly DecodeAs[];
  /** Reads the files together, in order of time, in place of one after the other. */
  readonly merge?: boolean;
  /** Plugins besides the standard ones. */
  readonly plugins?: readonly Plugin[];
  /** Everything that is known, in place of the standard registry and `plugins`. */
  readonly registry?: Registry;
  /** Times as numbers of seconds (default), or as exact text with nine decimals; null for a record without a time. */
  readonly times?: TimeForm;
}

/** The wanted fields of one frame, by name. */
export type FrameRow = Readonly<Record<string, FieldValue | readonly FieldValue[]>>;

/** Frames in a batch: small, so that leaving early has read little. */
const FRAMES = 512;

const DEFAULT_FIELDS = ['frame.number', 'frame.time_epoch', 'frame.len'];

/**
 * Frames of capture files, a row of fields each, in the order of the files, or merged. Nothing is opened before the first row is
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
  const { fields = DEFAULT_FIELDS, where, occurrence = 'first', decodeAs = [], times = 'number' } = options;
  const registry = options.registry ?? standardRegistry(options.plugins);
  const columns = selectColumns(registry, fields);
  const reader = await openFiles(registry, [paths].flat(), { merge: options.merge });
  try {
    const run = new FrameRun({
      registry,
      reader,
      demanded: demandedBy(columns),
      all: needed(columns, 'layers'),
      layers: needed(columns, 'walk'),
      times: needed(columns, 'times'),
      flows: needed(columns, 'flows') || (where !== undefined && asksForFlow(where)) ? defaultFlowSettings : undefined,
      where: where === undefined ? undefined : { text: where, at: 'where' },
      decodeAs,
      capacity: FRAMES,
    });
    const protocols = new Protocols(registry.dissectors.values());
    const read = compileValues(columns, { occurrence, times, protocols }, run.cursor);
    for (let more = true; more; ) {
      const rows: FrameRow[] = [];
      const found = await run.next((cursor) => {
        const values = read(cursor);
        rows.push(Object.fromEntries(fields.map((name, i) => [name, values[i]!])));
      });
      yield* rows;
      more = typeof found === 'boolean';
    }
  } finally {
    await reader.close();
  }
}
