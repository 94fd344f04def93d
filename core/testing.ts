/** What plugin authors' tests import: `packetloom/testing`. @module */
export { createRegistry, type Registry } from './declare/registry.ts';
export type { Anomaly } from './frame/anomaly.ts';
export { Frame } from './frame/frame.ts';
export type { FieldNode, LayerNode } from './frame/tree.ts';
export { checkBytes, checkDissector, type Sample } from './testing/contract.ts';
export {
  type Bench,
  type CaptureOptions,
  type DissectedFrame,
  dissectFrame,
  openBench,
} from './testing/dissect-frame.ts';
export { headerBytes, type Values } from './testing/encode.ts';
export { type Facts, factsOf } from './testing/facts.ts';
export { hex } from './testing/hex.ts';
export { hexByLayer } from './testing/layout.ts';
export { type PcapOptions, pcapOf } from './testing/pcap.ts';
export { watchReads } from './testing/watch.ts';
