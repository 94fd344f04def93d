import { defineTable } from '../declare/table.ts';
import { DEPTH } from './anomaly.ts';
import type { FrameBatch } from './batch.ts';
import type { Dispatch } from './dispatch.ts';
import { type Frame, MAXIMUM_LAYERS } from './frame.ts';

/** The table a frame starts from: LINKTYPE numbers of the tcpdump group. */
export const linkTypes = defineTable('link.type', 'Link-layer header type of the capture');

/**
 * Walks one frame of a batch through the dissectors, outermost layer first. Never throws, whatever the bytes are; depth
 * is bounded by a loop.
 */
export function walk(frame: Frame, dispatch: Dispatch, batch: FrameBatch, index: number): void {
  walkBytes(
    frame,
    dispatch,
    batch.bytes,
    batch.offset[index]!,
    batch.captured[index]!,
    batch.wire[index]! - batch.checkLength[index]!,
    batch.linkType[index]!,
  );
  const found = batch.anomaly[index]!;
  if (found !== 0) {
    frame.layer = -1;
    frame.anomaly(found - 1, frame.start);
  }
}

/** Walks a frame that lies anywhere. `wire` is its length on the wire without a frame check sequence. */
export function walkBytes(
  frame: Frame,
  dispatch: Dispatch,
  bytes: Uint8Array,
  start: number,
  captured: number,
  wire: number,
  linkType: number,
): void {
  frame.begin(dispatch, bytes, start, captured, wire, linkType);
  if (!frame.next(linkTypes, linkType, start, frame.wireEnd)) return;
  while (frame.more) {
    if (frame.layerCount === MAXIMUM_LAYERS) {
      frame.anomaly(DEPTH, frame.start, MAXIMUM_LAYERS + 1, MAXIMUM_LAYERS);
      return;
    }
    const dissector = frame.enter();
    if (dissector === undefined) continue;
    const before = frame.waiting;
    dissector.dissect(frame, bytes, frame.layerOffset[frame.layer]!);
    if (frame.waiting > before) frame.arrange(before);
  }
}
