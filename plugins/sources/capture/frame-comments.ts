import type { FrameBatch } from '../../../core/frame/batch.ts';
import { readOptions, readText } from './pcapng-options.ts';
import type { FrameComments } from './record-parser.ts';

/** The comments of the frame at a place of the batch that was read last. */
export function commentsAt(comments: FrameComments, batch: FrameBatch | undefined, place: number): readonly string[] {
  const found = comments.at(place);
  if (found === undefined || batch === undefined) return [];
  const { bytes } = batch;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [from, end, little] = found;
  const texts: string[] = [];
  readOptions(view, from, end, little, (code, at, length) => {
    if (code === 1) texts.push(readText(view, at, length));
  });
  return texts;
}
