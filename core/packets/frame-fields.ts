import { networkLength, payloadLength, transportLength } from '../frame/lengths.ts';
import type { Cursor } from './cursor.ts';

/** What every frame has, as a field: computed from its record and its layers. */
export type FrameField = {
  readonly name: string;
  readonly title: string;
  /** What a run must do for it: walk the frame, run all dissectors, weave flows, keep the times of frames before. */
  readonly needs?: 'walk' | 'layers' | 'flows' | 'times';
} & (
  | { readonly kind: 'number'; number(cursor: Cursor): number }
  /** Puts a time into the cursor's `seconds` and `nanoseconds`; false where there is none. */
  | { readonly kind: 'time'; time(cursor: Cursor): boolean }
  | { readonly kind: 'text'; texts(cursor: Cursor): readonly string[] }
  /** Names of the layers, which the run knows. */
  | { readonly kind: 'protocols' }
  | { readonly kind: 'flow' }
);

/**
 * Bytes captured, as the record had them: the check sequence that the source took off counts where the frame is complete.
 */
function capturedLength({ batch, index }: Cursor): number {
  const captured = batch.captured[index]!;
  const wire = batch.wire[index]!;
  return captured === wire - batch.checkLength[index]! ? wire : captured;
}

const NO_TEXTS: readonly string[] = [];

/** Only formats that number their interfaces say which one a frame came from. */
function interfaceName({ batch, index, surroundings }: Cursor): readonly string[] {
  const found = surroundings.interfaces[batch.interfaceId[index]!];
  if (found?.number === undefined) return NO_TEXTS;
  return [found.name ?? found.description ?? 'unknown'];
}

const all: readonly FrameField[] = [
  { name: 'frame.number', title: 'Number of the frame in the run', kind: 'number', number: ({ number }) => number },
  {
    name: 'frame.time_epoch',
    title: 'Time since 1970',
    kind: 'time',
    time(cursor) {
      cursor.seconds = cursor.batch.seconds[cursor.index]!;
      cursor.nanoseconds = cursor.batch.nanoseconds[cursor.index]!;
      return cursor.nanoseconds >= 0;
    },
  },
  {
    name: 'frame.time_delta',
    title: 'Time since the frame before',
    kind: 'time',
    needs: 'times',
    time: (cursor) => cursor.since(cursor.previous),
  },
  {
    name: 'frame.time_delta_displayed',
    title: 'Time since the frame before that was kept',
    kind: 'time',
    needs: 'times',
    time: (cursor) => cursor.since(cursor.displayed),
  },
  {
    name: 'frame.time_relative',
    title: 'Time since the first frame',
    kind: 'time',
    needs: 'times',
    time: (cursor) => cursor.since(cursor.firstTime),
  },
  {
    name: 'frame.len',
    title: 'Length on the wire',
    kind: 'number',
    number: ({ batch, index }) => batch.wire[index]!,
  },
  { name: 'frame.cap_len', title: 'Captured length', kind: 'number', number: capturedLength },
  {
    name: 'frame.interface_id',
    title: 'Number of the interface in its section',
    kind: 'number',
    number: ({ batch, index, surroundings }) =>
      surroundings.interfaces[batch.interfaceId[index]!]?.number ?? Number.NaN,
  },
  { name: 'frame.interface_name', title: 'Name of the interface', kind: 'text', texts: interfaceName },
  {
    name: 'frame.comment',
    title: 'Comment',
    kind: 'text',
    texts: ({ surroundings, index }) => surroundings.comments?.(index) ?? NO_TEXTS,
  },
  {
    name: 'network.length',
    title: 'Bytes of IP header and payload',
    kind: 'number',
    needs: 'walk',
    number: ({ frame }) => networkLength(frame),
  },
  {
    name: 'transport.length',
    title: 'Bytes of transport header and payload',
    kind: 'number',
    needs: 'walk',
    number: ({ frame }) => transportLength(frame),
  },
  {
    name: 'payload.length',
    title: 'Bytes of transport payload',
    kind: 'number',
    needs: 'walk',
    number: ({ frame }) => payloadLength(frame),
  },
  { name: 'frame.protocols', title: 'Protocols of the frame', kind: 'protocols', needs: 'layers' },
  { name: 'flow_id', title: 'Flow of the frame', kind: 'flow', needs: 'flows' },
  {
    name: 'segment',
    title: 'Segment of the flow that the frame is in',
    kind: 'number',
    needs: 'flows',
    number: ({ flowHigh, segment }) => (flowHigh < 0 ? Number.NaN : segment),
  },
];

/** The fields of a frame that no dissector declares, by name. */
export const FRAME_FIELDS: ReadonlyMap<string, FrameField> = new Map(all.map((field) => [field.name, field]));
