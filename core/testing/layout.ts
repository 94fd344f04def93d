import type { DissectedFrame } from './dissect-frame.ts';

const digits = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

const PER_LINE = 16;

function linesOf(bytes: Uint8Array, title: string): string[] {
  if (bytes.length === 0) return [];
  const lines = [`# ${title}`];
  for (let at = 0; at < bytes.length; at += PER_LINE) lines.push(digits(bytes.subarray(at, at + PER_LINE)));
  return lines;
}

/**
 * The hex dump of a dissected frame, laid out by layer: what `hex` reads. Paste it into a test as the frame it is about.
 * Bytes that no layer takes stand under the layer before them.
 */
export function hexByLayer({ layers }: DissectedFrame, bytes: Uint8Array): string {
  // Siblings and quoted packets may come in any order.
  const starts = [...new Map(layers.map((layer) => [layer.offset, layer])).values()]
    .filter(({ offset }) => offset < bytes.length)
    .toSorted((a, b) => a.offset - b.offset);
  const first = starts[0]?.offset ?? bytes.length;
  const lines = linesOf(bytes.subarray(0, first), 'no layer');
  for (const [i, { name, title, offset }] of starts.entries()) {
    const end = starts[i + 1]?.offset ?? bytes.length;
    lines.push(...linesOf(bytes.subarray(offset, end), `${name}: ${title}`));
  }
  return `${lines.join('\n')}\n`;
}
