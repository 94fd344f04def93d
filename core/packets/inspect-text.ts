import type { Registry } from '../declare/registry.ts';
import { utcText } from '../frame/time-text.ts';
import { anomaliesOfFrame, byId, type FieldNode, type LayerNode, layersOfFrame } from '../frame/tree.ts';
import { printable } from '../printable.ts';
import type { Cursor } from './cursor.ts';
import { FRAME_FIELDS } from './frame-fields.ts';
import type { Protocols } from './protocols.ts';
import { decisionText, type TracingFrame } from './tracing-frame.ts';

const capturedLength = FRAME_FIELDS.get('frame.cap_len') as { number(cursor: Cursor): number };

/** Bytes of a long span that are shown; the dump and JSON have all. */
const SHOWN = 24;

/** Width of the column of byte ranges, and of the values before the names. */
const RANGE = 12;
const VALUE = 58;

const rangeText = (offset: number, length: number): string =>
  length === 0 ? `${offset}` : length === 1 ? `${offset}` : `${offset}-${offset + length - 1}`;

/** The bits of a field in the bytes it lies in, the others as points: `.... 0101`. */
function bitsText({ offset, length, mask }: FieldNode, bytes: Uint8Array, start: number): string {
  if (mask === undefined || offset === undefined || length === undefined || length > 4) return '';
  let text = '';
  for (let bit = 8 * length - 1, group = 0; bit >= 0; bit -= 1, group += 1) {
    if (group > 0 && group % 4 === 0) text += ' ';
    const byte = bytes[start + offset + length - 1 - (bit >> 3)]!;
    text += Math.floor(mask / 2 ** bit) % 2 === 0 ? '.' : (byte >> (bit & 7)) & 1;
  }
  return `${text} = `;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** The bytes of a frame, sixteen to a line. */
export function hexDump(bytes: Uint8Array, from: number, to: number): string[] {
  const lines: string[] = [];
  for (let line = from; line < to; line += 16) {
    const some = [...bytes.subarray(line, Math.min(line + 16, to))];
    const pairs = some.map((byte, i) => (i === 8 ? ' ' : '') + hex(byte, 2)).join(' ');
    const signs = some.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`  ${hex(line - from, 4)}  ${pairs.padEnd(48)}  ${signs}`);
  }
  return lines;
}

/** Text of frames for people: layers, fields with their bytes, what decided each layer, and what is wrong. */
export function textInspector(
  registry: Registry,
  frame: TracingFrame,
  protocols: Protocols,
  dump: boolean,
): (cursor: Cursor) => string {
  const dissectors = byId(registry.dissectors.values());
  const titleOf = (name: string) => registry.fields.get(name)?.[0]?.field.title ?? name;
  const shown = (name: string, display: string, length: number) => {
    const field = registry.fields.get(name)?.[0]?.field;
    const long = field?.type === 'bytes' && field.format === undefined && length > SHOWN + 4;
    return long ? `${display.slice(0, 2 * SHOWN)}\u2026 (${length} bytes)` : printable(display);
  };

  const fieldLine = (field: FieldNode) => {
    const { name, display, offset, length = 0 } = field;
    const range = offset === undefined ? '' : rangeText(offset, length);
    const bits = bitsText(field, frame.bytes, frame.start);
    const value = `${bits}${titleOf(name)}: ${shown(name, display, length)}`;
    return `  ${range.padEnd(RANGE)}${offset === undefined ? `[${value}]` : value}`
      .padEnd(VALUE + RANGE)
      .concat(`  ${name}`);
  };
  const layerLines = (layer: LayerNode, i: number) => {
    const decision = frame.decisionOf(i);
    const notes = [
      ...(decision === undefined ? [] : [decisionText(decision)]),
      ...(layer.quoted ? ['quoted'] : []),
      ...(layer.partial ? ['partial'] : []),
    ];
    const range = rangeText(layer.offset, layer.length);
    return [`${layer.title} (${layer.name}), bytes ${range}, by ${notes.join(', ')}`, ...layer.fields.map(fieldLine)];
  };
  return (cursor) => {
    const { batch, index, number } = cursor;
    const nanoseconds = batch.nanoseconds[index]!;
    const time = nanoseconds < 0 ? 'no time' : utcText(batch.seconds[index]!, nanoseconds);
    const lengths = `${batch.wire[index]!} bytes on the wire, ${capturedLength.number(cursor)} captured`;
    const lines = [
      `Frame ${number}: ${lengths}, ${time}, ${protocols.text(frame)}`,
      ...layersOfFrame(frame, dissectors).flatMap(layerLines),
      ...anomaliesOfFrame(frame, dissectors).map(({ message }) => `Anomaly: ${message}`),
      ...(frame.anomaliesLost > 0 ? [`Anomaly: ${frame.anomaliesLost} more`] : []),
      ...(dump ? ['', ...hexDump(frame.bytes, frame.start, frame.capturedEnd)] : []),
    ];
    return `${lines.map(printable).join('\n')}\n`;
  };
}
